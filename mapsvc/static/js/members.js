// The members: points, gathered into clusters that grow with the square root of their number and say it.

import { countText, element, listText, numberText, pageState } from "./dom.js";
import { Popup, choiceCard, memberCard } from "./popup.js";
import { keepInReach } from "./reach.js";
import { spread } from "./spacing.js";

const CLOSEST = 9; // beyond it every member stands alone
const CLUSTER_PX = 42;
const FEW = 600;
const PIN_PX = 26; // the target; what is drawn may be smaller
const NEAR = 5; // the zoom at which a member picked from the list is shown

export class Members {
  #map;
  #texts;
  #popup;
  #index;
  #features = [];
  #markers = new Map(); // key of a cluster or member -> marker
  #generation = 0;
  #unnamed = []; // what is left to do for the names of clusters
  #tidying = false; // whether what can wait is waiting
  #lit = null;
  #focusNear = null;
  #here; // the member that the page is about, where it is about one

  constructor(map, texts) {
    this.#map = map;
    this.#texts = texts;
    this.#popup = new Popup(map, texts);
    this.#here = pageState().focus ?? null;
    map.on("moveend", () => this.#draw());
    map.on("popupclose", () => select(null));
    map.on("popupopen popupclose resize", () => this.#tidy());
  }

  /** Take the members of a view; those without a point stay in the list alone. */
  show(collection) {
    this.#popup.close();
    this.#features = collection.features.filter((feature) => feature.geometry !== null);
    // Among few, looking at all of them takes less than sorting them into a tree at each zoom.
    const nodeSize = this.#features.length > FEW ? 64 : FEW;
    this.#index = new Supercluster({ radius: CLUSTER_PX, extent: 256, maxZoom: CLOSEST, nodeSize }).load(this.#features);
    this.#generation += 1;
    this.#unnamed = []; // they belong to the index that was
    this.#draw();
  }

  /** All points, for the camera. */
  get places() {
    return this.#features.map(placeOf);
  }

  /** Pan to a member and open its popup. */
  open(id, giveBack) {
    const feature = this.#features.find((one) => one.id === id);
    if (!feature) return;
    this.#map.setView(placeOf(feature), Math.max(this.#map.getZoom(), NEAR), { animate: false });
    this.#tell(feature, giveBack);
  }

  /** Light up the marker that a member is in; null for none. */
  light(id) {
    this.#lit?.classList.remove("lit");
    this.#lit = null;
    if (id === null || !this.#index) return;
    for (const [, { button, ids }] of this.#markers) {
      if (ids().has(id)) this.#lit = button;
    }
    this.#lit?.classList.add("lit");
  }

  #draw() {
    if (!this.#index) return;
    const bounds = this.#map.getBounds().pad(0.2);
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const found = this.#index.getClusters(box, Math.floor(this.#map.getZoom() + 0.3));
    const places = this.#spread(found);
    const wanted = new Map(found.map((one, n) => [`${this.#generation}/${one.properties.cluster_id ?? one.id}`, [one, places[n]]]));
    const focused = this.#markers.get([...this.#markers.keys()].find((key) => this.#markers.get(key).button === document.activeElement));
    for (const [key, { marker }] of this.#markers) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.#markers.delete(key);
    }
    const fresh = new Set();
    for (const [key, [one, place]] of wanted) {
      const known = this.#markers.get(key);
      if (known) known.marker.setLatLng(place);
      else this.#markers.set(key, this.#marker(one, place));
      if (!known) fresh.add(this.#markers.get(key).marker);
    }
    this.#order(fresh);
    this.#tidy();
    if (focused && !focused.button.isConnected) this.#focusNear ??= focused.marker.getLatLng();
    this.#refocus();
  }

  /** Return where each cluster and member is drawn, so that none covers another. */
  #spread(features) {
    const zoom = this.#map.getZoom();
    const marks = features.map((feature) => {
      const n = feature.properties.point_count;
      return { ...this.#map.project(placeOf(feature), zoom), radius: sizeOf(n) / 2, fixed: n === undefined };
    });
    return spread(marks).map(({ x, y }, n) => {
      const still = x === marks[n].x && y === marks[n].y;
      return still ? L.latLng(placeOf(features[n])) : this.#map.unproject([x, y], zoom);
    });
  }

  /** Put new markers between the others, from west to east, so that the keyboard walks in an order that can be seen. */
  #order(fresh) {
    const markers = [...this.#markers.values()].map(({ marker }) => marker);
    markers.sort((one, other) => other.getLatLng().lng - one.getLatLng().lng);
    let next = null; // the others are in order, and one that has the focus would lose it on the way
    for (const marker of markers) {
      const icon = marker.getElement();
      if (fresh.has(marker)) icon.parentElement.insertBefore(icon, next);
      next = icon;
    }
  }

  /** Do what can wait when there is time: say in which countries clusters are, and find out what can be seen. */
  #tidy() {
    if (this.#tidying) return;
    this.#tidying = true;
    const tidy = () => {
      this.#tidying = false;
      for (const name of this.#unnamed.splice(0)) name();
      keepInReach(this.#map, [...this.#markers.values()].map(({ button }) => button));
    };
    (window.requestIdleCallback ?? setTimeout)(tidy, { timeout: 500 });
  }

  #marker(feature, place) {
    const { cluster_id: cluster, point_count: n, name, country_name: country } = feature.properties;
    // What a cluster is called is said when there is time: its plural form would keep the first map waiting.
    const label = cluster === undefined ? `${name}, ${country}` : numberText(n);
    const button = element("button", { type: "button", "aria-label": label });
    if (cluster === undefined) {
      button.append(element("span", { class: "dot" }));
    } else {
      button.className = "many";
      button.style.width = button.style.height = `${sizeOf(n)}px`;
      // Read aloud is the label, which has the number as the language writes it.
      button.append(element("span", { "aria-hidden": "true" }, numberText(n)));
    }
    const about = () => (cluster === undefined ? { title: name, text: country } : { title: this.#clusterLabel(cluster, n), text: "" });
    const over = () => this.#map.fire("mapsvc:over", { latlng: place, ...about(), above: button.offsetHeight / 2, ids: members().map((one) => one.id) });
    button.addEventListener("mouseenter", over);
    button.addEventListener("focus", () => button.matches(":focus-visible") && over());
    for (const name of ["mouseleave", "blur"]) button.addEventListener(name, () => this.#map.fire("mapsvc:out"));
    button.addEventListener("click", (event) => {
      event.stopPropagation(); // a click that reaches the map closes the popup
      this.#press(feature, place, event.detail === 0);
    });
    const icon = L.divIcon({ className: "pin", html: button, iconSize: [0, 0] });
    // Small ones lie on top, so that a large neighbour cannot hide them.
    const zIndexOffset = -1000 * Math.ceil(Math.sqrt(n ?? 1));
    const marker = L.marker(place, { icon, zIndexOffset, interactive: false, keyboard: false }).addTo(this.#map);
    const members = cluster === undefined ? () => [feature] : () => this.#index.getLeaves(cluster, Infinity);
    if (this.#here !== null && members().some((one) => one.id === this.#here)) button.classList.add("here");
    if (cluster !== undefined) this.#unnamed.push(() => button.setAttribute("aria-label", about().title));
    return { marker, button, ids: () => new Set(members().map((one) => one.id)) };
  }

  #clusterLabel(cluster, n) {
    const countries = new Set(this.#index.getLeaves(cluster, Infinity).map((leaf) => leaf.properties.country_name));
    const named = [...countries].slice(0, countries.size > 4 ? 3 : 4);
    if (countries.size > named.length) named.push(countText(this.#texts, "others", countries.size - named.length));
    return countText(this.#texts, "membersIn", n).replace("%p", () => listText(named));
  }

  #press(feature, place, byKeyboard) {
    if (this.#map.dragging.moved()) return;
    this.#map.fire("mapsvc:out");
    const { cluster_id: cluster } = feature.properties;
    if (cluster === undefined) {
      this.#tell(feature, () => this.#focus(place));
      return;
    }
    const zoom = this.#index.getClusterExpansionZoom(cluster);
    const leaves = this.#index.getLeaves(cluster, Infinity);
    if (zoom > CLOSEST || samePlace(leaves)) {
      const giveBack = () => this.#focus(place);
      const card = choiceCard(leaves, this.#clusterLabel(cluster, leaves.length), (one) => this.#tell(one, giveBack));
      this.#popup.open(place, card, giveBack);
      return;
    }
    if (byKeyboard) this.#focusNear = place;
    const target = Math.min(CLOSEST, Math.max(zoom, this.#map.getZoom() + 1));
    this.#map.setView(L.latLngBounds(leaves.map(placeOf)).getCenter(), target);
  }

  #tell(feature, giveBack) {
    this.#popup.open(placeOf(feature), memberCard(feature, this.#texts), giveBack);
    select(feature.id);
  }

  #focus(place) {
    this.#focusNear = place;
    this.#refocus();
  }

  /** Give the focus to the marker nearest to where it was, now that the one it was on is gone. */
  #refocus() {
    const place = this.#focusNear;
    if (!place || this.#map._animatingZoom) return;
    this.#focusNear = null;
    let best = null;
    let least = Infinity;
    for (const { marker, button } of this.#markers.values()) {
      const distance = place.distanceTo(marker.getLatLng());
      if (distance < least) [best, least] = [button, distance];
    }
    (best ?? this.#map.getContainer()).focus({ preventScroll: true });
  }
}

/** Tell the page which member is open on the map, so that its row can be found; null for none. */
function select(id) {
  document.dispatchEvent(new CustomEvent("mapsvc:selected", { detail: { id } }));
}

function placeOf({ geometry }) {
  const [lng, lat] = geometry.coordinates;
  return [lat, lng];
}

/** Return the width of a cluster of so many members, or of a member where there is no number. */
function sizeOf(n) {
  return n === undefined ? PIN_PX : Math.max(PIN_PX, Math.round(Math.min(64, 20 + 3.7 * Math.sqrt(n))));
}

function samePlace([first, ...others]) {
  return others.every((one) => String(one.geometry.coordinates) === String(first.geometry.coordinates));
}
