/** The panes with the pictures in them: which layers are seen, and where the camera looks. */

import { cornered, fitted, matrix3d } from "./geometry.js";

/** Pixels stay crisp from here on. */
const CRISP = 2;

const PANE = `
  <div class="layers">
    <div class="layer before"><div class="world"><img alt=""><div class="gaps"></div></div></div>
    <div class="layer after"><div class="world"><img alt=""><div class="gaps"></div></div></div>
    <div class="layer diff"><div class="world"><img alt=""></div></div>
    <div class="layer mask"><div class="world"><div></div></div></div>
  </div>
  <span class="name"></span>`;

/** Which layers each view shows in its panes. */
const LAYERS = {
  swipe: [["before", "after"]],
  side: [["before"], ["after"]],
  fade: [["before", "after"]],
  blink: [["before", "after"]],
  Diff: [["diff"]],
  quickDiff: [["before", "after"]],
  Boxed: [["before"], ["after"]],
  Mask: [["mask"]],
  Filled: [["after", "mask"]],
  beforeOnly: [["before"]],
  afterOnly: [["after"]],
};

const NAMES = {
  swipe: ["Before"],
  side: ["Before", "After"],
  Boxed: ["Before", "After"],
  Filled: ["After"],
  beforeOnly: ["Before"],
  afterOnly: ["After"],
};

/** Give an element a size. */
function resize({ style }, { width, height }) {
  style.width = `${width}px`;
  style.height = `${height}px`;
}

/** A part of the canvas that a picture lacks. */
function strip([x, y, width, height]) {
  const element = document.createElement("i");
  Object.assign(element.style, { left: `${x}px`, top: `${y}px` });
  resize(element, { width, height });
  return element;
}

/** A pane and its pictures. */
function makePane(document, label) {
  const pane = document.createElement("div");
  pane.className = "pane";
  pane.tabIndex = 0;
  pane.setAttribute("role", "group");
  pane.setAttribute("aria-roledescription", "zoomable picture");
  pane.setAttribute("aria-label", label);
  pane.innerHTML = PANE;
  return pane;
}

/** Both panes; the second is seen only side by side. */
export class Stage {
  /** @param {HTMLElement} holder */
  constructor(holder) {
    Object.assign(this, { holder, loads: {} });
    this.panes = ["Pictures. Press question mark for the keys.", "The picture after"].map((label) =>
      makePane(holder.ownerDocument, label),
    );
    this.second = Object.assign(holder.ownerDocument.createElement("span"), {
      className: "name right",
      textContent: "After",
    });
    this.panes[0].append(this.second);
    holder.append(...this.panes);
  }

  /** Size of one pane on the screen. */
  get size() {
    const { clientWidth: width, clientHeight: height } = this.panes[0];
    return { width, height };
  }

  /** The picture before or after, as loaded in the first pane. */
  picture(side) {
    return this.panes[0].querySelector(`.${side} img`);
  }

  /**
   * Show these addresses, by layer; what couldn't be loaded is tried anew.
   *
   * @returns {Promise<string[]>} When all can be seen, the layers that can't.
   */
  async load(sources) {
    for (const [layer, url] of Object.entries(sources)) {
      const { url: last, isLacking } = this.loads[layer] ?? {};
      if (url !== last || isLacking) this.loads[layer] = this.#load(layer, url);
    }
    const loads = Object.entries(this.loads);
    await Promise.all(loads.map(([, { loaded }]) => loaded));
    return loads.filter(([, { isLacking }]) => isLacking).map(([layer]) => layer);
  }

  /** Let a layer have another picture. */
  #load(layer, url) {
    const images = this.panes.map((pane) => pane.querySelector(`.${layer} img`)).filter(Boolean);
    if (!images.length) images.push(new Image()); // the mask's: the style sheet draws it
    for (const image of images) {
      if (url) image.src = url;
      else image.removeAttribute("src");
    }
    const load = { url, isLacking: false };
    const settle = () => (load.isLacking = Boolean(url) && !images[0].naturalWidth);
    load.loaded = url ? images[0].decode().then(settle, settle) : undefined;
    return load;
  }

  /** Sizes and places of all layers, in pixels of the canvas. */
  place({ size, before, after, mask }) {
    const whole = { ...size, gaps: [] };
    const lies = { before, after, diff: whole, mask: whole };
    for (const pane of this.panes) {
      for (const layer of pane.querySelectorAll(".layer")) {
        const world = layer.firstElementChild;
        const { width, height, transform, gaps } = lies[layer.classList[1]];
        resize(world, size);
        resize(world.firstElementChild, { width, height });
        world.firstElementChild.style.transform = transform ? matrix3d(cornered(transform)) : "";
        world.querySelector(".gaps")?.replaceChildren(...gaps.map(strip));
      }
      pane.querySelector(".mask .world div").style.maskImage = mask ? `url("${mask}")` : "";
    }
  }

  /** Show the layers of a view: a tab's name, or a look of the tab Compare. */
  compose(view, size) {
    const shown = LAYERS[view];
    this.holder.classList.toggle("stacked", shown.length > 1 && this.#fitsStacked(size));
    this.holder.dataset.view = view;
    this.panes.forEach((pane, index) => {
      pane.hidden = index >= shown.length;
      for (const layer of pane.querySelectorAll(".layer")) {
        const name = layer.classList[1];
        layer.hidden = !shown[index]?.includes(name);
        layer.style.cssText = "";
      }
      pane.querySelector(".name").textContent = NAMES[view]?.[index] ?? "";
    });
    this.second.hidden = view !== "swipe";
  }

  /** Whether two pictures are seen larger one above the other than side by side. */
  #fitsStacked(size) {
    const { clientWidth: width, clientHeight: height } = this.holder;
    const beside = fitted(size, { width: width / 2, height }).scale;
    return fitted(size, { width, height: height / 2 }).scale > 1.1 * beside;
  }

  /** How the picture after lies over the one before: cut at a line, mixed, or turned on and off. */
  mix(view, share, showsAfter, isDown) {
    const after = this.panes[0].querySelector(".layer.after");
    const cut = isDown ? `inset(${100 * share}% 0 0 0)` : `inset(0 0 0 ${100 * share}%)`;
    after.style.clipPath = view === "swipe" ? cut : "";
    after.style.opacity = view === "fade" ? share : 1;
    after.style.visibility = view === "blink" && !showsAfter ? "hidden" : "";
    if (view === "blink") {
      this.panes[0].querySelector(".name").textContent = showsAfter ? "After" : "Before";
    }
  }

  /** Look where the camera looks. */
  frame({ scale, x, y }) {
    this.holder.style.setProperty("--camera", `matrix(${scale},0,0,${scale},${x},${y})`);
    this.holder.style.setProperty("--unit", `${1 / scale}px`);
    this.holder.classList.toggle("crisp", scale >= CRISP);
  }
}
