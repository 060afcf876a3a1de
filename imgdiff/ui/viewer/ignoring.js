/** Areas that don't count: drawn, moved, resized and deleted, by hand and by key. */

import { boxBetween, clamp, movedBox, resizedBox, toPicture } from "./geometry.js";

/** Which way each arrow key points: right and down. */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The areas of the pair on the screen, until the server has taken them in. */
export class Ignoring {
  /** @param {{camera: Function, size: Function, draw: Function, send: Function}} viewer */
  constructor(viewer) {
    this.viewer = viewer;
    this.areas = [];
    this.edited = false;
    this.selected = -1;
    this.draft = null;
    this.drawing = false;
    this.made = (box) => [box]; // what is made of a rectangle that was drawn
  }

  /** Take the server's areas, unless it hasn't heard of the user's last edit yet. */
  take(areas) {
    if (this.edited && String(areas) !== String(this.areas)) return;
    this.edited = false;
    this.areas = areas;
  }

  /** Take over a drag that begins on an area or, while drawing, anywhere. */
  grab(target, start) {
    const grip = target.closest?.(".grip")?.dataset.corner;
    const area = target.closest?.("[data-area]");
    if (area) return this.#dragArea(Number(area.dataset.area), grip, start);
    return this.drawing ? this.#dragNew(start) : null;
  }

  /** Obey a key pressed on an area; whether it meant something. */
  key(event, index) {
    const arrow = ARROWS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      this.remove(index);
    } else if (arrow) {
      const [dx, dy] = arrow.map((step) => step * (event.shiftKey ? 10 : 1));
      const change = event.altKey ? this.#resized(index, "se", dx, dy) : this.#moved(index, dx, dy);
      this.#replace(index, change);
      clearTimeout(this.sending); // a held key is one change
      this.sending = setTimeout(() => this.viewer.send(this.areas), 400);
    } else {
      return false;
    }
    return true;
  }

  /** Add areas; the server hears of them at once. */
  add(...boxes) {
    this.edited = true;
    this.areas = [...this.areas, ...boxes];
    this.selected = this.areas.length - 1;
    this.drawing = false;
    this.viewer.draw();
    this.viewer.send(this.areas);
  }

  /** Add an area in the middle of what is seen, for those without a mouse. */
  addInView(pane) {
    const [one, other] = [0.375, 0.625].map((part) =>
      toPicture(this.viewer.camera(), { x: pane.width * part, y: pane.height * part }),
    );
    this.add(...this.made(boxBetween(one, other, this.viewer.size())));
  }

  /** Let an area count again. */
  remove(index) {
    this.edited = true;
    this.areas = this.areas.filter((_, other) => other !== index);
    this.selected = clamp(index - 1, -1, this.areas.length - 1);
    this.viewer.draw();
    this.viewer.send(this.areas);
  }

  #replace(index, box) {
    this.edited = true;
    this.areas = Object.assign([...this.areas], { [index]: box });
    this.viewer.draw();
  }

  #moved(index, dx, dy) {
    return movedBox(this.areas[index], dx, dy, this.viewer.size());
  }

  #resized(index, corner, dx, dy) {
    return resizedBox(this.areas[index], corner, dx, dy, this.viewer.size());
  }

  #dragArea(index, corner, start) {
    const before = this.areas[index];
    const from = toPicture(this.viewer.camera(), start);
    this.selected = index;
    this.viewer.draw();
    return (point, done) => {
      const to = toPicture(this.viewer.camera(), point);
      this.areas = Object.assign([...this.areas], { [index]: before });
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      this.#replace(index, corner ? this.#resized(index, corner, dx, dy) : this.#moved(index, dx, dy));
      if (done && String(before) !== String(this.areas[index])) this.viewer.send(this.areas);
    };
  }

  #dragNew(start) {
    const from = toPicture(this.viewer.camera(), start);
    return (point, done) => {
      const to = toPicture(this.viewer.camera(), point);
      const far = Math.hypot(point.x - start.x, point.y - start.y) > 4;
      this.draft = !done && far ? boxBetween(from, to, this.viewer.size()) : null;
      if (done && far) this.add(...this.made(boxBetween(from, to, this.viewer.size())));
      else this.viewer.draw();
    };
  }
}
