/** All pairs of a batch: filtered, searched, opened and judged. */

import { entryTo } from "../component/component.js";

const STATUSES = ["changed", "failed", "added", "removed", "equal"];
const SIGNS = { meant: "✓ Meant", "not meant": "✗ Not meant" };
const FILTERS = { all: "All", ...Object.fromEntries(STATUSES.map((status) => [status, status[0].toUpperCase() + status.slice(1)])), open: "To review" };
/** Letters at a name's end that are seen whatever its length: there it differs from others. */
const TAIL = 10;
const isDue = ({ status, opinion }) => !opinion && ["changed", "added", "removed"].includes(status);

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

class PairTiles {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { find, section: find(".pairs"), filter: "all", words: [], tiles: [], current: "", drawn: "" });
    find("input").oninput = ({ target }) => {
      this.words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.draw();
    };
    find("[data-do=previous]").onclick = () => this.step(-1);
    find("[data-do=next]").onclick = () => this.step(1);
    find("[data-do=all]").onclick = () => this.open("");
    find("[data-do=table]").onclick = ({ target }) => {
      const isTable = target.getAttribute("aria-pressed") !== "true";
      target.setAttribute("aria-pressed", isTable);
      find(".wide").hidden = !isTable;
      find(".tiles").hidden = isTable;
    };
    this.listener = (event) => this.#key(event);
    addEventListener("keydown", this.listener, { capture: true });
  }

  destroy() {
    removeEventListener("keydown", this.listener, { capture: true });
  }

  connect({ setTriggerValue }) {
    this.send = setTriggerValue;
  }

  update({ tiles, current }) {
    Object.assign(this, { tiles, current, judged: {} });
    this.draw();
  }

  /** The pairs that filter and search let through, in order. */
  get shown() {
    const fits = (tile) => this.filter === "all" || (this.filter === "open" ? isDue(tile) : tile.status === this.filter);
    return this.tiles.filter((tile) => fits(tile) && this.words.every((word) => tile.name.toLowerCase().includes(word)));
  }

  open(name) {
    this.send("open", { name });
  }

  /** Go to the next or previous pair that is shown. */
  step(by) {
    const names = this.shown.map(({ name }) => name);
    if (!names.length) return;
    const at = names.indexOf(this.current);
    this.open(names[(at < 0 ? (by > 0 ? 0 : names.length - 1) : at + by + names.length) % names.length]);
  }

  /** Judge a pair; the same again takes it back. */
  judge(name, intent) {
    const tile = this.tiles.find((one) => one.name === name);
    tile.opinion = tile.opinion === intent ? "" : intent;
    this.judged = { ...this.judged, [name]: tile.opinion };
    this.send("judge", { judged: this.judged });
    this.draw();
  }

  draw() {
    const { shown, tiles, current } = this;
    this.section.classList.toggle("is-open", Boolean(current));
    this.find("[data-do=all]").hidden = !current;
    const due = tiles.filter(({ status }) => status !== "equal" && status !== "failed");
    const done = due.filter(({ opinion }) => opinion).length;
    const hidden = shown.length < tiles.length ? ` · ${shown.length} of ${tiles.length} pairs shown` : "";
    this.find(".far").textContent = (due.length ? `${done} of ${due.length} reviewed` : "Nothing to review") + hidden;
    this.#drawFilters();
    const key = JSON.stringify(shown);
    if (key !== this.drawn) this.#build(shown);
    this.drawn = key;
    for (const item of this.section.querySelectorAll("[data-name]")) {
      const isCurrent = item.dataset.name === current;
      item.classList.toggle("current", isCurrent);
      if (isCurrent) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
      if (isCurrent && item.matches("li")) item.scrollIntoView({ block: "nearest", inline: "center" });
    }
  }

  #drawFilters() {
    const counts = (key) => (key === "all" ? this.tiles : this.tiles.filter((tile) => (key === "open" ? isDue(tile) : tile.status === key))).length;
    const keys = Object.keys(FILTERS).filter((key) => key === "all" || key === this.filter || counts(key));
    const focused = this.find(".filters :focus")?.dataset.filter;
    this.find(".filters").replaceChildren(
      ...keys.map((key) => {
        const button = make("button", { type: "button", onclick: () => this.#choose(key) }, `${FILTERS[key]} `, make("b", { textContent: counts(key) }));
        button.dataset.filter = key;
        button.setAttribute("aria-pressed", key === this.filter);
        return button;
      }),
    );
    if (focused) this.find(`[data-filter="${focused}"]`)?.focus();
  }

  #choose(filter) {
    this.filter = filter;
    this.draw();
  }

  #build(shown) {
    const root = this.section.getRootNode();
    const { label } = root.activeElement?.dataset ?? {};
    this.find(".tiles").replaceChildren(...shown.map((tile) => this.#tile(tile)));
    this.find("tbody").replaceChildren(...shown.map((tile) => this.#row(tile)));
    if (label) [...this.section.querySelectorAll("[data-label]")].find((one) => one.dataset.label === label && one.offsetWidth)?.focus();
  }

  #tile(tile) {
    const { name, status, verdict, numbers, opinion } = tile;
    const pictures = make("span", { className: "pictures" }, ...["before", "after"].map((side) => picture(tile[side], side, status)));
    const go = make(
      "button", { type: "button", className: "go", onclick: () => this.open(name) }, pictures,
      make("span", { className: "name", title: name }, make("span", { textContent: name.slice(0, -TAIL) }), make("span", { textContent: name.slice(-TAIL) })), make("span", { className: `status ${status}`, textContent: FILTERS[status] }),
      make("span", { className: "numbers", textContent: numbers }), make("span", { className: "verdict", textContent: verdict }),
    );
    go.dataset.label = `open ${name}`;
    const item = make("li", {}, go, ...this.#marks(tile));
    Object.assign(item.dataset, { name, opinion });
    return item;
  }

  #row(tile) {
    const { name, status, numbers, verdict } = tile;
    const go = make("button", { type: "button", textContent: name, onclick: () => this.open(name) });
    const head = make("th", { scope: "row" }, go);
    const cells = [FILTERS[status], numbers, verdict].map((text) => make("td", { textContent: text }));
    const row = make("tr", {}, head, ...cells, make("td", {}, ...this.#marks(tile)));
    row.dataset.name = name;
    return row;
  }

  /** The two judgements; what is equal or failed has none to make. */
  #marks({ name, status, opinion }) {
    if (status === "equal" || status === "failed") return [];
    const buttons = Object.entries(SIGNS).map(([intent, text]) => {
      const button = make("button", { type: "button", className: intent.replace(" ", "-"), textContent: text, onclick: () => this.judge(name, intent) });
      button.setAttribute("aria-pressed", opinion === intent);
      button.setAttribute("aria-label", `${name}: ${intent}`);
      button.dataset.label = `${intent} ${name}`;
      return button;
    });
    return [make("div", { className: "marks" }, ...buttons)];
  }

  /** J and K go through the pairs wherever the focus is; A and D judge the tile that has it. */
  #key(event) {
    const [target] = event.composedPath();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !target?.matches) return;
    if (target.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [role=combobox]")) return;
    const key = event.key.toLowerCase();
    const intent = { a: "meant", d: "not meant" }[key];
    const tile = target.closest("[data-name]");
    if (key === "j" || key === "k") this.step(key === "j" ? 1 : -1);
    // On the tile of the open pair, the viewer takes them: they judge its changes.
    else if (intent && tile && tile.dataset.name !== this.current && this.section.contains(tile) && tile.querySelector(".marks")) this.judge(tile.dataset.name, intent);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** A thumbnail, or why there is none. */
function picture(address, side, status) {
  if (address) return make("img", { src: new URL(address, document.baseURI).href, alt: "", loading: "lazy" });
  return make("i", { textContent: status === "failed" ? "no picture" : `none ${side}` });
}

export default entryTo(PairTiles);
