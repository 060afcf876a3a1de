/**
 * Pictures as they come: chosen, dropped anywhere or pasted. Each is shown at once from the
 * browser's own copy, while it is still on its way to the server.
 *
 * @typedef {{side: "before" | "after", url: string, sha: string}} Copy
 */

import { droppedInput, endingsTaken, sideOf } from "./page.js";
import { isReview, refusal } from "./state.js";

/** So many people's reviews of a pair are taken at a time. */
const MOST_REVIEWS = 9;

/** @type {Copy[]} */
let copies = [];

/** The browser's own copy of the file with this digest, if there is one. */
export function ownCopy(sha) {
  return sha && copies.find((copy) => copy.sha === sha)?.url;
}

/** Let go of all copies but those at `urls`: the browser can forget them. */
export function keepOnly(urls) {
  for (const copy of copies) if (!urls.has(copy.url)) URL.revokeObjectURL(copy.url);
  copies = copies.filter((copy) => urls.has(copy.url));
}

/** Whether some of the files can't be compared: then that is told. */
function isRefused(files, side, { onRefused, payload }) {
  const largest = payload().largestFile;
  const why = files.map((file) => refusal(file, endingsTaken(), largest)).find(Boolean) ?? "";
  onRefused(why, side);
  return Boolean(why);
}

/** Note a file; its digest comes later, and only where the browser may compute it. */
async function remember(file, side, { onCopy }) {
  if (isReview(file)) return; // both pictures are in it: the server takes them out
  const copy = { side, url: URL.createObjectURL(file), sha: "" };
  copies.push(copy);
  onCopy(copy);
  if (!crypto.subtle) return; // a page that came over plain HTTP
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  copy.sha = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hand files to the one uploader that takes both: two at once would race for two uploaders. */
function handOver(files, viewer) {
  const taken = files.slice(0, files.every(isReview) ? MOST_REVIEWS : 2);
  const input = droppedInput();
  if (isRefused(taken, firstMissing(viewer), viewer) || !input) return;
  const carrier = new DataTransfer();
  for (const file of taken) carrier.items.add(file);
  input.files = carrier.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The side that a single file is for, wherever it is dropped. */
const firstMissing = ({ payload }) => payload().missing[0] ?? "after";
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/**
 * Listen to the whole page.
 *
 * @param {{payload: () => {missing: string[], largestFile: number}, onCopy: (copy: Copy) => void,
 *          onRefused: (why: string) => void, onHover: (hovers: boolean) => void}} viewer
 * @returns {() => void} Stop listening.
 */
export function listenForFiles(viewer) {
  const { onHover } = viewer;
  const stop = new AbortController();
  const on = (type, listener) =>
    document.addEventListener(type, listener, { capture: true, signal: stop.signal });

  on("change", (event) => {
    const { target } = event;
    const side = sideOf(target);
    if (!side) return;
    const files = [...target.files];
    const sides = files.length > 1 ? ["before", "after"] : [firstMissing(viewer)];
    if (side === "both") files.forEach((file, index) => remember(file, sides[index], viewer));
    else if (!files.length) return;
    else if (!isRefused(files, side, viewer)) remember(files[0], side, viewer);
    else {
      event.stopPropagation(); // the uploader would let the good picture go for it
      target.value = "";
    }
  });
  on("drop", (event) => {
    onHover(false);
    if (!carriesFiles(event)) return;
    const files = [...event.dataTransfer.files];
    const side = sideOf(event.target);
    const isAimed = side && side !== "both" && files.length === 1;
    if (isAimed && !isRefused(files, side, viewer)) {
      remember(files[0], side, viewer); // that uploader takes it by itself
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (!isAimed) handOver(files, viewer);
  });
  on("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    onHover(true);
  });
  on("dragleave", (event) => {
    if (!event.relatedTarget) onHover(false);
  });
  on("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    handOver(files, viewer);
  });
  return () => stop.abort();
}
