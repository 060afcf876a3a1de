/** The list of the last comparisons: pictures, verdict, names and time. */

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** When something was, for people: "today, 14:05"; a time to come, by a wrong clock, as a date. */
export function timeText(time, now = Date.now()) {
  const [then, today] = [new Date(time), new Date(now)];
  const clock = then.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
  const isToday = then.toDateString() === today.toDateString();
  if (isToday && time <= now + 60_000) return `today, ${clock}`;
  return `${then.toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric" })}, ${clock}`;
}

/** How far a kept review had come: "2 judgements"; "" if there are none. */
function judgedText(text) {
  const count = JSON.parse(text).judgements.length;
  return count ? ` · ${count} judgement${count === 1 ? "" : "s"}` : "";
}

/** Show what is kept. @param {{open: (id: string) => void, remove: (id: string) => void}} does */
export function showRecent(list, kept, does) {
  for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  list.replaceChildren(...kept.map((one) => card(one, does)));
}

function card({ id, names, verdict, time, text, thumbs }, does) {
  const images = thumbs.map((blob) => (blob ? make("img", { src: URL.createObjectURL(blob), alt: "" }) : make("i")));
  const go = make(
    "button", { type: "button", className: "go", onclick: () => does.open(id) },
    make("span", { className: "pictures" }, ...images),
    make("span", { className: "verdict", textContent: verdict }),
    make("span", { className: "names", textContent: names.join(" → ") }),
    make("span", { className: "time", textContent: `${timeText(time)}${judgedText(text)}` }),
  );
  const forget = make("button", { type: "button", className: "forget", textContent: "Forget", onclick: () => does.remove(id) });
  forget.setAttribute("aria-label", `Forget ${names.join(" and ")}`);
  return make("li", {}, go, forget);
}
