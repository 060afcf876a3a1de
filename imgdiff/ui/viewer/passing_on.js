/** Pass a result on: the picture with its boxes and the verdict as text, copied or shared. */

import { drawPart } from "./part.js";
import { opinionOf, OPINIONS, SIGNS } from "./review_words.js";

/** Pictures are copied at full size up to this, px. */
const LONGEST_SIDE = 4096;
const HALO = "#10151f";
const COPY_REFUSED = "This browser lets the page copy nothing here: take the files under Download.";

/** Text that Markdown takes for nothing else. */
function plain(text) {
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, "\\$&").replaceAll("\n", " ");
}

/**
 * The verdict as Markdown: a headline, the two files, and a row for each change.
 *
 * @param {{headline: string, names: string[], review?: {judged: object}}} payload
 * @param {{number: number, words: string, where: string, text?: {words: string}}[]} places
 */
export function markdownOf({ headline, names, review }, places) {
  const lines = [`**${plain(headline)}**`, "", names.map(plain).join(" → ")];
  if (!places.length) return lines.join("\n");
  const judged = places.map(({ number }) => opinionOf(review?.judged[number] ?? []));
  const head = ["No.", "What", "Where", ...(judged.some(Boolean) ? ["Judgement"] : [])];
  const rows = places.map(({ number, words, where, text }, index) => {
    const cells = [String(number), [words, text?.words].filter(Boolean).join(": "), where, OPINIONS[judged[index]]];
    return cells.slice(0, head.length).map(plain);
  });
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [...lines, "", ...table].join("\n");
}

/** What the menu offers besides files. */
export class PassingOn {
  /** @param {object} viewer What is shown, and who says what became of it. */
  constructor(viewer) {
    this.viewer = viewer;
    viewer.find("[data-do=share]").hidden = !navigator.share;
  }

  /** Copy the picture after, with every change boxed and numbered. */
  async copyPicture() {
    const done = "The picture is copied: paste it where you like.";
    // The promise goes in as it is: Safari lets go of the click's permission otherwise.
    await this.#try(done, () => navigator.clipboard.write([new ClipboardItem({ "image/png": this.#picture() })]));
  }

  /** Copy verdict and changes as Markdown. */
  async copyText() {
    await this.#try("The verdict is copied, as Markdown.", () => navigator.clipboard.writeText(this.#text()));
  }

  /** Hand picture and verdict to the system's share sheet. */
  async share() {
    const file = new File([await this.#picture()], "changes.png", { type: "image/png" });
    const whole = { title: this.viewer.sources.payload.headline, text: this.#text(), files: [file] };
    const { files, ...words } = whole;
    try {
      await navigator.share(navigator.canShare?.({ files }) ? whole : words);
    } catch (error) {
      if (error.name !== "AbortError") this.viewer.progress.tell(COPY_REFUSED);
    }
  }

  async #try(done, copy) {
    try {
      await copy();
      this.viewer.progress.tell(done);
    } catch {
      this.viewer.progress.tell(COPY_REFUSED);
    }
    setTimeout(() => this.viewer.progress.tell(""), 4000);
  }

  #text() {
    const { sources, marks } = this.viewer;
    return markdownOf(sources.payload, marks.places.filter(({ faint }) => !faint));
  }

  /** The picture after as PNG, boxes drawn on it. @returns {Promise<Blob>} */
  #picture() {
    const { scene, marks, section } = this.viewer;
    const { width, height } = scene.size;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width * scale), height: Math.round(height * scale) });
    drawPart(canvas, scene.after, { x: 0, y: 0, width });
    const color = getComputedStyle(section).getPropertyValue("--change").trim();
    const letter = Math.max(12, Math.round(Math.max(canvas.width, canvas.height) / 60));
    for (const { boxes, number, opinion = "" } of marks.places) {
      for (const box of boxes) drawBox(canvas.getContext("2d"), box.map((side) => side * scale), `${number}${SIGNS[opinion]}`, { color, letter });
    }
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }
}

/** A frame with its number on a plate, readable on any picture. */
function drawBox(context, [x, y, width, height], label, { color, letter }) {
  for (const [stroke, thick] of [[HALO, letter / 3], [color, letter / 6]]) {
    Object.assign(context, { strokeStyle: stroke, lineWidth: thick });
    context.strokeRect(x, y, width, height);
  }
  Object.assign(context, { font: `700 ${letter}px sans-serif`, fillStyle: color, textBaseline: "top" });
  const across = context.measureText(label).width + letter / 2;
  const top = Math.max(0, y - 1.3 * letter);
  context.fillRect(x, top, across, 1.3 * letter);
  context.fillStyle = HALO;
  context.fillText(label, x + letter / 4, top + 0.15 * letter);
}
