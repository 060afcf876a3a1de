/** What lies where: both pictures on the canvas, as the server says, or as it may come. */

export const STILL = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Width and height of a picture that is loaded, else null. */
export function naturalSize({ naturalWidth: width, naturalHeight: height }) {
  return width ? { width, height } : null;
}

/** The scene of a result. */
export function resultScene({ size, before, after }, pictures) {
  const [one, other] = [before, after].map((side, index) => ({ ...side, picture: pictures[index] }));
  return { size, before: one, after: other };
}

/** Both pictures as large as the first, until the server knows better. */
export function previewScene(pictures) {
  const [one, other] = pictures.map(naturalSize);
  const size = one ?? other;
  const sides = [one ?? other, other ?? one].map((own, index) => {
    const stretch = [size.width / own.width, 0, 0, 0, size.height / own.height, 0, 0, 0, 1];
    return { ...own, transform: stretch, gaps: [], picture: pictures[index] };
  });
  return { size, before: sides[0], after: sides[1] };
}

/** What a picture lacks of the canvas, for the legend: whether any of it is hatched. */
export function isHatched({ size, before, after }) {
  return [before, after].some(
    ({ width, height, transform, gaps }) =>
      gaps.length > 0 || width !== size.width || height !== size.height || String(transform) !== String(STILL),
  );
}
