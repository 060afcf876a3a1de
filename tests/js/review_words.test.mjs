import assert from "node:assert/strict";
import test from "node:test";

import { markdownOf } from "../../imgdiff/ui/viewer/passing_on.js";
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

test("the verdict as Markdown holds names as text", () => {
  const places = [{ number: 1, words: "+ added · sure", where: "9 × 9 px, top left" }];
  const payload = { headline: "1 place changed.", names: ["![x](http://y)|.png", "b.png"], review: { judged: { 1: [{ intent: "meant" }] } } };
  const text = markdownOf(payload, places);
  assert.match(text, /^\*\*1 place changed\.\*\*$/m);
  assert.match(text, /\\!\\\[x\\\]\\\(http:\/\/y\\\)\\\|\.png → b\.png/);
  assert.match(text, /^\| 1 \| \\\+ added · sure \| 9 × 9 px, top left \| Meant \|$/m);
  assert.equal(markdownOf({ headline: "Nothing changed.", names: ["a", "b"] }, []), "**Nothing changed.**\n\na → b");
});
