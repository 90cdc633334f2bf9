// What places are called: countries, then urban centres by size, as many as have room, and never one on another.
//
// Lakes of colour, as large as the built-up area of a centre, lie under the names. All of it is for the eye alone: nothing here
// can be pointed at, and the list says the same to everyone. Names that stand while the map is moved go on standing.

import { drawn } from "./dom.js";
import { Boxes, boxAround, centreSpots, circle, countrySpots, fits, meet, split } from "./placing.js";
import { Pyramid } from "./pyramid.js";

const EDGE = 0.15; // so much beyond the edges of the map is written too, for it will be moved
const AIR = 3; // px around the name of a country
const MOST_AIR = 60; // px; what is so small that it wants more has no name yet
const TOWN_AIR = 8; // px; what wants no more is large for this zoom
const SMALLEST_LAKE = 1.2; // px
const LINE = 1.15; // of the size of the letters
const APART = 0.09; // between the letters of a country, as labels.css has it
const MEASURED = 12; // px; other sizes follow
const MARKERS = ".leaflet-marker-pane :is(.dot, .many)";
const COVERS = `${MARKERS}, .legend, .leaflet-control`;

export class Labels {
  #map;
  #pyramid;
  #pane;
  #lakes = drawn("path", { class: "lake" });
  #dots = drawn("path", { class: "dot" });
  #names = drawn("g");
  #written = new Map(); // what is written -> { node, box, dot } and the place, where it stands beside a marker
  #widths = new Map();
  #pens = {}; // for each kind of name, what measures it
  #origin = null;
  #waiting = false;

  /**
   * @param {L.Map} map
   * @param {string} address  of a tile of names, with __id__ in the place of its own
   */
  constructor(map, address) {
    this.#map = map;
    this.#pane = map.createPane("labels");
    this.#pane.setAttribute("aria-hidden", "true");
    this.#pane.append(drawn("svg", { class: "labels", width: "1", height: "1" }, this.#lakes, this.#dots, this.#names));
    this.#pyramid = new Pyramid(map, address, () => this.#soon());
    map.on("zoomstart", () => this.#pane.classList.add("away"));
    map.on("moveend", () => this.#soon());
    // The markers of another view need other places.
    new MutationObserver(() => this.#soon()).observe(map.getPane("markerPane"), { childList: true });
    document.fonts.addEventListener("loadingdone", () => this.#measureAgain());
    document.fonts.ready.then(() => this.#soon());
  }

  /** Write in the next frame, once for all that happens before it. */
  #soon() {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#pane.removeAttribute("data-complete");
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#write();
    });
  }

  #measureAgain() {
    this.#widths.clear();
    this.#pens = {};
    this.#origin = null;
    this.#soon();
  }

  #write() {
    const map = this.#map;
    const { x: width, y: height } = map.getSize();
    if (!width || map._animatingZoom) return;
    this.#pyramid.need(map.getBounds());
    const origin = map.getPixelOrigin();
    if (!this.#origin?.equals(origin)) this.#clear();
    this.#origin = origin;
    const corner = map.containerPointToLayerPoint([0, 0]);
    const view = boxAround(corner.x + width / 2, corner.y + height / 2, width * (1 + 2 * EDGE), height * (1 + 2 * EDGE));
    const taken = this.#covered(corner);
    this.#keep(view, taken);
    const seen = [...this.#countries(), ...this.#centres()].filter(({ x, y }) => meet(view, boxAround(x, y, 1, 1)));
    const towns = new Boxes();
    for (const { x, y, radius, air } of seen) if (radius && air <= TOWN_AIR) towns.add(boxAround(x, y, 12, 12));
    for (const one of seen) if (!this.#written.has(one.key)) this.#place(one, taken, towns);
    this.#names.append(...[...this.#written.values()].filter(({ node }) => !node.isConnected).map(({ node }) => node));
    this.#lakes.setAttribute("d", seen.map(({ x, y, radius }) => (radius > SMALLEST_LAKE ? circle(x, y, radius) : "")).join(""));
    this.#dots.setAttribute("d", [...this.#written.values()].map(({ dot }) => dot && circle(dot.x, dot.y, dot.radius)).join(""));
    this.#pane.classList.remove("away");
    this.#pane.toggleAttribute("data-complete", !this.#pyramid.areComing && document.fonts.status === "loaded");
  }

  #clear() {
    this.#written.clear();
    this.#names.replaceChildren();
  }

  get #degree() {
    return (256 * 2 ** this.#map.getZoom()) / 360;
  }

  #countries() {
    return this.#pyramid.countries.map(([name, lng, lat, room, side]) => {
      const large = side * this.#degree;
      const size = large > 420 ? 14 : large > 130 ? 12 : 10.5;
      const { x, y } = this.#map.latLngToLayerPoint([lat, lng]);
      return { kind: "country", key: `country ${name}`, name, x, y, size, air: AIR, radius: 0, room: room * this.#degree, large };
    });
  }

  #centres() {
    const least = 8e3 * 4.2 ** (3 - this.#map.getZoom()); // thousands of people that make a place a name of this zoom
    return this.#pyramid.centres().map(([name, lng, lat, thousands]) => {
      // A disc of 4,000 people per square kilometre, and what it measures in degrees of longitude.
      const radiusKm = Math.sqrt(thousands / (4 * Math.PI));
      const radius = (radiusKm / (111.32 * Math.cos((lat * Math.PI) / 180))) * this.#degree;
      // The smaller, the more room around it makes it worth a name.
      const air = Math.max(5, (14 * least) / thousands);
      const size = Math.round(2 * Math.min(17, Math.max(11.5, 11.5 + 1.5 * Math.log10(thousands / least)))) / 2;
      const { x, y } = this.#map.latLngToLayerPoint([lat, lng]);
      return { kind: "centre", key: `${lng} ${lat} ${name}`, name, x, y, size, air, radius };
    });
  }

  /** Return what markers, buttons and the legend cover, in the map's own pixels. */
  #covered(corner) {
    const zero = this.#map.getContainer().getBoundingClientRect();
    const taken = new Boxes();
    for (const cover of this.#map.getContainer().parentElement.querySelectorAll(COVERS)) {
      const { left, top, width, height } = cover.getBoundingClientRect();
      const [x, y] = [left - zero.left + corner.x + width / 2, top - zero.top + corner.y + height / 2];
      taken.add({ ...boxAround(x, y, width + 4, height + 4), isMarker: cover.matches(MARKERS) });
    }
    return taken;
  }

  /** Let stand what was written, but for what is out of sight or covered now. */
  #keep(view, taken) {
    const standing = [];
    for (const [key, one] of this.#written) {
      const cover = one.beside && taken.meeting(one.beside);
      if (meet(one.box, view) && !taken.meeting(one.box) && (!one.beside || cover)) {
        if (cover) cover.isNamed = true;
        standing.push(one);
      } else {
        one.node.remove();
        this.#written.delete(key);
      }
    }
    for (const one of standing) take(one, taken);
  }

  /** Write a name at the first of its places where it meets nothing; a country's rather not upon a larger town. */
  #place(one, taken, towns) {
    if (one.air > MOST_AIR) return;
    const isCountry = one.kind === "country";
    const cover = isCountry ? undefined : taken.meeting(boxAround(one.x, one.y, 4, 4));
    // A marker stands for the largest place that it covers; under anything else no place could be seen.
    if (cover && (!cover.isMarker || cover.isNamed)) return;
    const lines = isCountry ? split(one.name) : [one.name];
    const width = Math.max(...lines.map((line) => this.#width(line, one)));
    const height = lines.length * one.size * LINE;
    if (isCountry && !fits(one, width, this.#map.getZoom())) return;
    const spots = isCountry ? countrySpots(one, width, height) : centreSpots(cover ?? boxAround(one.x, one.y, 8, 6), width, height);
    const free = spots.filter(([x, y]) => !taken.meeting(boxAround(x, y, width + 2 * one.air, height + 2 * one.air), cover));
    if (!free.length) return;
    const [x, y] = (isCountry && free.find(([x, y]) => !towns.meeting(boxAround(x, y, width, height)))) || free[0];
    const dot = isCountry || cover ? null : { x: one.x, y: one.y, radius: one.size > 12 ? 2.2 : 1.7 };
    const beside = cover ? boxAround(one.x, one.y, 4, 4) : null;
    const placed = { node: text(one, lines, x, y), box: boxAround(x, y, width, height), dot, beside };
    if (cover) cover.isNamed = true;
    take(placed, taken);
    this.#written.set(one.key, placed);
  }

  #width(line, { kind, size }) {
    const key = `${kind} ${line}`;
    if (!this.#widths.has(key)) {
      const drawnLine = kind === "country" ? line.toLocaleUpperCase(document.documentElement.lang) : line;
      const apart = kind === "country" ? APART * MEASURED * line.length : 0;
      this.#widths.set(key, this.#pen(kind).measureText(drawnLine).width + apart);
    }
    return (this.#widths.get(key) * size) / MEASURED + 2;
  }

  /** Return what measures names of a kind, with the typeface that the style sheet gives them. */
  #pen(kind) {
    if (!this.#pens[kind]) {
      const probe = drawn("text", { class: `of-${kind}` });
      this.#names.append(probe);
      const { fontWeight, fontFamily } = getComputedStyle(probe);
      this.#pens[kind] = document.createElement("canvas").getContext("2d");
      this.#pens[kind].font = `${fontWeight} ${MEASURED}px ${fontFamily}`;
      probe.remove();
    }
    return this.#pens[kind];
  }
}

function take({ box, dot }, taken) {
  taken.add(box);
  if (dot) taken.add(boxAround(dot.x, dot.y, 2 * dot.radius, 2 * dot.radius));
}

function text({ kind, size }, lines, x, y) {
  const first = y - ((lines.length - 1) * size * LINE) / 2 + size * 0.35;
  const spans = lines.map((line, n) => drawn("tspan", { x: x.toFixed(1), y: (first + n * size * LINE).toFixed(1) }, line));
  return drawn("text", { class: `of-${kind}`, "font-size": String(size) }, ...spans);
}
