/** What a review says and how far it has come: pure functions, no document. */

/** What a change is called after its judgements. */
export const OPINIONS = { meant: "Meant", "not meant": "Not meant", conflict: "In conflict", "": "Not reviewed" };

/** Beside a change's number, so that colour alone never says it. */
export const SIGNS = { meant: "✓", "not meant": "✗", conflict: "?", "": "" };

/** What several judgements of one change come to. */
export function opinionOf(said) {
  const intents = new Set(said.map(({ intent }) => intent).filter(Boolean));
  if (intents.size > 1) return "conflict";
  return [...intents][0] ?? "";
}

/** How many are reviewed, of how many, and what was said of them. */
export function countOf(opinions) {
  const count = (wanted) => opinions.filter((opinion) => opinion === wanted).length;
  const [meant, notMeant, conflict] = ["meant", "not meant", "conflict"].map(count);
  return { total: opinions.length, reviewed: meant + notMeant, meant, notMeant, conflict };
}

/** "5 of 8 reviewed". */
export function progressText({ reviewed, total }) {
  return `${reviewed} of ${total} reviewed`;
}

/** "3 meant, 2 not meant, 1 in conflict"; "" before a review begins. */
export function countText({ meant, notMeant, conflict }) {
  const parts = [[meant, "meant"], [notMeant, "not meant"], [conflict, "in conflict"]];
  return parts.filter(([count]) => count).map(([count, word]) => `${count} ${word}`).join(", ");
}

/** Who said what, in a line: "Not meant (Ann): the logo is old". */
export function saidText({ intent = "", note = "", by = "" }) {
  const what = (intent ? OPINIONS[intent] : "Note") + (by ? ` (${by})` : "");
  return note ? `${what}: ${note}` : what;
}

/** The index of the next change that is still open, after one and around; -1 if none is. */
export function nextOpen(opinions, after) {
  const isOpen = (opinion) => opinion === "" || opinion === "conflict";
  const later = opinions.findIndex((opinion, index) => index > after && isOpen(opinion));
  return later >= 0 ? later : opinions.findIndex(isOpen);
}
