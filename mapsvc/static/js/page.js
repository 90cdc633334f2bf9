// The page in step with its address, without reloading: every change of a filter is a link to another view, whose
// HTML is fetched and put in place. What the server says is the truth; here nothing is counted or sorted.

import { element } from "./dom.js";

const form = document.getElementById("filters");
const search = document.getElementById("q");
const main = document.querySelector("main");
const announcer = document.getElementById("announcer");
const note = document.getElementById("failed");
const PLACES = ["region", "country", "q"];
const TYPING_MS = 200;
// The order of the canonical address, so that the members can be asked for before the server says what it is.
const ORDER = ["theme", "region", "country", "type", "status", "joined_from", "joined_to", "asof", "q", "view", "measure", "lang"];

let pending = null; // AbortController of the view on its way
let typing = 0;
let session = null; // what is typed in one go: the first view of it is an entry of the history, the next ones replace it

document.documentElement.classList.add("js");
(window.requestIdleCallback ?? setTimeout)(enhanceList, { timeout: 500 }); // after the map, where both wait

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
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || link.hash || link.origin !== location.origin || link.pathname !== location.pathname) return;
  event.preventDefault();
  go(link.href, "push");
});
document.addEventListener("mapsvc:selected", ({ detail: { id } }) => markRow(id));
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

/** Return the address of the view that these parameters ask for, in order and without empty ones. */
function addressOf(parameters) {
  const pairs = [...parameters].filter(([, value]) => value.trim());
  pairs.sort(([one, a], [other, b]) => ORDER.indexOf(one) - ORDER.indexOf(other) || (a < b ? -1 : 1));
  const kept = new URLSearchParams(pairs);
  return location.pathname + (kept.size ? `?${kept}` : "");
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
    const { page, status } = await load(address, mine.signal);
    if (mine.signal.aborted) return;
    const fresh = page?.querySelector("main[data-query]");
    if (status !== 200 || !fresh) {
      const said = status >= 400 && status < 500 ? (page.querySelector(".lead") ?? page.querySelector("h1")) : null;
      stay(said?.textContent.trim() || note.dataset.failed);
      return;
    }
    note.textContent = "";
    const before = main.dataset.query;
    replace(page, fresh, how);
    const query = fresh.dataset.query;
    remember(query, how);
    const camera = how === "none" ? "restore" : placesOf(before) === placesOf(query) ? "keep" : "fit";
    tell("mapsvc:view", { ...shownState(), camera });
  } finally {
    if (pending === mine) main.removeAttribute("aria-busy");
  }
}

/** Return the page at an address and its status; no page and status 0 where it did not come. */
async function load(address, signal) {
  try {
    const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
    return { page: new DOMParser().parseFromString(await response.text(), "text/html"), status: response.status };
  } catch {
    return { page: null, status: 0 };
  }
}

/** Stay with the view that is shown, and say why; what is being typed is left alone. */
function stay(text) {
  const typed = document.activeElement === search ? search.value : search.defaultValue;
  form.reset();
  search.value = typed;
  note.textContent = text;
  announcer.textContent = text;
  tell("mapsvc:view", { ...shownState(), camera: "keep" });
}

/** Put the live regions of another view in place; focus, open filters and their scroll stay. */
function replace(page, fresh, how) {
  const focus = describe(document.activeElement);
  const open = [...form.querySelectorAll("details")].map((one) => [one.id, one.open, one.querySelector(".choices").scrollTop]);
  for (const region of document.querySelectorAll("[data-live]")) {
    const next = page.querySelector(`[data-live="${region.dataset.live}"]`);
    if (next) region.replaceWith(document.adoptNode(next));
  }
  for (const [id, isOpen, top] of open) {
    const details = document.getElementById(id);
    if (!details) continue;
    details.open = isOpen;
    details.querySelector(".choices").scrollTop = top;
  }
  const typed = search.value;
  search.defaultValue = page.getElementById("q").value;
  search.value = document.activeElement === search && how !== "none" ? typed : search.defaultValue;
  main.dataset.query = fresh.dataset.query;
  main.dataset.view = fresh.dataset.view;
  document.title = page.title;
  enhanceList();
  if (focus && document.activeElement === document.body) {
    const again = document.querySelector(focus) ?? document.getElementById("headline");
    again.focus({ preventScroll: true });
  }
  if (how !== "none" || announcer.textContent) announcer.textContent = document.getElementById("headline").textContent.trim().replace(/\s+/g, " ");
}

/** Return a selector that finds the element again after its region was replaced; null outside of them. */
function describe(active) {
  const region = active?.closest?.("[data-live]");
  if (!region) return null;
  if (active.id) return `#${CSS.escape(active.id)}`;
  if (active.name) return `[name="${CSS.escape(active.name)}"][value="${CSS.escape(active.value)}"]`;
  if (active.dataset.show) return `button[data-show="${CSS.escape(active.dataset.show)}"]`;
  if (active.tagName === "SUMMARY") return `#${CSS.escape(active.parentElement.id)} > summary`;
  return `[data-live="${region.dataset.live}"] a[href="${CSS.escape(active.getAttribute("href") ?? "")}"]`;
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

/** Return the state that the page carries, for the map. */
function shownState() {
  return JSON.parse(document.getElementById("state").textContent);
}

function placesOf(query) {
  const parameters = new URLSearchParams(query);
  return JSON.stringify(PLACES.map((name) => parameters.getAll(name)));
}

/** Make the names of those who are on the map into buttons: without scripts there is nothing for them to do. */
function enhanceList() {
  for (const name of document.querySelectorAll("a.name[data-show]")) {
    name.replaceWith(element("button", { type: "button", class: "name", "data-show": name.dataset.show }, name.textContent));
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

function showOnMap(button) {
  const map = document.querySelector(".map");
  if (map.getBoundingClientRect().bottom < 200 || getComputedStyle(map).position === "sticky") scrollTo({ top: 0 });
  tell("mapsvc:show", { id: button.dataset.show, giveBack: () => button.isConnected && button.focus() });
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}
