/** What the viewer says. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { pause } from "../../imgdiff/ui/viewer/blinker.js";
import * as words from "../../imgdiff/ui/viewer/words.js";

test("counts", () => {
  assert.equal(words.placesText(0), "no place");
  assert.equal(words.placesText(1), "1 place");
  assert.equal(words.placesText(1000, true), "1,000+ places");
});

test("faint places", () => {
  assert.equal(words.faintText(1, false), "1 faint place may be noise: show it");
  assert.equal(words.faintText(15, true), "15 faint places may be noise: hide them");
  const place = { number: "?2", boxes: [[1, 2, 3, 4]], words: "faint", faint: true };
  assert.equal(words.changeForTheEar(place, 7), "Faint place 2, faint, 3 by 4 pixels at 1, 2");
});

test("a change for the ear", () => {
  const place = { number: 3, boxes: [[10, 20, 120, 80]], words: "" };
  assert.equal(words.changeForTheEar(place, 7), "Change 3 of 7, 120 by 80 pixels at 10, 20");
  const added = { ...place, words: "Added · 92 % sure" };
  assert.equal(
    words.changeForTheEar(added, 3),
    "Change 3 of 3, Added, 92 % sure, 120 by 80 pixels at 10, 20",
  );
});

test("zoom factors", () => {
  assert.equal(words.zoomText(0.0523), "5.2 %");
  assert.equal(words.zoomText(0.333), "33 %");
  assert.equal(words.zoomText(32), "3200 %");
});

test("colours", () => {
  assert.equal(words.hex([37, 88, 196]), "#2558c4");
  assert.equal(words.apart([1, 2, 3], [1, 2, 3]), "same colour");
  assert.equal(words.apart([1, 200, 3], [1, 2, 30]), "differs by 198 of 255, plain to see (ΔE 72.2)");
  assert.match(words.apart([100, 100, 100], [101, 101, 101]), /^differs by 1 of 255, not to be seen/);
});

test("blinking never reaches three flashes a second", () => {
  for (let speed = 1; speed <= 10; speed += 1) assert.ok(2 * pause(speed) >= 1000 / 3);
});
