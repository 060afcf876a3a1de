/** The line between before and after: dragged, or put back in the middle by a double click. */

import { pointIn } from "./gestures.js";

/**
 * @param {HTMLElement} handle
 * @param {HTMLElement} pane
 * @param {(share: number) => void} onShare The line's place: 0 at the left edge or the top, 1 at
 *   the right or the bottom.
 */
export function listenToDivider(handle, pane, onShare) {
  const move = (event) => {
    const { x, y } = pointIn(pane, event);
    onShare(handle.classList.contains("down") ? y / pane.clientHeight : x / pane.clientWidth);
  };
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => event.buttons && move(event));
  handle.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      pane.dispatchEvent(new WheelEvent("wheel", event)); // it zooms there too
    },
    { passive: false },
  );
  handle.addEventListener("dblclick", () => onShare(0.5));
}

/** Show the line at its place. */
export function placeDivider(handle, share, isShown, isDown) {
  handle.hidden = !isShown;
  handle.classList.toggle("down", isDown);
  handle.style.left = isDown ? "" : `${100 * share}%`;
  handle.style.top = isDown ? `${100 * share}%` : "";
  handle.setAttribute("aria-orientation", isDown ? "vertical" : "horizontal");
  handle.setAttribute("aria-valuenow", Math.round(100 * share));
}
