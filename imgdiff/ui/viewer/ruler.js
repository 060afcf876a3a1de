/** A ruler: drawn from one point to another, it says how long it is. */

import { toPicture } from "./geometry.js";
import { lengthText } from "./words.js";

const MM_PER_INCH = 25.4;

/** Measures on the canvas, as long as it is on. */
export class Ruler {
  /** @param {{camera: Function, draw: Function, say: Function}} viewer */
  constructor(viewer) {
    Object.assign(this, { viewer, isOn: false, dpi: 0 });
  }

  /** Take it, or put it away. */
  toggle() {
    this.isOn = !this.isOn;
    if (!this.isOn) this.viewer.draw();
    else this.viewer.say("Drag from one point to another to measure; Escape puts the ruler away.");
  }

  /** A drag that begins at a point of the screen. */
  grab(start) {
    const from = toPicture(this.viewer.camera(), start);
    return (point) => {
      const to = toPicture(this.viewer.camera(), point);
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      this.viewer.draw([from.x, from.y], [to.x, to.y]);
      this.viewer.say(lengthText(dx, dy, this.dpi ? MM_PER_INCH / this.dpi : 0));
    };
  }
}
