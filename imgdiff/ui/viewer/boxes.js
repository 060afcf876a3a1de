/** The changes as boxes with numbers; small ones as dots, and crowds of them as a cloud of heat. */

import { overlaps } from "./geometry.js";
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
  const group = svg("g", { class: place.strip ? "box strip" : "box", "data-index": index });
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
  }

  /** Cells of the screen with changes in them: the more, the denser. */
  #drawHeat(indices, scale) {
    const side = CELL / scale;
    const cells = new Map();
    for (const index of indices) {
      const [x, y, width, height] = this.places[index].boxes[0];
      const key = `${Math.floor((x + width / 2) / side)} ${Math.floor((y + height / 2) / side)}`;
      cells.set(key, (cells.get(key) ?? 0) + 1);
    }
    this.heat.replaceChildren(
      ...[...cells].map(([key, count]) => {
        const [column, row] = key.split(" ").map(Number);
        const cell = rect([column * side, row * side, side, side], "cell");
        cell.style.opacity = Math.min(0.9, 0.25 + 0.1 * count);
        return cell;
      }),
    );
  }
}
