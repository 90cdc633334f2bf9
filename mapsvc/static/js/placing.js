// Where a name may stand: boxes, what they meet, and the places that a name can choose from.

const CELL = 96; // px
const WIDE = 3; // the form of the ellipse that `room` is half the height of, as mapsvc/analysis/anchors.py has it
const EVERY_COUNTRY = 4.8; // from this zoom on a name may be larger than its country
const GAP = 5; // px between a point and its name
const LONG = 12; // characters, beyond which a name of several words has two lines

/** Boxes in a grid, so that those near another one are found without looking at all. */
export class Boxes {
  #cells = new Map();

  add(box) {
    for (const key of cellsOf(box)) {
      if (!this.#cells.has(key)) this.#cells.set(key, []);
      this.#cells.get(key).push(box);
    }
  }

  /** Return a box that meets this one, if there is one besides `own`. */
  meeting(box, own) {
    for (const key of cellsOf(box)) {
      const found = this.#cells.get(key)?.find((one) => one !== own && meet(one, box));
      if (found) return found;
    }
    return undefined;
  }
}

/** Return a box by its middle. */
export function boxAround(x, y, width, height) {
  return { west: x - width / 2, east: x + width / 2, north: y - height / 2, south: y + height / 2 };
}

/** Tell whether two boxes share more than an edge. */
export function meet(one, other) {
  return one.west < other.east && other.west < one.east && one.north < other.south && other.north < one.south;
}

/** Tell whether a country is large enough for its name, or near enough. */
export function fits({ room, large }, width, zoom) {
  return zoom >= EVERY_COUNTRY || width <= 2 * WIDE * room || width <= 1.3 * large;
}

/** Return places inside of a country, the nearest to its anchor first. */
export function countrySpots({ x, y, room }, width, height) {
  const spots = [];
  for (const down of [0, -0.8, 0.8, -1.6, 1.6]) {
    for (const east of [0, -0.35, 0.35, -0.7, 0.7]) {
      const [dx, dy] = [east * width, down * height];
      if (Math.hypot(dx / WIDE, dy) <= Math.max(0.8 * room, 11)) spots.push([x + dx, y + dy]);
    }
  }
  return spots.sort(([ax, ay], [bx, by]) => Math.hypot(ax - x, ay - y) - Math.hypot(bx - x, by - y));
}

/** Return places beside what stands for a centre: right, left, above, below, and off its corners. */
export function centreSpots({ west, east, north, south }, width, height) {
  const [x, y] = [(west + east) / 2, (north + south) / 2];
  return [
    [east + GAP + width / 2, y],
    [west - GAP - width / 2, y],
    [x, north - GAP - height / 2],
    [x, south + GAP + height / 2],
    ...[north - height / 2, south + height / 2].flatMap((y) => [east + width / 2, west - width / 2].map((x) => [x, y])),
  ];
}

/** Return a name of several words in two lines, as even as they can be. */
export function split(name) {
  const spaces = [...name.matchAll(/ /g)].map(({ index }) => index);
  if (name.length <= LONG || !spaces.length) return [name];
  const off = (at) => Math.abs(at - name.length / 2);
  const at = spaces.reduce((best, one) => (off(one) < off(best) ? one : best));
  return [name.slice(0, at), name.slice(at + 1)];
}

/** Return a circle as a part of a path. */
export function circle(x, y, radius) {
  const [r, across] = [radius.toFixed(1), (2 * radius).toFixed(1)];
  return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${across} 0a${r} ${r} 0 1 0 -${across} 0z`;
}

function* cellsOf({ west, east, north, south }) {
  for (let x = Math.floor(west / CELL); x <= Math.floor(east / CELL); x += 1) {
    for (let y = Math.floor(north / CELL); y <= Math.floor(south / CELL); y += 1) yield `${x} ${y}`;
  }
}
