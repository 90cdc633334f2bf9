// The table in step with its map: a row lights its marker, a button opens it, and what is open on the map is marked here.

import { drawn, element } from "./dom.js";

const table = document.querySelector("table[data-show-text]");

if (table) {
  for (const row of table.querySelectorAll("tr[data-member]")) row.querySelector("th").append(showButton(row));
  const light = (name, on) =>
    table.addEventListener(name, ({ target }) => {
      const row = target.closest("tr[data-member]");
      if (row) tell("mapsvc:light", { id: on ? row.dataset.member : null });
    });
  for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) light(name, on);
  document.addEventListener("mapsvc:selected", ({ detail: { id } }) => mark(id));
}

/** Return a button that opens a member on the map and gets the focus back. */
function showButton(row) {
  const pin = drawn("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, drawn("path", { d: "M9 16.500c3.500-4 5-6.500 5-9a5 5 0 1 0-10 0c0 2.500 1.500 5 5 9M9 5.900a1.700 1.700 0 1 0 0 3.400a1.700 1.700 0 1 0 0-3.400" }));
  const name = row.querySelector("th a").textContent;
  const text = table.dataset.showText;
  const button = element("button", { type: "button", class: "show", "aria-label": `${text}: ${name}`, title: text }, pin);
  button.addEventListener("click", () => {
    const map = document.querySelector(".small-map");
    if (map.getBoundingClientRect().top < 0) map.scrollIntoView({ block: "start" });
    tell("mapsvc:show", { id: row.dataset.member, giveBack: () => button.focus() });
  });
  return button;
}

/** Mark the row of a member, and bring it into sight where it is out of it; null for none. */
function mark(id) {
  table.querySelector("tr[aria-current]")?.removeAttribute("aria-current");
  const row = id === null ? null : table.querySelector(`tr[data-member="${CSS.escape(id)}"]`);
  if (!row) return;
  row.setAttribute("aria-current", "true");
  // Beside the map the table may scroll to the row; under it, the map would leave the window.
  const beside = matchMedia("(min-width: 1200px)").matches;
  if (beside) row.scrollIntoView({ block: "nearest" });
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}
