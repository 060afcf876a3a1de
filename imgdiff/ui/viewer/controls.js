/** Buttons and keys: what each is called and what it does. */

import { ARROWS } from "./ignoring.js";
import { isTaken } from "./page.js";

/** The ways to compare two pictures in the tab Compare. */
export const LOOKS = { swipe: "Swipe", side: "Side by side", fade: "Fade", blink: "Blink" };

const PAN_STEP = 60;
const ZOOM_STEP = 1.5;

/** What the viewer can be told, by name. */
export function actionsOf(viewer) {
  const { looking, marks, matching, tools } = viewer;
  return {
    in: () => looking.zoom(ZOOM_STEP),
    out: () => looking.zoom(1 / ZOOM_STEP),
    fit: () => looking.fit(),
    across: () => looking.fitAcross(),
    actual: () => looking.zoomTo(1),
    next: () => marks.step(1),
    previous: () => marks.step(-1),
    boxes: () => marks.toggleBoxes(),
    faint: () => marks.toggleFaint(),
    ignore: () => marks.toggleDrawing(),
    only: () => marks.toggleDrawing(true),
    undo: () => (matching.isOn ? matching.takeBack() : marks.reviewing.undo()),
    match: () => matching.begin(),
    "match-done": () => matching.finish(),
    "match-back": () => matching.takeBack(),
    "match-cancel": () => matching.leave(),
    "match-forget": () => matching.forget(),
    meant: () => marks.reviewing.judge("meant"),
    "not-meant": () => marks.reviewing.judge("not meant"),
    note: () => marks.reviewing.write(),
    "copy-picture": () => marks.passingOn.copyPicture(),
    "copy-text": () => marks.passingOn.copyText(),
    share: () => marks.passingOn.share(),
    "meant-whole": () => marks.reviewing.judgeWhole("meant"),
    "not-meant-whole": () => marks.reviewing.judgeWhole("not meant"),
    pause: () => viewer.blend.blinker.toggle(),
    blink: () => viewer.blinkOnce(),
    inspect: () => viewer.inspectMiddle(),
    full: () => viewer.toggleFullScreen(),
    keys: () => tools.toggleKeys(),
    more: () => tools.toggleMenu(),
    sheet: () => tools.toggleSheet(),
    loupe: () => tools.toggleLoupe(),
    ruler: () => tools.toggleRuler(),
    turn: () => viewer.turnDivider(),
    stretch: () => viewer.send({ do: "stretch" }),
    leave: () => viewer.leave(),
    place: () => viewer.ignoring.addInView(viewer.stage.size),
    "next-action": () => viewer.takeNextAction(),
  };
}

/** Key, action and what to call it in the list of keys. */
const KEYS = [
  [["n", "N"], "next", "N", "next change"],
  [["p", "P"], "previous", "P", "previous change"],
  [["a", "A"], "meant", "A", "this change was meant"],
  [["d", "D"], "not-meant", "D", "this change was not meant"],
  [["c", "C"], "note", "C", "note on this change"],
  [["b", "B", " "], "blink", "Space, B", "flip: switch before and after"],
  [["+", "="], "in", "+", "zoom in"],
  [["-", "_"], "out", "−", "zoom out"],
  [["0"], "fit", "0", "whole picture"],
  [["w", "W"], "across", "W", "fit the width"],
  [["1"], "actual", "1", "100 %"],
  [["x", "X"], "boxes", "X", "boxes on or off"],
  [["m", "M"], "", "hold M", "loupe"],
  [["v", "V"], "turn", "V", "swipe up and down, or across"],
  [["l", "L"], "ruler", "L", "ruler"],
  [["i", "I"], "inspect", "I", "colours in the middle"],
  [["r", "R"], "ignore", "R, then Enter", "ignore an area"],
  [["f", "F"], "full", "F", "full screen"],
  [["?"], "keys", "?", "this list"],
  [["Escape"], "leave", "Esc", "leave"],
];

/** With Shift, the pair as a whole is judged. */
const WHOLE_PAIR = { a: "meant-whole", d: "not-meant-whole" };

/** Build the choice of looks and the list of keys, and let buttons and keys act. */
export function listenForControls(section, viewer) {
  const actions = actionsOf(viewer);
  section.querySelector(".looks").append(...lookButtons(section.ownerDocument, viewer));
  section.querySelector("dl.keys").append(...keyList(section.ownerDocument));
  section.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    const name = button?.dataset.do;
    if (button?.closest(".menu")) viewer.tools.toggleMenu(false);
    if (name) actions[name]();
    if (button?.dataset.nudge) viewer.nudging.move(...button.dataset.nudge.split(",").map(Number));
  });
  section.addEventListener("keydown", (event) => {
    if (obey(event, viewer, actions)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  return listenToPage(section, viewer, actions);
}

/** Keys pressed anywhere on the page, unless somebody types or moves through a widget. */
function listenToPage(section, viewer, actions) {
  const stop = new AbortController();
  const listen = (type, listener) => addEventListener(type, listener, { capture: true, signal: stop.signal });
  listen("keydown", (event) => {
    const isInside = event.composedPath().includes(section);
    const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (section.hidden || isTaken(event)) return;
    if (event.key.toLowerCase() === "m" && !isUndo) viewer.tools.holdLoupe(true);
    if (!isUndo && (isInside || !obeyKey(event, actions))) return;
    if (isUndo) actions.undo();
    event.preventDefault();
    event.stopPropagation();
  });
  listen("keyup", (event) => event.key.toLowerCase() === "m" && viewer.tools.holdLoupe(false));
  return () => stop.abort();
}

/** Do what a key means wherever it was pressed; whether it meant something. */
function obeyKey({ key, ctrlKey, metaKey, altKey, shiftKey }, actions) {
  if (ctrlKey || metaKey || altKey) return false;
  const whole = shiftKey && WHOLE_PAIR[key.toLowerCase()];
  const [, action] = whole ? [[], whole] : (KEYS.find(([keys]) => keys.includes(key)) ?? []);
  if (action) actions[action]();
  return Boolean(action);
}

/** Do what a key means where it was pressed; whether it meant something. */
function obey(event, viewer, actions) {
  const { key, target, shiftKey } = event;
  if (event.ctrlKey || event.metaKey || event.defaultPrevented || target.matches("input, select, textarea")) return false;
  if (target.dataset.area !== undefined && viewer.ignoring.key(event, Number(target.dataset.area))) {
    return true;
  }
  if (viewer.matching.key(event)) return true;
  const arrow = ARROWS[key];
  if (arrow) return obeyArrow(arrow, target, shiftKey, viewer);
  if (key === "Enter" && viewer.ignoring.drawing && target.closest(".pane")) {
    actions.place();
    return true;
  }
  if (key === "Enter" && viewer.matching.isOn && target.matches(".pane")) {
    viewer.matching.placeInMiddle(target);
    return true;
  }
  if (key === " " && target.closest("button")) return false;
  return obeyKey(event, actions);
}

/** Arrows move the divider, the choice of look, the picture after, or the view. */
function obeyArrow([dx, dy], target, shiftKey, viewer) {
  if (target.matches(".handle")) {
    const { blend } = viewer;
    const along = blend.isDown ? dx + dy : dx - dy;
    blend.setShare(blend.share + along * (shiftKey ? 0.1 : 0.02));
  } else if (target.getAttribute("role") === "radio") {
    const buttons = [...target.parentElement.children];
    const next = buttons.indexOf(target) + (dx || dy) + buttons.length;
    buttons[next % buttons.length].click();
    target.parentElement.querySelector("[aria-checked=true]").focus();
  } else if (target.closest(".nudge")) {
    const step = shiftKey ? 0.1 : 1;
    viewer.nudging.move(dx * step, dy * step);
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
  const rows = [
    ["Arrows", "move the picture"],
    ["Ctrl Z", "undo"],
    ["Shift A, D", "the pair as a whole was meant, or not"],
    ...KEYS.map(([, , name, meaning]) => [name, meaning]),
  ];
  return rows.flatMap(([name, meaning]) => {
    const [term, text] = ["dt", "dd"].map((tag) => document.createElement(tag));
    term.textContent = name;
    text.textContent = meaning;
    return [term, text];
  });
}
