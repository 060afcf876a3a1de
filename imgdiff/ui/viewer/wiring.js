/** What is done on the page and on the pictures, and what the viewer does then. */

import { listenForControls } from "./controls.js";
import { keepOnly, listenForFiles } from "./files.js";
import { listenForGestures } from "./gestures.js";
import { listenForSkip, markStage, watchPage } from "./page.js";

/** Let a viewer hear of all that concerns it. @returns {() => void} Stop. */
export function wire(viewer) {
  const { find, marks, sources, stage } = viewer;
  for (const pane of stage.panes) listenForGestures(pane, gesturesOf(viewer, pane));
  find(".fill").oninput = ({ target }) =>
    viewer.section.style.setProperty("--fill", target.value / 100);
  const stops = [
    listenForControls(viewer.section, viewer),
    listenForFiles({
      payload: () => sources.payload,
      onCopy: (copy) => viewer.take(copy),
      onRefused: (why, side) => viewer.refusal.tell(why, side),
      onHover: (hovers) => (find(".drop").hidden = !hovers),
    }),
    watchPage({
      onTab: () => viewer.turnToTab(),
      onThreshold: () => marks.previewThreshold(),
      onFirstLook: (look) => viewer.glimpse(look),
    }),
    listenForSkip(() => (viewer.section.hidden ? find(".drop") : stage.panes[0]).focus()),
    () => viewer.shape.destroy(),
    () => viewer.progress.destroy(),
    () => marks.cards.destroy(),
    () => viewer.blend.blinker.run(false),
    () => markStage(),
    () => keepOnly(new Set()),
  ];
  return () => stops.forEach((stop) => stop());
}

/** Where drags, clicks and wheels on a pane lead. */
function gesturesOf(viewer, pane) {
  const { inspector, looking, marks, matching, tools } = viewer;
  return {
    pan: (dx, dy) => tools.loupeStays || looking.pan(dx, dy),
    zoom: (factor, point) => looking.zoom(factor, point),
    grab: (event, point) =>
      tools.ruler.isOn
        ? tools.ruler.grab(point)
        : (matching.grab(event.composedPath()[0], point) ?? marks.grab(event.composedPath()[0], point)),
    hover: (point) => {
      tools.look(point);
      if (!inspector.frozen) viewer.inspect(point);
    },
    click: (pressed, point) => {
      const box = pressed.find((node) => node.dataset?.index);
      if (matching.isOn) matching.place(pane, point);
      else if (box) marks.go(Number(box.dataset.index));
      else viewer.hold(point);
      pane.focus({ preventScroll: true });
    },
  };
}
