import assert from "node:assert/strict";
import test from "node:test";

import { countOf, countText, nextOpen, opinionOf, progressText, saidText } from "../../imgdiff/ui/viewer/review_words.js";

test("what people differ on is a conflict", () => {
  assert.equal(opinionOf([]), "");
  assert.equal(opinionOf([{ intent: "meant" }, { note: "why" }]), "meant");
  assert.equal(opinionOf([{ intent: "meant" }, { intent: "not meant" }]), "conflict");
});

test("a conflict is not reviewed yet", () => {
  const count = countOf(["meant", "not meant", "conflict", "", "meant"]);
  assert.equal(progressText(count), "3 of 5 reviewed");
  assert.equal(countText(count), "2 meant, 1 not meant, 1 in conflict");
  assert.equal(countText(countOf(["", ""])), "");
});

test("the next open change comes after the last, and around", () => {
  assert.equal(nextOpen(["", "meant", "", "conflict"], 0), 2);
  assert.equal(nextOpen(["", "meant", "meant"], 1), 0);
  assert.equal(nextOpen(["meant", "not meant"], 0), -1);
});

test("who said what stands in one line", () => {
  assert.equal(saidText({ intent: "not meant", note: "old logo", by: "Ann" }), "Not meant (Ann): old logo");
  assert.equal(saidText({ note: "look here" }), "Note: look here");
});
