/** The colours of one pixel, before and after: as hex, as swatch, and how far apart. */

import { cornered, inverse, project } from "./geometry.js";
import { apart, hex } from "./words.js";

/** Reads single pixels and says what they are. */
export class Inspector {
  /** @param {HTMLElement} line */
  constructor(line) {
    this.line = line;
    const canvas = line.ownerDocument.createElement("canvas");
    canvas.width = canvas.height = 1;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.frozen = false;
  }

  /** Show the pixel at a point of the reference; null shows nothing. */
  show(point, scene) {
    if (!point || !scene || !isInside(point, scene.size)) {
      this.line.replaceChildren();
      return;
    }
    const at = { x: Math.floor(point.x), y: Math.floor(point.y) };
    const middle = { x: at.x + 0.5, y: at.y + 0.5 };
    const there = project(inverse(cornered(scene.transform)), middle);
    const before = this.#color(scene.before, scene.size, middle);
    const after = this.#color(scene.after, scene.afterSize, there);
    this.line.replaceChildren(
      `x ${at.x}, y ${at.y}`,
      ...swatch("before", before),
      ...swatch("after", after),
      before && after ? ` · ${apart(before, after)}` : "",
      this.frozen ? " · held, click to let go" : "",
    );
  }

  /** Colour of the pixel that holds a point, on white; null outside the picture. */
  #color(picture, size, point) {
    if (!picture.naturalWidth || !isInside(point, size)) return null;
    const x = Math.floor((point.x * picture.naturalWidth) / size.width);
    const y = Math.floor((point.y * picture.naturalHeight) / size.height);
    this.context.fillStyle = "#fff";
    this.context.fillRect(0, 0, 1, 1);
    this.context.drawImage(picture, x, y, 1, 1, 0, 0, 1, 1);
    return this.context.getImageData(0, 0, 1, 1).data.slice(0, 3);
  }
}

function isInside({ x, y }, { width, height }) {
  return x >= 0 && y >= 0 && x < width && y < height;
}

/** A name, a patch of the colour and its hex code. */
function swatch(name, color) {
  const patch = document.createElement("i");
  const code = document.createElement("code");
  code.textContent = color ? hex(color) : "none";
  if (color) patch.style.background = hex(color);
  return [` · ${name} `, patch, code];
}
