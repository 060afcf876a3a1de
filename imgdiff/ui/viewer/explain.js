/** What is said of the pictures beside them: what is hatched, how they were laid, what is seen. */

import { isHatched } from "./scene.js";
import { alternativeText } from "./words.js";

/** Bring the legend and the text alternative up to date. */
export function explain(find, { isResult, payload }, scene, places) {
  const hatched = isHatched(scene);
  find(".legend").hidden = !isResult || !(payload.note || hatched);
  find(".lacking").textContent = hatched ? "not in this picture" : "";
  find(".nothing").hidden = !hatched;
  find(".legend .laid").textContent = payload.note ?? "";
  find(".alternative").textContent = isResult ? alternativeText(payload.headline ?? "", places) : "";
}
