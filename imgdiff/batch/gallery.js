// Filter, search, sort and judge; without this script the page shows everything, most changed first.
const list = document.getElementById("cards");
const ranked = [...list.children];
const named = [...ranked].sort((a, b) =>
  a.dataset.name.localeCompare(b.dataset.name, undefined, { numeric: true })
);
const controls = document.getElementById("controls");
const search = document.getElementById("search");
const sort = document.getElementById("sort");
const shown = document.getElementById("shown");

function show() {
  const status = controls.elements.status.value;
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const card of ranked) {
    const name = card.dataset.name.toLowerCase();
    const fits =
      (status === "all" || card.dataset.status === status) &&
      words.every((word) => name.includes(word));
    card.hidden = !fits;
    count += fits;
  }
  shown.textContent = count === ranked.length ? "" : `${count} of ${ranked.length} shown`;
}

controls.hidden = false;
controls.addEventListener("submit", (event) => event.preventDefault());
controls.addEventListener("input", show);
sort.addEventListener("change", () => list.append(...(sort.value ? named : ranked)));
show();

// Judgements stay in this browser until they are saved: a list of what was meant, for
// imgdiff accept BEFORE AFTER --results accepted.jsonl.
const KEY = `imgdiff ${location.pathname}`;
const INTENTS = { meant: "✓ Meant", "not meant": "✗ Not meant" };
const save = document.getElementById("save");
const judged = { ...given(), ...kept() };

/** What was judged when this page was made; what is judged here comes later. */
function given() {
  const said = ranked.filter((card) => card.dataset.judgement in INTENTS);
  return Object.fromEntries(said.map((card) => [card.dataset.name, card.dataset.judgement]));
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function mark(card) {
  const said = judged[card.dataset.name];
  for (const button of card.querySelectorAll(".marks button")) {
    button.setAttribute("aria-pressed", String(button.dataset.intent === said));
  }
  const count = Object.values(judged).filter((intent) => intent === "meant").length;
  save.hidden = count === 0;
  save.textContent = `Save the accept list (${count} meant)`;
}

function judge(card, intent) {
  const { name } = card.dataset;
  judged[name] = judged[name] === intent ? "" : intent;
  mark(card);
  try {
    localStorage.setItem(KEY, JSON.stringify(judged));
  } catch {
    // a browser that keeps nothing: the list can be saved all the same
  }
}

for (const card of ranked) {
  if (!["changed", "added", "removed"].includes(card.dataset.status)) continue;
  const marks = document.createElement("div");
  marks.className = "marks";
  for (const [intent, text] of Object.entries(INTENTS)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.dataset.intent = intent;
    button.setAttribute("aria-label", `${card.dataset.name}: ${intent}`);
    button.addEventListener("click", () => judge(card, intent));
    marks.append(button);
  }
  card.append(marks);
  mark(card);
}

save.addEventListener("click", () => {
  const meant = ranked.filter((card) => judged[card.dataset.name] === "meant");
  const lines = meant.map((card) => {
    const { name, status } = card.dataset;
    return `${JSON.stringify({ name, status, verdict: card.querySelector(".words p").textContent })}\n`;
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
  link.download = "accepted.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
});
