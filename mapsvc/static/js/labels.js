// What places are called: countries, then urban centres by size, as many as have room, and never one on another.
//
// Lakes of colour, as large as the built-up area of a centre, lie under the names. All of it is for the eye alone: nothing here
// can be pointed at, and the list says the same to everyone. Names that stand while the map is moved go on standing.

import { drawn } from "./dom.js";

const EDGE = 0.15; // so much beyond the edges of the map is written too, for it will be moved
const FROM = { 0: 2.7, 2: 3.4, 4: 5.4, 6: 7.4 }; // the zoom from which tiles of a level are wanted
const EVERY_COUNTRY = 4.8; // from this zoom on a name may be larger than its country
const SMALLEST_LAKE = 1.2; // px
const AIR = 3; // px between two names
const WIDE = 3; // the form of the ellipse that `room` is half the height of, as mapsvc/analysis/anchors.py has it
const LONG = 12; // characters, beyond which a name of several words has two lines

export class Labels {
  #map;
  #tiles;
  #pane;
  #lakes = drawn("path", { class: "lake" });
  #dots = drawn("path", { class: "dot" });
  #names = drawn("g");
  #written = new Map(); // what is written -> { node, box, dot }
  #measure = document.createElement("canvas").getContext("2d");
  #widths = new Map();
  #looks = {};
  #origin = null;
  #waiting = false;

  /**
   * @param {L.Map} map
   * @param {string} address  of a tile of labels, with __id__ in the place of its name
   */
  constructor(map, address) {
    this.#map = map;
    this.#pane = map.createPane("labels");
    this.#pane.setAttribute("aria-hidden", "true");
    this.#pane.append(drawn("svg", { class: "labels", width: "1", height: "1" }, this.#lakes, this.#dots, this.#names));
    this.#tiles = new Tiles(map, address, () => this.#soon());
    map.on("zoomstart", () => this.#pane.classList.add("away"));
    map.on("moveend", () => this.#soon());
    // The markers of another view need other places.
    new MutationObserver(() => this.#soon()).observe(map.getPane("markerPane"), { childList: true });
    document.fonts.ready.then(() => this.#soon());
    document.fonts.addEventListener("loadingdone", () => this.#measureAgain());
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
    this.#origin = null;
    this.#soon();
  }

  #write() {
    const map = this.#map;
    const size = map.getSize();
    if (!size.x || map._animatingZoom) return;
    this.#tiles.need(map.getBounds().pad(EDGE));
    const origin = map.getPixelOrigin();
    if (!this.#origin?.equals(origin)) this.#clear();
    this.#origin = origin;
    const corner = map.containerPointToLayerPoint([0, 0]);
    const view = boxAround(corner.x + size.x / 2, corner.y + size.y / 2, size.x * (1 + 2 * EDGE), size.y * (1 + 2 * EDGE));
    const seen = this.#seen(view);
    const taken = this.#markers(corner);
    this.#keep(view, taken);
    for (const one of seen) if (!this.#written.has(one.key)) this.#place(one, taken);
    this.#lakes.setAttribute("d", seen.map(lake).join(""));
    this.#dots.setAttribute("d", [...this.#written.values()].flatMap(({ dot }) => dot.map(disc)).join(""));
    this.#pane.classList.remove("away");
    this.#pane.toggleAttribute("data-complete", !this.#tiles.areComing);
  }

  #clear() {
    for (const { node } of this.#written.values()) node.remove();
    this.#written.clear();
  }

  /** Return what lies in a box, in the order in which it may choose its place. */
  #seen(view) {
    const map = this.#map;
    const zoom = map.getZoom();
    const degree = (256 * 2 ** zoom) / 360;
    const least = 8e3 * 4.2 ** (3 - zoom); // thousands of people that make a place a name of this zoom
    const found = [];
    for (const [name, lng, lat, room, side] of this.#tiles.countries) {
      const { x, y } = map.latLngToLayerPoint([lat, lng]);
      const large = side * degree;
      const one = { key: `country ${name}`, name, x, y, air: AIR, radius: 0, room: room * degree, large };
      if (isIn(view, x, y)) found.push({ ...one, country: true, size: large > 420 ? 14 : large > 130 ? 12 : 10.5 });
    }
    for (const [name, lng, lat, thousands] of this.#tiles.centres()) {
      const { x, y } = map.latLngToLayerPoint([lat, lng]);
      if (!isIn(view, x, y)) continue;
      // A disc of 4,000 people per square kilometre.
      const radius = (Math.sqrt(thousands / (4 * Math.PI)) * degree) / (111.32 * Math.cos((lat * Math.PI) / 180));
      // The smaller, the more room around it makes it worth a name.
      const air = Math.max(5, (14 * least) / thousands);
      const size = thousands > 12 * least ? 13.5 : thousands > 3 * least ? 12.5 : 11.5;
      found.push({ key: `${lng} ${lat} ${name}`, name, x, y, air, radius, country: false, size });
    }
    return found;
  }

  /** Return the boxes that markers cover, in the map's own pixels. */
  #markers(corner) {
    const zero = this.#map.getContainer().getBoundingClientRect();
    return [...this.#map.getPane("markerPane").querySelectorAll(".dot, .many")].map((marker) => {
      const { left, top, width, height } = marker.getBoundingClientRect();
      const [x, y] = [left - zero.left + corner.x + width / 2, top - zero.top + corner.y + height / 2];
      return { ...boxAround(x, y, width + 4, height + 4), marker: true };
    });
  }

  /** Let stand what was written, but for what is out of sight or under a marker now. */
  #keep(view, taken) {
    const markers = [...taken];
    for (const [key, { node, box, dot }] of this.#written) {
      if (meet(box, view) && !markers.some((one) => meet(one, box))) {
        taken.push(box, ...dot);
      } else {
        node.remove();
        this.#written.delete(key);
      }
    }
  }

  /** Write a name at the first of its places where it meets nothing. */
  #place(one, taken) {
    if (one.air > 60) return;
    const lines = one.country ? split(one.name) : [one.name];
    const width = Math.max(...lines.map((line) => this.#width(line, one)));
    const height = lines.length * one.size * 1.15;
    if (one.country && !fits(one, width, this.#map.getZoom())) return;
    const cover = one.country ? null : taken.find((box) => isIn(box, one.x, one.y));
    // Under a marker, a place needs no dot; under another name it would have none.
    if (cover && !cover.marker) return;
    const spots = one.country ? countrySpots(one, width, height) : centreSpots(cover ?? boxAround(one.x, one.y, 8, 6), width, height);
    const dot = one.country || cover ? [] : [boxAround(one.x, one.y, one.size > 12 ? 4.4 : 3.4, one.size > 12 ? 4.4 : 3.4)];
    for (const [x, y] of spots) {
      const box = boxAround(x, y, width, height);
      const wanted = boxAround(x, y, width + 2 * one.air, height + 2 * one.air);
      if (taken.some((other) => meet(other, wanted))) continue;
      taken.push(box, ...dot);
      const node = written(one, lines, x, y);
      this.#names.append(node);
      this.#written.set(one.key, { node, box, dot });
      return;
    }
  }

  #width(text, { country, size }) {
    const key = `${country}${size}${text}`;
    if (!this.#widths.has(key)) {
      this.#measure.font = this.#font(country, size);
      const drawnText = country ? text.toLocaleUpperCase(document.documentElement.lang) : text;
      // Letters of a country stand apart, as labels.css has it.
      const apart = country ? 0.09 * size * text.length : 0;
      this.#widths.set(key, this.#measure.measureText(drawnText).width + apart + 2);
    }
    return this.#widths.get(key);
  }

  /** Return the font of a kind of name, as the style sheet has it. */
  #font(country, size) {
    const kind = country ? "of-country" : "of-centre";
    if (!this.#looks[kind]) {
      const probe = drawn("text", { class: kind });
      this.#names.append(probe);
      const { fontWeight, fontFamily } = getComputedStyle(probe);
      this.#looks[kind] = { fontWeight, fontFamily };
      probe.remove();
    }
    const { fontWeight, fontFamily } = this.#looks[kind];
    return `${fontWeight} ${size}px ${fontFamily}`;
  }
}

const NOTHING = { countries: [], centres: [], below: [] };

// The names come in tiles: the top of the pyramid at once, what is below it where somebody looks closer.
class Tiles {
  #map;
  #address;
  #come;
  #held = new Map(); // name of a tile -> what it holds; null while it is on its way

  constructor(map, address, come) {
    this.#map = map;
    this.#address = address;
    this.#come = come;
  }

  get areComing() {
    return [...this.#held.values()].includes(null);
  }

  get countries() {
    return this.#held.get("0-0-0")?.countries ?? [];
  }

  /** Return the centres that are known and wanted at this zoom, largest first. */
  centres() {
    const wanted = [...this.#held].filter(([name, tile]) => tile && this.#map.getZoom() >= FROM[name[0]]);
    return wanted.flatMap(([, { centres }]) => centres).sort((one, other) => other[3] - one[3]);
  }

  /** Ask for the tiles of what is looked at, from the top down. */
  need(bounds) {
    const waiting = ["0-0-0"];
    while (waiting.length) {
      const name = waiting.pop();
      const tile = this.#held.get(name);
      if (tile === undefined) this.#ask(name);
      waiting.push(...(tile?.below ?? []).filter((one) => this.#isIn(one, bounds)));
    }
  }

  #isIn(name, bounds) {
    const [level, x, y] = name.split("-").map(Number);
    if (this.#map.getZoom() < FROM[level]) return false;
    const [north, south] = [bounds.getNorthWest(), bounds.getSouthEast()].map((one) => this.#map.project(one, level).divideBy(256));
    return x + 1 > north.x && x < south.x && y + 1 > north.y && y < south.y;
  }

  async #ask(name) {
    this.#held.set(name, null);
    try {
      const response = await fetch(this.#address.replace("__id__", () => name));
      // Of another snapshot there is nothing more: the map keeps the names that it has.
      this.#held.set(name, response.ok ? await response.json() : NOTHING);
      this.#come();
    } catch {
      this.#held.delete(name); // asked for again when the map is moved
    }
  }
}

function written({ country, size }, lines, x, y) {
  const text = drawn("text", { class: country ? "of-country" : "of-centre", "font-size": String(size), x: x.toFixed(1) });
  const first = y - ((lines.length - 1) * size * 1.15) / 2 + size * 0.35;
  text.append(...lines.map((line, n) => drawn("tspan", { x: x.toFixed(1), y: (first + n * size * 1.15).toFixed(1) }, line)));
  return text;
}

function fits({ room, large }, width, zoom) {
  return zoom >= EVERY_COUNTRY || width <= 2 * WIDE * room || width <= 1.1 * large;
}

/** Return places inside of a country, the nearest to its anchor first. */
function countrySpots({ x, y, room }, width, height) {
  const spots = [];
  for (const down of [0, -1, 1, -2, 2]) {
    for (const east of [0, -1, 1, -2, 2]) {
      const [dx, dy] = [0.35 * east * width, 0.8 * down * height];
      const inside = Math.hypot(dx / WIDE, dy) <= Math.max(0.8 * room, 11);
      if (inside) spots.push([x + dx, y + dy]);
    }
  }
  return spots.sort(([ax, ay], [bx, by]) => Math.hypot(ax - x, ay - y) - Math.hypot(bx - x, by - y));
}

/** Return places beside a point, or beside the marker that covers it: right, left, above, below. */
function centreSpots({ west, east, north, south }, width, height) {
  const [x, y] = [(west + east) / 2, (north + south) / 2];
  const gap = 5;
  return [
    [east + gap + width / 2, y],
    [west - gap - width / 2, y],
    [x, north - gap - height / 2],
    [x, south + gap + height / 2],
  ];
}

/** Return a name of several words in two lines, as even as they can be. */
function split(name) {
  const middle = name.length / 2;
  const spaces = [...name.matchAll(/ /g)].map(({ index }) => index);
  if (name.length <= LONG || !spaces.length) return [name];
  const at = spaces.reduce((best, one) => (Math.abs(one - middle) < Math.abs(best - middle) ? one : best));
  return [name.slice(0, at), name.slice(at + 1)];
}

function lake({ x, y, radius }) {
  return radius > SMALLEST_LAKE ? circle(x, y, radius) : "";
}

function disc({ west, east, north, south }) {
  return circle((west + east) / 2, (north + south) / 2, (east - west) / 2);
}

function circle(x, y, radius) {
  const [r, across] = [radius.toFixed(1), (2 * radius).toFixed(1)];
  return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${across} 0a${r} ${r} 0 1 0 -${across} 0z`;
}

function boxAround(x, y, width, height) {
  return { west: x - width / 2, east: x + width / 2, north: y - height / 2, south: y + height / 2 };
}

function meet(one, other) {
  return one.west < other.east && other.west < one.east && one.north < other.south && other.north < one.south;
}

function isIn({ west, east, north, south }, x, y) {
  return x > west && x < east && y > north && y < south;
}
