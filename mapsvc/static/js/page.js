// The map page in step with its address: every change of a filter is a link to another view, which is put in place.

import { askAhead, askedAhead, otherWay } from "./ahead.js";
import { element, pageState } from "./dom.js";
import { addressOf, asksForView, giveFocus, isElsewhere, loadPage, refusalOf, replaceRegions, tell } from "./live.js";

const form = document.getElementById("filters");
const search = document.getElementById("q");
const main = document.querySelector("main");
const announcer = document.getElementById("announcer");
const note = document.getElementById("failed");
const TYPING_MS = 200;
const NO_MAP_MS = 2000;

let pending = null; // AbortController of the view on its way
let typing = 0;
let session = null; // what is typed in one go: the first view of it is an entry of the history, the next ones replace it

performance.mark("panel-ready"); // when this script has run, what is done to the panel is followed
afterMap(() => (window.requestIdleCallback ?? setTimeout)(enhanceList, { timeout: 500 }));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const how = session ?? "push";
  session = null;
  go(addressOf(new FormData(form)), how);
});
form.addEventListener("change", (event) => {
  if (event.target === search) return;
  session = null;
  go(addressOf(new FormData(form)), "push");
});
main.addEventListener("pointerdown", (event) => {
  const choice = event.target.closest("#filters label")?.control;
  const link = event.target.closest("a[href]");
  if (choice?.type === "checkbox") askAhead(addressOf(otherWay(form, choice)));
  else if (!link?.hreflang && asksForView(event, link)) askAhead(link.href);
});
search.addEventListener("input", () => {
  const mine = (session ??= { pushed: false });
  clearTimeout(typing);
  typing = setTimeout(() => go(addressOf(new FormData(form)), mine), TYPING_MS);
});
search.addEventListener("blur", () => {
  session = null;
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link?.hreflang) {
    // Another document, at the same place.
    link.hash = location.hash;
    return;
  }
  if (link?.matches(".skip")) {
    // The fragment is the camera's.
    event.preventDefault();
    document.querySelector(link.hash).focus();
    return;
  }
  if (!asksForView(event, link)) return;
  event.preventDefault();
  go(link.href, "push");
});
document.addEventListener("mapsvc:selected", ({ detail: { id } }) => markRow(id));
document.addEventListener("mapsvc:pointed", ({ detail: { ids } }) => pointRows(ids));
// Others in the panel that change the view as a person drags or plays: one entry of the history for all of it.
document.addEventListener("mapsvc:ask", ({ detail: { change, how, add = [], alone = false } }) => {
  const parameters = alone ? new URLSearchParams() : new URLSearchParams(new FormData(form));
  for (const [name, value] of add) if (!parameters.has(name, value)) parameters.append(name, value);
  for (const [name, value] of Object.entries(change)) parameters.set(name, value);
  go(addressOf(parameters), how);
});
// What a class of the legend stands for is on the map as long as it is pointed at.
for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  main.addEventListener(name, ({ target }) => {
    const key = target.closest?.(".key[data-look]");
    if (key && on) key.closest(".map").dataset.lit = key.dataset.look;
    else if (key) delete key.closest(".map").dataset.lit;
  });
}
document.addEventListener("mapsvc:country", ({ detail: { code, inView } }) => {
  const parameters = new URLSearchParams(main.dataset.query);
  const alone = parameters.getAll("country").join() === code;
  parameters.delete("country");
  if (!inView) parameters.delete("region");
  if (!alone) parameters.set("country", code);
  go(addressOf(parameters), "push");
});
addEventListener("popstate", () => {
  session = null;
  if (location.search.slice(1) !== main.dataset.query) go(location.href, "none");
});
main.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-show]");
  if (button) showOnMap(button);
});
for (const [name, id] of [["over", true], ["out", false], ["focusin", true], ["focusout", false]]) {
  main.addEventListener(name.startsWith("focus") ? name : `pointer${name}`, (event) => {
    const member = event.target.closest?.("button[data-show]");
    if (member) tell("mapsvc:light", { id: id ? member.dataset.show : null });
  });
}

/**
 * Go to another view of this page.
 * @param {string} address
 * @param {"push" | "none" | { pushed: boolean }} how  what becomes of the history: a new entry, nothing, or one entry for
 *   all views of a search that is being typed
 */
async function go(address, how) {
  clearTimeout(typing);
  pending?.abort();
  const mine = (pending = new AbortController());
  main.setAttribute("aria-busy", "true");
  tell("mapsvc:soon", { query: new URL(address, location.href).search.slice(1) });
  try {
    const answer = (await askedAhead(address)) ?? (await loadPage(address, mine.signal));
    if (mine.signal.aborted) return;
    const fresh = answer.page?.querySelector("main[data-query]");
    if (answer.status !== 200 || !fresh) {
      stay(refusalOf(answer) || note.dataset.failed);
      return;
    }
    note.textContent = "";
    const before = main.dataset.query;
    replace(answer.page, fresh, how);
    const query = fresh.dataset.query;
    remember(query, how);
    const camera = how === "none" ? "restore" : isElsewhere(before, query) ? "fit" : "keep";
    tell("mapsvc:view", { ...pageState(), camera });
  } finally {
    if (pending === mine) main.removeAttribute("aria-busy");
  }
}

/** Stay with the view that is shown, and say why; what is being typed is left alone. */
function stay(text) {
  const typed = document.activeElement === search ? search.value : search.defaultValue;
  form.reset();
  search.value = typed;
  note.textContent = text;
  announcer.textContent = text;
  tell("mapsvc:view", { ...pageState(), camera: "keep" });
}

/** Put another view in place; what is being typed stays. */
function replace(page, fresh, how) {
  const focus = replaceRegions(page);
  const typed = search.value;
  search.defaultValue = page.getElementById("q").value;
  search.value = document.activeElement === search && how !== "none" ? typed : search.defaultValue;
  main.dataset.query = fresh.dataset.query;
  main.dataset.view = fresh.dataset.view;
  enhanceList();
  giveFocus(focus, document.getElementById("headline"));
  if (how !== "none" || announcer.textContent) announcer.textContent = document.getElementById("headline").textContent.trim().replace(/\s+/g, " ");
}

function remember(query, how) {
  if (how === "none") return;
  const address = location.pathname + (query ? `?${query}` : "") + (/^#[\d.]+\//.test(location.hash) ? location.hash : "");
  if (query === location.search.slice(1) || how.pushed) {
    history.replaceState(history.state, "", address);
    return;
  }
  history.pushState(null, "", address);
  if (how !== "push") how.pushed = true;
}

/** Do what the first map need not wait for; where there is no map after a while, without it. */
function afterMap(act) {
  if (performance.getEntriesByName("map-drawn").length) {
    act();
    return;
  }
  let done = false;
  const once = () => {
    if (!done) act();
    done = true;
  };
  document.addEventListener("mapsvc:drawn", once, { once: true });
  setTimeout(once, NO_MAP_MS);
}

/** Make the names of those who are on the map into buttons, and links to where they led: without scripts they lead there. */
function enhanceList() {
  const { details, detailsOf } = document.getElementById("list")?.dataset ?? {};
  for (const name of document.querySelectorAll("a.name[data-show]")) {
    const { textContent: text, href } = name;
    const link = element("a", { href, "aria-label": detailsOf.replace("%n", () => text) }, details);
    name.parentElement.querySelector("p").append(element("span", { class: "details" }, " · ", link));
    name.replaceWith(element("button", { type: "button", class: "name", "data-show": name.dataset.show }, text));
  }
}

/** Mark the row of the member that is open on the map, and bring it into sight where the list scrolls by itself. */
function markRow(id) {
  document.querySelector("#list li[aria-current]")?.removeAttribute("aria-current");
  const row = id === null ? null : document.querySelector(`#list [data-show="${CSS.escape(id)}"]`)?.closest("li");
  if (!row) return;
  row.setAttribute("aria-current", "true");
  const panel = row.closest(".panel");
  if (getComputedStyle(panel).overflowY !== "auto") return;
  // Twice: what is far from the window is measured when it comes near.
  const bring = () => {
    const [inner, outer] = [row.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) panel.scrollTop += inner.top - outer.top - outer.height / 3;
  };
  bring();
  requestAnimationFrame(bring);
}

/** Mark the rows of the members whose marker is pointed at; nothing moves, for the pointer is on the map. */
function pointRows(ids) {
  for (const row of document.querySelectorAll("#list li.pointed")) row.classList.remove("pointed");
  if (!ids.length) return;
  const wanted = new Set(ids);
  for (const name of document.querySelectorAll("#list [data-show]")) {
    if (wanted.has(name.dataset.show)) name.closest("li").classList.add("pointed");
  }
}

function showOnMap(button) {
  const map = document.querySelector(".map");
  if (map.getBoundingClientRect().bottom < 200 || getComputedStyle(map).position === "sticky") scrollTo({ top: 0 });
  tell("mapsvc:show", { id: button.dataset.show, giveBack: () => button.isConnected && button.focus() });
}
