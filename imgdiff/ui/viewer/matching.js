/** Points that show the same thing in both pictures, marked by hand where alignment is in doubt. */

import { inverse, project, toPicture } from "./geometry.js";
import { ARROWS } from "./ignoring.js";
import { SIDES } from "./sources.js";
import { svg } from "./svg.js";
import { lyingText, markingText, pointText } from "./words.js";

/** The pairs of points of one comparison, in pixels of the canvas, until the server hears of them. */
export class Matching {
  /** @param {object} viewer What it needs of it: find, sources, stage, overlays, looking, send, say. */
  constructor(viewer) {
    Object.assign(this, { viewer, isOn: false, pairs: [] });
    this.layers = viewer.overlays.map((overlay) => {
      const layer = svg("g", { class: "points" });
      overlay.root.append(layer);
      return layer;
    });
  }

  /** Say what can be done, where points are of use. */
  tell() {
    const { find, section, sources } = this.viewer;
    const { placed = [], points = [], related } = sources.payload;
    const isOffered = sources.isResult && placed.length > 0;
    if (!isOffered) this.isOn = false;
    find(".matching").hidden = !isOffered;
    section.classList.toggle("marking", this.isOn);
    const whole = this.#whole.length;
    const shown = { match: !this.isOn, "match-forget": !this.isOn && points.length > 0, "match-done": this.isOn, "match-back": this.isOn, "match-cancel": this.isOn };
    for (const [name, isShown] of Object.entries(shown)) find(`[data-do=${name}]`).hidden = !isShown;
    find("[data-do=match]").textContent = points.length ? "Change the points" : "Mark the same points on both";
    find("[data-do=match-done]").disabled = whole === 0;
    find("[data-do=match-back]").disabled = this.pairs.length === 0;
    find(".matching p").textContent = this.isOn ? markingText(whole, this.#awaited) : lyingText(points.length, related);
  }

  /** Begin to mark points, with those that were marked before. */
  begin() {
    const { placed, points } = this.viewer.sources.payload;
    const onCanvas = (side, x, y) => shiftedBy(project(placed[side].transform, { x, y }), 0.5);
    this.pairs = points.map(([x, y, u, v]) => ({ before: onCanvas(0, x, y), after: onCanvas(1, u, v) }));
    this.isOn = true;
    this.viewer.refresh();
    this.viewer.stage.panes[0].focus({ preventScroll: true });
  }

  /** Leave, and keep what was before. */
  leave() {
    if (!this.isOn) return;
    this.isOn = false;
    this.viewer.refresh();
  }

  /** Have the pictures laid on each other by the points that lie on both. */
  finish() {
    const points = this.#whole.map((pair) => SIDES.flatMap((side, index) => this.#inFile(index, pair[side])));
    this.leave();
    this.viewer.send({ do: "match", points });
  }

  forget() {
    this.viewer.send({ do: "match", points: [] });
  }

  /** Take the newest point away again. */
  takeBack() {
    const last = this.pairs.pop();
    if (last?.before && last.after) this.pairs.push({ [last.first]: last[last.first] });
    this.draw();
  }

  /** Put a point where a pane was clicked; a second one there replaces the first. */
  place(pane, point) {
    const index = this.viewer.stage.panes.indexOf(pane);
    const at = toPicture(this.viewer.looking.camera, point);
    if (!this.#isInFile(index, at)) return;
    const side = SIDES[index];
    if (!this.#awaited) this.pairs.push({ first: side });
    this.pairs.at(-1)[side] = at;
    this.draw();
    this.viewer.say(this.viewer.find(".matching p").textContent);
  }

  /** Put a point into the middle of what is seen, for those without a mouse. */
  placeInMiddle(pane) {
    this.place(pane, this.viewer.looking.middle);
  }

  /** Take over a drag that begins on a point. */
  grab(target, start) {
    const mark = this.isOn && target.closest?.("[data-point]");
    if (!mark) return null;
    const { point: number, side } = mark.dataset;
    const was = this.pairs[number][side];
    const from = toPicture(this.viewer.looking.camera, start);
    return (point) => {
      const to = toPicture(this.viewer.looking.camera, point);
      this.#move(number, side, { x: was.x + to.x - from.x, y: was.y + to.y - from.y });
    };
  }

  /** Obey a key pressed on a point; whether it meant something. */
  key({ key, shiftKey, target }) {
    const { point: number, side } = target.dataset;
    if (number === undefined) return false;
    const arrow = ARROWS[key];
    if (key === "Delete" || key === "Backspace") {
      this.pairs.splice(number, 1);
      this.draw();
    } else if (arrow) {
      const [dx, dy] = arrow.map((step) => step * (shiftKey ? 0.1 : 1));
      const { x, y } = this.pairs[number][side];
      this.#move(number, side, { x: x + dx, y: y + dy });
    } else {
      return false;
    }
    return true;
  }

  draw() {
    this.layers.forEach((layer, index) => {
      const focused = layer.getRootNode().activeElement?.dataset ?? {};
      const side = SIDES[index];
      const marks = this.pairs.flatMap((pair, number) => (pair[side] ? [mark(pair[side], number, side)] : []));
      layer.replaceChildren(...(this.isOn ? marks : []));
      if (focused.side === side) layer.querySelector(`[data-point="${focused.point}"]`)?.focus();
    });
    this.tell();
  }

  /** The side that the newest point still lacks, "" if none does. */
  get #awaited() {
    const last = this.pairs.at(-1);
    return (last && SIDES.find((side) => !last[side])) ?? "";
  }

  get #whole() {
    return this.pairs.filter(({ before, after }) => before && after);
  }

  #move(number, side, at) {
    if (!this.#isInFile(SIDES.indexOf(side), at)) return;
    this.pairs[number][side] = at;
    this.draw();
  }

  /** A point of the canvas in a picture's own pixels, whose centres are whole numbers. */
  #inFile(index, point) {
    const { x, y } = project(inverse(this.viewer.sources.payload.placed[index].transform), shiftedBy(point, -0.5));
    return [x, y].map((value) => Math.round(100 * value) / 100);
  }

  #isInFile(index, point) {
    const { width, height } = this.viewer.sources.payload.placed[index];
    const [x, y] = this.#inFile(index, point);
    return x >= -0.5 && y >= -0.5 && x <= width - 0.5 && y <= height - 0.5;
  }
}

function shiftedBy({ x, y }, by) {
  return { x: x + by, y: y + by };
}

/** A numbered cross that can be dragged, and moved by key. */
function mark({ x, y }, number, side) {
  const group = svg("g", {
    class: "point",
    transform: `translate(${x} ${y})`,
    tabindex: 0,
    role: "button",
    "data-point": number,
    "data-side": side,
    "aria-label": pointText(number + 1, side, x, y),
  });
  const label = svg("text");
  label.textContent = number + 1;
  group.append(svg("circle", { class: "under" }), svg("circle", { class: "ring" }), svg("circle", { class: "spot" }), label);
  return group;
}
