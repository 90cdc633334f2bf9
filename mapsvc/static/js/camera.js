// Where the map looks. The fragment of the address holds it (#zoom/lat/lng), but only once a person moved the map:
// an aim that follows from the query needs no fragment to be found again, and follows the size of the window.

import { stillness } from "./dom.js";

// A site that holds us in a frame may put something of its own behind (#?secret=…).
const FRAGMENT = /^#(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)(?:#\?.*)?$/;
const CENTRE = [24, 9];
const BOUNDS = [[-85, -215], [85, 215]];
const CLOSEST_FIT = 6;

if (stillness.matches) {
  // Leaflet does not ask: nothing of it slides or grows, neither zoom nor pan.
  const { panBy } = L.Map.prototype;
  L.Map.mergeOptions({ zoomAnimation: false, markerZoomAnimation: false, fadeAnimation: false, inertia: false });
  L.Map.include({
    panBy(offset, options) {
      return panBy.call(this, offset, { ...options, animate: false });
    },
  });
}

/** Read a fragment; null where it is not a camera. */
export function parseCamera(fragment) {
  const found = FRAGMENT.exec(fragment);
  if (!found) return null;
  const [zoom, lat, lng] = found.slice(1).map(Number);
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 360 ? { zoom, lat, lng } : null;
}

export class Camera {
  #map;
  #aim = null; // how to aim again; null once a person moved the map
  #expected = false; // whether the next end of a move is our own

  #small; // beside a text: it may not take the address, nor the wheel and the finger that scroll the page

  /** @param {L.Map} map */
  constructor(map) {
    this.#map = map;
    this.#small = map.getContainer().dataset.kind === "small";
    if (this.#small) {
      map.scrollWheelZoom.disable();
      if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
    }
    map.setMinZoom(0.5).setMaxZoom(10);
    // What we aim at is within the bounds as it is. To bring back what a person moves begins with the first aim: the view that
    // Leaflet begins with may not fit, and would be moved while another one is taken.
    map.options.maxBounds = L.latLngBounds(BOUNDS);
    map.options.maxBoundsViscosity = 0.9;
    map.once("moveend", () => map.setMaxBounds(BOUNDS));
    map.on("moveend", () => this.#moved());
    map.on("resize", () => this.#resized());
    addEventListener("hashchange", () => this.restore());
  }

  /** Look where the fragment of the address says; false where it says nothing. */
  restore() {
    const camera = this.#small ? null : parseCamera(location.hash);
    if (!camera) return false;
    this.#aim = null;
    this.#expected = true;
    this.#map.setView([camera.lat, camera.lng], camera.zoom, { animate: false });
    return true;
  }

  /** Show the whole world, filling the map: an atlas leaves no empty edge. */
  world(animate = false) {
    this.#take((motion) => {
      const { x, y } = this.#map.getSize();
      const snap = this.#map.options.zoomSnap;
      this.#map.options.zoomSnap = 0;
      this.#map.setView(CENTRE, Math.log2(Math.max(x * 1.02, y * 0.94) / 256), motion);
      this.#map.options.zoomSnap = snap;
    }, animate);
  }

  /** Show these points, or the whole world where there are none. */
  fit(points, animate = false) {
    if (!points.length) {
      this.world(animate);
      return;
    }
    const bounds = L.latLngBounds(points);
    this.#take((motion) => {
      // Room for what lies on the map: the buttons at the top, the legend at the bottom.
      const side = this.#map.getSize().x < 500 ? 36 : 72;
      const room = { paddingTopLeft: [side, side === 36 ? 104 : 48], paddingBottomRight: [side, 132] };
      this.#map.fitBounds(bounds, { ...room, maxZoom: CLOSEST_FIT, ...motion });
    }, animate);
  }

  /** Show a box of the world: west, south, east, north. */
  frame([west, south, east, north]) {
    this.#take((motion) => this.#map.fitBounds([[south, west], [north, east]], { padding: [14, 14], maxZoom: CLOSEST_FIT, ...motion }), false);
  }

  /** Show one place and what is around it. */
  near(place) {
    this.#take((motion) => this.#map.setView(place, CLOSEST_FIT, motion), false);
  }

  #take(aim, animate) {
    this.#aim = aim;
    this.#expected = true;
    aim({ animate: animate && !stillness.matches, duration: 0.15 });
    if (!this.#small && parseCamera(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
    this.#tell();
  }

  /** Say that the fragment is another one: a change made by a script says nothing by itself. */
  #tell() {
    document.dispatchEvent(new CustomEvent("mapsvc:camera"));
  }

  #moved() {
    if (this.#expected) {
      this.#expected = false;
      return;
    }
    this.#aim = null;
    if (this.#small) return;
    const { lat, lng } = this.#map.getCenter().wrap();
    const zoom = Number(this.#map.getZoom().toFixed(2));
    history.replaceState(history.state, "", `#${zoom}/${lat.toFixed(3)}/${lng.toFixed(3)}`);
    this.#tell();
  }

  #resized() {
    this.#expected = true;
    this.#aim?.({ animate: false });
    this.#expected = true; // Leaflet says once more, a little later, that it has moved
  }
}
