"use strict";
// Filters of the atlas. Cells keep their places; what no longer has a row fades, and labels name what is left.
const rows = [...document.querySelectorAll(".chains tbody tr")];
const strands = [...document.querySelectorAll(".strand")];
const selects = [...document.querySelectorAll("[data-filter]")];
const families = [...document.querySelectorAll(".families button")];
const words = document.getElementById("words");
const texts = new Map(rows.map((row) => [row.id, row.textContent.toLowerCase()]));
const idsOf = new Map(strands.map((strand) => [strand, strand.dataset.rows.split(" ")]));
const labels = new Map([...document.querySelectorAll(".label")].map((label) => [strands[label.dataset.strand], label]));
const full = new Map([...labels].map(([strand, label]) => [strand, label.textContent]));
const familyOf = new Map(strands.flatMap((strand) => idsOf.get(strand).map((id) => [id, strand.dataset.family])));
let chosen = null;

function passes(row) {
  const fields = selects.every((select) => !select.value || row.dataset[select.dataset.filter].split("|").includes(select.value));
  const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const pressed = families.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.family);
  return fields && asked.every((word) => texts.get(row.id).includes(word)) && (!pressed.length || pressed.includes(familyOf.get(row.id)));
}

function labelOf(left) {
  const count = new Map();
  for (const id of left) for (const name of CARGOS[id]) count.set(name, (count.get(name) || 0) + 1);
  const names = [...count.keys()].sort((a, b) => count.get(b) - count.get(a) || a.localeCompare(b));
  const told = names.map((name) => name.replace("whole vesicle", "whole vesicles"));
  return told.slice(0, 2).join(", ") + (names.length > 2 ? ` +${names.length - 2}` : "");
}

function write(label, words) {
  const [paper, text] = label.children;
  text.textContent = words;
  const wide = text.getComputedTextLength() + (words ? 6 : 0);
  paper.setAttribute("width", wide);
  paper.setAttribute("x", -wide / 2);
}

function redraw() {
  const left = new Set(rows.filter(passes).map((row) => row.id));
  const shown = chosen ? new Set(idsOf.get(chosen).filter((id) => left.has(id))) : left;
  let count = 0;
  for (const row of rows) count += (row.hidden = !shown.has(row.id)) ? 0 : 1;
  for (const strand of strands) {
    const ids = idsOf.get(strand).filter((id) => left.has(id));
    strand.classList.toggle("off", ids.length === 0);
    strand.classList.toggle("chosen", strand === chosen);
    const label = labels.get(strand);
    if (!label) continue;
    label.classList.toggle("off", ids.length === 0);
    write(label, ids.length === idsOf.get(strand).length ? full.get(strand) : labelOf(ids));
  }
  for (const text of document.querySelectorAll(".words[data-rows]")) {
    if (text.dataset.rows) text.classList.toggle("off", !text.dataset.rows.split(" ").some((id) => left.has(id)));
  }
  document.getElementById("count").textContent = count === rows.length ? `${count} in all` : `${count} of ${rows.length}`;
}

function choose(strand) {
  chosen = chosen === strand ? null : strand;
  redraw();
  if (chosen) document.getElementById("mechanisms").scrollIntoView({ block: "start" });
}

for (const strand of strands) {
  strand.addEventListener("click", () => choose(strand));
  strand.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(strand); } });
}
for (const select of selects) select.addEventListener("change", () => { chosen = null; redraw(); });
words.addEventListener("input", () => { chosen = null; redraw(); });
for (const button of families) button.addEventListener("click", () => {
  button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
  chosen = null;
  redraw();
});
document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("clear").addEventListener("click", () => {
  chosen = null;
  words.value = "";
  for (const select of selects) select.value = "";
  for (const button of families) button.setAttribute("aria-pressed", "false");
  redraw();
});
redraw();
