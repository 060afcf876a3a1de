/** The list of changes: a card each, with what was there before and what is there after. */

import { affineAt, cornered, inverse, project } from "./geometry.js";
import { areaText } from "./words.js";
import { markWords, wordsLine } from "./writing.js";

const MOST_CARDS = 200;
const THUMB = 56;

/** An element with properties and children. */
function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** The list beside the pictures. */
export class Cards {
  /**
   * @param {HTMLElement} panel
   * @param {{go: (index: number) => void, ignore: (box: number[]) => void,
   *          unignore: (index: number) => void, thumbs: () => object | null}} viewer
   */
  constructor(panel, viewer) {
    this.viewer = viewer;
    this.title = panel.querySelector("h3");
    this.list = panel.querySelector(".cards");
    this.more = panel.querySelector(".more");
    this.ignored = panel.querySelector(".ignored");
    this.seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.#draw(target);
    });
  }

  /** Let go of what watches the list. */
  destroy() {
    this.seen.disconnect();
  }

  /** Show the places that count; `title` says how many there are. */
  show(places, title) {
    this.title.textContent = title;
    this.places = places;
    this.seen.disconnect();
    this.list.replaceChildren(...places.slice(0, MOST_CARDS).map((place, index) => this.#card(place, index)));
    for (const card of this.list.children) this.seen.observe(card);
    const hidden = places.length - MOST_CARDS;
    this.more.textContent = hidden > 0 ? `and ${hidden.toLocaleString("en")} smaller ones` : "";
  }

  /** While the area threshold is dragged: only the first cards count. */
  preview(count, title) {
    this.title.textContent = title;
    for (const [index, card] of [...this.list.children].entries()) card.hidden = index >= count;
  }

  /** Mark the card that is looked at, and bring it into view. */
  select(index) {
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
          textContent: "Count it again",
          onclick: () => this.viewer.unignore(index),
        });
        remove.setAttribute("aria-label", `Count ignored area ${index + 1} again`);
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
  }

  #card(place, index) {
    const number = make("b", { textContent: index + 1 });
    const thumbs = ["before", "after"].map((side) =>
      make("canvas", { className: side, width: 2 * THUMB, height: 2 * THUMB }),
    );
    const where = make("span", { className: "where", textContent: place.where });
    const share = make("small", { textContent: place.share, title: `${place.share} of the picture` });
    const words = make("span", { className: "words" }, share);
    if (place.words) words.prepend(make("strong", { textContent: place.words }));
    const go = make("button", { type: "button", className: "go", onclick: () => this.viewer.go(index) });
    const spoken = [place.words, place.text?.words, place.where, `${place.share} of the picture`].filter(Boolean);
    go.setAttribute("aria-label", `Change ${index + 1}: ${spoken.join(", ")}`);
    const arrow = make("span", { className: "arrow", textContent: "→" });
    go.append(number, where, thumbs[0], arrow, thumbs[1], words);
    const ignore = make("button", {
      type: "button",
      className: "skip",
      textContent: "Ignore",
      title: "Ignore this change: leave its box out of score and list",
      onclick: () => this.viewer.ignore(place.ignore),
    });
    ignore.setAttribute("aria-label", `Ignore change ${index + 1}`);
    const card = make("li", {}, go, ...wordsLine(place.text), ignore);
    card.dataset.index = index;
    return card;
  }

  #draw(card) {
    const thumbs = this.viewer.thumbs();
    if (!thumbs || card.dataset.drawn) return;
    card.dataset.drawn = "yes";
    const { box, text } = this.places[card.dataset.index];
    const [x, y, width, height] = box;
    const side = Math.max(width, height, 12) * 1.4;
    const view = { x: x + width / 2 - side / 2, y: y + height / 2 - side / 2, side };
    for (const canvas of card.querySelectorAll("canvas")) {
      const { picture, transform } = thumbs[canvas.className];
      drawPart(canvas, picture, transform, view);
      markWords(canvas, text?.[canvas.className] ?? [], view);
    }
  }
}

/** Draw a square part of the reference's grid from a picture that a transform puts there. */
function drawPart(canvas, picture, transform, { x, y, side }) {
  const context = canvas.getContext("2d");
  const scale = canvas.width / side;
  const forth = cornered(transform);
  const middle = { x: x + side / 2, y: y + side / 2 };
  const [a, b, c, d, e, f] = affineAt(forth, project(inverse(forth), middle));
  context.setTransform(scale, 0, 0, scale, -x * scale, -y * scale);
  context.transform(a, b, c, d, e, f);
  context.imageSmoothingEnabled = scale < 4;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, picture.naturalWidth, picture.naturalHeight);
}
