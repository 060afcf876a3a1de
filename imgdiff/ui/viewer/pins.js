/** Pins: the points that notes are about, on every pane. */

import { svg } from "./svg.js";

/** All pins of the pair. */
export class Pins {
  /** @param {object} viewer Its overlays hold the pins. */
  constructor(viewer) {
    this.layers = viewer.overlays.map((overlay) => {
      const layer = svg("g", { class: "pins" });
      overlay.root.append(layer);
      return layer;
    });
  }

  /** @param {{number: number, note: string, at: number[]}[]} pins */
  draw(pins) {
    for (const layer of this.layers) {
      layer.replaceChildren(
        ...pins.map(({ number, note, at: [x, y] }) => {
          const title = svg("title", {}, `Note on change ${number}: ${note}`);
          const group = svg("g", { class: "pin", transform: `translate(${x + 0.5} ${y + 0.5})` });
          group.append(title, svg("circle", { class: "under" }), svg("circle", { class: "head" }));
          return group;
        }),
      );
    }
  }
}
