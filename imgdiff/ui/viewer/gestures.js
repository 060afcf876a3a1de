/** Mouse, pen and fingers on a pane, told apart: pan, pinch, wheel, click, double click, drag. */

const CLICK_SLOP = 4;

/** Where an event is in an element, CSS px. */
export function pointIn(element, event) {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/**
 * @param {HTMLElement} pane
 * @param {{pan: Function, zoom: Function, click: Function, hover: Function,
 *          grab: (event: PointerEvent, point: object) => ((point: object, done: boolean) => void) | null}} does
 *   `grab` may take over a drag from its beginning.
 */
export function listenForGestures(pane, does) {
  const fingers = new Map();
  let travelled = 0;
  let drag = null;
  let pressed = [];

  pane.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const speed = event.ctrlKey ? 0.01 : event.deltaMode ? 0.05 : 0.0015;
      does.zoom(Math.exp(-event.deltaY * speed), pointIn(pane, event));
    },
    { passive: false },
  );
  pane.addEventListener("dblclick", (event) => {
    does.zoom(event.shiftKey ? 0.5 : 2, pointIn(pane, event));
  });
  pane.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const point = pointIn(pane, event);
    pane.setPointerCapture(event.pointerId);
    if (fingers.size === 0) {
      travelled = 0;
      pressed = event.composedPath(); // from here on, the pane captures all
      drag = does.grab(event, point);
    } else if (drag) {
      drag(point, true); // a second finger: this is a pinch
      drag = null;
    }
    fingers.set(event.pointerId, point);
    pane.classList.add("dragging");
  });
  pane.addEventListener("pointermove", (event) => {
    const point = pointIn(pane, event);
    const last = fingers.get(event.pointerId);
    if (!last) {
      does.hover(point);
      return;
    }
    travelled += Math.hypot(point.x - last.x, point.y - last.y);
    fingers.set(event.pointerId, point);
    if (drag) drag(point, false);
    else if (fingers.size === 2) pinch(does, event.pointerId, fingers, last);
    else if (travelled > CLICK_SLOP) does.pan(point.x - last.x, point.y - last.y);
  });
  const end = (event) => {
    const point = fingers.get(event.pointerId); // a cancelled one has no place of its own
    if (!fingers.delete(event.pointerId)) return;
    if (fingers.size === 0) pane.classList.remove("dragging");
    if (drag) drag(point, true);
    else if (event.type === "pointerup" && travelled <= CLICK_SLOP) does.click(pressed, point);
    drag = null;
  };
  pane.addEventListener("pointerup", end);
  pane.addEventListener("pointercancel", end);
  pane.addEventListener("pointerleave", () => does.hover(null));
}

/** Two fingers: zoom by how far they part, around the middle between them; pan with it. */
function pinch(does, moved, fingers, last) {
  const point = fingers.get(moved);
  const [other] = [...fingers].filter(([id]) => id !== moved).map(([, place]) => place);
  const middle = { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 };
  const was = Math.hypot(last.x - other.x, last.y - other.y);
  const is = Math.hypot(point.x - other.x, point.y - other.y);
  does.pan((point.x - last.x) / 2, (point.y - last.y) / 2);
  if (was > 0) does.zoom(is / was, middle);
}
