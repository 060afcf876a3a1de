/** Why a file isn't taken, told above the pictures; and a way to choose another. */

import { chooseFor } from "./page.js";

/** The line that tells it. */
export class Refusal {
  /** @param {HTMLElement} line */
  constructor(line) {
    Object.assign(this, { line, side: "" });
    line.querySelector(".again").onclick = () => chooseFor(this.side);
    line.querySelector(".close").onclick = () => this.tell("");
  }

  /** Say why, and of which side; "" takes it back. */
  tell(why, side = "after") {
    this.side = side;
    this.line.hidden = !why;
    this.line.querySelector("span").textContent = why;
  }
}
