/** Pictures in rows, each with its name and a line: a click shows it large, another compares it. */

import { entryTo } from "../component/component.js";

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const absolute = (address) => new URL(address, document.baseURI).href;

class PictureCards {
  constructor(root) {
    this.list = root.querySelector(".cards");
    this.dialog = root.querySelector("dialog");
    this.dialog.onclick = ({ target }) => target === this.dialog && this.dialog.close();
  }

  connect({ setTriggerValue }) {
    this.send = setTriggerValue;
  }

  update({ cards, zoomed }) {
    const drawn = JSON.stringify(cards);
    if (drawn !== this.drawn) this.list.replaceChildren(...cards.map((card) => this.#card(card)));
    this.drawn = drawn;
    // The large picture comes while the small one is looked at.
    if (zoomed && this.dialog.open && this.zooming === zoomed.index) this.dialog.querySelector("img").src = absolute(zoomed.src);
  }

  #card(card) {
    const { index, name, line, src, compare } = card;
    const image = make("img", { src: absolute(src), alt: name, loading: "lazy" });
    const zoom = make("button", { type: "button", className: "zoom", title: "Show it large", onclick: () => this.#zoom(card) }, image);
    const title = make("span", { title: name, textContent: name });
    const figure = make("figure", {}, zoom, make("figcaption", {}, title, line));
    if (compare) {
      const button = make("button", { type: "button", className: "compare", textContent: "See what changed", onclick: () => this.send("compare", { index, with: compare.index }) });
      button.setAttribute("aria-label", `See what changed from ${compare.name} to ${name}`);
      figure.append(button);
    }
    return figure;
  }

  #zoom({ index, name, src }) {
    this.zooming = index;
    const image = this.dialog.querySelector("img");
    Object.assign(image, { src: absolute(src), alt: name });
    this.dialog.querySelector("strong").textContent = name;
    this.dialog.showModal();
    this.send("zoom", { index });
  }
}

export default entryTo(PictureCards);
