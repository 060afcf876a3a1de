/**
 * Geometry on the screen: pure functions, no document.
 *
 * Picture coordinates are pixels of the reference, from its top left corner; pixel (i, j) covers
 * the square from (i, j) to (i + 1, j + 1). Screen coordinates are CSS px of the pane.
 *
 * @typedef {{scale: number, x: number, y: number}} Camera screen = scale · picture + (x, y)
 * @typedef {{width: number, height: number}} Size
 * @typedef {{x: number, y: number}} Point
 * @typedef {[number, number, number, number]} Box x, y, width, height in picture pixels
 */

export const LARGEST_SCALE = 32;

/** @returns {number} `value`, but no less than `low` and no more than `high`. */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** The camera that shows all of a picture, in the middle. @returns {Camera} */
export function fitted(size, pane) {
  const scale = Math.min(pane.width / size.width, pane.height / size.height, LARGEST_SCALE);
  return centred({ x: size.width / 2, y: size.height / 2 }, scale, pane);
}

/** The camera that has `point` of the picture in the middle of the pane. @returns {Camera} */
export function centred(point, scale, pane) {
  return { scale, x: pane.width / 2 - point.x * scale, y: pane.height / 2 - point.y * scale };
}

/** Zoom by a factor; what is under `point` of the screen stays there. @returns {Camera} */
export function zoomedAt(camera, factor, point, smallest) {
  const scale = clamp(camera.scale * factor, smallest, LARGEST_SCALE);
  const ratio = scale / camera.scale;
  return {
    scale,
    x: point.x - (point.x - camera.x) * ratio,
    y: point.y - (point.y - camera.y) * ratio,
  };
}

/** The camera that shows all of a picture's width, from its top. @returns {Camera} */
export function fittedAcross(size, pane) {
  const scale = Math.min(pane.width / size.width, LARGEST_SCALE);
  const height = size.height * scale;
  return { scale, x: (pane.width - size.width * scale) / 2, y: Math.max(0, (pane.height - height) / 2) };
}

/** The camera that shows a box with room around it; it never goes further away. @returns {Camera} */
export function showing([x, y, width, height], pane, smallest, nearest) {
  const [across, down] = [width > pane.width / nearest / 2 ? 1.1 : 3, 3];
  const room = Math.min(pane.width / (across * width), pane.height / (down * height));
  const scale = clamp(Math.max(Math.min(room, 8), nearest), smallest, LARGEST_SCALE);
  return centred({ x: x + width / 2, y: y + height / 2 }, scale, pane);
}

/** Keep at least a corner of the picture in the pane. @returns {Camera} */
export function heldIn(camera, size, pane) {
  const margin = Math.min(80, pane.width / 3, pane.height / 3);
  const { scale } = camera;
  return {
    scale,
    x: clamp(camera.x, margin - size.width * scale, pane.width - margin),
    y: clamp(camera.y, margin - size.height * scale, pane.height - margin),
  };
}

/** From the screen to the picture. @returns {Point} */
export function toPicture(camera, point) {
  return { x: (point.x - camera.x) / camera.scale, y: (point.y - camera.y) / camera.scale };
}

/**
 * A transform between pixel centres at integers, as one between corners.
 *
 * @param {number[]} m 3×3 by rows.
 * @returns {number[]} 3×3 by rows: half a pixel back, `m`, half a pixel forth.
 */
export function cornered(m) {
  const moved = [...m];
  for (const row of [0, 3, 6]) moved[row + 2] -= (m[row] + m[row + 1]) / 2;
  return shifted(moved, 0.5, 0.5);
}

/** A 3×3 transform, followed by a shift. @returns {number[]} */
export function shifted([a, b, c, d, e, f, g, h, i], dx, dy) {
  return [a + dx * g, b + dx * h, c + dx * i, d + dy * g, e + dy * h, f + dy * i, g, h, i];
}

/** A 3×3 transform between corners as CSS. @returns {string} */
export function matrix3d([a, b, c, d, e, f, g, h, i]) {
  return `matrix3d(${[a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, i].join(",")})`;
}

/** Where a 3×3 transform takes a point. @returns {Point} */
export function project(m, { x, y }) {
  const w = m[6] * x + m[7] * y + m[8];
  return { x: (m[0] * x + m[1] * y + m[2]) / w, y: (m[3] * x + m[4] * y + m[5]) / w };
}

/** The inverse of a 3×3 transform, up to a factor that projecting cancels. @returns {number[]} */
export function inverse([a, b, c, d, e, f, g, h, i]) {
  return [
    e * i - f * h, c * h - b * i, b * f - c * e,
    f * g - d * i, a * i - c * g, c * d - a * f,
    d * h - e * g, b * g - a * h, a * e - b * d,
  ];
}

/**
 * The affine map nearest to a transform around a point, as canvases take it.
 *
 * @returns {number[]} [a, b, c, d, e, f] for `setTransform`.
 */
export function affineAt(m, point) {
  const here = project(m, point);
  const right = project(m, { x: point.x + 1, y: point.y });
  const below = project(m, { x: point.x, y: point.y + 1 });
  const [a, b] = [right.x - here.x, right.y - here.y];
  const [c, d] = [below.x - here.x, below.y - here.y];
  return [a, b, c, d, here.x - a * point.x - c * point.y, here.y - b * point.x - d * point.y];
}

/** The box of whole pixels between two points, at least one pixel, inside the picture. */
export function boxBetween(p, q, size) {
  const left = clamp(Math.floor(Math.min(p.x, q.x)), 0, size.width - 1);
  const top = clamp(Math.floor(Math.min(p.y, q.y)), 0, size.height - 1);
  const right = clamp(Math.ceil(Math.max(p.x, q.x)), left + 1, size.width);
  const bottom = clamp(Math.ceil(Math.max(p.y, q.y)), top + 1, size.height);
  return [left, top, right - left, bottom - top];
}

/** A box moved by whole pixels, but not out of the picture. @returns {Box} */
export function movedBox([x, y, width, height], dx, dy, size) {
  return [
    clamp(Math.round(x + dx), 0, size.width - width),
    clamp(Math.round(y + dy), 0, size.height - height),
    width,
    height,
  ];
}

/** A box with one corner dragged; `corner` is two of n, s and w, e. @returns {Box} */
export function resizedBox([x, y, width, height], corner, dx, dy, size) {
  const [west, north] = [corner.includes("w"), corner.includes("n")];
  const fixed = { x: west ? x + width : x, y: north ? y + height : y };
  const dragged = {
    x: west ? Math.min(x + dx, fixed.x - 1) : Math.max(x + width + dx, fixed.x + 1),
    y: north ? Math.min(y + dy, fixed.y - 1) : Math.max(y + height + dy, fixed.y + 1),
  };
  return boxBetween(fixed, { x: Math.round(dragged.x), y: Math.round(dragged.y) }, size);
}

/** The places that an area threshold lets count; 0 lets all. */
export function counting(places, threshold) {
  return threshold === 0 ? places : places.filter((place) => place.area > threshold);
}

/** The box around boxes. */
export function enclosing(boxes) {
  const [left, top] = [0, 1].map((axis) => Math.min(...boxes.map((box) => box[axis])));
  const [right, bottom] = [0, 1].map((axis) => Math.max(...boxes.map((box) => box[axis] + box[axis + 2])));
  return [left, top, right - left, bottom - top];
}

/** How much of a box lies in another, 0 to 1. */
export function shareWithin([x, y, width, height], [left, top, across, down]) {
  const wide = Math.min(x + width, left + across) - Math.max(x, left);
  const high = Math.min(y + height, top + down) - Math.max(y, top);
  return (Math.max(wide, 0) * Math.max(high, 0)) / (width * height);
}

/** Whether two boxes have something in common. */
export function overlaps([x, y, width, height], [left, top, across, down]) {
  return x < left + across && left < x + width && y < top + down && top < y + height;
}

/** What lies around a box, as boxes: above, below, left and right of it, as far as there is any. */
export function around([x, y, width, height], size) {
  const boxes = [
    [0, 0, size.width, y],
    [0, y + height, size.width, size.height - y - height],
    [0, y, x, height],
    [x + width, y, size.width - x - width, height],
  ];
  return boxes.filter(([, , across, down]) => across > 0 && down > 0);
}

/** The outlines of places as one SVG path, through the middles of their border pixels. */
export function outlinesPath(places) {
  const outlines = places.flatMap((place) => (place.outlines.length ? place.outlines : place.boxes.map(corners)));
  return outlines.map((outline) => `M${outline.map((value) => value + 0.5).join(" ")}Z`).join("");
}

function corners([x, y, width, height]) {
  return [x, y, x + width - 1, y, x + width - 1, y + height - 1, x, y + height - 1];
}
