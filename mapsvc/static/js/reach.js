// What the keyboard stops at on the map: marks that can be seen. One that lies outside of its window, or under its buttons,
// its legend or a popup, can be reached again as soon as the map is moved.

const LEAST = 24; // px of a mark that must be free (WCAG 2.5.8)
const FURNITURE = ".legend, .leaflet-top, .leaflet-bottom, .leaflet-popup"; // each corner with all that is in it

/** Take out of the order of the keyboard what cannot be seen, and put back what can. */
export function keepInReach(map, buttons) {
  const container = map.getContainer();
  const frame = container.getBoundingClientRect();
  const furniture = [...container.parentElement.querySelectorAll(FURNITURE)].map((one) => one.getBoundingClientRect());
  // First everything is measured, then everything is written: once each.
  const seen = buttons.map((button) => isInSight(button.getBoundingClientRect(), frame, furniture));
  buttons.forEach((button, place) => (button.tabIndex = seen[place] ? 0 : -1));
}

function isInSight(box, frame, furniture) {
  const shown = {
    left: Math.max(box.left, frame.left),
    right: Math.min(box.right, frame.right),
    top: Math.max(box.top, frame.top),
    bottom: Math.min(box.bottom, frame.bottom),
  };
  if (Math.min(shown.right - shown.left, shown.bottom - shown.top) < LEAST / 2) return false;
  return furniture.every((one) => {
    const apart = one.right <= shown.left || one.left >= shown.right || one.bottom <= shown.top || one.top >= shown.bottom;
    const free = [one.left - shown.left, shown.right - one.right, one.top - shown.top, shown.bottom - one.bottom];
    return apart || Math.max(...free) >= LEAST;
  });
}

/** Where the map is covered by the sheet, what gets the focus of the keyboard on it comes into sight. */
export function comeIntoSight(around) {
  around.addEventListener("focusin", ({ target }) => {
    if (getComputedStyle(around).position === "sticky" && target.matches(":focus-visible")) scrollTo({ top: 0 });
  });
}
