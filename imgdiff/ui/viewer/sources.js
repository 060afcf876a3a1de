/** Where the pictures come from: the server, or the browser's own copies while they travel. */

import { ownCopy } from "./files.js";

/** Before and after, always in this order. */
export const SIDES = ["before", "after"];

const EMPTY = { id: "", missing: SIDES, nudge: [0, 0], largestFile: Infinity };

/** What the server said last, and the copies of what it hasn't answered yet. */
export class Sources {
  constructor() {
    this.payload = EMPTY;
    this.copies = {};
    this.firstLook = {};
  }

  /** Take in what the server says; whether it is another result than before. */
  update(payload) {
    const isNew = payload.id !== this.payload.id;
    this.payload = { ...EMPTY, ...payload };
    for (const side of SIDES) if (this.#hasArrived(side, isNew)) delete this.copies[side];
    return isNew;
  }

  /** Note a picture that is on its way to the server. */
  add(copy) {
    this.copies[copy.side] = copy;
    this.payload = { ...this.payload, failed: false }; // that was of another pair
  }

  /** Whether the server has compared what is to be seen. */
  get isResult() {
    return Boolean(this.payload.id) && !SIDES.some((side) => this.copies[side]);
  }

  /** Whether both pictures are there and the server has yet to compare them. */
  get isPending() {
    const { before, after } = this.addresses;
    return !this.isResult && !this.payload.failed && Boolean(before && after);
  }

  /** Places that the server has seen so far, as long as it compares what is to be seen. */
  get glimpsed() {
    const { files = [], boxes = [] } = this.firstLook;
    const ofThese = SIDES.every((side, index) => (this.copies[side] ?? this.payload[side])?.sha === files[index]);
    return this.isPending && ofThese ? boxes.map((box) => ({ boxes: [box], number: "", glimpsed: true })) : [];
  }

  /** Addresses of before, after and the exact map; "" for what there isn't. */
  get addresses() {
    const { payload, copies } = this;
    const addresses = { diff: this.isResult && payload.diff ? absolute(payload.diff) : "" };
    for (const side of SIDES) {
      const { sha, url } = payload[side] ?? {};
      addresses[side] = copies[side]?.url || ownCopy(sha) || (url ? absolute(url) : "");
    }
    return addresses;
  }

  /** Addresses of what the tiles above hold: of three versions, others may be compared. */
  get tiles() {
    const { tiles } = this.payload;
    if (!tiles?.before || !tiles.after) return this.addresses;
    return { before: absolute(tiles.before.url), after: absolute(tiles.after.url) };
  }

  /** Address of the mask, "" while there is none. */
  get mask() {
    return this.isResult && this.payload.mask ? absolute(this.payload.mask) : "";
  }

  /** Whether the server's word on a side is newer than the browser's own copy. */
  #hasArrived(side, isNew) {
    const { id, missing, failed } = this.payload;
    const copy = this.copies[side];
    if (!id) return !failed && missing.includes(side);
    return isNew || !copy?.sha || copy.sha === this.payload[side].sha;
  }
}

/** An address of the server's, whatever the page's base path. */
function absolute(url) {
  return new URL(url, document.baseURI).href;
}
