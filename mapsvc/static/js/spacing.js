// Marks that would cover each other step aside until each can be seen, and hit with a finger. Clusters move, for they stand
// for a whole area anyway; a member stays where it is, unless it shares its place with another.

const ROUNDS = 24;
const ENOUGH = 0.5; // px

/**
 * Return where marks are drawn, in the order in which they came.
 * @param {{ x: number, y: number, radius: number, fixed: boolean }[]} marks  in px
 */
export function spread(marks) {
  const placed = marks.map((mark) => ({ ...mark }));
  const order = [...placed];
  const widest = Math.max(0, ...marks.map((mark) => mark.radius));
  for (let round = 0, moved = true; moved && round < ROUNDS; round += 1) {
    moved = false;
    order.sort((one, other) => one.x - other.x);
    for (const [place, one] of order.entries()) {
      for (let next = place + 1; next < order.length && order[next].x - one.x < one.radius + widest; next += 1) {
        moved = part(one, order[next]) || moved;
      }
    }
  }
  return placed;
}

/** Move two marks apart as far as they cover each other; return whether they did. */
function part(one, other) {
  const [x, y] = [other.x - one.x, other.y - one.y];
  const distance = Math.hypot(x, y);
  const missing = one.radius + other.radius - distance;
  if (missing < ENOUGH) return false;
  // At the very same place: side by side.
  const [right, down] = distance ? [x / distance, y / distance] : [1, 0];
  const share = one.fixed === other.fixed ? 0.5 : Number(other.fixed);
  one.x -= right * missing * share;
  one.y -= down * missing * share;
  other.x += right * missing * (1 - share);
  other.y += down * missing * (1 - share);
  return true;
}
