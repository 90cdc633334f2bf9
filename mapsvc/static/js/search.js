// The search box suggests: a combobox as ARIA 1.2 has it, over themes, countries, members and places. The list under it is
// filtered while one types; a suggestion goes where it is about.

import { dataAddress, element } from "./dom.js";
import { tell } from "./live.js";

const TYPED_MS = 120;

const box = document.getElementById("q");
const list = document.getElementById("suggestions");
if (list) startSearch();

function startSearch() {
  let active = -1;
  let options = [];
  let pending = null;
  let waiting = 0;
  let warm = false;

  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"]]) {
    box.setAttribute(name, value);
  }
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, TYPED_MS);
  });
  box.addEventListener("focus", () => {
    // The server makes its index when it is first asked: before the first letter is typed.
    if (!warm) fetch(dataAddress(list.dataset.url, "q=a")).catch(() => {});
    warm = true;
  });
  box.addEventListener("keydown", onKey);
  box.addEventListener("blur", close);
  // Not to lose the focus before the click has come.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const place = options.findIndex(({ row }) => row.contains(target));
    if (place >= 0) pick(options[place]);
  });

  async function ask() {
    pending?.abort();
    const typed = box.value.trim();
    if (!typed) {
      close();
      return;
    }
    const mine = (pending = new AbortController());
    try {
      const response = await fetch(dataAddress(list.dataset.url, String(new URLSearchParams({ q: typed }))), { signal: mine.signal });
      if (!response.ok) throw new Error(String(response.status));
      const { groups } = await response.json();
      if (!mine.signal.aborted && document.activeElement === box) show(groups);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show(groups) {
    options = [];
    const parts = groups.map(({ kind, title, items }) => {
      const head = element("div", { class: "suggested", id: `suggested-${kind}`, role: "presentation" }, title);
      const rows = items.map((item) => {
        const row = element("div", { role: "option", id: `option-${options.length}`, "aria-selected": "false" }, element("span", {}, item.label), " ", element("small", {}, item.said ?? item.note));
        options.push({ kind, item, row });
        return row;
      });
      return element("div", { role: "group", "aria-labelledby": head.id }, head, ...rows);
    });
    list.replaceChildren(...parts);
    mark(-1);
    open(options.length > 0);
  }

  function open(on) {
    list.hidden = !on;
    box.setAttribute("aria-expanded", String(on));
    if (!on) mark(-1);
  }

  function close() {
    clearTimeout(waiting);
    pending?.abort();
    open(false);
  }

  function mark(place) {
    options[active]?.row.setAttribute("aria-selected", "false");
    active = place;
    const row = options[active]?.row;
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) box.setAttribute("aria-activedescendant", row.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function onKey(event) {
    if (event.isComposing) return;
    const n = options.length;
    if (list.hidden) {
      if (event.key === "ArrowDown" && n) {
        event.preventDefault();
        open(true);
        mark(0);
      }
      return;
    }
    const moves = {
      ArrowDown: () => mark(active + 1 < n ? active + 1 : -1),
      ArrowUp: () => mark(active < 0 ? n - 1 : active - 1),
      Home: active >= 0 ? () => mark(0) : null,
      End: active >= 0 ? () => mark(n - 1) : null,
      Escape: close,
      Enter: active >= 0 ? () => pick(options[active]) : null,
    };
    if (event.key === "Enter" && active < 0) close();
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  function pick({ kind, item }) {
    close();
    const go = { theme: goToTheme, country: goToCountry, member: goToMember, place: goToPlace };
    go[kind](item);
  }

  function goToTheme({ id }) {
    askFor({ q: "" }, { add: [["theme", id]] });
  }

  function goToCountry({ id }) {
    askFor({ q: "", region: "", country: id });
  }

  function goToMember({ id, label, at }) {
    const listed = document.querySelector(`#list [data-show="${CSS.escape(id)}"]`) !== null;
    askFor({ q: label, view: "", measure: "" }, { alone: !listed });
    if (at) afterwards(() => tell("mapsvc:show", { id, giveBack: () => box.focus() }));
  }

  function goToPlace({ label, said, at: [lng, lat] }) {
    askFor({ q: "", view: "", measure: "" });
    afterwards(() => tell("mapsvc:look", { lat, lng, title: label, text: said }));
    document.getElementById("announcer").textContent = `${label}. ${said}`;
  }

  function askFor(change, more = {}) {
    box.value = change.q;
    tell("mapsvc:ask", { change, how: "push", ...more });
  }
}

function afterwards(act) {
  document.addEventListener("mapsvc:view", act, { once: true });
}
