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

/** The name of the open tab, if the tabs are there. */
export function openTab() {
  return document.querySelector(".st-key-view [role=tab][aria-selected=true]")?.textContent.trim();
}

/** The area threshold where the slider stands, dragged or at rest; undefined without a slider. */
export function areaThreshold() {
  const input = document.querySelector(".st-key-min_area input[type=range]");
  return input ? Number(input.getAttribute("aria-valuetext") ?? input.value) : undefined;
}

/**
 * Tell when a tab is opened or the slider is dragged, before the server hears of it.
 *
 * @returns {() => void} Stop watching.
 */
export function watchPage({ onTab, onThreshold }) {
  const observer = new MutationObserver((mutations) => {
    const changed = new Set(mutations.map((mutation) => mutation.attributeName));
    if (changed.has("aria-selected")) onTab();
    if (changed.has("aria-valuetext")) onThreshold();
  });
  observer.observe(document.body, {
    subtree: true,
    attributes: true,
    attributeFilter: ["aria-selected", "aria-valuetext"],
  });
  return () => observer.disconnect();
}

/** Say on the page itself whether pictures are shown, for the style sheet to know. */
export function markBusy(busy) {
  document.documentElement.classList.toggle("imgdiff-pending", busy);
}
