/** What is written at a place: its words, and where they stand on the small pictures. */

const WORD_MARK = "#ff4fc0";

/** An element with a text. */
function spelled(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}

/** The changed words as a line to read and to copy, old ones struck out; none where none are told. */
export function wordsLine(text) {
  if (!text) return [];
  const line = spelled("p", "");
  line.className = "written";
  if (text.pairs.length === 0) line.append(text.words);
  for (const [before, after] of text.pairs) {
    const parts = [before && spelled("del", before), before && after && " → ", after && spelled("ins", after)];
    const change = spelled("span", "");
    change.append(...parts.filter(Boolean));
    line.append(change);
  }
  return [line];
}

/** Underline words on a part of the canvas. */
export function markWords(canvas, boxes, { x, y, width: across }) {
  const context = canvas.getContext("2d");
  const scale = canvas.width / across;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = WORD_MARK;
  for (const [left, top, width, height] of boxes) {
    const bottom = Math.min((top + height - y) * scale, canvas.height - 4);
    context.fillRect((left - x) * scale, bottom, Math.max(width * scale, 2), 4);
  }
}
