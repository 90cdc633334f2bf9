// The countries: one path each, whose looks are classes of the style sheet, so that light, dark and hatching need no script.
//
// The paths come as the server wrote them, in fixed units of the whole world, and a transform follows the zoom. Leaflet's own
// polygons are projected, simplified and clipped again at every zoom, and take several times as long to appear.

import { countText, drawn } from "./dom.js";

const WORLD = 2 ** 16; // units across the world, as mapsvc/maps/outlines.py has them
const TILE = 256;
const TINY_PX = 5;
const TOP_LATITUDE = 85.06;
const HATCH_PX = 6;

export class Countries {
  #layers = new Map(); // code -> { path, name, size }
  #map;
  #texts;
  #state = {};
  #group = drawn("g", { class: "countries" });
  #hatch = hatch();
  #zoom = null;

  /** @param {L.Map} map */
  constructor(map, texts) {
    this.#map = map;
    this.#texts = texts;
    const renderer = L.svg({ padding: 0.4 }).addTo(map);
    renderer._container.prepend(drawn("defs", {}, this.#hatch), this.#group);
    this.#group.append(drawn("path", { class: "graticule", d: graticule() }));
    this.#follow();
    renderer.on("update", () => this.#follow());
    this.#listen();
  }

  /**
   * Draw the countries in the state of a view.
   * @param {Record<string, [string, number, string]>} outlines  code -> name, side of a square of its size, path
   */
  draw(outlines, state) {
    const paths = [];
    for (const [code, [name, size, d]] of Object.entries(outlines)) {
      const path = drawn("path", { d });
      path.code = code;
      this.#layers.set(code, { path, size, name });
      paths.push([size, path]);
    }
    this.show(state);
    // Small ones last, on top, so that they can be pointed at.
    paths.sort(([one], [other]) => other - one);
    this.#group.append(...paths.map(([, path]) => path));
  }

  /** Colour the countries by the state of a view. */
  show(state) {
    this.#state = state.countries;
    const top = Math.max(-1, ...Object.values(this.#state).map(([, , place]) => place ?? -1));
    const classes = this.#map.getContainer().classList;
    classes.remove(...[...classes].filter((name) => /^k-\d$/.test(name)));
    classes.add(`k-${top + 1}`);
    this.#paint();
  }

  /** Return the name of a country, and how its state is said. */
  about(code) {
    const [n, state, , said] = this.#state[code] ?? [0, "outside"];
    const { noMembers, notInTheme, unknown } = this.#texts;
    const text = { active: countText(this.#texts, "members", n), "not-in-theme": notInTheme, unknown, none: noMembers, outside: "" }[state];
    return { title: this.#layers.get(code)?.name ?? code, text: said ?? text };
  }

  /** Put the world where the map is; where the zoom is another one, strokes and small countries change as well. */
  #follow() {
    const { x, y } = this.#map.getPixelOrigin();
    const zoom = this.#map.getZoom();
    const scale = (TILE * 2 ** zoom) / WORLD;
    this.#group.setAttribute("transform", `translate(${-x} ${-y}) scale(${scale})`);
    if (zoom === this.#zoom) return;
    this.#zoom = zoom;
    this.#hatch.setAttribute("patternTransform", `scale(${1 / scale}) rotate(45)`);
    this.#paint();
  }

  #paint() {
    const least = (TINY_PX * WORLD) / (TILE * 2 ** this.#zoom);
    for (const [code, { path, size }] of this.#layers) {
      const [, state, place] = this.#state[code] ?? [0, "outside", null];
      const look = place === null ? state : `class-${place}`;
      path.setAttribute("class", `country-shape leaflet-interactive ${look}${size < least ? " tiny" : ""}`);
    }
  }

  #listen() {
    const map = this.#map;
    this.#group.addEventListener("mousemove", (event) => {
      const { code } = event.target;
      if (code) map.fire("mapsvc:over", { latlng: map.mouseEventToLatLng(event), ...this.about(code) });
    });
    this.#group.addEventListener("mouseout", () => map.fire("mapsvc:out"));
    this.#group.addEventListener("click", ({ target: { code } }) => {
      if (code && !map.dragging.moved()) this.#choose(code);
    });
  }

  #choose(code) {
    const seen = this.#state[code];
    // The view without anybody is no view; the page of a country says even then what is around it.
    if (seen && seen[0] === 0 && this.#map.getContainer().dataset.kind !== "small") return;
    document.dispatchEvent(new CustomEvent("mapsvc:country", { detail: { code, inView: seen !== undefined } }));
  }
}

function across(lng) {
  return Math.round(((lng + 180) / 360) * WORLD);
}

// Spherical Mercator, as EPSG:3857 has it.
function down(lat) {
  const sine = Math.sin((Math.max(-TOP_LATITUDE, Math.min(TOP_LATITUDE, lat)) * Math.PI) / 180);
  return Math.round((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD);
}

/** Return meridians and parallels, every 30°, a little beyond the edges of the world. */
function graticule() {
  let d = "";
  for (let lng = -210; lng <= 210; lng += 30) d += `M${across(lng)} 0V${WORLD}`;
  for (let lat = -60; lat <= 60; lat += 30) d += `M${across(-215)} ${down(lat)}H${across(215)}`;
  return d;
}

function hatch() {
  const size = String(HATCH_PX);
  return drawn(
    "pattern",
    { id: "hatch", width: size, height: size, patternUnits: "userSpaceOnUse" },
    drawn("rect", { class: "hatch-ground", width: size, height: size }),
    drawn("path", { class: "hatch-line", d: `M1 0V${size}` }),
  );
}
