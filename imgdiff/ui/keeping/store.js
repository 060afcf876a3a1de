/**
 * What the browser keeps on its own computer: comparisons, and the files that they are of.
 *
 * @typedef {{id: string, order: number, pair: string, text: string, verdict: string, time: number,
 *            names: string[], files: string[], thumbs: Blob[]}} Kept
 */

const NAME = "imgdiff";
const MOST = 12;

/** Whether a record is one that this page can show and open: anything may lie in a store. */
export function isWhole(kept) {
  const isText = (value) => typeof value === "string";
  const isList = (value, count) => Array.isArray(value) && value.length === count;
  if (![kept?.id, kept?.text, kept?.verdict].every(isText)) return false;
  if (!isList(kept.names, 2) || !isList(kept.files, 2) || !isList(kept.thumbs, 2)) return false;
  try {
    return Array.isArray(JSON.parse(kept.text).judgements) && [...kept.names, ...kept.files].every(isText);
  } catch {
    return false;
  }
}

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });

const ended = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });

/** The store of this browser; every promise is rejected where there is none. */
export class Store {
  /** Open it anew for each use: another tab may have emptied it. */
  async #open(mode) {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("comparisons", { keyPath: "id" });
      opening.result.createObjectStore("files");
    };
    const database = await asked(opening);
    database.onversionchange = () => database.close(); // another tab forgets all
    const transaction = database.transaction(["comparisons", "files"], mode);
    transaction.addEventListener("complete", () => database.close());
    transaction.addEventListener("abort", () => database.close());
    const [comparisons, files] = ["comparisons", "files"].map((name) => transaction.objectStore(name));
    return { transaction, comparisons, files };
  }

  /** All that is kept, the last first; what is damaged is let go. @returns {Promise<Kept[]>} */
  async list() {
    const { comparisons } = await this.#open("readonly");
    const found = await asked(comparisons.getAll());
    const damaged = found.filter((kept) => !isWhole(kept));
    for (const { id } of damaged) await this.remove(id);
    return found.filter(isWhole).sort((one, other) => other.order - one.order);
  }

  /**
   * Keep a comparison as the last; the oldest make room.
   *
   * @param {Record<string, Blob>} blobs Files that weren't there a moment ago.
   * @returns {Promise<boolean>} Whether it's kept; not if another tab has removed a file meanwhile.
   */
  async keep(kept, blobs) {
    for (let most = MOST; ; most = Math.floor(most / 2)) {
      try {
        return await this.#keep(kept, blobs, most);
      } catch (error) {
        if (error?.name !== "QuotaExceededError" || most <= 1) throw error;
      }
    }
  }

  async #keep(kept, blobs, most) {
    const { transaction, comparisons, files } = await this.#open("readwrite");
    for (const sha of kept.files) if (!(sha in blobs) && !(await asked(files.count(sha)))) return false;
    const others = (await asked(comparisons.getAll())).filter((one) => one.id !== kept.id && isWhole(one));
    others.sort((one, other) => other.order - one.order);
    for (const { id } of others.splice(most - 1)) comparisons.delete(id);
    // Counted, not timed: clocks go wrong.
    comparisons.put({ ...kept, order: 1 + Math.max(0, ...others.map(({ order }) => order || 0)) });
    for (const [sha, blob] of Object.entries(blobs)) files.put(blob, sha);
    await this.#sweep(files, [kept, ...others]);
    await ended(transaction);
    return true;
  }

  /** A comparison with its files, or undefined. */
  async read(id) {
    const { comparisons, files } = await this.#open("readonly");
    const kept = await asked(comparisons.get(id));
    if (!isWhole(kept)) return undefined;
    const blobs = await Promise.all(kept.files.map((sha) => asked(files.get(sha))));
    return { ...kept, blobs };
  }

  /** Whether a file is there already. */
  async has(sha) {
    const { files } = await this.#open("readonly");
    return (await asked(files.count(sha))) > 0;
  }

  async remove(id) {
    const { transaction, comparisons, files } = await this.#open("readwrite");
    comparisons.delete(id);
    await this.#sweep(files, (await asked(comparisons.getAll())).filter(isWhole));
    await ended(transaction);
  }

  /** Keep nothing any longer. */
  async forget() {
    await asked(indexedDB.deleteDatabase(NAME));
  }

  /** Let go of files that no comparison is of. */
  async #sweep(files, comparisons) {
    const wanted = new Set(comparisons.flatMap((kept) => kept.files));
    for (const sha of await asked(files.getAllKeys())) if (!wanted.has(sha)) files.delete(sha);
  }
}
