/** What is drawn over the pictures, at one thickness whatever the zoom: boxes, areas, hatching. */

import { cornered, outlinesPath, quadPath } from "./geometry.js";
import { areaText } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_BOXES = 300;
const CORNERS = ["nw", "ne", "sw", "se"];
let made = 0;

/** An SVG element with attributes and children. */
function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const rect = ([x, y, width, height], className) =>
  svg("rect", { x, y, width, height, class: className });

/** A box with its number; the number sits inside if there is no room above. */
function numbered({ box }, index) {
  const [x, y] = box;
  const tag = svg("g", { class: "tag", transform: `translate(${x} ${y})` });
  tag.append(svg("rect", { class: "plate" }), svg("text", {}, String(index + 1)));
  if (String(index + 1).length > 2) tag.classList.add("wide");
  const group = svg("g", { class: "box", "data-index": index });
  group.append(rect(box, "halo"), rect(box, "line"), tag);
  return group;
}

/** An ignored area: hatched, and movable by hand and key. */
function ignoredArea(box, index, selected) {
  const group = svg("g", {
    class: selected ? "ignored selected" : "ignored",
    "data-area": index,
    tabindex: 0,
    role: "button",
    "aria-label": `Ignored area ${index + 1}, ${areaText(box)}. Arrows move it, Alt and arrows resize it, Delete removes it.`,
  });
  group.append(rect(box, "hatched"), rect(box, "halo"), rect(box, "edge"));
  for (const corner of CORNERS) {
    const x = box[0] + (corner.includes("e") ? box[2] : 0);
    const y = box[1] + (corner.includes("s") ? box[3] : 0);
    const grip = svg("g", { class: "grip", "data-corner": corner });
    grip.setAttribute("transform", `translate(${x} ${y})`);
    grip.append(svg("circle"));
    group.append(grip);
  }
  return group;
}

/** Stripes of one width on the screen; `turn` tells two kinds apart. */
function stripes(id, turn) {
  return svg(
    "pattern",
    { id, width: 10, height: 10, patternUnits: "userSpaceOnUse", "data-turn": turn },
    svg("rect", { width: 10, height: 10, class: "ground" }),
    svg("rect", { width: 4, height: 10, class: "stripe" }),
  );
}

/** The drawing over one pane. */
export class Overlay {
  /** @param {HTMLElement} pane */
  constructor(pane) {
    this.pane = pane;
    made += 1;
    this.ids = { here: `imgdiff-here-${made}`, there: `imgdiff-there-${made}`, clip: `imgdiff-clip-${made}` };
    this.clip = svg("path");
    this.outside = svg("g", { class: "outside" });
    this.live = svg("path", { class: "live-mask" });
    this.areas = svg("g", { class: "areas" });
    this.boxes = svg("g", { class: "boxes" });
    this.draft = svg("g", { class: "draft" });
    const patterns = [stripes(this.ids.here, 45), stripes(this.ids.there, -45)];
    this.patterns = patterns;
    this.root = svg("svg", { class: "overlay" });
    this.root.append(
      svg("defs", {}, ...patterns, svg("clipPath", { id: this.ids.clip }, this.clip)),
      this.outside, this.live, this.areas, this.boxes, this.draft,
    );
    this.root.style.setProperty("--hatch", `url(#${this.ids.here})`);
    pane.append(this.root);
  }

  /** Hatch what only one of the pictures shows. */
  drawOutside({ size, afterSize, transform }) {
    const { width, height } = size;
    const quad = quadPath(cornered(transform), afterSize);
    const whole = `M0 0H${width}V${height}H0Z`;
    this.clip.setAttribute("d", whole);
    const here = svg("path", { d: whole + quad, "fill-rule": "evenodd", "clip-path": `url(#${this.ids.clip})` });
    const there = svg("path", { d: whole + quad, "fill-rule": "evenodd", class: "there" });
    here.style.fill = `url(#${this.ids.here})`;
    there.style.fill = `url(#${this.ids.there})`;
    this.outside.replaceChildren(there, here);
  }

  /** Box the places; `selected` is the index of the one that is looked at. */
  drawBoxes(places, selected) {
    this.boxes.replaceChildren(...places.slice(0, MOST_BOXES).map(numbered));
    this.select(selected);
  }

  /** Make one box stand out. */
  select(index) {
    for (const box of this.boxes.children) {
      box.classList.toggle("selected", Number(box.dataset.index) === index);
    }
  }

  /** Paint places from their outlines, while the exact mask is not there yet. */
  drawLiveMask(places) {
    this.live.setAttribute("d", places ? outlinesPath(places) : "");
  }

  /** Hatch the ignored areas. */
  drawAreas(areas, selected) {
    const focused = this.root.getRootNode().activeElement?.dataset?.area;
    this.areas.replaceChildren(
      ...areas.map((box, index) => ignoredArea(box, index, index === selected)),
    );
    if (focused !== undefined) this.areas.children[focused]?.focus();
  }

  /** The rectangle that is being drawn, or null. */
  drawDraft(box) {
    this.draft.replaceChildren(...(box ? [rect(box, "hatched"), rect(box, "halo"), rect(box, "edge")] : []));
  }

  /** Look where the camera looks; `--unit` is one screen pixel in picture pixels. */
  frame({ scale, x, y }, { width, height }) {
    const unit = 1 / scale;
    this.root.setAttribute("viewBox", [-x * unit, -y * unit, width * unit, height * unit].join(" "));
    this.root.style.setProperty("--unit", `${unit}px`);
    for (const pattern of this.patterns) {
      pattern.setAttribute("patternTransform", `rotate(${pattern.dataset.turn}) scale(${unit})`);
    }
  }
}
