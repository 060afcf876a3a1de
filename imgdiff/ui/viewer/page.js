/** What the viewer knows of the page around it: the one place that reads Streamlit's elements. */

const UPLOADERS = { before: ".st-key-before", after: ".st-key-after", both: ".st-key-dropped" };

/** The uploader that an element belongs to: "before", "after", "both" or undefined. */
export function sideOf(element) {
  return Object.keys(UPLOADERS).find((side) => element?.closest?.(UPLOADERS[side]));
}

/** The input of the uploader that takes both pictures at once. */
export function droppedInput() {
  return document.querySelector(`${UPLOADERS.both} input[type=file]`);
}

/** Which of the tabs is open, by the names in their order (a browser may translate what they say). */
export function openTab(names = []) {
  const tabs = [...document.querySelectorAll(".st-key-view [role=tab]")];
  return names[tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true")];
}

/** The area threshold where the slider stands, dragged or at rest; undefined without a slider. */
export function areaThreshold() {
  const input = document.querySelector(".st-key-min_area input[type=range]");
  return input ? Number(input.getAttribute("aria-valuetext") ?? input.value) : undefined;
}

/**
 * Tell when a tab is opened or the slider is dragged, before the server hears of it; and when the
 * server tells what it has seen so far.
 *
 * @returns {() => void} Stop watching.
 */
export function watchPage({ onTab, onThreshold, onFirstLook }) {
  let look;
  const observer = new MutationObserver((mutations) => {
    const changed = new Set(mutations.map((mutation) => mutation.attributeName));
    if (changed.has("aria-selected")) onTab();
    if (changed.has("aria-valuetext")) onThreshold();
    const told = document.querySelector(".st-key-first_look .stText")?.textContent;
    if (told && told !== look) onFirstLook(JSON.parse(told));
    look = told || look;
  });
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["aria-selected", "aria-valuetext"],
  });
  return () => observer.disconnect();
}

/** Whether a key belongs to what has the focus: somebody types, or moves through a widget. */
export function isTaken(event) {
  const [target] = event.composedPath();
  if (event.isComposing || event.defaultPrevented || !target?.matches) return true;
  if (target.matches("textarea, select, [contenteditable=true], [role=combobox], [role=dialog] *")) return true;
  if (target.matches("input:not([type=range], [type=checkbox], [type=radio], [type=button])")) return true;
  const isWidget = target.matches("button, a, input, summary, [role=tab], [role=slider], [role=option]");
  return isWidget && ["Enter", " ", "Escape"].includes(event.key) && !target.closest(".viewer");
}

/** What the page says of the comparison that is under way; "" if it says nothing. */
export function sayOfPage() {
  return document.querySelector(".st-key-verdict .stSpinner p")?.textContent ?? "";
}

/** Let the user choose another file for a side. */
export function chooseFor(side) {
  document.querySelector(`${UPLOADERS[side]} input[type=file]`)?.click();
}

/** Go on to a document's next page that differs, or back; whether there is one. */
export function turnPage(by) {
  return !document.dispatchEvent(new CustomEvent("imgdiff-turn", { detail: by, cancelable: true }));
}

/** Whether the page is being run; false if it has come to its end or was stopped. */
export function isRunning() {
  const state = document.querySelector("[data-test-script-state]")?.dataset.testScriptState;
  return state !== "notRunning";
}

/** Give what is to be seen all the window's height below what stands above it. */
export function heightLeft(element) {
  const main = document.querySelector("[data-testid=stMain]") ?? document.scrollingElement;
  return innerHeight - element.getBoundingClientRect().top - main.scrollTop;
}

/** What holds all of the page, one below the other. */
export function pageColumn() {
  return document.querySelector("[data-testid=stMainBlockContainer] > *");
}

/** Endings of the files that the uploaders take, with their dots. */
export function endingsTaken() {
  return (document.querySelector(`${UPLOADERS.before} input[type=file]`)?.accept ?? "").split(",").filter((ending) => ending.startsWith("."));
}

/** Take those who skip what stands above the pictures to them. */
export function listenForSkip(onSkip) {
  const listener = (event) => {
    if (!event.target.closest?.(".imgdiff-skip")) return;
    event.preventDefault();
    onSkip();
  };
  document.addEventListener("click", listener);
  return () => document.removeEventListener("click", listener);
}

/** Let the page show both pictures small, beside their names. */
export function showThumbs(addresses) {
  for (const side of ["before", "after"]) {
    const image = addresses[side] ? `url("${addresses[side]}")` : "linear-gradient(#ddd, #ddd)";
    document.documentElement.style.setProperty(`--imgdiff-${side}`, image);
  }
}

/**
 * Say on the page itself how far it is, for the style sheet to know: `begun` with a picture and no
 * answer yet, `pending` with both, `shown` with the answer.
 */
export function markStage({ begun = false, pending = false, shown = false } = {}) {
  for (const [name, holds] of Object.entries({ begun, pending, shown })) {
    document.documentElement.classList.toggle(`imgdiff-${name}`, holds);
  }
}
