/** How the picture after lies over the one before: cut at a line, faded, or in turns. */

import { Blinker } from "./blinker.js";
import { listenToDivider, placeDivider } from "./divider.js";
import { clamp } from "./geometry.js";

/** Divider, fader and blinker: what is seen of which picture. */
export class Blend {
  /** @param {(selector: string) => HTMLElement} find @param {import("./stage.js").Stage} stage */
  constructor(find, stage) {
    Object.assign(this, { find, stage, view: "", share: 0.5, isDown: false });
    this.blinker = new Blinker(find(".blink-control"), () => this.#draw());
    find(".mix").oninput = ({ target }) => this.setShare(target.value / 100);
    listenToDivider(find(".handle"), stage.panes[0], (share) => this.setShare(share));
  }

  /** Show a view: a tab's name, or a look of the tab Compare. */
  show(view) {
    this.view = view;
    this.blinker.run(view === "blink");
    this.#draw();
  }

  /** How much of the picture after is seen, 0 to 1. */
  setShare(share) {
    this.share = clamp(share, 0, 1);
    this.#draw();
  }

  /** Let the divider run across instead of down, or back. */
  turnDivider() {
    this.isDown = !this.isDown;
    this.find("[data-do=turn]").setAttribute("aria-pressed", this.isDown);
    this.#draw();
  }

  /** Show the other picture, and stay there; its name. */
  flip() {
    if (!this.blinker.paused) this.blinker.toggle();
    this.blinker.turn();
    return this.blinker.after ? "After" : "Before";
  }

  #draw() {
    const { view, share, isDown } = this;
    this.stage.mix(view, share, this.blinker.after, isDown);
    placeDivider(this.find(".handle"), share, view === "swipe", isDown);
    this.find(".viewer").classList.toggle("down", isDown);
    this.find(".mix").value = 100 * share;
  }
}
