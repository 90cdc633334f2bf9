// Names of places in tiles: those of the whole world at once, the smaller ones where somebody looks closer.

const TOP = "0-0-0";
const FROM = { 0: 2.7, 2: 3.4, 4: 5.4, 6: 7.4 }; // the zoom from which the centres of a level are wanted
const DEEPEST_BESIDE_A_TEXT = 2; // the level that a small map goes down to: its page stays light
const NOTHING = { countries: [], centres: [], below: [] };

export class Pyramid {
  #map;
  #address;
  #come;
  #bounds = null;
  #deepest;
  #held = new Map(); // name of a tile -> what it holds; null while it is on its way

  /**
   * @param {L.Map} map
   * @param {string} address  of a tile, with __id__ in the place of its name
   * @param {() => void} come  called when there is more than before
   */
  constructor(map, address, come) {
    this.#map = map;
    this.#address = address;
    this.#come = come;
    this.#deepest = map.getContainer().dataset.kind === "small" ? DEEPEST_BESIDE_A_TEXT : Infinity;
  }

  /** Whether some that are wanted have not come yet. */
  get areComing() {
    return [...this.#held.values()].includes(null);
  }

  /** Name, longitude, latitude, room and side of each country, largest first. */
  get countries() {
    return this.#held.get(TOP)?.countries ?? [];
  }

  /** Return name, longitude, latitude and thousands of people of the centres for this zoom, largest first. */
  centres() {
    const zoom = this.#map.getZoom();
    const wanted = [...this.#held].filter(([name, tile]) => tile && zoom >= FROM[name[0]]);
    return wanted.flatMap(([, { centres }]) => centres).sort((one, other) => other[3] - one[3]);
  }

  /** Ask for the tiles of what is looked at, from the top down. */
  need(bounds) {
    this.#bounds = bounds;
    const waiting = [TOP];
    while (waiting.length) {
      const name = waiting.pop();
      if (!this.#held.has(name)) this.#ask(name);
      waiting.push(...(this.#held.get(name)?.below ?? []).filter((one) => this.#isSeen(one)));
    }
  }

  #isSeen(name) {
    const [level, x, y] = name.split("-").map(Number);
    if (level > this.#deepest || this.#map.getZoom() < FROM[level]) return false;
    const corners = [this.#bounds.getNorthWest(), this.#bounds.getSouthEast()];
    const [first, last] = corners.map((one) => this.#map.project(one, level).divideBy(256));
    return x + 1 > first.x && x < last.x && y + 1 > first.y && y < last.y;
  }

  async #ask(name) {
    this.#held.set(name, null);
    try {
      const response = await fetch(this.#address.replace("__id__", () => name));
      // Of another snapshot there is nothing more: the map keeps the names that it has.
      this.#held.set(name, response.ok ? await response.json() : NOTHING);
    } catch {
      this.#held.delete(name); // asked for again when the map is moved
      return;
    }
    this.need(this.#bounds);
    // All that is seen at once: names that came one after another would have to make room again.
    if (name === TOP || !this.areComing) this.#come();
  }
}
