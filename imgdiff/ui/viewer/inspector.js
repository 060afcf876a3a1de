/** The colours of one pixel, before and after: as hex, RGB, HSL and swatch, and how far apart. */

import { hsl } from "./color.js";
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

  /** Show the pixel at a point of the canvas; null shows nothing. */
  show(point, scene) {
    if (!point || !scene || !isInside(point, scene.size)) {
      this.line.replaceChildren();
      return;
    }
    const at = { x: Math.floor(point.x), y: Math.floor(point.y) };
    const middle = { x: at.x + 0.5, y: at.y + 0.5 };
    const [before, after] = [scene.before, scene.after].map((side) => this.#color(side, middle));
    const held = this.frozen;
    this.line.replaceChildren(
      `x ${at.x}, y ${at.y}`,
      ...swatch("before", before, held),
      ...swatch("after", after, held),
      before && after ? ` · ${apart(before, after)}` : "",
      held ? " · held, click to let go" : "",
    );
  }

  /** Colour of the pixel that holds a point of the canvas, on white; null outside the picture. */
  #color({ picture, width, height, transform, gaps }, middle) {
    const isGap = gaps.some(([x, y, w, h]) => isInside({ x: middle.x - x, y: middle.y - y }, { width: w, height: h }));
    const point = project(inverse(cornered(transform)), middle);
    if (!picture.naturalWidth || isGap || !isInside(point, { width, height })) return null;
    const x = Math.floor((point.x * picture.naturalWidth) / width);
    const y = Math.floor((point.y * picture.naturalHeight) / height);
    this.context.fillStyle = "#fff";
    this.context.fillRect(0, 0, 1, 1);
    this.context.drawImage(picture, x, y, 1, 1, 0, 0, 1, 1);
    return this.context.getImageData(0, 0, 1, 1).data.slice(0, 3);
  }
}

function isInside({ x, y }, { width, height }) {
  return x >= 0 && y >= 0 && x < width && y < height;
}

/** A name, a patch of the colour and its code; all about it when it is held. */
function swatch(name, color, held) {
  if (!color) return [` · ${name}: nothing there`];
  const patch = document.createElement("i");
  const code = document.createElement("code");
  code.textContent = hex(color);
  patch.style.background = hex(color);
  const [hue, saturation, light] = hsl(color);
  const more = held ? ` rgb(${[...color].join(", ")}) hsl(${hue}°, ${saturation} %, ${light} %)` : "";
  return [` · ${name} `, patch, code, more];
}
