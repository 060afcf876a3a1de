/** Buttons and keys: what each is called and what it does. */

import { ARROWS } from "./ignoring.js";

/** The ways to compare two pictures in the tab Compare. */
export const LOOKS = { swipe: "Swipe", side: "Side by side", fade: "Fade", blink: "Blink" };

const PAN_STEP = 60;
const ZOOM_STEP = 1.5;

/** What the viewer can be told, by name. */
export function actionsOf(viewer) {
  return {
    in: () => viewer.looking.zoom(ZOOM_STEP),
    out: () => viewer.looking.zoom(1 / ZOOM_STEP),
    fit: () => viewer.looking.fit(),
    actual: () => viewer.looking.zoomTo(1),
    next: () => viewer.marks.step(1),
    previous: () => viewer.marks.step(-1),
    boxes: () => viewer.marks.toggleBoxes(),
    ignore: () => viewer.marks.toggleDrawing(),
    pause: () => viewer.blinker.toggle(),
    blink: () => viewer.blinkOnce(),
    inspect: () => viewer.inspectMiddle(),
    full: () => viewer.toggleFullScreen(),
    keys: () => viewer.toggleKeys(),
    stretch: () => viewer.send({ do: "stretch" }),
    leave: () => viewer.leave(),
    place: () => viewer.ignoring.addInView(viewer.stage.size),
  };
}

/** Key, action and what to call it in the list of keys. */
const KEYS = [
  [["n", "N"], "next", "N", "next change"],
  [["p", "P"], "previous", "P", "previous change"],
  [["+", "="], "in", "+", "zoom in"],
  [["-", "_"], "out", "−", "zoom out"],
  [["0"], "fit", "0", "whole picture"],
  [["1"], "actual", "1", "100 %"],
  [["b", "B"], "blink", "B", "blink: switch before and after"],
  [["x", "X"], "boxes", "X", "boxes on or off"],
  [["i", "I"], "inspect", "I", "colours in the middle"],
  [["r", "R"], "ignore", "R, then Enter", "ignore an area"],
  [["f", "F"], "full", "F", "full screen"],
  [["?"], "keys", "?", "this list"],
  [["Escape"], "leave", "Esc", "leave"],
];

/** Build the choice of looks and the list of keys, and let buttons and keys act. */
export function listenForControls(section, viewer) {
  const actions = actionsOf(viewer);
  section.querySelector(".looks").append(...lookButtons(section.ownerDocument, viewer));
  section.querySelector("dl.keys").append(...keyList(section.ownerDocument));
  section.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.do) actions[button.dataset.do]();
    if (button?.dataset.nudge) viewer.nudge(...button.dataset.nudge.split(",").map(Number));
  });
  section.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (obey(event, viewer, actions)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
}

/** Do what a key means where it was pressed; whether it meant something. */
function obey(event, viewer, actions) {
  const { key, target, shiftKey } = event;
  if (target.matches("input")) return false;
  if (target.dataset.area !== undefined && viewer.ignoring.key(event, Number(target.dataset.area))) {
    return true;
  }
  const arrow = ARROWS[key];
  if (arrow) return obeyArrow(arrow, target, shiftKey, viewer);
  if (key === "Enter" && viewer.ignoring.drawing && target.closest(".pane")) {
    actions.place();
    return true;
  }
  const [, action] = KEYS.find(([keys]) => keys.includes(key)) ?? [];
  if (action) actions[action]();
  return Boolean(action);
}

/** Arrows move the divider, the choice of look, the picture after, or the view. */
function obeyArrow([dx, dy], target, shiftKey, viewer) {
  if (target.matches(".handle")) {
    viewer.setShare(viewer.share + (dx - dy) * (shiftKey ? 0.1 : 0.02));
  } else if (target.dataset.look) {
    const names = Object.keys(LOOKS);
    const next = names.indexOf(target.dataset.look) + (dx || dy) + names.length;
    viewer.setLook(names[next % names.length]);
    target.parentElement.querySelector("[aria-checked=true]").focus();
  } else if (target.closest(".nudge")) {
    const step = shiftKey ? 0.1 : 1;
    viewer.nudge(dx * step, dy * step);
  } else if (target.closest(".pane")) {
    const step = PAN_STEP * (shiftKey ? 4 : 1);
    viewer.looking.pan(-dx * step, -dy * step);
  } else {
    return false;
  }
  return true;
}

/** One radio button for each look. */
function lookButtons(document, viewer) {
  return Object.entries(LOOKS).map(([look, title]) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: title, onclick: () => viewer.setLook(look) });
    button.setAttribute("role", "radio");
    button.dataset.look = look;
    return button;
  });
}

/** The keys and what they do. */
function keyList(document) {
  const rows = [["Arrows", "move the picture"], ...KEYS.map(([, , name, meaning]) => [name, meaning])];
  return rows.flatMap(([name, meaning]) => {
    const [term, text] = ["dt", "dd"].map((tag) => document.createElement(tag));
    term.textContent = name;
    text.textContent = meaning;
    return [term, text];
  });
}
