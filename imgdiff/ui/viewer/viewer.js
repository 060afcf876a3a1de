/**
 * Shows two pictures and what changed between them.
 *
 * The server sends addresses of the files, a mask, and the list of changes; all views are drawn
 * here. Streamlit calls the function at the end of this file at every change of data or theme, so
 * all state lives on the element.
 */

import { Blinker } from "./blinker.js";
import { listenForControls } from "./controls.js";
import { listenToDivider, placeDivider } from "./divider.js";
import { explain } from "./explain.js";
import { keepOnly, listenForFiles } from "./files.js";
import { clamp } from "./geometry.js";
import { listenForGestures } from "./gestures.js";
import { Inspector } from "./inspector.js";
import { Looking } from "./looking.js";
import { Marks } from "./marks.js";
import { Nudging } from "./nudging.js";
import { Overlay } from "./overlay.js";
import { listenForSkip, markBusy, openTab, showThumbs, watchPage } from "./page.js";
import { Refusal } from "./refusal.js";
import { naturalSize, previewScene, resultScene } from "./scene.js";
import { Shape } from "./shape.js";
import { SIDES, Sources } from "./sources.js";
import { Stage } from "./stage.js";
import { Progress } from "./progress.js";
import { Tools } from "./tools.js";
import { HINTS } from "./words.js";

class Viewer {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { find, sources: new Sources(), share: 0.5, look: "swipe", isDown: false });
    this.section = find(".viewer");
    this.stage = new Stage(find(".panes"));
    this.overlays = this.stage.panes.map((pane) => new Overlay(pane));
    this.looking = new Looking(find, this.stage, this.overlays);
    this.marks = new Marks(this);
    this.ignoring = this.marks.ignoring;
    this.inspector = new Inspector(find(".probe"));
    this.blinker = new Blinker(find(".blink-control"), () => this.#mix());
    this.tools = new Tools(this);
    this.progress = new Progress(find(".pill"), () => this.#state());
    this.nudging = new Nudging(this);
    this.refusal = new Refusal(find(".refused"));
    this.shape = new Shape(this.section, () => this.#resize());
    this.#listen();
  }

  #listen() {
    for (const pane of this.stage.panes) listenForGestures(pane, this.#gestures(pane));
    this.find(".mix").oninput = ({ target }) => this.setShare(target.value / 100);
    this.find(".fill").oninput = ({ target }) =>
      this.section.style.setProperty("--fill", target.value / 100);
    listenToDivider(this.find(".handle"), this.stage.panes[0], (share) => this.setShare(share));
    const stops = [
      listenForControls(this.section, this),
      listenForFiles({
        payload: () => this.sources.payload,
        onCopy: (copy) => {
          this.sources.add(copy);
          this.progress.begin();
          this.#show();
        },
        onRefused: (why, side) => this.refusal.tell(why, side),
        onHover: (hovers) => (this.find(".drop").hidden = !hovers),
      }),
      watchPage({
        onTab: () => this.refresh(),
        onThreshold: () => this.marks.previewThreshold(),
      }),
      listenForSkip(() => (this.section.hidden ? this.find(".drop") : this.stage.panes[0]).focus()),
      () => this.shape.destroy(),
      () => this.progress.destroy(),
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
      pan: (dx, dy) => this.tools.loupeStays || this.looking.pan(dx, dy),
      zoom: (factor, point) => this.looking.zoom(factor, point),
      grab: (event, point) =>
        this.tools.ruler.isOn
          ? this.tools.ruler.grab(point)
          : this.marks.grab(event.composedPath()[0], point),
      hover: (point) => {
        this.tools.look(point);
        if (!this.inspector.frozen) this.#inspect(point);
      },
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
    if (isNew) this.refusal.tell("");
    this.#show();
  }

  /** Show the result, or what there is of the pictures until it comes. */
  async #show() {
    const { addresses, isResult, isPending } = this.sources;
    this.section.hidden = !addresses.before && !addresses.after;
    this.shape.measure();
    this.section.classList.toggle("pending", isPending);
    this.section.classList.toggle("single", !isResult && !isPending);
    markBusy(isPending);
    showThumbs(this.sources.tiles);
    keepOnly(new Set(Object.values(addresses)));
    const loaded = this.stage.load(addresses);
    this.progress.update();
    if (this.section.hidden) return;
    if (!isResult) await loaded; // their sizes are not known before
    if (!isResult && !SIDES.some((side) => naturalSize(this.stage.picture(side)))) {
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
    const pictures = SIDES.map((side) => this.stage.picture(side));
    this.scene = isResult ? resultScene(payload, pictures) : previewScene(pictures);
    this.stage.place({ ...this.scene, mask });
    this.tools.ruler.dpi = payload.dpi ?? 0;
    this.marks.load(isResult ? payload : {});
    explain(this.find, this.sources, this.scene, this.marks.found);
    this.looking.load(before || after, this.scene.size);
    this.refresh();
    this.shape.measure();
  }

  /** The name of the open tab. */
  get tab() {
    const { isResult, payload } = this.sources;
    return (isResult && (openTab() ?? payload.view)) || "Compare";
  }

  /** What is seen: a tab's name, or the look within Compare. */
  get view() {
    const { diff } = this.sources.addresses;
    const { isResult, payload } = this.sources;
    const [before, after] = SIDES.map((side) => isResult || naturalSize(this.stage.picture(side)));
    if (!before || !after) return before ? "beforeOnly" : "afterOnly";
    if (this.tab === "Compare") return payload.lone ? `${payload.lone}Only` : this.look;
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
    this.section.classList.toggle("lone", isResult && Boolean(payload.lone));
    for (const button of this.find(".looks").children) {
      button.setAttribute("aria-checked", button.dataset.look === look);
      button.tabIndex = button.dataset.look === look ? 0 : -1;
    }
    this.find(".hint").textContent = isResult ? HINTS[view === "quickDiff" ? "Diff" : view] : "";
    this.nudging.tell();
    this.progress.update();
    this.blinker.run(view === "blink");
    this.marks.draw(tab);
    this.#mix();
    this.#resize();
  }

  #state() {
    const { isResult, isPending, payload } = this.sources;
    const { before, after } = this.sources.addresses;
    return { before, after, isResult, isPending, failed: payload.failed, isDrawing: this.view === "quickDiff" };
  }

  takeNextAction() {
    const { act } = this.progress;
    if (act) this.send(act);
    this.progress.begin();
  }

  #mix() {
    const { view, share, stage, isDown } = this;
    stage.mix(view, share, this.blinker.after, isDown);
    placeDivider(this.find(".handle"), share, view === "swipe", isDown);
    this.section.classList.toggle("down", isDown);
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

  /** Let the divider run across instead of down, or back. */
  turnDivider() {
    this.isDown = !this.isDown;
    this.find("[data-do=turn]").setAttribute("aria-pressed", this.isDown);
    if (this.look === "swipe") this.#mix();
    else this.setLook("swipe");
  }

  /** Switch between before and after, once: the look Blink, in steps. */
  blinkOnce() {
    if (this.tab !== "Compare") return;
    if (this.look !== "blink") this.setLook("blink");
    if (!this.blinker.paused) this.blinker.toggle();
    this.blinker.turn();
    this.say(this.blinker.after ? "After" : "Before");
  }

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.section.requestFullscreen();
  }

  /** Leave whatever is open: drawing, the held pixel, a tool, the list of keys. */
  leave() {
    if (this.ignoring.drawing) this.marks.toggleDrawing();
    this.inspector.frozen = false;
    this.tools.leave();
    this.progress.tell("");
  }

  /** Both sides as the thumbnails draw them, once they are loaded. */
  thumbs() {
    const { before, after } = this.scene ?? {};
    const isLoaded = [before, after].every((side) => side?.picture.naturalWidth);
    return this.sources.isResult && isLoaded ? { before, after } : null;
  }

  /** For the ear alone; `progress.tell` is for eye and ear. */
  say(text) {
    this.find(".live").textContent = text;
  }
}

/** Streamlit's entry: once for each change of data or theme, on the same element. */
export default function show({ parentElement, data, setTriggerValue }) {
  parentElement.viewer ??= new Viewer(parentElement);
  const { viewer } = parentElement;
  viewer.send = (act, trigger = "act") => setTriggerValue(trigger, act);
  if (data.payload !== viewer.received) {
    viewer.received = data.payload;
    viewer.update(JSON.parse(data.payload));
  }
  return () => {
    // Streamlit may clean up after a call that a later one has overtaken: then it goes on.
    if (parentElement.isConnected) return;
    viewer.destroy();
    delete parentElement.viewer;
  };
}
