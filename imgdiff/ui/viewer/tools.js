/** What lies under "More tools": loupe, ruler, channels, colour of marks, keys. */

import { Loupe } from "./loupe.js";
import { CHANNEL_NAMES, filterOf, keepMark, keptMark, MARKS } from "./looks.js";
import { Ruler } from "./ruler.js";
import { svg } from "./svg.js";

const FILTER = "imgdiff-channel";

/** The tools of one viewer. */
export class Tools {
  /** @param {object} viewer What they need of it: find, section, looking, overlays, say, tell. */
  constructor(viewer) {
    const { find } = viewer;
    Object.assign(this, { viewer, find, loupeStays: false });
    this.loupe = new Loupe(find(".loupe"));
    this.ruler = new Ruler({
      camera: () => viewer.looking.camera,
      draw: (from, to) => viewer.overlays.forEach((overlay) => overlay.drawRuler(from, to)),
      say: (text) => viewer.progress.tell(text),
    });
    this.#offerChannels();
    this.#offerMarks();
  }

  toggleMenu(isOpen = this.find(".menu").hidden) {
    this.#open(".menu", "more", isOpen);
    if (isOpen) this.find(".menu button").focus();
  }

  toggleKeys(isOpen = this.find("dl.keys").hidden) {
    this.#open("dl.keys", "keys", isOpen);
  }

  /** On a phone, the list of changes comes up from below. */
  toggleSheet(isOpen = !this.viewer.section.classList.contains("sheet-up")) {
    this.viewer.section.classList.toggle("sheet-up", isOpen);
    this.find("[data-do=sheet]").setAttribute("aria-expanded", isOpen);
  }

  toggleLoupe() {
    this.loupeStays = !this.loupeStays;
    this.#press("loupe", this.loupeStays);
    this.loupe.hold(this.loupeStays);
    if (this.loupeStays) this.viewer.progress.tell("Move over the picture: both are shown larger. Escape puts the loupe away.");
  }

  /** While its key is held down. */
  holdLoupe(isHeld) {
    this.loupe.hold(isHeld || this.loupeStays);
    this.look(this.point);
  }

  toggleRuler() {
    this.ruler.toggle();
    this.#press("ruler", this.ruler.isOn);
  }

  /** Follow the pointer, which is over a point of a pane or nowhere. */
  look(point) {
    this.point = point;
    const { looking, stage, section } = this.viewer;
    const [pane, frame] = [stage.panes[0], this.find(".frame")];
    this.loupe.show(point, {
      middle: point && looking.under(point),
      scale: looking.camera.scale,
      thumbs: this.viewer.thumbs(),
      frame: { width: frame.clientWidth, height: pane.clientHeight },
    });
    section.classList.toggle("lens", this.loupe.isUp);
  }

  /** Leave all that is open. */
  leave() {
    this.toggleMenu(false);
    this.toggleKeys(false);
    this.toggleSheet(false);
    if (this.loupeStays) this.toggleLoupe();
    if (this.ruler.isOn) this.toggleRuler();
  }

  #open(selector, name, isOpen) {
    this.find(selector).hidden = !isOpen;
    this.find(`[data-do=${name}]`).setAttribute("aria-expanded", isOpen);
  }

  #press(name, isOn) {
    this.find(`[data-do=${name}]`).setAttribute("aria-pressed", isOn);
  }

  #offerChannels() {
    const choice = this.find(".channel");
    choice.append(...CHANNEL_NAMES.map((name) => new Option(name)));
    const [low, high] = [this.find(".low"), this.find(".high")];
    const apply = () => {
      const [from, to] = [Number(low.value), Math.max(Number(high.value), Number(low.value) + 5)];
      this.filter?.parentElement.remove();
      this.filter = filterOf(choice.value, { low: from, high: to });
      const { section } = this.viewer;
      section.style.setProperty("--tint", this.filter ? `url(#${FILTER})` : "none");
      if (!this.filter) return;
      this.filter.id = FILTER;
      section.append(svg("svg", { class: "filters" }, this.filter));
    };
    for (const control of [choice, low, high]) control.oninput = apply;
  }

  #offerMarks() {
    const palette = this.find(".palette");
    const choose = (name) => {
      keepMark(name);
      this.viewer.section.style.setProperty("--change", MARKS[name]);
      for (const button of palette.children) {
        button.setAttribute("aria-checked", button.title === name);
        button.tabIndex = button.title === name ? 0 : -1;
      }
    };
    palette.append(
      ...Object.entries(MARKS).map(([name, color]) => {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", title: name, onclick: () => choose(name) });
        button.setAttribute("role", "radio");
        button.setAttribute("aria-label", name);
        button.style.background = color;
        return button;
      }),
    );
    choose(MARKS[keptMark()] ? keptMark() : "Pink");
  }
}
