// A page in step with its address, without reloading: the HTML of another view is fetched, and its live regions put in
// place. What the server says is the truth; here nothing is counted or sorted. The map page and the table share this.

const PLACES = ["region", "country", "q"];
// The order of the canonical address, so that the members can be asked for before the server says what it is.
const ORDER = ["theme", "region", "country", "type", "status", "joined_from", "joined_to", "asof", "q", "view", "measure", "sort", "page", "lang", "snapshot"];

/** Return the address on this path that these parameters ask for, in order and without empty ones. */
export function addressOf(parameters) {
  const pairs = [...parameters].filter(([, value]) => value.trim());
  pairs.sort(([one, a], [other, b]) => ORDER.indexOf(one) - ORDER.indexOf(other) || (a < b ? -1 : 1));
  const kept = new URLSearchParams(pairs);
  return location.pathname + (kept.size ? `?${kept}` : "");
}

/** Return the page at an address and its status; no page and status 0 where it did not come. */
export async function loadPage(address, signal) {
  try {
    const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
    return { page: new DOMParser().parseFromString(await response.text(), "text/html"), status: response.status };
  } catch {
    return { page: null, status: 0 };
  }
}

/** Return what a page that refuses says, where it is the visitor who can mend it; null otherwise. */
export function refusalOf({ page, status }) {
  if (status < 400 || status >= 500) return null;
  return (page.querySelector(".lead") ?? page.querySelector("h1"))?.textContent.trim() ?? null;
}

/** Put the live regions of another page in place; open filters and their scroll stay. Return what had the focus. */
export function replaceRegions(page) {
  const focus = describe(document.activeElement);
  const scrolled = []; // only these: to ask or to set where it is means a layout of everything
  for (const details of document.querySelectorAll("#filters details")) {
    const next = page.getElementById(details.id);
    if (next) next.open = details.open;
    if (details.open) scrolled.push([details.id, details.querySelector(".choices").scrollTop]);
  }
  for (const region of document.querySelectorAll("[data-live]")) {
    const next = page.querySelector(`[data-live="${region.dataset.live}"]`);
    if (next) region.replaceWith(document.adoptNode(next));
  }
  for (const [id, top] of scrolled) {
    if (top) document.querySelector(`#${CSS.escape(id)} .choices`)?.scrollTo({ top, behavior: "instant" });
  }
  document.title = page.title;
  return focus;
}

/** Give the focus to what had it, or to the element that stands in for it, where a region took it away. */
export function giveFocus(focus, otherwise) {
  if (!focus || document.activeElement !== document.body) return;
  (document.querySelector(focus) ?? otherwise)?.focus({ preventScroll: true });
}

/** Tell whether a click on a link asks for another view of this page, and nothing else. */
export function asksForView(event, link) {
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  return Boolean(link) && plain && !link.hash && link.origin === location.origin && link.pathname === location.pathname;
}

/** Tell whether the map should go somewhere else: two queries ask for other places. */
export function isElsewhere(before, after) {
  return placesOf(before) !== placesOf(after);
}

/** Tell the other parts of the page. */
export function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
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

function placesOf(query) {
  const parameters = new URLSearchParams(query);
  return JSON.stringify(PLACES.map((name) => parameters.getAll(name)));
}
