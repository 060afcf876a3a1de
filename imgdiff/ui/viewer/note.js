/** The note on a change: written below its card, and perhaps pinned to a point of the picture. */

import { make } from "./cards.js";

const LONGEST_NOTE = 2000;

/** One note at a time is open. */
export class Note {
  /** @param {{save: (place: object, words: string, pin: number[] | null) => void, pin: () => void}} does */
  constructor(does) {
    this.words = make("textarea", { rows: 3, maxLength: LONGEST_NOTE, placeholder: "Why? What is to be done?" });
    this.words.setAttribute("aria-label", "Note");
    const button = (label, act) => make("button", { type: "button", textContent: label, onclick: act });
    this.pinning = button("Pin to a point", () => {
      this.wantsPin = true;
      this.pinning.setAttribute("aria-pressed", "true");
      does.pin();
    });
    this.form = make(
      "form", { className: "note" }, this.words,
      make("div", {}, button("Save", () => this.#close(does.save)), button("Cancel", () => this.#close()), this.pinning),
    );
    this.form.onsubmit = (event) => event.preventDefault();
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#close();
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#close(does.save);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.wantsPin = false;
  }

  /** Open it at a card, with what was written before. */
  open(card, place, { note, pin }) {
    Object.assign(this, { place, pin, wantsPin: false });
    this.words.value = note;
    this.#label();
    card.append(this.form);
    this.words.focus();
  }

  /** Take the point that was clicked. */
  take(pin) {
    Object.assign(this, { pin, wantsPin: false });
    this.#label();
    this.words.focus();
  }

  #label() {
    this.pinning.textContent = this.pin ? `Pinned at ${this.pin.join(", ")}` : "Pin to a point";
    this.pinning.setAttribute("aria-pressed", "false");
  }

  #close(save) {
    const card = this.form.parentElement;
    this.form.remove();
    this.wantsPin = false;
    card?.querySelector(".go").focus();
    save?.(this.place, this.words.value.trim(), this.pin);
  }
}
