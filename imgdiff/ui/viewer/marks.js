/** What is marked on the pictures: the places that changed, and the areas that don't count. */

import { Cards } from "./cards.js";
import { howManyCount } from "./geometry.js";
import { Ignoring } from "./ignoring.js";
import { areaThreshold } from "./page.js";
import { changeForTheEar, changesText } from "./words.js";

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Boxes, cards and areas, in step with each other. */
export class Marks {
  /** @param {object} viewer What the marks need of it: find, section, overlays, looking, send, say. */
  constructor(viewer) {
    const { find } = viewer;
    Object.assign(this, { viewer, find, current: -1, live: null, places: [], listed: "" });
    this.boxes = { Compare: true, Boxed: true, Diff: false, Mask: false, Filled: false };
    this.ignoring = new Ignoring({
      camera: () => viewer.looking.camera,
      size: () => viewer.looking.size,
      draw: () => this.drawAreas(),
      send: (areas) => viewer.send({ do: "ignore", areas }),
    });
    this.cards = new Cards(find(".places"), {
      go: (index) => this.go(index),
      ignore: (box) => this.ignoring.add(box),
      unignore: (index) => this.ignoring.remove(index),
      thumbs: () => viewer.thumbs(),
    });
  }

  /** Take what the server found; nothing while there is no result. */
  load({ id = "", places = [], threshold = 0, most = Infinity, ignore = [] }) {
    if (id !== this.id) this.current = -1;
    Object.assign(this, { id, found: places, threshold, most, live: null });
    if (!id) this.ignoring.edited = false; // another pair is to come
    this.ignoring.take(ignore);
    if (this.ignoring.selected >= ignore.length) this.ignoring.selected = -1;
  }

  /** Draw everything anew for a tab. */
  draw(tab) {
    this.tab = tab;
    this.#drawPlaces();
    this.drawAreas();
  }

  /** While the slider is dragged, filter what is there already; the server agrees on release. */
  previewThreshold() {
    const threshold = areaThreshold();
    if (!this.id || threshold === undefined || threshold === (this.live ?? this.threshold)) return;
    this.live = threshold === this.threshold ? null : threshold;
    this.current = -1;
    this.#drawPlaces();
  }

  toggleBoxes() {
    this.boxes[this.tab] = !this.boxes[this.tab];
    this.#drawPlaces();
  }

  /** Go on or back by some changes. */
  step(by) {
    const count = this.places.length;
    if (count) this.go((Math.max(this.current, by > 0 ? -1 : 0) + by + count) % count);
  }

  /** Zoom to a change and say which it is. */
  go(index) {
    this.current = index;
    this.viewer.looking.show(this.places[index].box);
    for (const overlay of this.viewer.overlays) overlay.select(index);
    this.cards.select(index);
    this.#count();
    this.viewer.say(changeForTheEar(this.places[index], index, this.places.length));
  }

  toggleDrawing() {
    this.ignoring.drawing = !this.ignoring.drawing;
    this.drawAreas();
    if (this.ignoring.drawing) {
      this.viewer.stage.panes[0].focus({ preventScroll: true });
      this.viewer.say("Draw a rectangle around what shall not count, or press Enter.");
    }
  }

  drawAreas() {
    const { areas, selected, draft, drawing } = this.ignoring;
    for (const overlay of this.viewer.overlays) {
      overlay.drawAreas(areas, selected);
      overlay.drawDraft(draft);
    }
    this.cards.showIgnored(areas);
    this.viewer.section.classList.toggle("drawing", drawing);
    this.find("[data-do=ignore]").setAttribute("aria-pressed", drawing);
  }

  #drawPlaces() {
    const { live } = this;
    this.places = this.found.slice(0, howManyCount(this.found, live ?? this.threshold));
    const showsBoxes = this.boxes[this.tab];
    for (const overlay of this.viewer.overlays) {
      overlay.drawBoxes(showsBoxes ? this.places : [], this.current);
      overlay.drawLiveMask(live === null ? [] : this.places);
    }
    this.find("[data-do=boxes]").setAttribute("aria-pressed", showsBoxes);
    this.viewer.section.classList.toggle("live", live !== null);
    this.#list(capital(changesText(this.places.length, this.places.length >= this.most)));
    this.#count();
  }

  /** Build the list of cards only when it is another one: it has many elements. */
  #list(title) {
    const list = `${this.id} ${this.places.length}`;
    if (this.live !== null || list === this.listed) {
      this.cards.preview(this.places.length, title);
      return;
    }
    this.listed = list;
    this.cards.show(this.places, title);
    if (this.id) this.viewer.say(`${title}.`);
  }

  #count() {
    const count = this.places.length;
    this.find(".count").textContent =
      this.current < 0 ? changesText(count, count >= this.most) : `${this.current + 1} of ${count}`;
    for (const name of ["previous", "next"]) this.find(`[data-do=${name}]`).disabled = count === 0;
  }
}
