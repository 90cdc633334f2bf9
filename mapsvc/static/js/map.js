// How the map is drawn. The script that Folium writes says what is on it, by calling the functions
// that it is given at the end of this file.

import { Camera, parseCamera } from "./camera.js";
import { Countries } from "./countries.js";
import { dataAddress, drawn, element, pageOf, pageState } from "./dom.js";
import { Members } from "./members.js";
import { comeIntoSight } from "./reach.js";

const PANEL_HIDES_MS = 400; // by itself, as atlas.css has it
const PANEL_WAITS_MS = 1000; // for the map, at most
const atlases = new WeakMap(); // L.Map -> what belongs to it

/** Name the map and its buttons, and look at the right part of the world before anything is drawn. */
function prepare(map, texts) {
  const container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", texts.label);
  for (const [kind, text] of [["in", texts.zoomIn], ["out", texts.zoomOut]]) {
    const button = container.querySelector(`.leaflet-control-zoom-${kind}`);
    button?.setAttribute("aria-label", text);
    button?.setAttribute("title", text);
  }
  const camera = new Camera(map);
  if (!camera.restore()) camera.world();
  if (container.dataset.kind === "small") leadToCountries();
  atlases.set(map, { texts, camera, members: new Members(map, texts), countries: new Countries(map, texts), asked: null, shown: null, fit: false });
  addTooltip(map);
  comeIntoSight(container.parentElement);
  document.dispatchEvent(new CustomEvent("mapsvc:prepared", { detail: { map } }));
}

/** Where no page follows the map, a country leads to its own page. */
function leadToCountries() {
  document.addEventListener("mapsvc:country", ({ detail: { code } }) => location.assign(pageOf("country", code)));
}

/** Put tiles under the countries. The braces of the address arrive percent-encoded, for they may not enter a template. */
function tiles(map, { url, attribution, maxZoom }) {
  map.getContainer().classList.add("with-tiles");
  L.tileLayer(decodeURIComponent(url), { maxZoom, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
  const note = L.control({ position: "bottomright" });
  note.onAdd = () => element("p", { class: "tile-note" }, attribution);
  note.addTo(map);
}

/** Say where the polygons come from. They are the same for every view: asked for once, and for all countries. */
function countries(map, { url }) {
  const atlas = atlases.get(map);
  atlas.polygons = fetchJson(url);
  atlas.polygons.catch(() => {}); // `start` tells
}

/** Say where the members of a view come from. */
function members(map, { url }) {
  const atlas = atlases.get(map);
  atlas.membersUrl = url;
  membersOf(atlas, pageState().query);
}

/** Say where the names of places come from. They come after everything else, and their module with them. */
function labels(map, { script, url }) {
  atlases.get(map).last = async () => {
    // The whole address: in a sandboxed frame this script has none of its own.
    const { Labels } = await import(new URL(script, location.href).href);
    new Labels(map, url);
  };
}

/** Add the buttons that Folium has not: the whole world, the full screen. */
function controls(map) {
  const { texts, camera } = atlases.get(map);
  const bar = L.control({ position: "topright" });
  bar.onAdd = () => {
    const world = barButton(texts.wholeWorld, "M9 2.500v13M2.500 9h13M9 2.500a6.500 6.500 0 1 0 0 13a6.500 6.500 0 1 0 0-13M9 2.500c-3.600 3.800-3.600 9.200 0 13c3.600-3.800 3.600-9.200 0-13");
    world.addEventListener("click", () => camera.world(true));
    const group = element("div", { class: "leaflet-bar" }, world);
    if (document.fullscreenEnabled) group.append(fullScreenButton(map, texts));
    L.DomEvent.disableClickPropagation(group);
    return group;
  };
  bar.addTo(map);
}

/** Draw when both have come, and say so once; follow the page from the beginning, for it may be filtered before. */
async function start(map) {
  const atlas = atlases.get(map);
  follow(map, atlas);
  try {
    const polygons = await atlas.polygons;
    let found = await newest(atlas);
    while (found.query !== pageState().query) found = await newest(atlas);
    const state = pageState();
    const narrow = isNarrow(state.query);
    // A camera in the address was chosen by somebody: the query aims only where there is none, or where it was changed since.
    if (state.focus ?? state.box) aimBeside(atlas, state, found.members);
    else if (atlas.fit || (narrow && !parseCamera(location.hash))) aimAt(atlas, narrow ? found.members : null, false);
    atlas.countries.draw(polygons, state);
    atlas.members.show(found.members);
    atlas.shown = state.query;
  } catch (error) {
    showPanel();
    fail(map, atlas.texts);
    throw error;
  }
  markDrawn("map-drawn", () => {
    showPanel();
    document.dispatchEvent(new CustomEvent("mapsvc:drawn"));
    atlas.last?.();
  });
}

/**
 * Let what stands beside the map wait for it, for its layout takes as long as the map does; not where it has come into sight
 * already. The style sheet holds it back until this script is there.
 */
function holdPanel() {
  const isAimedAt = location.hash !== "" && !parseCamera(location.hash);
  const [painted] = performance.getEntriesByName("first-contentful-paint");
  if (isAimedAt || (painted && performance.now() - painted.startTime > PANEL_HIDES_MS)) return;
  document.documentElement.classList.add("map-first");
  setTimeout(showPanel, PANEL_WAITS_MS);
}

function showPanel() {
  document.documentElement.classList.replace("map-first", "map-shown");
}

/** Say that what was just put into the document is on the screen: the first frame paints it, the second comes after it. */
function markDrawn(name, then) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      performance.mark(name);
      then?.();
    }),
  );
}

/** Return the members of the view that the page shows, with its query; a view on its way takes the place of others. */
async function newest(atlas) {
  const { query } = pageState();
  try {
    return { query, members: await membersOf(atlas, query) };
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    await atlas.asked?.found.catch(() => {});
    return newest(atlas);
  }
}

function follow(map, atlas) {
  document.addEventListener("mapsvc:soon", ({ detail: { query } }) => membersOf(atlas, query));
  document.addEventListener("mapsvc:view", async ({ detail }) => {
    if (atlas.shown === null) {
      atlas.fit ||= detail.camera === "fit";
      membersOf(atlas, detail.query);
      return; // `start` takes them
    }
    if (detail.query === atlas.shown && detail.camera === "keep") return;
    try {
      const found = await membersOf(atlas, detail.query);
      if (detail.query !== pageState().query) return;
      map.getContainer().parentElement.querySelector(".map-note[role]")?.remove();
      const target = isNarrow(detail.query) ? found : null;
      if (detail.camera === "fit") aimAt(atlas, target, true);
      else if (detail.camera === "restore" && !atlas.camera.restore()) aimAt(atlas, target, false);
      atlas.countries.show(detail);
      atlas.members.show(found);
      atlas.shown = detail.query;
      markDrawn("view-drawn");
      atlas.then?.();
      atlas.then = null;
    } catch (error) {
      if (error.name === "AbortError") return;
      fail(map, atlas.texts);
      throw error;
    }
  });
  // What is to be shown in a view that is still on its way is shown when it has come.
  const then = (act) => {
    if (atlas.shown === pageState().query) act();
    else atlas.then = act;
  };
  document.addEventListener("mapsvc:show", ({ detail }) => then(() => atlas.members.open(detail.id, detail.giveBack)));
  document.addEventListener("mapsvc:look", ({ detail }) => then(() => lookAt(map, detail)));
  document.addEventListener("mapsvc:light", ({ detail }) => atlas.members.light(detail.id));
}

/** Look at a place, and say what it is. */
function lookAt(map, { lat, lng, title, text }) {
  map.setView([lat, lng], 7, { animate: false });
  map.fire("mapsvc:over", { latlng: L.latLng(lat, lng), title, text, above: 0 });
}

/** Whether a view is about a place or a name, so that the map goes there. */
function isNarrow(query) {
  const parameters = new URLSearchParams(query);
  return ["region", "country", "q"].some((name) => parameters.has(name));
}

/** Look at what a fact sheet is about: its member, or the country with all of its members. */
function aimBeside({ camera }, { focus, box }, { features }) {
  const feature = features.find((one) => one.id === focus);
  if (feature) camera.near([...feature.geometry.coordinates].reverse());
  else if (box) camera.frame(box);
}

function aimAt(atlas, collection, animate) {
  const points = (collection?.features ?? []).filter((one) => one.geometry).map(({ geometry }) => geometry.coordinates);
  atlas.camera.fit(points.map(([lng, lat]) => [lat, lng]), animate);
}

/** Return the members of a view, asked for once; those of another view that are still on their way are let go. */
function membersOf(atlas, query) {
  if (atlas.asked?.query !== query) {
    atlas.asked?.control.abort();
    const control = new AbortController();
    const asked = { query, control, found: fetchJson(dataAddress(atlas.membersUrl, query), control.signal) };
    atlas.asked = asked;
    // Whoever waits is told; the next one asks again.
    asked.found.catch(() => {
      if (atlas.asked === asked) atlas.asked = null;
    });
  }
  return atlas.asked.found;
}

async function fetchJson(url, signal) {
  // The page as one file holds what it would ask for.
  const held = document.querySelector(`script[data-from="${CSS.escape(url)}"]`);
  if (held) return JSON.parse(held.textContent);
  const read = await takeRead(new URL(url, location.href).href);
  if (read) return read;
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/** Return what was read while this script was on its way, once; later it may be another state. */
async function takeRead(address) {
  const read = globalThis.mapsvcRead?.[address];
  delete globalThis.mapsvcRead?.[address];
  return read;
}

function fail(map, texts) {
  const around = map.getContainer().parentElement;
  around.querySelector(".map-note[role]")?.remove();
  around.append(element("p", { class: "map-note", role: "status" }, texts.failed));
}

/** What a mark or a country is, beside the pointer or the focus; Escape takes it away (WCAG 1.4.13). */
function addTooltip(map) {
  const tip = L.tooltip({ className: "tip", direction: "top", opacity: 1 });
  map.on("mapsvc:over", ({ latlng, title, text, above = 0 }) => {
    if (!title) return;
    tip.options.offset = [0, -above - 4];
    tip.setContent(element("div", {}, element("strong", {}, title), text)).setLatLng(latlng);
    if (!map.hasLayer(tip)) map.openTooltip(tip);
  });
  map.on("mapsvc:out popupopen zoomstart", () => map.closeTooltip(tip));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && map.closeTooltip(tip));
  // The page marks the rows of those that are pointed at.
  map.on("mapsvc:over mapsvc:out", ({ ids = [] }) => document.dispatchEvent(new CustomEvent("mapsvc:pointed", { detail: { ids } })));
}

function barButton(text, path) {
  const icon = drawn("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, drawn("path", { d: path }));
  return element("button", { type: "button", "aria-label": text, title: text }, icon);
}

function fullScreenButton(map, texts) {
  const around = map.getContainer().parentElement;
  const open = "M2.500 6.500v-4h4M11.500 2.500h4v4M15.500 11.500v4h-4M6.500 15.500h-4v-4";
  const shut = "M6.500 2.500v4h-4M15.500 6.500h-4v-4M11.500 15.500v-4h4M2.500 11.500h4v4";
  const button = barButton(texts.fullScreen, open);
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else around.requestFullscreen();
  });
  around.addEventListener("fullscreenchange", () => {
    const full = document.fullscreenElement === around;
    const text = full ? texts.leaveFullScreen : texts.fullScreen;
    button.setAttribute("aria-label", text);
    button.setAttribute("title", text);
    button.querySelector("path").setAttribute("d", full ? shut : open);
  });
  return button;
}

// What Folium wrote may have come before this, or comes after it; and both may have come before the style sheets, without
// which the map has no size.
holdPanel();
const calls = { prepare, tiles, countries, members, labels, controls, start };
const styled = [...document.querySelectorAll('link[rel="stylesheet"]')].map(
  (link) => link.sheet ?? new Promise((done) => ["load", "error"].forEach((name) => link.addEventListener(name, done))),
);
Promise.all(styled).then(() => {
  const drawers = globalThis.mapsvcMaps ?? [];
  globalThis.mapsvcMaps = { push: (draw) => draw(calls) };
  drawers.forEach((draw) => draw(calls));
});
