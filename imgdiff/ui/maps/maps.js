/**
 * Small pictures of one shape side by side: what one shows, they all show.
 *
 * Text goes in as text, never as markup.
 */

import { entryTo } from "../component/component.js";

const LARGEST = 16;
const CLOSE = 3;
const STEP = 1.5;
const NUDGE = 0.1;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

class Maps {
  constructor(parent) {
    const root = parent.querySelector(".maps");
    this.root = root;
    // The part of the picture that is seen: its left and top, 0 to 1, and how much it is enlarged.
    Object.assign(this, { x: 0, y: 0, zoom: 1 });
    for (const button of root.querySelectorAll("[data-do]"))
      button.onclick = () => this.#obey(button.dataset.do);
  }

  update(cards) {
    this.root.querySelector(".grid").replaceChildren(...cards.map((card) => this.#figure(card)));
    this.look(0, 0, 1);
  }

  look(x, y, zoom) {
    this.zoom = clamp(zoom, 1, LARGEST);
    const last = 1 - 1 / this.zoom;
    this.x = clamp(x, 0, last);
    this.y = clamp(y, 0, last);
    for (const image of this.root.querySelectorAll("img")) {
      image.style.transform = `scale(${this.zoom}) translate(${-100 * this.x}%, ${-100 * this.y}%)`;
      image.classList.toggle("close", this.zoom > CLOSE);
      image.parentElement.classList.toggle("zoomed", this.zoom > 1);
    }
    this.root.querySelector(".zoom").textContent = `${Math.round(100 * this.zoom)} %`;
    this.root.querySelector("[data-do=in]").disabled = this.zoom === LARGEST;
    for (const name of ["out", "fit"])
      this.root.querySelector(`[data-do=${name}]`).disabled = this.zoom === 1;
  }

  /** Zoom so that the point at (u, v) of a frame, 0 to 1, stays where it is. */
  #zoomAt(u, v, zoom) {
    const next = clamp(zoom, 1, LARGEST);
    this.look(this.x + u / this.zoom - u / next, this.y + v / this.zoom - v / next, next);
  }

  #obey(what) {
    if (what === "fit") this.look(0, 0, 1);
    else this.#zoomAt(0.5, 0.5, what === "in" ? this.zoom * STEP : this.zoom / STEP);
  }

  #figure({ address, title, lead, note, alt }) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    for (const [name, text] of Object.entries({ title, lead, note })) {
      const span = document.createElement("span");
      span.className = name;
      span.textContent = text;
      if (text) caption.append(span);
    }
    if (address) figure.append(this.#frame(address, alt));
    figure.append(caption);
    return figure;
  }

  #frame(address, alt) {
    const frame = document.createElement("div");
    frame.className = "frame";
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", alt);
    const image = document.createElement("img");
    Object.assign(image, { src: address, alt, draggable: false });
    frame.append(image);
    this.#listen(frame);
    return frame;
  }

  #listen(frame) {
    const point = (event) => {
      const box = frame.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    frame.ondblclick = (event) => this.#zoomAt(...point(event), this.zoom * STEP * STEP);
    frame.onwheel = (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.#zoomAt(...point(event), this.zoom * Math.exp(-event.deltaY / 300));
    };
    frame.onpointerdown = (event) => {
      if (this.zoom > 1) frame.setPointerCapture(event.pointerId);
    };
    frame.onpointermove = (event) => {
      if (!frame.hasPointerCapture(event.pointerId)) return;
      const scale = this.zoom * frame.clientWidth;
      const down = this.zoom * frame.clientHeight;
      this.look(this.x - event.movementX / scale, this.y - event.movementY / down, this.zoom);
    };
    frame.onkeydown = (event) => this.#press(event);
  }

  #press(event) {
    const step = NUDGE / this.zoom;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const orders = { "+": "in", "=": "in", "-": "out", 0: "fit" };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in orders) this.#obey(orders[event.key]);
    else if (event.key in moves && this.zoom > 1)
      this.look(this.x + moves[event.key][0], this.y + moves[event.key][1], this.zoom);
    else return;
    event.preventDefault();
  }
}

export default entryTo(Maps);
