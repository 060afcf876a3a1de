import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";

import { timeText } from "../../imgdiff/ui/keeping/recent.js";
import { crc32, zipped } from "../../imgdiff/ui/keeping/zip.js";

test("the checksum is that of ZIP", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("Python's zipfile reads the archive", () => {
  const files = { "review.json": new TextEncoder().encode('{"a": "é"}'), before: new Uint8Array(70000).fill(7) };
  const data = Buffer.concat(zipped(files));
  const script = `
import io, sys, zipfile
archive = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
assert archive.testzip() is None
print(archive.namelist(), len(archive.read("before")), archive.read("review.json").decode("utf-8").isascii())`;
  const told = execFileSync(process.env.PYTHON ?? "python3", ["-c", script], { input: data }).toString();
  assert.equal(told.trim(), "['review.json', 'before'] 70000 False");
});

test("a time is told as people say it, whatever the clock", () => {
  const now = new Date(2026, 4, 3, 14, 30).getTime();
  assert.equal(timeText(new Date(2026, 4, 3, 14, 5).getTime(), now), "today, 14:05");
  assert.match(timeText(new Date(2026, 4, 2, 9, 0).getTime(), now), /^May 2, 2026, 09:00$/);
  assert.match(timeText(new Date(2031, 0, 1, 9, 0).getTime(), now), /^January 1, 2031, 09:00$/);
});
