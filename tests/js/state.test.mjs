/** What goes on, in one sentence; and files that are refused before they are sent. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { refusal, stateOf } from "../../imgdiff/ui/viewer/state.js";

const WAITING = { before: true, after: true, isResult: false, lacking: [], failed: false, stopped: false, uploaded: null, seconds: 0 };

test("every state has one sentence and at most one action", () => {
  assert.deepEqual(stateOf({ ...WAITING, isResult: true }), { text: "" });
  assert.equal(stateOf({ ...WAITING, isResult: true, isDrawing: true }).text, "Drawing the exact map …");
  assert.equal(stateOf({ ...WAITING, uploaded: 0.423 }).text, "Uploading … 42 %");
  assert.deepEqual(stateOf(WAITING), { text: "Comparing …", label: "Cancel", act: { do: "cancel" } });
  assert.equal(stateOf({ ...WAITING, seconds: 7 }).text, "Comparing … 7 s");
  assert.equal(stateOf({ ...WAITING, doing: "Lining up …" }).text, "Lining up …");
  assert.equal(stateOf({ ...WAITING, stopped: true }).label, "Compare again");
  assert.equal(stateOf({ ...WAITING, failed: true }).text, ""); // the page says why
  assert.equal(stateOf({ ...WAITING, after: false }).text, "");
});

test("what didn't come is told, and can be asked for again", () => {
  const told = (...lacking) => stateOf({ ...WAITING, isResult: true, lacking });
  assert.equal(told("before").text, "The server didn’t send the picture before.");
  assert.equal(told("after", "mask").text, "The server didn’t send the picture after and the mask.");
  assert.deepEqual(told("diff"), { text: "The server didn’t send the exact map.", label: "Try again", act: { do: "again" } });
});

test("a file that can't be compared is refused with what to do", () => {
  const endings = [".png", ".jpg"];
  assert.equal(refusal({ name: "a.PNG", size: 5 }, endings, 100), "");
  assert.match(refusal({ name: "a.docx", size: 5 }, endings, 100), /^a.docx can’t be compared: it is a DOCX file. Choose /);
  assert.match(refusal({ name: "a", size: 5 }, endings, 100), /no ending/);
  assert.match(refusal({ name: "a.png", size: 0 }, endings, 100), /empty/);
  assert.match(refusal({ name: "a.png", size: 35 * 2 ** 20 }, endings, 30 * 2 ** 20), /has 35 MB, but at most 30 MB .* imgdiff-app\[large\]\.$/);
  assert.match(refusal({ name: "a.webp", size: 35 * 2 ** 20 }, [], 30 * 2 ** 20), /save it smaller or as JPEG\.$/);
});
