/** How the pictures are tinted, and in what colour changes are marked: kept in this browser. */

import { svg } from "./svg.js";

/** Colours of marks; each is told from the others by anyone. */
export const MARKS = { Pink: "#ff4fc0", Yellow: "#ffd400", Cyan: "#00d5ff", Orange: "#ff8a1f" };

/** What each channel makes of red, green and blue: rows of an SVG colour matrix. */
const CHANNELS = {
  "All colours": "",
  Red: "1 0 0",
  Green: "0 1 0",
  Blue: "0 0 1",
  Brightness: "0.299 0.587 0.114",
};

/** False colour: black, blue, magenta, orange, yellow, white, by brightness. */
const HEAT = [
  [0, 0.12, 0.55, 0.93, 0.99, 1],
  [0, 0.05, 0.12, 0.4, 0.82, 1],
  [0, 0.45, 0.5, 0.15, 0.25, 1],
];

const KEY = "imgdiff-marks";

/** Options for the choice of channel. */
export const CHANNEL_NAMES = [...Object.keys(CHANNELS), "False colour"];

/** The filter for a channel and a window of levels, as an SVG element; null if nothing changes. */
export function filterOf(name, { low, high }) {
  const matrix = name === "False colour" ? CHANNELS.Brightness : CHANNELS[name];
  if (!matrix && low === 0 && high === 100) return null;
  const filter = svg("filter", { "color-interpolation-filters": "sRGB" });
  if (matrix) filter.append(svg("feColorMatrix", { values: `${`${matrix} 0 0 `.repeat(3)}0 0 0 1 0` }));
  const slope = 100 / Math.max(1, high - low);
  const window = { type: "linear", slope, intercept: (-slope * low) / 100 };
  filter.append(transfer(() => window));
  if (name === "False colour") {
    filter.append(transfer((index) => ({ type: "table", tableValues: HEAT[index].join(" ") })));
  }
  return filter;
}

/** The colour of marks that was chosen last. */
export function keptMark() {
  try {
    return localStorage.getItem(KEY) ?? "Pink";
  } catch {
    return "Pink"; // a browser that keeps nothing
  }
}

/** Keep a colour of marks for the next visit. */
export function keepMark(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // it holds for this visit
  }
}

function transfer(attributesOf) {
  const made = svg("feComponentTransfer");
  made.append(...["R", "G", "B"].map((name, index) => svg(`feFunc${name}`, attributesOf(index))));
  return made;
}
