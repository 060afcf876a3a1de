/** What is marked on the pictures: the places that changed, and the areas that don't count. */

import { Cards } from "./cards.js";
import { around, counting, enclosing, shareWithin } from "./geometry.js";
import { Ignoring } from "./ignoring.js";
import { onCanvas, onReference } from "./lines.js";
import { areaThreshold, turnPage } from "./page.js";
import { PassingOn } from "./passing_on.js";
import { Reviewing } from "./reviewing.js";
import { changeForTheEar, placesText, faintText } from "./words.js";

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Boxes, cards and areas, in step with each other. */
export class Marks {
  /** @param {object} viewer What the marks need of it: find, section, overlays, looking, send, say. */
  constructor(viewer) {
    const { find } = viewer;
    Object.assign(this, { viewer, find, current: -1, live: null, places: [], count: 0, listed: "", showsFaint: false });
    this.boxes = { Compare: true, Boxed: true, Diff: false, Mask: false, Filled: false };
    this.ignoring = new Ignoring({
      camera: () => viewer.looking.camera,
      size: () => viewer.looking.size,
      draw: () => this.drawAreas(),
      send: (areas) =>
        viewer.send({ do: "ignore", areas: areas.map((area) => onReference(area, this.runs)) }),
    });
    this.cards = new Cards(find(".places"), {
      go: (index) => this.go(index),
      ignore: ({ ignore }) => this.ignoring.add(...ignore.map((box) => onCanvas(box, this.runs))),
      unignore: (index) => this.ignoring.remove(index),
      thumbs: () => viewer.thumbs(),
      dress: (card, place) => this.reviewing.dress(card, place),
    });
    this.reviewing = new Reviewing(this);
    this.passingOn = new PassingOn(viewer);
  }

  /** Take what the server found; nothing while there is no result. */
  load({ id = "", places = [], glimpsed = [], faint = [], threshold = 0, most = Infinity, ignore = [], runs, review }) {
    if (id !== this.id) this.current = -1;
    Object.assign(this, { id, found: places, glimpsed, faint, threshold, most, live: null, runs });
    if (!id) this.ignoring.edited = false; // another pair is to come
    this.ignoring.take(ignore.map((box) => onCanvas(box, runs)));
    this.reviewing.load({ review, runs, places });
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

  /** Show the places that may be noise beside those that count, or hide them. */
  toggleFaint() {
    this.showsFaint = !this.showsFaint;
    this.current = -1;
    this.#drawPlaces();
  }

  /** Go on or back by some changes. */
  step(by) {
    const count = this.places.length;
    const isLast = this.current === (by > 0 ? count - 1 : 0);
    if ((isLast || !count) && turnPage(by)) return;
    if (count) this.go((Math.max(this.current, by > 0 ? -1 : 0) + by + count) % count);
  }

  /** Zoom to a change and say which it is. */
  go(index) {
    this.current = index;
    this.viewer.looking.show(enclosing(this.places[index].boxes));
    for (const overlay of this.viewer.overlays) overlay.select(index);
    this.cards.select(index);
    this.#count();
    this.viewer.say(changeForTheEar(this.places[index], this.count));
  }

  /** Take over a drag or a click that begins on an area, or that a note or a new area waits for. */
  grab(target, point) {
    return this.reviewing.grab(target, point) ?? this.ignoring.grab(target, point);
  }

  /** Begin to draw an area that shall not count or, with `only`, that alone shall; or leave it. */
  toggleDrawing(only = false) {
    const { ignoring, viewer } = this;
    ignoring.drawing = !ignoring.drawing;
    ignoring.made = only ? (box) => around(box, viewer.looking.size) : (box) => [this.#holdingWhole(box)];
    this.drawAreas();
    if (!ignoring.drawing) return;
    viewer.stage.panes[0].focus({ preventScroll: true });
    const what = only ? "what alone is to be compared" : "what shall not count";
    viewer.progress.tell(`Draw a rectangle around ${what}, or press Enter.`);
  }

  /** An area, grown around each place of which it takes half: what is left of one means nothing. */
  #holdingWhole(area) {
    const taken = this.places.filter(({ boxes }) => boxes.some((box) => shareWithin(box, area) >= 0.5));
    return enclosing([area, ...taken.flatMap(({ ignore }) => ignore.map((box) => onCanvas(box, this.runs)))]);
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
    const [places, faint] = [this.found, this.faint].map((all) => counting(all, live ?? this.threshold));
    this.count = places.length;
    this.places = this.showsFaint ? [...places, ...faint] : places;
    this.#offerFaint(faint.length);
    const showsBoxes = this.boxes[this.tab];
    const boxed = this.id ? this.places : this.glimpsed;
    for (const overlay of this.viewer.overlays) {
      overlay.drawBoxes(showsBoxes ? boxed : [], this.current);
      overlay.drawLiveMask(live === null ? [] : this.places);
    }
    this.find("[data-do=boxes]").setAttribute("aria-pressed", showsBoxes);
    this.viewer.section.classList.toggle("live", live !== null);
    this.#list(`${capital(placesText(this.count, this.#isCut))} changed`);
    this.reviewing.paint();
    this.#count();
  }

  /** Build the list of cards only when it is another one: it has many elements. */
  #list(title) {
    const list = `${this.id} ${this.places.length}`;
    if (list === this.listed) return;
    this.listed = list;
    const note = this.#isCut ? `The largest ${this.most.toLocaleString("en")} are shown here.` : "";
    this.cards.show(this.places, title, note);
    if (this.id && this.live === null) this.viewer.say(`${title}.`);
  }

  #offerFaint(count) {
    const button = this.find("[data-do=faint]");
    button.hidden = count === 0;
    button.textContent = faintText(count, this.showsFaint);
    button.setAttribute("aria-pressed", this.showsFaint);
  }

  /** Whether there are more changes than reach the page. */
  get #isCut() {
    return this.count >= this.most;
  }

  #count() {
    const { count, current } = this;
    const [shown, place] = [this.places.length, this.places[current]];
    const which = place?.faint ? `${place.number} of ${shown - count}` : `${current + 1} of ${count}`;
    this.find(".count").textContent = place ? which : placesText(count, this.#isCut);
    for (const name of ["previous", "next"]) this.find(`[data-do=${name}]`).disabled = shown === 0;
  }
}
