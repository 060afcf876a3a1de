/** Where the reference lies on the canvas. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { onCanvas, onReference } from "../../imgdiff/ui/viewer/lines.js";

/** 100 rows with 20 put in before row 40; 50 columns, 7 beyond the left border. */
const RUNS = [[[0, 0, 40], [60, 40, 60]], [[7, 0, 50]]];

test("boxes go to the canvas and back", () => {
  for (const box of [[0, 0, 50, 100], [3, 10, 5, 6], [3, 38, 5, 6], [3, 40, 1, 1]]) {
    assert.deepEqual(onReference(onCanvas(box, RUNS), RUNS), box);
  }
  assert.deepEqual(onCanvas([3, 38, 5, 6], RUNS), [10, 38, 5, 26]);
});

test("what lies in a gap alone has at least one line, beside it", () => {
  const [, y, , height] = onReference([10, 45, 5, 5], RUNS);
  assert.equal(height, 1);
  assert.ok(y === 39 || y === 40);
});

test("without runs the canvas is the reference", () => {
  assert.deepEqual(onCanvas([1, 2, 3, 4]), [1, 2, 3, 4]);
  assert.deepEqual(onReference([1, 2, 3, 4]), [1, 2, 3, 4]);
});
