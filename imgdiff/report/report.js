// Swipe, blink, fade and zoom for each pair of pictures. Without this script, both stand side by
// side, and everything else is the same.

const MODES = { side: "Side by side", swipe: "Swipe", blink: "Blink", fade: "Fade" };
// Below three flashes a second, which may harm (WCAG 2.3.1).
const BLINK_MS = 900;

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function slider(label, properties, onInput) {
  const input = element("input", { type: "range", ...properties });
  input.addEventListener("input", () => onInput(Number(input.value)));
  return element("label", {}, label, input);
}

function furnish(stage) {
  const tools = stage.querySelector(".tools");
  const scrolls = [...stage.querySelectorAll(".scroll")];
  let timer = 0;

  const position = slider("Position", { min: 0, max: 100, value: 50 }, divide);
  const zoom = slider("Zoom", { min: 1, max: 8, step: 0.25, value: 1 }, (value) => {
    const [x, y] = centre(scrolls[0]);
    stage.style.setProperty("--zoom", value);
    stage.classList.toggle("zoomed", value > 1);
    for (const scroll of scrolls) {
      scroll.scrollLeft = x * scroll.scrollWidth - scroll.clientWidth / 2;
      scroll.scrollTop = y * scroll.scrollHeight - scroll.clientHeight / 2;
    }
  });
  const boxes = element("button", { type: "button", textContent: "Boxes" });
  boxes.setAttribute("aria-pressed", "true");
  boxes.addEventListener("click", () => {
    boxes.setAttribute("aria-pressed", String(!stage.classList.toggle("bare")));
  });

  const buttons = Object.entries(MODES).map(([mode, title]) => {
    const button = element("button", { type: "button", textContent: title });
    button.dataset.mode = mode;
    button.addEventListener("click", () => choose(mode));
    return button;
  });

  function choose(mode) {
    clearInterval(timer);
    stage.dataset.mode = mode;
    stage.dataset.show = "after";
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }
    position.hidden = mode !== "swipe" && mode !== "fade";
    position.style.display = position.hidden ? "none" : "";
    if (mode === "blink") {
      timer = setInterval(() => {
        stage.dataset.show = stage.dataset.show === "after" ? "before" : "after";
      }, BLINK_MS);
    }
  }

  function divide(value) {
    stage.style.setProperty("--at", `${value}%`);
    stage.style.setProperty("--share", value / 100);
  }

  /** A drag moves what is zoomed, and else the divider. */
  function drag(scroll, event) {
    if (stage.classList.contains("zoomed")) {
      // A finger scrolls by itself.
      if (event.pointerType === "mouse") scroll.scrollBy(-event.movementX, -event.movementY);
    } else if (stage.dataset.mode === "swipe") {
      const { left, width } = scroll.getBoundingClientRect();
      const value = Math.min(100, Math.max(0, (100 * (event.clientX - left)) / width));
      position.lastChild.value = value;
      divide(value);
    }
  }

  for (const scroll of scrolls) {
    scroll.addEventListener("dragstart", (event) => event.preventDefault());
    scroll.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("a")) scroll.setPointerCapture(event.pointerId);
    });
    scroll.addEventListener("pointermove", (event) => {
      if (scroll.hasPointerCapture(event.pointerId)) drag(scroll, event);
    });
    scroll.addEventListener("scroll", () => {
      for (const other of scrolls) {
        other.scrollTo(scroll.scrollLeft, scroll.scrollTop);
      }
    });
  }
  tools.append(...buttons, position, zoom, boxes);
  tools.hidden = false;
  choose("side");
}

function centre(scroll) {
  return [
    (scroll.scrollLeft + scroll.clientWidth / 2) / scroll.scrollWidth,
    (scroll.scrollTop + scroll.clientHeight / 2) / scroll.scrollHeight,
  ];
}

document.querySelectorAll(".stage").forEach(furnish);
