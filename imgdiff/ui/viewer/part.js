/** A part of the canvas as one of the pictures shows it, drawn small or large. */

import { affineAt, cornered, inverse, project } from "./geometry.js";

/** Side of a transparent picture's squares, px of the thumbnail. */
const SQUARE = 8;

/**
 * Draw a part of the canvas.
 *
 * @param {HTMLCanvasElement} canvas Filled as a whole, so its shape is that of the part.
 * @param {{picture: HTMLImageElement, width: number, height: number, transform: number[],
 *          gaps: number[][]}} side Before or after, as it lies on the canvas.
 * @param {{x: number, y: number, width: number}} part In pixels of the canvas.
 */
export function drawPart(canvas, { picture, width, height, transform, gaps }, part) {
  const context = canvas.getContext("2d");
  const scale = canvas.width / part.width;
  const forth = cornered(transform);
  const middle = { x: part.x + part.width / 2, y: part.y + (part.width * canvas.height) / canvas.width / 2 };
  context.setTransform(1, 0, 0, 1, 0, 0);
  hatch(context, [0, 0, canvas.width, canvas.height]);
  context.setTransform(scale, 0, 0, scale, -part.x * scale, -part.y * scale);
  context.save();
  context.transform(...affineAt(forth, project(inverse(forth), middle)));
  context.imageSmoothingEnabled = scale < 4;
  context.imageSmoothingQuality = "high";
  checker(context, width, height, SQUARE / scale);
  context.drawImage(picture, 0, 0, width, height);
  context.restore();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const [x, y, across, down] of gaps) {
    hatch(context, [(x - part.x) * scale, (y - part.y) * scale, across * scale, down * scale]);
  }
}

/** A checkerboard that stands for "transparent here". */
function checker(context, width, height, side) {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  const tile = new OffscreenCanvas(2, 2);
  const squares = tile.getContext("2d");
  squares.fillStyle = "#dcdcdc";
  squares.fillRect(1, 0, 1, 1);
  squares.fillRect(0, 1, 1, 1);
  const smoothing = context.imageSmoothingEnabled;
  const pattern = context.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(side));
  Object.assign(context, { imageSmoothingEnabled: false, fillStyle: pattern });
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = smoothing;
}

/** Stripes that stand for "nothing is shown here". */
function hatch(context, [x, y, width, height]) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.fillStyle = "#d0d0d0";
  context.fillRect(x, y, width, height);
  context.strokeStyle = "#b0b0b0";
  context.lineWidth = 4;
  const { width: right, height: bottom } = context.canvas;
  context.beginPath();
  for (let at = -bottom; at < right + bottom; at += 12) {
    context.moveTo(at, bottom);
    context.lineTo(at + bottom, 0);
  }
  context.stroke();
  context.restore();
}
