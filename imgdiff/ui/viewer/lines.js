/**
 * Where the reference's rows and columns lie on the canvas, and back.
 *
 * @typedef {[number, number, number][]} Runs Line of the canvas, line of the reference, count.
 */

const NOTHING = [[0, 0, Infinity]];

/** A box of the reference on the canvas. */
export function onCanvas([x, y, width, height], [rows, columns] = [NOTHING, NOTHING]) {
  const [left, across] = spanForth(columns, x, width);
  const [top, down] = spanForth(rows, y, height);
  return [left, top, across, down];
}

/** A box of the canvas on the reference: the lines in it, at least one. */
export function onReference([x, y, width, height], [rows, columns] = [NOTHING, NOTHING]) {
  const [left, across] = spanBack(columns, x, width);
  const [top, down] = spanBack(rows, y, height);
  return [left, top, across, down];
}

function forth(runs, line) {
  const [at, from] = runs.findLast((run) => run[1] <= line) ?? runs[0];
  return at + line - from;
}

function spanForth(runs, start, count) {
  const first = forth(runs, start);
  return [first, forth(runs, start + count - 1) + 1 - first];
}

function spanBack(runs, start, count) {
  const end = start + count - 1;
  const [at, from] = runs.find((run) => run[0] + run[2] > start) ?? runs.at(-1);
  const [lastAt, lastFrom, lines] = runs.findLast((run) => run[0] <= end) ?? runs[0];
  const first = from + Math.max(0, start - at);
  const last = lastFrom + Math.min(lines - 1, end - lastAt);
  return [Math.min(first, Math.max(last, 0)), Math.max(1, last - first + 1)];
}
