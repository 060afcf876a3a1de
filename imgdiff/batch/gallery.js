// Filter, search and sort; without this script the page shows everything, most changed first.
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
