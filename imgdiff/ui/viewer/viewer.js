/**
 * The viewer: two pictures under one camera, and what changed between them.
 *
 * It draws everything from the files as they were uploaded, a mask of one bit a pixel and the list
 * of places; what counts as changed is the server's business. Streamlit calls the function at the
 * end of this file at every change of data or theme, so all state lives on the element.
 */

import { Blinker } from "./blinker.js";
import { listenForControls } from "./controls.js";
import { listenToDivider, placeDivider } from "./divider.js";
import { keepOnly, listenForFiles } from "./files.js";
import { clamp, shifted } from "./geometry.js";
import { listenForGestures } from "./gestures.js";
import { Inspector } from "./inspector.js";
import { Looking } from "./looking.js";
import { Marks } from "./marks.js";
import { Overlay } from "./overlay.js";
import { markBusy, openTab, watchPage } from "./page.js";
import { SIDES, Sources } from "./sources.js";
import { Stage } from "./stage.js";
import { HINTS } from "./words.js";

const STILL = [1, 0, 0, 0, 1, 0, 0, 0, 1];

class Viewer {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { find, sources: new Sources(), share: 0.5, look: "swipe" });
    this.section = find(".viewer");
    this.stage = new Stage(find(".panes"));
    this.overlays = this.stage.panes.map((pane) => new Overlay(pane));
    this.looking = new Looking(find, this.stage, this.overlays);
    this.marks = new Marks(this);
    this.ignoring = this.marks.ignoring;
    this.inspector = new Inspector(find(".probe"));
    this.blinker = new Blinker(find(".blink-control"), () => this.#mix());
    this.#listen();
  }

  #listen() {
    listenForControls(this.section, this);
    for (const pane of this.stage.panes) listenForGestures(pane, this.#gestures(pane));
    this.find(".mix").oninput = ({ target }) => this.setShare(target.value / 100);
    listenToDivider(this.find(".handle"), this.stage.panes[0], (share) => this.setShare(share));
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(this.find(".panes"));
    const stops = [
      listenForFiles({
        payload: () => this.sources.payload,
        onCopy: (copy) => {
          this.sources.add(copy);
          this.#show();
        },
        onHover: (hovers) => (this.find(".drop").hidden = !hovers),
      }),
      watchPage({
        onTab: () => this.refresh(),
        onThreshold: () => this.marks.previewThreshold(),
      }),
      () => resized.disconnect(),
      () => this.marks.cards.destroy(),
      () => this.blinker.run(false),
      () => markBusy(false),
      () => keepOnly(new Set()),
    ];
    this.destroy = () => stops.forEach((stop) => stop());
  }

  /** Where drags, clicks and wheels on a pane lead. */
  #gestures(pane) {
    return {
      pan: (dx, dy) => this.looking.pan(dx, dy),
      zoom: (factor, point) => this.looking.zoom(factor, point),
      grab: (event, point) => this.ignoring.grab(event.composedPath()[0], point),
      hover: (point) => this.inspector.frozen || this.#inspect(point),
      click: (pressed, point) => {
        const box = pressed.find((node) => node.dataset?.index);
        if (box) this.marks.go(Number(box.dataset.index));
        else this.#hold(point);
        pane.focus({ preventScroll: true });
      },
    };
  }

  /** Take in what the server says. */
  update(payload) {
    const isNew = this.sources.update(payload);
    if (isNew && payload.look) this.look = payload.look;
    this.#show();
  }

  /** Show the result, or what there is of the pictures until it comes. */
  async #show() {
    const { addresses, isResult } = this.sources;
    const isPending = !isResult && Boolean(addresses.before && addresses.after);
    this.section.hidden = !addresses.before && !addresses.after;
    this.section.classList.toggle("pending", isPending);
    this.section.classList.toggle("single", !isResult && !isPending);
    markBusy(isPending);
    keepOnly(new Set(Object.values(addresses)));
    const loaded = this.stage.load(addresses);
    if (this.section.hidden) return;
    if (!isResult) await loaded; // their sizes are not known before
    if (!isResult && !this.#canPreview()) {
      this.section.hidden = true; // a format that only the server reads
      return;
    }
    if (String(Object.values(addresses)) !== String(Object.values(this.sources.addresses))) return;
    this.#place(addresses);
    await loaded;
    this.marks.cards.redraw();
    this.section.dataset.shown = isResult ? this.sources.payload.id : "preview";
  }

  #place({ before, after }) {
    const { payload, isResult, mask } = this.sources;
    this.scene = isResult ? this.#resultScene() : this.#previewScene();
    this.stage.place({ ...this.scene, mask });
    for (const overlay of this.overlays) overlay.drawOutside(this.scene);
    const isMoved = isResult && String(payload.transform) !== String(STILL);
    this.find(".legend").hidden = !isMoved;
    this.find(".legend .note").textContent = payload.note ?? "";
    this.find(".nudge").hidden = !isResult || !payload.canNudge;
    this.marks.load(isResult ? payload : {});
    this.looking.load(before || after, this.scene.size);
    this.refresh();
    this.#resize();
  }

  #canPreview() {
    const { addresses } = this.sources;
    return SIDES.every((side) => !addresses[side] || naturalSize(this.stage.picture(side)));
  }

  #resultScene() {
    const { size, afterSize, transform } = this.sources.payload;
    const [before, after] = SIDES.map((side) => this.stage.picture(side));
    return { size, afterSize, transform, before, after };
  }

  /** Both pictures as large as the first, until the server knows better. */
  #previewScene() {
    const [before, after] = SIDES.map((side) => this.stage.picture(side));
    const [one, other] = [before, after].map(naturalSize);
    const [size, afterSize] = [one ?? other, other ?? one];
    const stretch = [size.width / afterSize.width, size.height / afterSize.height];
    return { size, afterSize, transform: [stretch[0], 0, 0, 0, stretch[1], 0, 0, 0, 1], before, after };
  }

  /** The name of the open tab. */
  get tab() {
    const { isResult, payload } = this.sources;
    return (isResult && (openTab() ?? payload.view)) || "Compare";
  }

  /** What is seen: a tab's name, or the look within Compare. */
  get view() {
    const { before, after, diff } = this.sources.addresses;
    if (!before || !after) return before ? "beforeOnly" : "afterOnly";
    if (this.tab === "Compare") return this.look;
    return this.tab === "Diff" && !diff ? "quickDiff" : this.tab;
  }

  /** Bring everything up to date with the state; cheap enough for any change. */
  refresh() {
    if (!this.scene) return;
    const { view, tab, look } = this;
    const { isResult, payload } = this.sources;
    this.stage.compose(view, this.scene.size);
    Object.assign(this.section.dataset, { tab, look });
    this.section.classList.toggle("unlike", isResult && payload.related === false);
    for (const button of this.find(".looks").children) {
      button.setAttribute("aria-checked", button.dataset.look === look);
      button.tabIndex = button.dataset.look === look ? 0 : -1;
    }
    this.find(".hint").textContent = isResult ? HINTS[view === "quickDiff" ? "Diff" : view] : "";
    this.find(".nudge output").textContent = payload.nudge.map((value) => `${value} px`).join(", ");
    this.#pill(view);
    this.blinker.run(view === "blink");
    this.marks.draw(tab);
    this.#mix();
    this.#resize();
  }

  #pill(view) {
    const pill = this.find(".pill");
    const { isResult, payload } = this.sources; // once the server has one, the page asks itself
    const ask = (side) => (payload.missing?.length === 1 ? "" : `Now add the picture ${side}.`);
    const waits = { quickDiff: "Drawing the exact map …", beforeOnly: ask("after"), afterOnly: ask("before") };
    pill.textContent = waits[view] ?? (isResult ? "" : "Comparing …");
    pill.hidden = !pill.textContent;
  }

  #mix() {
    const { view, share, stage } = this;
    stage.mix(view, share, this.blinker.after);
    placeDivider(this.find(".handle"), share, view === "swipe");
    this.find(".mix").value = 100 * share;
  }

  #resize() {
    this.looking.resize();
    this.looking.frame();
  }

  #inspect(point) {
    this.inspector.show(point && this.looking.under(point), this.scene);
  }

  /** Hold the colours of one pixel, or let go. */
  #hold(point) {
    this.inspector.frozen = !this.inspector.frozen;
    this.#inspect(point);
  }

  inspectMiddle() {
    this.#hold(this.looking.middle);
    if (this.inspector.frozen) this.say(this.find(".probe").textContent);
  }

  setLook(look) {
    this.look = look;
    this.refresh();
    this.send({ do: "look", look });
  }

  setShare(share) {
    this.share = clamp(share, 0, 1);
    this.#mix();
  }

  /** Switch between before and after, once: the look Blink, in steps. */
  blinkOnce() {
    if (this.tab !== "Compare") return;
    if (this.look !== "blink") this.setLook("blink");
    if (!this.blinker.paused) this.blinker.toggle();
    this.blinker.turn();
    this.say(this.blinker.after ? "After" : "Before");
  }

  /** Move the picture after by hand; the server hears of it when the hand rests. */
  nudge(dx, dy) {
    const { payload, mask } = this.sources;
    const nudge = payload.nudge.map((value, axis) => Math.round(10 * (value + [dx, dy][axis])) / 10);
    payload.nudge = nudge;
    this.scene = { ...this.scene, transform: shifted(this.scene.transform, dx, dy) };
    this.stage.place({ ...this.scene, mask });
    this.find(".nudge output").textContent = nudge.map((value) => `${value} px`).join(", ");
    clearTimeout(this.nudging); // a held key is one move
    this.nudging = setTimeout(() => this.send({ do: "nudge", nudge }), 400);
  }

  toggleKeys(isOpen = this.find("dl.keys").hidden) {
    this.find("dl.keys").hidden = !isOpen;
    this.find("[data-do=keys]").setAttribute("aria-expanded", isOpen);
  }

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.section.requestFullscreen();
  }

  /** Leave whatever is open: drawing, the held pixel, the list of keys. */
  leave() {
    if (this.ignoring.drawing) this.marks.toggleDrawing();
    this.inspector.frozen = false;
    this.toggleKeys(false);
  }

  /** Both pictures as the thumbnails draw them, once they are loaded. */
  thumbs() {
    const { before, after, transform } = this.scene ?? {};
    if (!this.sources.isResult || !before.naturalWidth || !after.naturalWidth) return null;
    return { before: { picture: before, transform: STILL }, after: { picture: after, transform } };
  }

  say(text) {
    this.find(".live").textContent = text;
  }
}

function naturalSize({ naturalWidth: width, naturalHeight: height }) {
  return width ? { width, height } : null;
}

/** Streamlit's entry: once for each change of data or theme, on the same element. */
export default function show({ parentElement, data, setTriggerValue }) {
  parentElement.viewer ??= new Viewer(parentElement);
  const { viewer } = parentElement;
  viewer.send = (act) => setTriggerValue("act", act);
  if (data.payload !== viewer.received) {
    viewer.received = data.payload;
    viewer.update(JSON.parse(data.payload));
  }
  return () => {
    viewer.destroy();
    delete parentElement.viewer;
  };
}
