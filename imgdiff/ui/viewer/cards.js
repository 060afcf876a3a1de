/** The list of changes: a card each, with what was there before and what is there after. */

import { drawPart } from "./part.js";
import { areaText } from "./words.js";
import { markWords, wordsLine } from "./writing.js";

/** So many cards are built at a time, as the list is scrolled: thousands would take seconds. */
const BATCH = 60;
const THUMB = 56;
const STRIP = { width: 224, least: 24, most: 160 };

/** An element with properties and children. */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** The list beside the pictures. */
export class Cards {
  /**
   * @param {HTMLElement} panel
   * @param {{go: (index: number) => void, ignore: (place: object) => void,
   *          unignore: (index: number) => void, thumbs: () => object | null,
   *          dress: (card: HTMLElement, place: object) => void}} viewer
   */
  constructor(panel, viewer) {
    this.viewer = viewer;
    this.title = panel.querySelector(".title");
    this.list = panel.querySelector(".cards");
    this.more = panel.querySelector(".more");
    this.ignored = panel.querySelector(".ignored");
    this.places = [];
    this.seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        if (target === this.more) this.#grow(this.list.children.length + BATCH);
        else this.#draw(target);
      }
    });
    this.seen.observe(this.more);
  }

  /** Let go of what watches the list. */
  destroy() {
    this.seen.disconnect();
  }

  /** Show the places that count; `title` says how many there are, `note` what isn't listed. */
  show(places, title, note = "") {
    Object.assign(this, { places });
    this.title.textContent = title;
    this.more.textContent = note;
    this.seen.disconnect();
    this.list.replaceChildren();
    this.#grow(BATCH);
  }

  /** Mark the card that is looked at, and bring it into view. */
  select(index) {
    this.#grow(index + 1);
    for (const card of this.list.children) card.firstChild.removeAttribute("aria-current");
    const card = this.list.children[index];
    if (!card) return;
    card.firstChild.setAttribute("aria-current", "true");
    const [outer, inner] = [this.list.getBoundingClientRect(), card.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      this.list.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
    }
    if (inner.left < outer.left || inner.right > outer.right) {
      this.list.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    }
  }

  /** List the ignored areas. */
  showIgnored(areas) {
    this.ignored.hidden = areas.length === 0;
    this.ignored.querySelector("ul").replaceChildren(
      ...areas.map((box, index) => {
        const remove = make("button", {
          type: "button",
          textContent: "Stop ignoring",
          onclick: () => this.viewer.unignore(index),
        });
        remove.setAttribute("aria-label", `Stop ignoring area ${index + 1}`);
        return make("li", {}, make("span", { textContent: areaText(box) }), remove);
      }),
    );
  }

  /** Draw the thumbnails that are in view anew, since the pictures have come. */
  redraw() {
    this.seen.disconnect();
    for (const card of this.list.children) {
      delete card.dataset.drawn;
      this.seen.observe(card);
    }
    this.seen.observe(this.more);
  }

  /** Build cards until there are `count`, as far as there are places. */
  #grow(count) {
    const start = this.list.children.length;
    const added = this.places.slice(start, count).map((place, offset) => this.#card(place, start + offset));
    this.list.append(...added);
    for (const card of added) this.seen.observe(card);
    this.seen.unobserve(this.more); // anew, so that it tells whether it is still in view
    if (this.list.children.length < this.places.length) this.seen.observe(this.more);
  }

  #card(place, index) {
    const go = make("button", { type: "button", className: "go", onclick: () => this.viewer.go(index) });
    const spoken = [place.words, place.text?.words, place.where, `${place.share} of the picture`].filter(Boolean);
    const name = place.faint ? `Faint place ${place.number.slice(1)}` : `Change ${place.number}`;
    go.setAttribute("aria-label", `${name}: ${spoken.join(", ")}`);
    go.append(...this.#parts(place));
    const ignore = make("button", {
      type: "button",
      className: "skip",
      textContent: "Ignore",
      title: "Ignore this change: leave its box out of score and list (Ctrl+Z brings it back)",
      onclick: () => this.viewer.ignore(place),
    });
    ignore.setAttribute("aria-label", `Ignore ${name.toLowerCase()}`);
    const card = make("li", { className: place.strip }, go, ...wordsLine(place.text), ignore);
    card.dataset.index = index;
    this.viewer.dress(card, place);
    return card;
  }

  /** What a card shows: number and place, before and after, and what happened, in words. */
  #parts(place) {
    const number = make("b", { textContent: place.number });
    const where = make("span", { className: "where", textContent: place.where });
    const [before, after] = ["before", "after"].map((side) => this.#thumb(place, side));
    const arrow = make("span", { className: "arrow", textContent: "→" });
    const words = make("span", { className: "words" });
    if (place.words) words.append(make("strong", { textContent: place.words }));
    words.append(make("small", { textContent: place.share, title: `${place.share} of the picture` }));
    return [number, where, before, arrow, after, words];
  }

  /** A square; of rows or columns that were put in or taken out, all their length. */
  #thumb({ strip, boxes }, side) {
    const [, , width, height] = boxes[0];
    const isRow = strip === "rows";
    const down = Math.min(STRIP.most, Math.max(STRIP.least, Math.round((STRIP.width * height) / width)));
    const size = isRow ? { width: 2 * STRIP.width, height: 2 * down } : { width: 2 * THUMB, height: 2 * THUMB };
    return make("canvas", { className: side, ...size });
  }

  #draw(card) {
    const thumbs = this.viewer.thumbs();
    if (!thumbs || card.dataset.drawn) return;
    card.dataset.drawn = "yes";
    const { boxes, strip, text } = this.places[card.dataset.index];
    for (const canvas of card.querySelectorAll("canvas")) {
      const box = canvas.className === "after" ? boxes.at(-1) : boxes[0];
      const part = partAround(box, canvas, strip === "rows");
      drawPart(canvas, thumbs[canvas.className], part);
      markWords(canvas, text?.[canvas.className] ?? [], part);
    }
  }
}

/** The part of the canvas that a thumbnail shows: a box with some room, or all of a strip. */
function partAround([x, y, width, height], canvas, isRow) {
  const side = isRow ? width : Math.max(width, height, 12) * 1.4;
  const down = (side * canvas.height) / canvas.width;
  return { x: x + width / 2 - side / 2, y: y + height / 2 - down / 2, width: side };
}
