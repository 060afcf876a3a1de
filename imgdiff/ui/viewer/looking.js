/** Where the camera looks: pan, zoom, fit; and what follows it on the screen. */

import { centred, fitted, fittedAcross, heldIn, showing, toPicture, zoomedAt } from "./geometry.js";
import { Navigator } from "./navigator.js";
import { zoomText } from "./words.js";

/** One camera for all panes. */
export class Looking {
  /**
   * @param {(selector: string) => HTMLElement} find
   * @param {import("./stage.js").Stage} stage
   * @param {import("./overlay.js").Overlay[]} overlays
   */
  constructor(find, stage, overlays) {
    Object.assign(this, { stage, overlays, camera: { scale: 1, x: 0, y: 0 }, isFitted: true });
    this.percent = find(".zooms output");
    this.navigator = new Navigator(find(".navigator"), (point) =>
      this.#look(centred(point, this.camera.scale, stage.size)),
    );
  }

  /** Take a picture of another size; one of the same size is looked at where the last one was. */
  load(url, size) {
    const isSame = size.width === this.size?.width && size.height === this.size?.height;
    this.size = size;
    this.navigator.load(url, size);
    if (!isSame) this.isFitted = true;
  }

  /** Point the camera; `isFitted` keeps the whole picture in view when the pane grows. */
  #look(camera, isFitted = false) {
    this.camera = heldIn(camera, this.size, this.stage.size);
    this.isFitted = isFitted;
    this.frame();
  }

  get #smallest() {
    return Math.min(fitted(this.size, this.stage.size).scale, 1) / 2;
  }

  /** Bring all that follows the camera up to date. */
  frame() {
    if (!this.size) return;
    const pane = this.stage.size;
    this.stage.frame(this.camera);
    for (const overlay of this.overlays) overlay.frame(this.camera, pane);
    this.navigator.frame(this.camera, pane);
    this.percent.textContent = zoomText(this.camera.scale);
  }

  /** Keep what is in the middle there when the pane has another size. */
  resize() {
    const pane = this.stage.size;
    if (!this.size || !pane.width || !pane.height) return;
    const { width, height } = this.pane ?? pane;
    this.pane = pane;
    if (this.isFitted) this.fit();
    else {
      const { scale, x, y } = this.camera;
      this.#look({ scale, x: x + (pane.width - width) / 2, y: y + (pane.height - height) / 2 });
    }
  }

  pan(dx, dy) {
    const { scale, x, y } = this.camera;
    this.#look({ scale, x: x + dx, y: y + dy });
  }

  /** Zoom around a point of the screen, by default the middle. */
  zoom(factor, point = this.middle) {
    this.#look(zoomedAt(this.camera, factor, point, this.#smallest));
  }

  zoomTo(scale) {
    this.zoom(scale / this.camera.scale);
  }

  /** Show the whole picture. */
  fit() {
    this.#look(fitted(this.size, this.stage.size), true);
  }

  /** Show all of the picture's width, from the top. */
  fitAcross() {
    this.#look(fittedAcross(this.size, this.stage.size));
  }

  /** Show a box of the picture with room around it. */
  show(box) {
    const pane = this.stage.size;
    this.#look(showing(box, pane, this.#smallest, fitted(this.size, pane).scale));
  }

  /** The middle of the pane. */
  get middle() {
    const { width, height } = this.stage.size;
    return { x: width / 2, y: height / 2 };
  }

  /** The point of the picture under one of the pane. */
  under(point) {
    return toPicture(this.camera, point);
  }
}
