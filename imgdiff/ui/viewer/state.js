/** What goes on, in one sentence, and what to do next: pure functions, no document. */

/** What may be missing, as it's called. */
const LAYERS_NAMED = { before: "picture before", after: "picture after", diff: "exact map", mask: "mask" };

/**
 * @param {{before: boolean, after: boolean, isResult: boolean, lacking: string[], failed: boolean, stopped: boolean,
 *          uploaded: number | null, seconds: number, isDrawing: boolean, doing: string}} state
 * @returns {{text: string, label?: string, act?: object}}
 */
export function stateOf({ before, after, isResult, lacking, failed, stopped, uploaded, seconds, isDrawing, doing }) {
  if (isResult && lacking.length) {
    const names = lacking.map((layer) => `the ${LAYERS_NAMED[layer]}`);
    return { text: `The server didn’t send ${new Intl.ListFormat("en").format(names)}.`, label: "Try again", act: { do: "again" } };
  }
  if (isResult) return { text: isDrawing ? "Drawing the exact map …" : "" };
  if (uploaded !== null) return { text: `Uploading … ${Math.round(100 * uploaded)} %` };
  if (failed) return { text: "" }; // the page says why
  if (!before || !after) return { text: "" }; // the page asks for the other one
  if (stopped) return { text: "Stopped.", label: "Compare again", act: { do: "again" } };
  const time = seconds >= 3 ? ` ${seconds} s` : "";
  return { text: `${doing || "Comparing …"}${time}`, label: "Cancel", act: { do: "cancel" } };
}

/** Whether a file is a review: both pictures and more. */
export const isReview = ({ name }) => name.toLowerCase().endsWith(".imgdiff");

/** Names of files that the command compares however large they are. */
const READ_IN_BANDS = /\.(png|jpe?g|tiff?)$/i;

/** Why a file is refused before it is sent, or "". @param {string[]} endings With their dots. */
export function refusal({ name, size }, endings, largest) {
  const ending = name.includes(".") ? name.slice(name.lastIndexOf(".")).toLowerCase() : "";
  if (endings.length && !endings.includes(ending)) {
    const what = ending ? `${name} can’t be compared: it is a ${ending.slice(1).toUpperCase()} file` : `${name} has no ending that says what it is`;
    return `${what}. Choose a picture or PDF, such as PNG, JPEG, WebP, TIFF or HEIC.`;
  }
  if (size === 0) return `${name} is empty: choose another file.`;
  const most = isReview({ name }) ? 2.5 * largest : largest;
  if (size > most) {
    const limit = Math.round(most / 2 ** 20);
    const further = READ_IN_BANDS.test(name) ? ", or compare it with the command imgdiff and imgdiff-app[large]" : "";
    return `${name} has ${Math.ceil(size / 2 ** 20)} MB, but at most ${limit} MB can be compared here: save it smaller or as JPEG${further}.`;
  }
  return "";
}
