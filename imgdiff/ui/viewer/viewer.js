/**
 * Shows two pictures and what changed between them.
 *
 * The server sends addresses of the files, a mask, and the list of changes; all views are drawn
 * here.
 */

import { entryTo } from "../component/component.js";
import { Acts } from "./acts.js";
import { Blend } from "./blend.js";
import { explain } from "./explain.js";
import { keepOnly } from "./files.js";
import { Inspector } from "./inspector.js";
import { Looking } from "./looking.js";
import { Marks } from "./marks.js";
import { Matching } from "./matching.js";
import { Nudging } from "./nudging.js";
import { Overlay } from "./overlay.js";
import { markStage, openTab, showThumbs } from "./page.js";
import { Refusal } from "./refusal.js";
import { naturalSize, previewScene, resultScene } from "./scene.js";
import { Shape } from "./shape.js";
import { SIDES, Sources } from "./sources.js";
import { Stage } from "./stage.js";
import { Progress } from "./progress.js";
import { Tools } from "./tools.js";
import { wire } from "./wiring.js";
import { HINTS } from "./words.js";

class Viewer {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { find, acts: new Acts(), sources: new Sources(), look: "swipe", turn: 0, lacking: [] });
    this.section = find(".viewer");
    this.stage = new Stage(find(".panes"));
    this.overlays = this.stage.panes.map((pane) => new Overlay(pane));
    this.looking = new Looking(find, this.stage, this.overlays);
    this.marks = new Marks(this);
    this.ignoring = this.marks.ignoring;
    this.inspector = new Inspector(find(".probe"));
    this.blend = new Blend(find, this.stage);
    this.tools = new Tools(this);
    this.progress = new Progress(find(".pill"), () => this.#state());
    this.nudging = new Nudging(this);
    this.matching = new Matching(this);
    this.refusal = new Refusal(find(".refused"));
    this.shape = new Shape(this.section, () => this.#resize());
    this.destroy = wire(this);
  }

  connect({ setStateValue }) {
    this.acts.tell = (acts) => setStateValue("acts", acts);
  }

  /** Take in what the server says. */
  update(payload) {
    this.acts.obeyed(payload.obeyed ?? 0);
    const isNew = this.sources.update(payload);
    this.toldTab ??= payload.view;
    if (isNew && payload.look) this.look = payload.look;
    if (isNew) this.refusal.tell("");
    this.#show();
  }

  /** Show a picture that is on its way to the server. */
  take(copy) {
    this.sources.add(copy);
    this.progress.begin();
    this.#show();
  }

  /** Mark what the server has seen so far, while it goes on looking. */
  glimpse(look) {
    this.sources.firstLook = look;
    if (!this.scene || !this.sources.isPending) return;
    this.#mark();
    this.refresh();
  }

  #mark() {
    const { glimpsed, isResult, payload } = this.sources;
    this.marks.load(isResult ? payload : { glimpsed });
  }

  /** Show the result, or what there is of the pictures until it comes. */
  async #show() {
    const turn = ++this.turn;
    const { addresses, isResult, isPending, mask } = this.sources;
    this.section.hidden = !addresses.before && !addresses.after;
    this.section.classList.toggle("pending", isPending);
    this.section.classList.toggle("single", !isResult && !isPending);
    const shown = isResult || Boolean(this.sources.payload.failed);
    markStage({ begun: !this.section.hidden && !shown, pending: isPending, shown });
    this.shape.measure();
    showThumbs(this.sources.tiles);
    keepOnly(new Set(Object.values(addresses)));
    this.lacking = [];
    const loaded = this.stage.load({ ...addresses, mask });
    this.progress.update();
    if (this.section.hidden) return;
    if (!isResult) await loaded; // their sizes are not known before
    if (turn !== this.turn) return; // newer pictures are shown, or on their way
    if (!isResult && !SIDES.some((side) => naturalSize(this.stage.picture(side)))) {
      this.section.hidden = true; // a format that only the server reads
      return;
    }
    this.#place(addresses);
    const lacking = await loaded;
    if (turn !== this.turn) return;
    this.marks.cards.redraw();
    if (isResult) this.lacking = lacking;
    if (this.lacking.length) this.progress.update();
    else this.section.dataset.shown = isResult ? this.sources.payload.id : "preview";
  }

  #place({ before, after }) {
    const { payload, isResult, mask } = this.sources;
    const pictures = SIDES.map((side) => this.stage.picture(side));
    this.scene = isResult ? resultScene(payload, pictures) : previewScene(pictures);
    this.stage.place({ ...this.scene, mask });
    this.tools.ruler.dpi = payload.dpi ?? 0;
    this.#mark();
    explain(this.find, this.sources, this.scene, this.marks.found);
    this.looking.load(before || after, this.scene.size);
    this.refresh();
    this.shape.measure();
  }

  /** The name of the open tab. */
  get tab() {
    const { isResult, payload } = this.sources;
    return (isResult && (openTab(payload.views) ?? payload.view)) || "Compare";
  }

  /** Show the tab that is open now; the server keeps it, and makes the exact map for one of them. */
  turnToTab() {
    this.refresh();
    const tab = openTab(this.sources.payload.views);
    if (!tab || tab === this.toldTab) return;
    this.toldTab = tab;
    this.send({ do: "view", view: tab });
  }

  /** What is seen: a tab's name, or the look within Compare. */
  get view() {
    const { diff } = this.sources.addresses;
    const { isResult, payload } = this.sources;
    const [before, after] = SIDES.map((side) => isResult || naturalSize(this.stage.picture(side)));
    if (!before || !after) return before ? "beforeOnly" : "afterOnly";
    if (this.matching.isOn) return "side";
    if (this.tab === "Compare") return payload.lone ? `${payload.lone}Only` : this.look;
    return this.tab === "Diff" && !diff ? "quickDiff" : this.tab;
  }

  /** Bring everything up to date with the state; cheap enough for any change. */
  refresh() {
    if (!this.scene) return;
    this.matching.draw(); // it may have an end here
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
    this.marks.draw(tab);
    this.blend.show(view);
    this.#resize();
  }

  #state() {
    const { isResult, isPending, payload } = this.sources;
    const { before, after } = this.sources.addresses;
    const { lacking } = this;
    return { before, after, isResult, isPending, lacking, failed: payload.failed, isDrawing: this.view === "quickDiff" };
  }

  /** Have the server do something. */
  send(act) {
    this.acts.add(act);
  }

  takeNextAction() {
    const { act } = this.progress;
    if (act) this.send(act);
    this.progress.begin();
  }

  #resize() {
    this.looking.resize();
    this.looking.frame();
  }

  /** Tell the colours of the pixel under a point of the pane; null tells none. */
  inspect(point) {
    this.inspector.show(point && this.looking.under(point), this.scene);
  }

  /** Hold the colours of one pixel, or let go. */
  hold(point) {
    this.inspector.frozen = !this.inspector.frozen;
    this.inspect(point);
  }

  inspectMiddle() {
    this.hold(this.looking.middle);
    if (this.inspector.frozen) this.say(this.find(".probe").textContent);
  }

  setLook(look) {
    this.look = look;
    this.refresh();
    this.send({ do: "look", look });
  }

  /** Let the divider run across instead of down, or back. */
  turnDivider() {
    this.blend.turnDivider();
    if (this.look !== "swipe") this.setLook("swipe");
  }

  /** Switch between before and after, once: the look Blink, in steps. */
  blinkOnce() {
    if (this.tab !== "Compare") return;
    if (this.look !== "blink") this.setLook("blink");
    this.say(this.blend.flip());
  }

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.section.requestFullscreen();
  }

  /** Leave whatever is open: drawing, the held pixel, a tool, the list of keys. */
  leave() {
    if (this.ignoring.drawing) this.marks.toggleDrawing();
    this.inspector.frozen = false;
    this.matching.leave();
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

export default entryTo(Viewer);
