/** What goes on, told on the picture itself: uploading, comparing, stopped; and what to do next. */

import { isRunning, sayOfPage } from "./page.js";
import { stateOf } from "./state.js";
import { watchUploads } from "./uploading.js";

const TICK = 500;
/** So many ticks without a run mean that it was stopped, not that it is about to begin. */
const PATIENCE = 4;

/** The words over the picture. */
export class Progress {
  /** @param {HTMLElement} pill @param {() => object} state What the viewer knows. */
  constructor(pill, state) {
    Object.assign(this, { pill, state, uploaded: null, began: 0, idle: 0, told: "", said: "" });
    this.words = pill.querySelector("span");
    this.button = pill.querySelector("button");
    this.stop = watchUploads((share) => {
      this.uploaded = share;
      this.update();
    });
    this.timer = setInterval(() => this.#tick(), TICK);
  }

  destroy() {
    clearInterval(this.timer);
    this.stop();
  }

  /** Something was asked for just now. */
  begin() {
    Object.assign(this, { began: Date.now(), idle: 0, told: "", said: "" });
    this.update();
  }

  /** Say something by the way; "" leaves it. */
  tell(text) {
    this.told = text;
    this.update();
  }

  update() {
    const state = this.state();
    const seconds = this.began ? Math.round((Date.now() - this.began) / 1000) : 0;
    const stopped = this.idle >= PATIENCE;
    this.said = state.isPending ? sayOfPage() || this.said : ""; // between two steps it says nothing
    const { text, label = "", act } = stateOf({ ...state, uploaded: this.uploaded, stopped, seconds, doing: this.said });
    const shown = text || this.told;
    if (this.words.textContent !== shown) this.words.textContent = shown;
    this.button.textContent = label;
    this.button.hidden = !label;
    this.pill.hidden = !shown;
    this.act = act;
  }

  #tick() {
    const { isPending } = this.state();
    if (!isPending) {
      this.idle = 0;
      return;
    }
    if (!this.began) this.began = Date.now();
    this.idle = isRunning() || this.uploaded !== null ? 0 : this.idle + 1;
    this.update();
  }
}
