/** What the viewer says: pure functions, no document. */

import { deltaE, lab } from "./color.js";

/** @returns {string} "no place", "1 place", "7 places"; `more` if the list was cut short. */
export function placesText(count, more = false) {
  if (count === 0) return "no place";
  const number = count.toLocaleString("en") + (more ? "+" : "");
  return count === 1 ? "1 place" : `${number} places`;
}

/** What is told of places that aren't counted, and what a click on it does. */
export function faintText(count, areShown) {
  const [what, them] = count === 1 ? ["1 faint place", "it"] : [`${count.toLocaleString("en")} faint places`, "them"];
  return `${what} may be noise: ${areShown ? "hide" : "show"} ${them}`;
}

/** A place for the ear: "Change 3 of 7, 120 by 80 pixels at 10, 20". */
export function changeForTheEar({ number, boxes, words, text, faint }, count) {
  const [x, y, width, height] = boxes[0];
  const told = [words?.replaceAll(" · ", ", "), text?.words].filter(Boolean);
  const kind = told.length ? `, ${told.join(", ")}` : "";
  const which = faint ? `Faint place ${number.slice(1)}` : `Change ${number} of ${count}`;
  return `${which}${kind}, ${width} by ${height} pixels at ${x}, ${y}`;
}

/** An area for eye and ear: "120 × 80 px at 10, 20". */
export function areaText([x, y, width, height]) {
  return `${width} × ${height} px at ${x}, ${y}`;
}

/** A zoom factor as people say it: "33 %", "1600 %". */
export function zoomText(scale) {
  return `${scale < 0.1 ? (100 * scale).toFixed(1) : Math.round(100 * scale)} %`;
}

/** A colour of three bytes: "#2558c4". */
export function hex(color) {
  return `#${[...color].map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** The least ΔE by CIEDE2000 that is plainly seen, and that is seen at all (Mokrzycki and Tatol, 2011). */
const [PLAIN, SEEN] = [2, 1];

/** How far two colours are apart, in the channel that differs most, and to the eye. */
export function apart(one, other) {
  const most = Math.max(...[...one].map((value, channel) => Math.abs(value - other[channel])));
  if (most === 0) return "same colour";
  const distance = deltaE(lab(one), lab(other));
  const seen = distance >= PLAIN ? "plain to see" : distance >= SEEN ? "hard to see" : "not to be seen";
  return `differs by ${most} of 255, ${seen} (ΔE ${distance.toFixed(1)})`;
}

/** A length in pixels, and in millimetres where a pixel's size is known. */
export function lengthText(dx, dy, millimetres) {
  const length = Math.hypot(dx, dy);
  const parts = `${Math.round(Math.abs(dx))} across, ${Math.round(Math.abs(dy))} down`;
  const real = millimetres ? ` = ${(length * millimetres).toFixed(1)} mm` : "";
  return `${length.toFixed(1)} px${real} (${parts})`;
}

/** What is seen, for those who don't see it. */
export function alternativeText(headline, places) {
  const told = places.slice(0, 20).map((place) => `${place.number}: ${[place.words, place.where].filter(Boolean).join(", ")}`);
  const rest = places.length > 20 ? `; and ${places.length - 20} more` : "";
  return `${headline} ${told.length ? `The changes are ${told.join("; ")}${rest}.` : ""}`.trim();
}

/** Why points may be marked, or that they were. */
export function lyingText(count, related) {
  if (count) return `Lined up by the ${count === 1 ? "point" : `${count} points`} that you marked.`;
  return related
    ? "It isn't sure that they lie right. If they don't, mark the same points on both pictures."
    : "Are they the same after all? Mark the same points on both pictures, and they are lined up by them.";
}

/** What to mark next, where so many points lie on both pictures and the newest may lack a side. */
export function markingText(count, awaited) {
  if (awaited) return `Now mark the same point in ${awaited === "after" ? "After" : "Before"}.`;
  if (count === 0) return "Mark a point in Before that you find in After too: click or tap it, or press Enter for the middle. Drag to move the pictures.";
  const [told, next] = [
    ["1 point: enough for a shift.", "With a second one, far from it, a turn and another size can be told too."],
    ["2 points: enough for a shift, a turn and another size.", "With four, a view from another side can be told too."],
    ["3 points: enough for a slanted picture too.", "With a fourth one, a view from another side can be told as well."],
  ][count - 1] ?? [`${count} points: enough for a view from another side.`, "Each further one makes it more exact."];
  return `${told} ${next}`;
}

/** A point that was marked, for the ear. */
export function pointText(number, side, x, y) {
  const where = `${side === "after" ? "After" : "Before"}, at ${Math.round(x)}, ${Math.round(y)}`;
  return `Point ${number} in ${where}. Arrows move it, with Shift by a tenth of a pixel; Delete removes the pair.`;
}

/** What to do in each view, in one line. */
export const HINTS = {
  swipe: "Drag the line to wipe between before and after.",
  side: "The same part of both pictures, side by side: they move together.",
  fade: "Move the slider to fade from before to after.",
  blink: "Before and after take turns: what changed jumps to the eye.",
  Diff: "White where both are equal; the darker, the more different.",
  Boxed: "Before and after with a numbered box around every change.",
  Mask: "White where something changed, black elsewhere.",
  Filled: "The picture after, with the changes highlighted.",
};
