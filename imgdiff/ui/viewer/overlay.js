/** What is drawn over the pictures, at one thickness whatever the zoom: boxes, areas, a ruler. */

import { Boxes } from "./boxes.js";
import { outlinesPath } from "./geometry.js";
import { line, rect, svg } from "./svg.js";
import { areaText } from "./words.js";

const CORNERS = ["nw", "ne", "sw", "se"];
let made = 0;

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

/** Stripes of one width on the screen. */
function stripes(id) {
  return svg(
    "pattern",
    { id, width: 10, height: 10, patternUnits: "userSpaceOnUse" },
    svg("rect", { width: 10, height: 10, class: "ground" }),
    svg("rect", { width: 4, height: 10, class: "stripe" }),
  );
}

/** The drawing over one pane. */
export class Overlay {
  /** @param {HTMLElement} pane */
  constructor(pane) {
    made += 1;
    const hatch = `imgdiff-hatch-${made}`;
    this.pattern = stripes(hatch);
    this.live = svg("path", { class: "live-mask" });
    this.areas = svg("g", { class: "areas" });
    this.boxes = new Boxes();
    this.draft = svg("g", { class: "draft" });
    this.root = svg("svg", { class: "overlay" });
    this.root.append(
      svg("defs", {}, this.pattern),
      this.live, this.areas, this.boxes.heat, this.boxes.root, this.draft,
    );
    this.root.style.setProperty("--hatch", `url(#${hatch})`);
    pane.append(this.root);
  }

  /** Box the places; `selected` is the index of the one that is looked at. */
  drawBoxes(places, selected) {
    this.boxes.show(places, selected);
    if (this.camera) this.boxes.frame(this.camera, this.pane);
  }

  /** Make one box stand out. */
  select(index) {
    this.boxes.select(index);
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

  /** The ruler between two points, or nothing. */
  drawRuler(from, to) {
    this.draft.replaceChildren(...(to ? [line(from, to, "ruler under"), line(from, to, "ruler")] : []));
  }

  /** Look where the camera looks; `--unit` is one screen pixel in picture pixels. */
  frame(camera, pane) {
    Object.assign(this, { camera, pane });
    const { scale, x, y } = camera;
    const unit = 1 / scale;
    this.root.setAttribute("viewBox", [-x * unit, -y * unit, pane.width * unit, pane.height * unit].join(" "));
    this.root.style.setProperty("--unit", `${unit}px`);
    this.pattern.setAttribute("patternTransform", `rotate(45) scale(${unit})`);
    this.boxes.frame(camera, pane);
  }
}
