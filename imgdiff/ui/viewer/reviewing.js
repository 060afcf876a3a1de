/** Judging the changes: meant, not meant, a note; the server keeps it, the screen doesn't wait. */

import { make } from "./cards.js";
import { onCanvas, onReference } from "./lines.js";
import { Note } from "./note.js";
import { Pins } from "./pins.js";
import { countOf, countText, nextOpen, opinionOf, OPINIONS, progressText, saidText, SIGNS } from "./review_words.js";

const NAME = "imgdiff-reviewer";
const NO_REVIEW = { pair: "", pages: null, judged: {}, whole: [] };
/** Stands for the pair as a whole, where changes have a number and a place. */
const WHOLE = { number: 0, place: [] };

/** The review of the pair on the screen. */
export class Reviewing {
  /** @param {object} marks What is marked on the pictures; its viewer sends and speaks. */
  constructor(marks) {
    Object.assign(this, { marks, viewer: marks.viewer, told: NO_REVIEW, pending: new Map(), name: keptName() });
    this.pins = new Pins(this.viewer);
    this.note = new Note({
      save: (place, words, pin) => this.#say(place, { note: words, pin }),
      pin: () => this.viewer.progress.tell("Click the point that the note is about."),
    });
    this.#build(this.viewer.find(".places"));
  }

  /** Take what the server knows; what it hasn't heard of yet stays as it was said. */
  load({ review = NO_REVIEW, runs, places }) {
    if (review.pair !== this.told.pair || String(review.pages) !== String(this.told.pages)) this.pending.clear();
    this.told = review;
    this.runs = runs;
    for (const [key, { place, said }] of this.pending) {
      const now = places.find((one) => String(one.place) === key) ?? place; // its number may be another
      const known = this.#heard(now).find(({ by = "" }) => by === this.name);
      if (["intent", "note"].every((word) => (known?.[word] ?? "") === (said[word] ?? ""))) this.pending.delete(key);
    }
  }

  /** Forget what the server hasn't heard of: it is to undo the last. */
  undo() {
    this.pending.clear();
    this.viewer.send({ do: "undo" });
  }

  /** Judge the change that is looked at, and go on to the next open one. */
  judge(intent) {
    const { places, current } = this.marks;
    if (!this.told.pair || !this.#opinions.length) return;
    const place = places[current];
    if (!place || place.faint) return this.#goOn(-1);
    const isAgain = this.#own(place).intent === intent && opinionOf(this.#said(place)) !== "conflict";
    this.#say(place, { intent: isAgain ? "" : intent });
    if (!isAgain) this.#goOn(current);
  }

  /** Judge the pair as a whole; the same again takes it back. */
  judgeWhole(intent) {
    if (!this.told.pair) return;
    const isAgain = this.#own(WHOLE).intent === intent;
    this.#say(WHOLE, { intent: isAgain ? "" : intent });
  }

  /** Write a note about the change that is looked at. */
  write() {
    const { places, current } = this.marks;
    const place = places[current] ?? places[0];
    if (!this.told.pair || !place || place.faint) return;
    if (current < 0) this.marks.go(0);
    const card = this.marks.cards.list.children[this.marks.current];
    if (card) this.note.open(card, place, this.#own(place));
  }

  /** Take a click on the picture, if a note waits for its point. */
  grab(target, point) {
    if (!this.note.wantsPin) return null;
    const { looking } = this.viewer;
    const { x, y } = looking.under(point);
    return (_, done) => {
      if (!done) return;
      const [left, top] = onReference([Math.round(x), Math.round(y), 1, 1], this.runs);
      this.note.take([Math.max(0, left), Math.max(0, top)]);
    };
  }

  /** Give a card its buttons. */
  dress(card, place) {
    if (place.faint) return; // it may be noise
    const button = (intent, label) => {
      const made = make("button", { type: "button", className: intent.replace(" ", "-"), textContent: label });
      made.setAttribute("aria-label", `${OPINIONS[intent]}: change ${place.number}`);
      made.title = intent === "meant" ? "This change was meant (A)" : "This change was not meant (D)";
      made.onclick = () => {
        this.marks.go(Number(card.dataset.index));
        this.judge(intent);
      };
      return made;
    };
    const note = make("button", { type: "button", className: "write", textContent: "✎", title: "Write a note (C)" });
    note.setAttribute("aria-label", `Note on change ${place.number}`);
    note.onclick = () => this.note.open(card, place, this.#own(place));
    const row = make("div", { className: "judge" }, button("meant", "✓ Meant"), button("not meant", "✗ Not meant"), note);
    card.append(row, make("div", { className: "said" }));
    this.#paintCard(card, place);
  }

  /** Bring boxes, cards and the bar up to date with what was said. */
  paint() {
    const { places } = this.marks;
    for (const place of places) place.opinion = opinionOf(this.#said(place));
    for (const card of this.marks.cards.list.children) this.#paintCard(card, places[card.dataset.index]);
    for (const overlay of this.viewer.overlays) overlay.boxes.mark();
    this.pins.draw(places.flatMap((place) => this.#pinned(place)));
    this.#paintBar(countOf(this.#opinions));
  }

  #build(panel) {
    const [bar, words, count] = [make("progress"), make("span", { className: "far" }), make("small")];
    const open = make("input", { type: "checkbox" });
    open.onchange = () => panel.classList.toggle("open-only", open.checked);
    const whole = ["meant", "not meant"].map((intent) => {
      const made = make("button", { type: "button", className: intent.replace(" ", "-"), textContent: SIGNS[intent] });
      made.setAttribute("aria-label", `The pair as a whole: ${OPINIONS[intent].toLowerCase()}`);
      made.title = made.getAttribute("aria-label");
      made.onclick = () => this.judgeWhole(intent);
      return made;
    });
    const name = make("input", { type: "text", value: this.name, maxLength: 60, placeholder: "Your name" });
    name.setAttribute("aria-label", "Your name, to stand with your judgements");
    name.onchange = () => this.#rename(name.value.trim());
    const root = make(
      "div", { className: "reviewing", hidden: true }, make("div", { className: "progress" }, words, count), bar,
      make("label", { className: "open" }, open, "Only open ones"),
      make(
        "details", {}, make("summary", { textContent: "Pair, name" }),
        make("div", { className: "pair-row" }, make("span", { textContent: "Whole pair" }), ...whole), name,
      ),
    );
    bar.setAttribute("aria-label", "How much is reviewed");
    panel.insertBefore(root, panel.querySelector(".cards"));
    this.bar = { root, bar, words, count, whole };
  }

  #paintBar(count) {
    const { root, bar, words, count: rest, whole } = this.bar;
    root.hidden = !this.told.pair;
    bar.hidden = !count.total;
    Object.assign(bar, { max: Math.max(1, count.total), value: count.reviewed });
    words.textContent = count.total ? progressText(count) : "";
    rest.textContent = countText(count);
    const opinion = opinionOf(this.#said(WHOLE));
    whole.forEach((button, index) => button.setAttribute("aria-pressed", opinion === ["meant", "not meant"][index]));
  }

  #paintCard(card, place) {
    if (!place || place.faint) return;
    const said = this.#said(place);
    const opinion = opinionOf(said);
    card.dataset.opinion = opinion;
    for (const intent of ["meant", "not meant"]) {
      card.querySelector(`.judge .${intent.replace(" ", "-")}`).setAttribute("aria-pressed", opinion === intent);
    }
    const lines = said.filter(({ note }) => note || opinion === "conflict").map((one) => make("p", { textContent: saidText(one) }));
    if (opinion === "conflict") lines.unshift(make("p", { className: "conflict", textContent: "Two people differ: judge anew to settle it." }));
    card.querySelector(".said").replaceChildren(...lines);
  }

  /** Say something of a change, beside what was said of it before. */
  #say(place, words) {
    const before = this.#own(place);
    const said = { ...before, ...words };
    if (place !== WHOLE) said.box = place.place;
    if (this.told.pages) said.pages = this.told.pages;
    this.pending.set(String(place.place), { place, said });
    this.viewer.send({ do: "judge", pair: this.told.pair, by: this.name, judgements: [said] });
    this.paint();
    const count = progressText(countOf(this.#opinions));
    const what = place === WHOLE ? "The pair" : `Change ${place.number}`;
    this.viewer.say(`${what}: ${saidText(said)}. ${count}.`);
  }

  #goOn(after) {
    const next = nextOpen(this.#opinions, after);
    if (next >= 0) this.marks.go(next);
    else this.viewer.progress.tell("All changes are reviewed.");
  }

  /** What is said of each change that counts; faint places are none. */
  get #opinions() {
    return this.marks.places.filter(({ faint }) => !faint).map(({ opinion }) => opinion);
  }

  #heard(place) {
    return (place === WHOLE ? this.told.whole : this.told.judged[place.number]) ?? [];
  }

  /** All that is said of a change: what isn't heard of yet takes the place of what one said before. */
  #said(place) {
    const own = this.pending.get(String(place.place))?.said;
    if (!own) return this.#heard(place);
    const others = this.#heard(place).filter(({ by = "", note }) => note && by !== this.name);
    const says = own.intent || own.note ? [{ ...own, by: this.name }] : [];
    return [...others.map((one) => ({ ...one, intent: "" })), ...says];
  }

  #own(place) {
    const pending = this.pending.get(String(place.place))?.said;
    const { intent = "", note = "", pin = null } = pending ?? this.#heard(place).find(({ by = "" }) => by === this.name) ?? {};
    return { intent, note, pin };
  }

  #pinned(place) {
    const { number } = place;
    const pins = this.#said(place).filter(({ pin }) => pin);
    return pins.map(({ pin, note = "" }) => ({ number, note, at: onCanvas([...pin, 1, 1], this.runs) }));
  }

  #rename(name) {
    this.name = name;
    try {
      localStorage.setItem(NAME, name);
    } catch {
      // a private window: it holds for as long as the page is open
    }
  }
}

/** The name that was given before, on this computer. */
function keptName() {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}
