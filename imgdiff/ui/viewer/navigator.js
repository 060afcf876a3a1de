/** A small map of the whole picture, with a frame around what is seen; only while zoomed in. */

import { clamp } from "./geometry.js";
import { pointIn } from "./gestures.js";

const LONGEST = 150;

/** The map in the corner. */
export class Navigator {
  /** @param {HTMLElement} map @param {(point: object) => void} look Look at a point of the picture. */
  constructor(map, look) {
    this.map = map;
    this.image = map.querySelector("img");
    this.seen = map.querySelector("i");
    const jump = (event) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const { x, y } = pointIn(map, event);
      look({ x: x / this.scale, y: y / this.scale });
    };
    map.addEventListener("pointerdown", (event) => {
      map.setPointerCapture(event.pointerId);
      jump(event);
    });
    map.addEventListener("pointermove", jump);
  }

  /** Take another picture. */
  load(url, size) {
    if (this.image.getAttribute("src") !== url) this.image.src = url;
    this.size = size;
    this.scale = LONGEST / Math.max(size.width, size.height);
    this.map.style.width = `${size.width * this.scale}px`;
    this.map.style.height = `${size.height * this.scale}px`;
  }

  /** Frame what the camera sees. */
  frame({ scale, x, y }, pane) {
    if (!this.size) return;
    const { width, height } = this.size;
    const all = x >= -1 && y >= -1 && x + width * scale <= pane.width + 1 && y + height * scale <= pane.height + 1;
    this.map.hidden = all;
    if (all) return;
    const left = clamp(-x / scale, 0, width);
    const top = clamp(-y / scale, 0, height);
    const right = clamp((pane.width - x) / scale, 0, width);
    const bottom = clamp((pane.height - y) / scale, 0, height);
    const [l, t, w, h] = [left, top, right - left, bottom - top].map((value) => value * this.scale);
    Object.assign(this.seen.style, { left: `${l}px`, top: `${t}px`, width: `${w}px`, height: `${h}px` });
  }
}
