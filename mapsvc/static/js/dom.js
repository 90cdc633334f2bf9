// The few calls that make elements. Data enters as text and attributes only, never as markup.

/**
 * Return a new element with attributes and children; children that are text become text nodes.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string | null)} children  null is left out
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Return a new SVG element with attributes and children. */
export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Return a link to another site, or null where the address is not one of the web. */
export function webLink(address, text) {
  if (!/^https?:\/\//i.test(address ?? "")) return null;
  return element("a", { href: address, rel: "noopener" }, text);
}

/** Return the state that the page carries: the query, and number, state and class of each country. */
export function pageState() {
  return JSON.parse(document.getElementById("state").textContent);
}

/** Return the address of our page of a member or a country; null where the page names none. */
export function pageOf(kind, id) {
  return pageState().links?.[kind].replace("__id__", () => encodeURIComponent(id)) ?? null;
}

/** Return what the filters call each value, so that the map says the same words as the page. */
export function filterTitles(name) {
  const given = pageState().titles?.[name];
  if (given) return new Map(Object.entries(given));
  const boxes = document.querySelectorAll(`#filters input[name="${name}"]`);
  return new Map([...boxes].map((box) => [box.value, box.parentElement.querySelector(".t").textContent]));
}

const language = document.documentElement.lang;
// The first of them takes tens of milliseconds to make, each further one a few; the first map does without.
const makers = {
  forms: () => new Intl.PluralRules(language),
  numbers: () => new Intl.NumberFormat(language, { useGrouping: "always", numberingSystem: "latn" }),
  lists: () => new Intl.ListFormat(language, { style: "narrow" }),
};
const made = {};
const writer = (name) => (made[name] ??= makers[name]());
// As the server writes them; a day of the calendar has no zone.
const dates = {
  4: { year: "numeric" },
  7: { year: "numeric", month: "long" },
  10: { year: "numeric", month: "long", day: "numeric" },
};

/** Return a number as the page's language writes it; below a thousand all of them write the digits alone. */
export function numberText(n) {
  return Number.isInteger(n) && n >= 0 && n < 1000 ? String(n) : writer("numbers").format(n);
}

/** Return a year, a month or a day as the page's language writes it; anything else stays as it is. */
export function dateText(written) {
  const day = new Date(written);
  if (!dates[written.length] || Number.isNaN(day.valueOf())) return written;
  return new Intl.DateTimeFormat(language, { ...dates[written.length], numberingSystem: "latn", timeZone: "UTC" }).format(day);
}

/** Return several names in one line. */
export function listText(names) {
  return writer("lists").format(names);
}

/** Return the form of a text of the map for a number, with the number in it. */
export function countText(texts, name, n) {
  return (texts[`${name}.${writer("forms").select(n)}`] ?? texts[`${name}.other`]).replace("%n", numberText(n));
}

/** Tell whether the visitor asked for less motion. */
export const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** Return the address of the data of a view. The base says language and snapshot, which the query of a page may say as well. */
export function dataAddress(base, query) {
  const [path, ...language] = base.split("?");
  const parts = query.split("&").filter((part) => part && !/^(lang|snapshot)=/.test(part));
  const text = [...parts, ...language].join("&");
  return text ? `${path}?${text}` : path;
}
