/** The changes as boxes with numbers; small ones as dots, and crowds of them as a cloud of heat. */

import { overlaps } from "./geometry.js";
import { SIGNS } from "./review_words.js";
import { line, rect, svg } from "./svg.js";

/** Boxes narrower than this on the screen have a dot instead of their number … */
const LABELLED = 24;
/** … if there are more of them than this: a few numbers are never in each other's way. */
const FEW = 20;
/** So many boxes are drawn at once, those that are seen, the largest; others are heat. */
const MOST_BOXES = 300;
/** Side of a cell of heat, CSS px. */
const CELL = 24;

/** A box with its number; the number sits inside if there is no room above. */
function numbered(place, box, index) {
  const [x, y] = box;
  const tag = svg("g", { class: "tag", transform: `translate(${x} ${y})` });
  tag.append(svg("rect", { class: "plate" }), svg("text", {}, String(place.number)));
  if (String(place.number).length > 2) tag.classList.add("wide");
  const group = svg("g", { class: ["box", place.strip && "strip", place.faint && "faint", place.glimpsed && "glimpsed"].filter(Boolean).join(" "), "data-index": index });
  const dot = svg("circle", { class: "dot", cx: x + box[2] / 2, cy: y + box[3] / 2 });
  group.append(rect(box, "halo"), rect(box, "line"), dot, tag);
  return group;
}

/** Both ends of what moved, and a line between them. */
function way([from, to]) {
  const [a, b] = [from, to].map(([x, y, width, height]) => [x + width / 2, y + height / 2]);
  return line(a, b, "way");
}

/** All changes of one pane. */
export class Boxes {
  constructor() {
    this.root = svg("g", { class: "boxes" });
    this.heat = svg("g", { class: "heat" });
    Object.assign(this, { places: [], selected: -1, drawn: null });
  }

  /** Take the changes; `selected` is the index of the one that is looked at. */
  show(places, selected) {
    Object.assign(this, { places, selected, drawn: null });
  }

  select(index) {
    this.selected = index;
    for (const box of this.root.children) {
      box.classList.toggle("selected", Number(box.dataset.index) === index);
    }
  }

  /** Draw what the camera sees. */
  frame({ scale, x, y }, pane) {
    const seen = [-x / scale, -y / scale, pane.width / scale, pane.height / scale];
    const all = this.places.length <= MOST_BOXES;
    const inView = [];
    for (const [index, place] of this.places.entries()) {
      if (all || place.boxes.some((box) => overlaps(box, seen))) inView.push(index);
    }
    const boxed = inView.slice(0, MOST_BOXES);
    this.#drawBoxes(boxed);
    this.#drawHeat(inView.slice(MOST_BOXES), scale);
    const few = this.places.length <= FEW;
    for (const group of this.root.children) {
      const { width, height } = group.querySelector(".line")?.dataset ?? {};
      group.classList.toggle("tiny", !few && Math.max(width, height) * scale < LABELLED);
    }
  }

  #drawBoxes(indices) {
    const drawn = String(indices);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const groups = indices.flatMap((index) => {
      const place = this.places[index];
      const ends = place.boxes.map((box) => numbered(place, box, index));
      return place.boxes.length > 1 ? [way(place.boxes), ...ends] : ends;
    });
    this.root.replaceChildren(...groups);
    this.select(this.selected);
    this.mark();
  }

  /** Show on each box what is said of its change. */
  mark() {
    for (const group of this.root.children) {
      const place = this.places[group.dataset.index];
      if (!place) continue;
      const sign = SIGNS[place.opinion ?? ""];
      group.dataset.opinion = place.opinion ?? "";
      group.querySelector("text").textContent = `${place.number}${sign}`;
      group.querySelector(".tag").classList.toggle("signed", sign !== "");
    }
  }

  /** A spot for the changes in each cell of the screen, in their middle: the more, the denser. */
  #drawHeat(indices, scale) {
    const side = CELL / scale;
    const cells = new Map();
    for (const index of indices) {
      const [left, top, width, height] = this.places[index].boxes[0];
      const [x, y] = [left + width / 2, top + height / 2];
      const key = `${Math.floor(x / side)} ${Math.floor(y / side)}`;
      const cell = cells.get(key) ?? { count: 0, x: 0, y: 0 };
      cells.set(key, { count: cell.count + 1, x: cell.x + x, y: cell.y + y });
    }
    this.heat.replaceChildren(
      ...[...cells.values()].map(({ count, x, y }) => {
        const spot = svg("circle", { class: "cell", cx: x / count, cy: y / count, r: (side / 2) * Math.min(1, 0.5 + 0.1 * count) });
        spot.style.opacity = Math.min(0.9, 0.5 + 0.05 * count);
        return spot;
      }),
    );
  }
}
