/** The picture after, moved by hand where alignment didn't quite put it in place. */

import { shifted } from "./geometry.js";

/** A held key is one move: the server hears of it when the hand rests so long, ms. */
const REST = 400;

/** Moves it on the screen at once. */
export class Nudging {
  /** @param {object} viewer What it needs of it: find, sources, stage, scene, send. */
  constructor(viewer) {
    this.viewer = viewer;
  }

  /** Say how far it was moved, where it may be. */
  tell() {
    const { find, sources } = this.viewer;
    find(".nudge").hidden = !sources.isResult || !sources.payload.canNudge;
    find(".nudge output").textContent = sources.payload.nudge.map((value) => `${value} px`).join(", ");
  }

  /** By so many pixels right and down. */
  move(dx, dy) {
    const { sources, stage, scene } = this.viewer;
    const { payload, mask } = sources;
    payload.nudge = payload.nudge.map((value, axis) => Math.round(10 * (value + [dx, dy][axis])) / 10);
    const after = { ...scene.after, transform: shifted(scene.after.transform, dx, dy) };
    this.viewer.scene = { ...scene, after };
    stage.place({ ...this.viewer.scene, mask });
    this.tell();
    clearTimeout(this.resting);
    const nudge = payload.nudge;
    this.resting = setTimeout(() => this.viewer.send({ do: "nudge", nudge }), REST);
  }
}
