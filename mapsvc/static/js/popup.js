// What is said of one member, or of several that share a place: a small dialog that gives the focus back.

import { dateText, element, filterTitles, pageOf, pageState, webLink } from "./dom.js";

export class Popup {
  #map;
  #texts;
  #popup;
  #giveBack = null;

  constructor(map, texts) {
    this.#map = map;
    this.#texts = texts;
    this.#popup = L.popup({
      closeButton: false,
      closeOnEscapeKey: false,
      minWidth: 250,
      maxWidth: 300,
      offset: [0, -6],
      autoPanPaddingTopLeft: [12, 12],
    });
    map.on("popupclose", () => this.#closed());
  }

  /**
   * Open at a place.
   * @param {L.LatLngExpression} place
   * @param {HTMLElement} card  from `memberCard` or `choiceCard`
   * @param {() => void} giveBack  called when it closes while it holds the focus
   */
  open(place, card, giveBack) {
    const close = element("button", { type: "button", class: "close", "aria-label": this.#texts.close }, "×");
    close.addEventListener("click", () => this.close());
    card.append(close);
    card.addEventListener("click", (event) => event.stopPropagation()); // the map would close it
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    this.#giveBack = null;
    // Beside the buttons where there is room; a narrow map hides them while a popup is open.
    this.#popup.options.autoPanPaddingBottomRight = [this.#map.getSize().x > 500 ? 66 : 12, 12];
    this.#popup.options.maxHeight = Math.max(160, this.#map.getSize().y - 90);
    this.#popup.setLatLng(place).setContent(card).openOn(this.#map);
    this.#giveBack = giveBack;
    card.focus({ preventScroll: true });
  }

  close() {
    this.#popup.close();
  }

  #closed() {
    const card = this.#popup.getContent();
    const held = card?.contains(document.activeElement) || document.activeElement === document.body;
    const giveBack = this.#giveBack;
    this.#giveBack = null;
    if (held) giveBack?.();
  }
}

/** Return the card of one member: everything as text, links only into the web. */
export function memberCard({ id, properties: member }, texts) {
  const types = filterTitles("type");
  const titles = filterTitles("theme");
  const statuses = filterTitles("status");
  const place = [types.get(member.type) ?? member.type, member.admin1, member.country_name].filter(Boolean);
  const facts = element("dl");
  const fact = (term, ...content) => facts.append(element("div", {}, element("dt", {}, term), element("dd", {}, ...content)));
  if (member.status !== "member") fact(texts.status, statuses.get(member.status) ?? member.status);
  if (member.themes?.length) {
    fact(texts.themes, element("ul", {}, ...member.themes.map((theme) => element("li", {}, titles.get(theme) ?? theme))));
  } else {
    fact(texts.themes, member.themes ? texts.themesNone : texts.themesUnknown);
  }
  if (member.since) fact(texts.since, dateText(member.since));
  const links = [webLink(member.source_url, `${texts.source}: ${host(member.source_url)}`), webLink(member.url, texts.page)];
  const row = links.some(Boolean) ? element("p", { class: "links" }, ...links) : null;
  return element(
    "div",
    { class: "card", role: "dialog", "aria-labelledby": "card-title", tabindex: "-1", "data-member": id },
    element("h2", { id: "card-title" }, titleOf(id, member.name)),
    element("p", { class: "place" }, place.join(" · ")),
    member.location_source?.endsWith("seat") ? element("p", { class: "place" }, texts.seat) : null,
    facts,
    row,
  );
}

/** Return a card that offers several members which share a place. */
export function choiceCard(features, title, choose) {
  const list = element("ul");
  for (const feature of features) {
    const types = filterTitles("type");
    const { name, type } = feature.properties;
    const button = element(
      "button",
      { type: "button", class: "pick" },
      element("strong", {}, name),
      ` · ${types.get(type) ?? type}`,
    );
    button.addEventListener("click", () => choose(feature));
    list.append(element("li", {}, button));
  }
  return element(
    "div",
    { class: "card", role: "dialog", "aria-labelledby": "card-title", tabindex: "-1" },
    element("h2", { id: "card-title" }, title),
    list,
  );
}

/** Return the name as a link to the member's page; alone where there is none, or where this is it. */
function titleOf(id, name) {
  const page = pageOf("member", id);
  return page === null || pageState().focus === id ? name : element("a", { href: page }, name);
}

function host(address) {
  try {
    return new URL(address).hostname.replace(/^www\./, "");
  } catch {
    return "";
  }
}
