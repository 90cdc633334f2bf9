// The table in step with its map and its address. A row lights its marker and a marker its row; a button opens a member on the
// map, and what is open there is marked here. Sorting, paging and filters put another table in place, and the map stays.

import { drawn, element, pageState } from "./dom.js";
import { addressOf, asksForView, giveFocus, isElsewhere, loadPage, refusalOf, replaceRegions, tell } from "./live.js";

const main = document.querySelector("main");
const form = document.getElementById("filters");
const search = document.getElementById("q");
const announcer = document.getElementById("announcer");
const note = document.getElementById("failed");

let pending = null; // AbortController of the table on its way
let shown = location.search;
let selected = null; // the member that is open on the map

addButtons();
for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  main.addEventListener(name, ({ target }) => {
    const row = target.closest?.("tr[data-member]");
    if (row) tell("mapsvc:light", { id: on ? row.dataset.member : null });
  });
}
main.addEventListener("click", (event) => {
  const button = event.target.closest("button.show");
  if (button) showOnMap(button);
});
document.addEventListener("mapsvc:selected", ({ detail: { id } }) => {
  selected = id;
  mark(true);
});
document.addEventListener("mapsvc:pointed", ({ detail: { ids } }) => {
  const wanted = new Set(ids);
  for (const row of rows()) row.classList.toggle("pointed", wanted.has(row.dataset.member));
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  go(addressOf(new FormData(form)), true);
});
form.addEventListener("change", ({ target }) => {
  if (target !== search) go(addressOf(new FormData(form)), true);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link?.hreflang || !asksForView(event, link)) return;
  event.preventDefault();
  go(link.href, true, event.detail > 0 && link.closest(".pages") !== null);
});
addEventListener("popstate", () => {
  if (location.search !== shown) go(location.href, false); // a fragment is no other table
});

/**
 * Go to another table: of another order, page or view.
 * @param {string} address
 * @param {boolean} remember  whether it becomes an entry of the history
 * @param {boolean} toStart  whether its first row is brought into sight: the pointer has come to the end of the last one
 */
async function go(address, remember, toStart = false) {
  pending?.abort();
  const mine = (pending = new AbortController());
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await loadPage(address, mine.signal);
    if (mine.signal.aborted) return;
    if (answer.status !== 200) {
      form.reset();
      say((note.textContent = refusalOf(answer) || note.dataset.failed));
      return;
    }
    note.textContent = "";
    const before = pageState().query;
    replace(answer.page, remember);
    if (remember) history.pushState(null, "", address);
    shown = location.search;
    const { query } = pageState();
    if (query !== before) tell("mapsvc:view", { ...pageState(), camera: isElsewhere(before, query) ? "fit" : "keep" });
    if (toStart) document.querySelector(".table")?.scrollIntoView({ block: "start" });
  } finally {
    if (pending === mine) main.removeAttribute("aria-busy");
  }
}

function replace(page, remember) {
  const focus = replaceRegions(page);
  search.defaultValue = page.getElementById("q").value;
  if (document.activeElement !== search || !remember) search.value = search.defaultValue;
  addButtons();
  mark(false);
  giveFocus(focus, document.querySelector(".table"));
  say((document.getElementById("caption") ?? document.querySelector(".lead")).textContent);
}

function say(text) {
  announcer.textContent = text.trim().replace(/\s+/g, " ");
}

function rows() {
  return document.querySelectorAll("tr[data-member]");
}

/** Give each row of a member with a place a button that opens it on the map. */
function addButtons() {
  for (const row of rows()) row.querySelector("th").append(showButton(row));
}

function showButton(row) {
  const pin = drawn("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, drawn("path", { d: "M9 16.500c3.500-4 5-6.500 5-9a5 5 0 1 0-10 0c0 2.500 1.500 5 5 9M9 5.900a1.700 1.700 0 1 0 0 3.400a1.700 1.700 0 1 0 0-3.400" }));
  const text = row.closest("table").dataset.showText;
  return element(
    "button",
    { type: "button", class: "show", "data-show": row.dataset.member, "aria-label": `${text}: ${row.querySelector("th a").textContent}`, title: text },
    pin,
  );
}

/** Open a member on the map; the focus comes back, to the same row of another table where that has taken its place. */
function showOnMap({ dataset: { show: id } }) {
  const map = document.querySelector(".small-map");
  if (map.getBoundingClientRect().top < 0) map.scrollIntoView({ block: "start" });
  tell("mapsvc:show", { id, giveBack: () => document.querySelector(`button.show[data-show="${CSS.escape(id)}"]`)?.focus() });
}

/** Mark the row of the member that is open on the map, and bring it into sight where that is asked for. */
function mark(bring) {
  document.querySelector("tr[aria-current]")?.removeAttribute("aria-current");
  const row = selected === null ? null : document.querySelector(`tr[data-member="${CSS.escape(selected)}"]`);
  if (!row) return;
  row.setAttribute("aria-current", "true");
  // Beside the map the table may scroll to the row; under it, the map would leave the window.
  if (bring && matchMedia("(min-width: 1200px)").matches) row.scrollIntoView({ block: "nearest" });
}
