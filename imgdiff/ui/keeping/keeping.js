/**
 * Keeps comparisons in the browser's own store, and brings the last one back after a reload.
 *
 * What comes back is a review file, given to the page as if somebody had dropped it: so it passes
 * all that any upload has to.
 */

import { entryTo } from "../component/component.js";
import { showRecent } from "./recent.js";
import { Store } from "./store.js";
import { zipped } from "./zip.js";

const ANSWER = "imgdiff-keep";
const LAST = "imgdiff-last";
const THUMB = 240;
const DAMAGED = "What this browser kept can't be read: it is damaged, or of a later version. Forget it, and comparisons are kept anew.";
const GONE = "This comparison can't be opened: its pictures are no longer in this browser. Open them anew.";
const FULL = "This browser keeps nothing here: it is a private window, or its store is full or closed. To go on later, take the review file away (Download).";

/** Reads and writes the small stores of the browser, where it has any. */
const memory = {
  get(store, key) {
    try {
      return globalThis[store].getItem(key);
    } catch {
      return null;
    }
  },
  set(store, key, value) {
    try {
      if (value === null) globalThis[store].removeItem(key);
      else globalThis[store].setItem(key, value);
    } catch {
      // a private window: the question comes again
    }
  },
};

class Keeper {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { find, store: new Store(), shown: "", queue: Promise.resolve() });
    find("[data-do=keep]").onclick = () => this.#answer("yes");
    find("[data-do=no]").onclick = () => this.#answer("no");
    for (const button of root.querySelectorAll("[data-do=forget], [data-do=anew]")) button.onclick = () => this.#forget();
  }

  /** Take what the page shows; one thing after the other. */
  update(payload) {
    this.payload = payload;
    this.queue = this.queue.then(() => this.#update(payload)).catch((error) => this.#trouble(sentenceOf(error)));
  }

  get #mayKeep() {
    const answer = memory.get("localStorage", ANSWER);
    return answer ? answer === "yes" : !this.payload.asks;
  }

  async #update(payload) {
    this.find(".question").hidden = Boolean(memory.get("localStorage", ANSWER)) || !payload.asks;
    if (!this.#mayKeep) return;
    const isFirst = !window.imgdiffIsOpen;
    window.imgdiffIsOpen = true;
    const last = memory.get("sessionStorage", LAST);
    // A tab that was duplicated remembers the same: each goes on with its own.
    if (last && !(await this.#owns(last))) memory.set("sessionStorage", LAST, null);
    if (isFirst && last && (!payload.pair || last.endsWith(payload.pair)) && (await this.#open(last))) return;
    if (payload.pair) await this.#keep(payload);
    else if (!isFirst) memory.set("sessionStorage", LAST, null);
    await this.#list();
  }

  /** Keep what is on the screen, once for each state of it. */
  async #keep(payload) {
    if (payload !== this.payload || this.shown === payload.text) return; // a newer one is waiting
    const last = memory.get("sessionStorage", LAST);
    const id = last?.endsWith(payload.pair) ? last : `${crypto.randomUUID?.() ?? Math.random()} ${payload.pair}`;
    const blobs = {};
    for (const { sha, url } of payload.files) {
      if (sha in blobs || (await this.store.has(sha))) continue;
      const answer = await fetch(new URL(url, document.baseURI));
      if (!answer.ok) return;
      blobs[sha] = await answer.blob();
    }
    const before = id === last ? await this.store.read(id) : undefined;
    const thumbs = before?.thumbs ?? (await Promise.all(payload.files.map(({ sha }, side) => thumbOf(blobs[sha], payload.thumbs[side]))));
    const { pair, text, verdict, names, files } = payload;
    const kept = { id, pair, text, verdict, names, files: files.map(({ sha }) => sha), time: Date.now(), thumbs };
    if (!(await this.store.keep(kept, blobs))) return this.#keep(payload); // another tab has just forgotten all
    await this.#owns(id);
    memory.set("sessionStorage", LAST, id);
    this.shown = text;
  }

  /** Give a kept comparison to the page; whether it was there. */
  async #open(id) {
    const kept = await this.store.read(id);
    const input = document.querySelector(".st-key-dropped input[type=file]");
    if (!kept || kept.blobs.some((blob) => !blob) || !input) return false;
    const [before, after] = await Promise.all(kept.blobs.map(async (blob) => new Uint8Array(await blob.arrayBuffer())));
    const parts = zipped({ "review.json": new TextEncoder().encode(kept.text), before, after });
    const carrier = new DataTransfer();
    carrier.items.add(new File(parts, this.payload.restored, { type: "application/zip" }));
    memory.set("sessionStorage", LAST, id);
    input.files = carrier.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  async #list() {
    const kept = await this.store.list();
    const recent = this.find(".recent");
    recent.hidden = kept.length === 0;
    if (this.payload.pair !== this.pairSeen) recent.open = !this.payload.pair;
    this.pairSeen = this.payload.pair;
    showRecent(recent.querySelector("ul"), kept, {
      open: (id) => this.#open(id).then((isOpen) => isOpen || this.#trouble(GONE), (error) => this.#trouble(sentenceOf(error))),
      remove: (id) => this.store.remove(id).then(() => this.#list()).catch((error) => this.#trouble(sentenceOf(error))),
    });
    this.#trouble("");
  }

  #answer(answer) {
    memory.set("localStorage", ANSWER, answer);
    this.shown = ""; // what is on the screen is meant too, though all was forgotten before
    this.find(".question").hidden = true;
    this.update(this.payload);
  }

  async #forget() {
    memory.set("sessionStorage", LAST, null);
    if (this.payload.asks) memory.set("localStorage", ANSWER, null);
    await this.store.forget().then(() => this.#trouble(""), (error) => this.#trouble(sentenceOf(error)));
    this.find(".recent").hidden = true;
    this.shown = this.payload.text; // until something changes
    this.find(".question").hidden = !this.payload.asks;
  }

  /** Whether this tab, and no other, goes on with a comparison; where that can't be told, it does. */
  async #owns(id) {
    if (this.owned === id || !navigator.locks) return true;
    const isFree = await new Promise((told) => {
      navigator.locks.request(`imgdiff ${id}`, { ifAvailable: true }, (lock) => {
        told(Boolean(lock));
        return lock && new Promise(() => {}); // held until the tab is closed
      });
    });
    if (isFree) this.owned = id;
    return isFree;
  }

  #trouble(words) {
    this.find(".trouble span").textContent = words;
    this.find("[data-do=anew]").hidden = words !== DAMAGED;
  }
}

/** What to tell of an error: a store that is there, but can't be read, or none that keeps anything. */
function sentenceOf(error) {
  return ["NotFoundError", "VersionError", "DataError", "UnknownError"].includes(error?.name) ? DAMAGED : FULL;
}

/** A small copy of a file, or of the server's rendition of it. */
async function thumbOf(blob, url) {
  const own = blob && (await smallOf(blob));
  if (own) return own;
  const answer = await fetch(new URL(url, document.baseURI));
  return answer.ok ? smallOf(await answer.blob()) : null;
}

/** A small copy of a picture; null of what the browser can't show. */
async function smallOf(blob) {
  try {
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, THUMB / Math.min(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.max(1, picture.width * scale), Math.max(1, picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
  } catch {
    return null;
  }
}

export default entryTo(Keeper);
