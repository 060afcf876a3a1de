"use strict";
// Judging in the report itself: each change and the pair are meant or not, with notes. The report is
// saved anew with all of it inside, or a review file that imgdiff and its page go on with. Without
// this script, what was said before stands there all the same.

const INTENTS = { meant: "✓ Meant", "not meant": "✗ Not meant" };
const OPINIONS = { meant: "Meant", "not meant": "Not meant", conflict: "In conflict", "": "Note" };
const NAME = "imgdiff-reviewer";
// The file as it came: what is saved has none of what scripts add.
const pristine = document.documentElement.outerHTML;
const articles = [...document.querySelectorAll("article")].filter(blockOf);
const reviews = articles.map((article) => JSON.parse(blockOf(article).textContent));
let reviewer = keptName();
let isSaved = true;

function blockOf(article) {
  return article.querySelector("script.facts");
}

function cardsOf(article) {
  return [...article.querySelectorAll(".cards > li")];
}

function keptName() {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

/** What is said of a place; of the pair as a whole without one. */
function saidOf(review, box) {
  return review.judgements.filter((one) => String(one.box ?? "") === String(box ?? ""));
}

function opinionOf(said) {
  const intents = new Set(said.map(({ intent }) => intent).filter(Boolean));
  return intents.size > 1 ? "conflict" : [...intents][0] ?? "";
}

function words(said) {
  return said.map(({ intent = "", by, note, pin }) => {
    const what = OPINIONS[intent] + (by ? ` (${by})` : "");
    const flat = (note ?? "").trim().replace(/\s+/g, " ");
    return flat ? `${what}: ${flat}${pin ? ` [at ${pin.join(", ")}]` : ""}` : what;
  }).join("; ");
}

/** Say something of a place: it settles what others said, whose notes stay. */
function say(index, box, change) {
  const review = reviews[index];
  const before = saidOf(review, box);
  const own = before.find(({ by = "" }) => by === reviewer) ?? {};
  const others = before.filter((one) => one.note && one !== own).map(({ intent, ...rest }) => rest);
  const now = { ...own, ...change, at: `${new Date().toISOString().slice(0, 19)}Z` };
  if (box) now.box = box;
  if (reviewer) now.by = reviewer;
  if (review.pages) now.pages = review.pages;
  review.judgements = [...review.judgements.filter((one) => !before.includes(one)), ...others, ...(now.intent || now.note ? [now] : [])];
  isSaved = false;
  paint(articles[index], review);
}

/** Write into an article what is said: in the open page, and in the file that is saved. */
function paint(article, review) {
  const all = review.boxes.map((box) => saidOf(review, box));
  cardsOf(article).forEach((card, index) => {
    card.querySelector(".said")?.remove();
    const className = `said ${opinionOf(all[index]).replace(" ", "-") || "open"}`;
    const line = Object.assign(card.ownerDocument.createElement("p"), { className, textContent: words(all[index]) });
    if (all[index].length) card.querySelector("h3 + p").after(line);
    press(card, all[index]);
  });
  const count = (wanted) => all.map(opinionOf).filter((opinion) => opinion === wanted).length;
  const counted = ["meant", "not meant", "conflict"].map((one) => [count(one), OPINIONS[one].toLowerCase()]).filter(([number]) => number);
  const done = count("meant") + count("not meant");
  const whole = saidOf(review);
  const lines = [
    ...(counted.length ? [`${done} of ${review.changes} reviewed: ${counted.map((one) => one.join(" ")).join(", ")}.`] : []),
    ...(whole.length ? [`The pair as a whole: ${words(whole)}`] : []),
  ];
  const told = article.querySelector(".told");
  told.replaceChildren(...lines.map((line) => Object.assign(article.ownerDocument.createElement("p"), { className: "review", textContent: line })));
  press(article.querySelector(".judging"), whole);
}

function press(place, said) {
  const opinion = opinionOf(said);
  for (const button of place?.querySelectorAll("[data-intent]") ?? []) button.setAttribute("aria-pressed", String(button.dataset.intent === opinion));
}

/** Both marks and a note for a place. */
function marks(index, box, name) {
  const own = () => saidOf(reviews[index], box).find(({ by = "" }) => by === reviewer) ?? {};
  const buttons = Object.entries(INTENTS).map(([intent, text]) => {
    const isPressed = () => opinionOf(saidOf(reviews[index], box)) === intent;
    const button = element("button", { type: "button", textContent: text, onclick: () => say(index, box, { intent: isPressed() ? "" : intent }) });
    button.dataset.intent = intent;
    button.setAttribute("aria-label", `${name}: ${OPINIONS[intent].toLowerCase()}`);
    return button;
  });
  const note = element("textarea", { rows: 2, maxLength: 2000, value: own().note ?? "", placeholder: "Why? What is to be done?" });
  note.setAttribute("aria-label", `${name}: note`);
  note.addEventListener("change", () => say(index, box, { note: note.value.trim() }));
  return element("div", { className: "marks" }, ...buttons, element("details", {}, element("summary", { textContent: "Note" }), note));
}

function download(text, name, type) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  isSaved = true;
}

function saveReport() {
  const copy = new DOMParser().parseFromString(pristine, "text/html");
  [...copy.querySelectorAll("article")].filter(blockOf).forEach((article, index) => {
    blockOf(article).textContent = JSON.stringify(reviews[index]).replaceAll("<", "\\u003c");
    paint(article, reviews[index]);
  });
  download(`<!doctype html>\n${copy.documentElement.outerHTML}\n`, `${fileStem()}.report.html`, "text/html");
}

function saveReview() {
  const { pages, changes, boxes, ...first } = reviews[0];
  const whole = { ...first, judgements: reviews.flatMap(({ judgements }) => judgements) };
  download(JSON.stringify(whole, null, 1), `${fileStem()}.review.imgdiff`, "application/json");
}

function fileStem() {
  const { before, after } = reviews[0];
  return [before, after].map(({ name }) => name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_.-]+/gu, "_").slice(0, 40) || "picture").join("–");
}

articles.forEach((article, index) => {
  cardsOf(article).forEach((card, at) => {
    card.querySelector(".crops").before(marks(index, reviews[index].boxes[at], card.querySelector("h3").textContent.replace(/\s+/g, " ")));
  });
  const panel = element("div", { className: "judging" }, element("span", { textContent: "The pair as a whole" }), marks(index, null, "The pair as a whole"));
  article.querySelector(".told").after(panel);
  paint(article, reviews[index]);
});

if (articles.length) {
  const name = element("input", { value: reviewer, maxLength: 60, autocomplete: "name" });
  name.addEventListener("change", () => {
    reviewer = name.value.trim();
    try {
      localStorage.setItem(NAME, reviewer);
    } catch {
      // it holds for as long as the page is open
    }
  });
  const button = (textContent, onclick) => element("button", { type: "button", textContent, onclick });
  const bar = element(
    "div", { className: "saving" }, element("label", {}, "Your name", name),
    button("Save this report", saveReport), button("Save a review file", saveReview),
    element("small", { textContent: "Judgements are in this window alone until you save one of the two." }),
  );
  document.querySelector("main").prepend(bar);
  addEventListener("beforeunload", (event) => isSaved || event.preventDefault());
}
