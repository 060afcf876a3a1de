/** Colours in numbers, against those of their authors. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { deltaE, hsl, lab } from "../../imgdiff/ui/viewer/color.js";

/** From the table of Sharma, Wu and Dalal (2005), DOI 10.1002/col.20070: where formulas go wrong. */
const PAIRS = [
  [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
  [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1],
  [[50, 0, 0], [50, -1, 2], 2.3669],
  [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
  [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
  [[50, 2.5, 0], [73, 25, -18], 27.1492],
  [[90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447], 1.4441],
  [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
];

test("CIEDE2000 is that of its authors, either way round", () => {
  for (const [one, other, expected] of PAIRS) {
    assert.ok(Math.abs(deltaE(one, other) - expected) < 5e-5, `${one} ${other}`);
    assert.ok(Math.abs(deltaE(other, one) - expected) < 5e-5, `${other} ${one}`);
  }
});

test("white, black and red in L*a*b*", () => {
  const near = (color, expected) => lab(color).forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 0.02));
  near([255, 255, 255], [100, 0, 0]);
  near([0, 0, 0], [0, 0, 0]);
  near([255, 0, 0], [53.24, 80.09, 67.2]);
});

test("hue, saturation and lightness as in CSS", () => {
  assert.deepEqual(hsl([255, 0, 0]), [0, 100, 50]);
  assert.deepEqual(hsl([102, 51, 153]), [270, 50, 40]); // rebeccapurple
  assert.deepEqual(hsl([128, 128, 128]), [0, 0, 50]);
});
