/** The strip of a document's pages: thumbnails with badges, one of them open. */

import { entryTo } from "../component/component.js";

const TYPING = "input:not([type=range]), textarea, select, [contenteditable=true], [role=combobox]";

class Strip {
  constructor(root) {
    this.list = root.querySelector("ol");
    this.pages = [];
    this.current = 0;
    this.turns = 0;
    this.onKey = (event) => this.#turnByKey(event);
    this.onTurn = (event) => this.#turnFor(event);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("imgdiff-turn", this.onTurn);
  }

  connect({ setTriggerValue }) {
    this.send = (act) => setTriggerValue("act", act);
  }

  /** Take in what the server says. */
  update({ pages, current }) {
    const turned = current !== this.current || !this.pages.length;
    Object.assign(this, { pages, current });
    while (this.list.children.length > pages.length) this.list.lastChild.remove();
    pages.forEach((page, index) => this.#draw(page, index));
    if (turned) this.#reveal();
  }

  /** Open a page, if there is one of that number. */
  open(index) {
    if (index < 0 || index >= this.pages.length || index === this.current) return;
    this.current = index;
    this.pages.forEach((page, place) => this.#draw(page, place));
    this.#reveal();
    this.turns += 1;
    this.send({ do: "open", page: index, turn: this.turns });
  }

  destroy() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("imgdiff-turn", this.onTurn);
  }

  #draw(page, index) {
    const item = this.list.children[index] ?? this.list.appendChild(this.#item(index));
    const button = item.firstChild;
    button.className = page.status;
    button.title = page.words;
    button.toggleAttribute("aria-current", index === this.current);
    if (index === this.current) button.setAttribute("aria-current", "page");
    const image = button.querySelector("img");
    const url = page.thumb ? new URL(page.thumb, document.baseURI).href : "";
    image.hidden = !url;
    if (url && image.src !== url) image.src = url;
    button.querySelector(".none").hidden = Boolean(url);
    button.querySelector(".badge").textContent = page.badge;
    button.querySelector(".name").textContent = page.name;
    button.querySelector(".words").textContent = page.words;
  }

  #item(index) {
    const item = document.createElement("li");
    item.innerHTML =
      '<button type="button"><span class="sheet" aria-hidden="true"><img alt="" loading="lazy">' +
      '<span class="none"></span><span class="badge"></span></span>' +
      '<span class="name" aria-hidden="true"></span><span class="words"></span></button>';
    item.firstChild.onclick = () => this.open(index);
    return item;
  }

  /** Bring the open page's thumbnail into view, and nothing else on the page. */
  #reveal() {
    const item = this.list.children[this.current];
    if (!item) return;
    const middle = item.offsetLeft - this.list.offsetLeft - (this.list.clientWidth - item.clientWidth) / 2;
    this.list.scrollTo({ left: middle });
  }

  /** The viewer has shown all that a page has: go on to the next that differs, if there is one. */
  #turnFor(event) {
    const step = event.detail;
    let index = this.current + step;
    while (this.pages[index]?.status === "equal") index += step;
    if (!this.pages[index]) return;
    event.preventDefault();
    this.open(index);
  }

  #turnByKey(event) {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    const [target] = event.composedPath();
    const isTaken = event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey;
    if (!step || isTaken || target.matches?.(TYPING)) return;
    event.preventDefault();
    this.open(this.current + step);
  }
}

export default entryTo(Strip);
