/** A loupe: the same spot of before and after, much larger, side by side. */

import { drawPart } from "./part.js";

const SIDE = 160;
const STRONGER = 4;

/** Follows the pointer while it is held up. */
export class Loupe {
  /** @param {HTMLElement} glass Holds a canvas for each side. */
  constructor(glass) {
    this.glass = glass;
    this.isUp = false;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    for (const canvas of glass.querySelectorAll("canvas")) canvas.width = canvas.height = SIDE * ratio;
  }

  /** Hold it up, or put it away. */
  hold(isUp) {
    this.isUp = isUp;
    if (!isUp) this.glass.hidden = true;
  }

  /** Show what is under a point of the frame. */
  show(point, { middle, scale, thumbs, frame }) {
    this.glass.hidden = !this.isUp || !point || !thumbs;
    if (this.glass.hidden) return;
    const width = SIDE / Math.max(STRONGER * scale, 2);
    const part = { x: middle.x - width / 2, y: middle.y - width / 2, width };
    for (const canvas of this.glass.querySelectorAll("canvas")) {
      drawPart(canvas, thumbs[canvas.className], part);
    }
    const left = point.x > frame.width - 2 * SIDE - 40 ? point.x - 2 * SIDE - 30 : point.x + 20;
    const top = Math.min(Math.max(0, point.y - SIDE / 2), frame.height - SIDE - 30);
    Object.assign(this.glass.style, { left: `${Math.max(0, left)}px`, top: `${top}px` });
  }
}
