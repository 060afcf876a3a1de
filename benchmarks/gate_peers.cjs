// Whether the comparators of npm let pairs of PNG files pass, each with its defaults: reads
// {"pairs": {NAME: [BEFORE, AFTER]}, "folder": EMPTY_FOLDER} and prints {PEER: {NAME: boolean}}.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const modules = path.join(__dirname, "node_modules");
const { pairs, folder } = JSON.parse(fs.readFileSync(0, "utf8"));

function pixelmatch() {
  const { PNG } = require(path.join(modules, "pngjs"));
  const loaded = require(path.join(modules, "pixelmatch"));
  const count = loaded.default ?? loaded;
  return (before, after) => {
    const [one, other] = [before, after].map((file) => PNG.sync.read(fs.readFileSync(file)));
    if (one.width !== other.width || one.height !== other.height) return false;
    return count(one.data, other.data, null, one.width, one.height) === 0;
  };
}

function jest() {
  const source = path.join(modules, "jest-image-snapshot/src/diff-snapshot");
  const { diffImageToSnapshot } = require(source);
  return (before, after, name) => {
    fs.copyFileSync(before, path.join(folder, `${name}.png`));
    return diffImageToSnapshot({
      receivedImageBuffer: fs.readFileSync(after),
      snapshotsDir: folder,
      diffDir: folder,
      receivedDir: folder,
      snapshotIdentifier: name,
      failureThreshold: 0,
      failureThresholdType: "pixel",
    }).pass;
  };
}

function playwright() {
  const { utils } = require(path.join(modules, "playwright-core/lib/coreBundle"));
  const compare = utils.getComparator("image/png");
  return (before, after) =>
    compare(fs.readFileSync(after), fs.readFileSync(before), {}) === null;
}

const verdicts = {};
for (const [peer, load] of Object.entries({ pixelmatch, "jest-image-snapshot": jest, Playwright: playwright })) {
  let passes;
  try {
    passes = load();
  } catch {
    continue; // it isn't installed
  }
  const judged = Object.entries(pairs).map(([name, pair]) => [name, passes(...pair, name)]);
  verdicts[peer] = Object.fromEntries(judged);
}
console.log(JSON.stringify(verdicts));
