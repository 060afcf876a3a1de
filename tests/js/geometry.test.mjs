/** The geometry on the screen. */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as geometry from "../../imgdiff/ui/viewer/geometry.js";

const PANE = { width: 800, height: 600 };
const SIZE = { width: 400, height: 100 };
const TURN = [0.9, -0.2, 30, 0.2, 0.9, -4, 1e-4, 2e-5, 1];

function near(actual, expected, tolerance = 1e-9) {
  const [one, other] = [actual, expected].map((thing) => Object.values(thing));
  assert.equal(one.length, other.length);
  one.forEach((value, index) => assert.ok(Math.abs(value - other[index]) <= tolerance, `${one} ≠ ${other}`));
}

test("boxes within and around each other", () => {
  assert.equal(geometry.shareWithin([0, 0, 10, 10], [5, 0, 20, 20]), 0.5);
  assert.equal(geometry.shareWithin([0, 0, 10, 10], [30, 30, 5, 5]), 0);
  assert.equal(geometry.shareWithin([2, 2, 4, 4], [0, 0, 10, 10]), 1);
  assert.deepEqual(geometry.enclosing([[5, 5, 10, 10], [0, 8, 6, 20]]), [0, 5, 15, 23]);
});

test("a fitted picture is whole and in the middle", () => {
  assert.deepEqual(geometry.fitted(SIZE, PANE), { scale: 2, x: 0, y: 200 });
  assert.equal(geometry.fitted({ width: 1, height: 1 }, PANE).scale, geometry.LARGEST_SCALE);
});

test("zooming keeps what is under the pointer", () => {
  const camera = { scale: 2, x: -30, y: 12 };
  const point = { x: 123, y: 45 };
  const zoomed = geometry.zoomedAt(camera, 1.7, point, 0.1);
  near(geometry.toPicture(zoomed, point), geometry.toPicture(camera, point));
  assert.equal(zoomed.scale, 3.4);
});

test("zooming stops at both ends", () => {
  const camera = { scale: 2, x: 0, y: 0 };
  assert.equal(geometry.zoomedAt(camera, 1e6, { x: 0, y: 0 }, 0.1).scale, 32);
  assert.equal(geometry.zoomedAt(camera, 1e-6, { x: 0, y: 0 }, 0.1).scale, 0.1);
});

test("a box that is shown lies in the middle, with room around it", () => {
  const camera = geometry.showing([100, 40, 20, 10], PANE, 0.1, 1);
  near(geometry.toPicture(camera, { x: 400, y: 300 }), { x: 110, y: 45 });
  assert.ok(20 * camera.scale <= PANE.width / 2);
});

test("a strip as wide as the picture is never seen smaller than the picture itself", () => {
  const { scale } = geometry.fitted({ width: 960, height: 670 }, PANE);
  assert.ok(geometry.showing([0, 66, 960, 70], PANE, 0.1, scale).scale >= scale);
});

test("fitting the width begins at the top", () => {
  const camera = geometry.fittedAcross({ width: 400, height: 4000 }, PANE);
  assert.deepEqual(camera, { scale: 2, x: 0, y: 0 });
});

test("what lies around a box, and whether boxes meet", () => {
  assert.deepEqual(geometry.around([0, 10, 400, 20], SIZE), [[0, 0, 400, 10], [0, 30, 400, 70]]);
  assert.equal(geometry.around([10, 10, 20, 20], SIZE).length, 4);
  assert.ok(geometry.overlaps([0, 0, 10, 10], [9, 9, 5, 5]));
  assert.ok(!geometry.overlaps([0, 0, 10, 10], [10, 0, 5, 5]));
});

test("the picture can't be lost out of the pane", () => {
  const camera = geometry.heldIn({ scale: 1, x: 5000, y: -5000 }, SIZE, PANE);
  assert.ok(camera.x < PANE.width && camera.y + SIZE.height > 0);
  const inside = { scale: 1, x: 10, y: 20 };
  assert.deepEqual(geometry.heldIn(inside, SIZE, PANE), inside);
});

test("a transform between centres and one between corners agree", () => {
  const corners = geometry.cornered(TURN);
  const there = geometry.project(TURN, { x: 17, y: 5 });
  near(geometry.project(corners, { x: 17.5, y: 5.5 }), { x: there.x + 0.5, y: there.y + 0.5 });
  near(geometry.cornered([1, 0, 0, 0, 1, 0, 0, 0, 1]), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
});

test("twice as large, a pixel's corners move, its centre goes to where the server puts it", () => {
  const double = [2, 0, 0.5, 0, 2, 0.5, 0, 0, 1]; // centre 0 → the middle of pixels 0 and 1
  near(geometry.project(geometry.cornered(double), { x: 0, y: 0 }), { x: 0, y: 0 });
  near(geometry.project(geometry.cornered(double), { x: 3, y: 1 }), { x: 6, y: 2 });
});

test("a shift comes after the transform", () => {
  const point = { x: 9, y: 7 };
  const there = geometry.project(TURN, point);
  near(geometry.project(geometry.shifted(TURN, 3, -0.5), point), { x: there.x + 3, y: there.y - 0.5 });
});

test("the inverse leads back", () => {
  const point = { x: 321, y: 54 };
  near(geometry.project(geometry.inverse(TURN), geometry.project(TURN, point)), point, 1e-6);
});

test("css gets the matrix by columns", () => {
  assert.equal(
    geometry.matrix3d([1, 2, 3, 4, 5, 6, 7, 8, 9]),
    "matrix3d(1,4,0,7,2,5,0,8,0,0,1,0,3,6,0,9)",
  );
});

test("the affine map agrees with the transform around its point", () => {
  const point = { x: 40, y: 60 };
  const [a, b, c, d, e, f] = geometry.affineAt(TURN, point);
  const affine = [a, c, e, b, d, f, 0, 0, 1];
  near(geometry.project(affine, point), geometry.project(TURN, point));
  near(geometry.project(affine, { x: 41, y: 60 }), geometry.project(TURN, { x: 41, y: 60 }));
});

test("boxes are whole pixels inside the picture", () => {
  assert.deepEqual(geometry.boxBetween({ x: 10.6, y: 20.2 }, { x: 2.1, y: 30 }, SIZE), [2, 20, 9, 10]);
  assert.deepEqual(geometry.boxBetween({ x: -5, y: -5 }, { x: 1e4, y: 1e4 }, SIZE), [0, 0, 400, 100]);
  assert.deepEqual(geometry.boxBetween({ x: 500, y: 500 }, { x: 500, y: 500 }, SIZE), [399, 99, 1, 1]);
});

test("boxes move and resize without leaving the picture", () => {
  assert.deepEqual(geometry.movedBox([10, 10, 20, 20], -50, 3.4, SIZE), [0, 13, 20, 20]);
  assert.deepEqual(geometry.movedBox([10, 10, 20, 20], 1e4, 1e4, SIZE), [380, 80, 20, 20]);
  assert.deepEqual(geometry.resizedBox([10, 10, 20, 20], "se", 5, -5, SIZE), [10, 10, 25, 15]);
  assert.deepEqual(geometry.resizedBox([10, 10, 20, 20], "nw", 5, -5, SIZE), [15, 5, 15, 25]);
  assert.deepEqual(geometry.resizedBox([10, 10, 20, 20], "se", -500, -500, SIZE), [10, 10, 1, 1]);
});

test("places count as the server counts them", () => {
  const places = [{ area: 90 }, { area: 40 }, { area: 39.5 }, { area: 0 }];
  assert.equal(geometry.counting(places, 40).length, 1); // larger than, not as large as
  assert.equal(geometry.counting(places, 39).length, 3);
  assert.equal(geometry.counting(places, 0).length, 4); // 0 lets lone pixels count too
  assert.equal(geometry.counting([], 40).length, 0);
});

test("outlines run through the middles of their pixels", () => {
  assert.equal(geometry.outlinesPath([{ outlines: [[0, 0, 4, 0, 4, 2]], boxes: [] }]), "M0.5 0.5 4.5 0.5 4.5 2.5Z");
});
