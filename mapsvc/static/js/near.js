// Who is nearest to the visitor: asked on a click alone, found here, and told to nobody.

import { dataAddress, element } from "./dom.js";

const MOST = 5;
const EARTH_KM = 6371.0088;
const WAIT_MS = 15000;

const near = document.getElementById("near");
if (near && "geolocation" in navigator) startNear(near.querySelector("button"), near.querySelector("div"));

function startNear(button, answer) {
  const words = near.dataset;
  near.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    answer.replaceChildren(words.asking);
    navigator.geolocation.getCurrentPosition(found, refused, { timeout: WAIT_MS, maximumAge: 600000 });
  });
  document.addEventListener("mapsvc:view", () => answer.replaceChildren());

  async function found({ coords }) {
    button.disabled = false;
    try {
      const query = document.querySelector("main").dataset.query;
      const response = await fetch(dataAddress(words.url, query));
      if (!response.ok) throw new Error(String(response.status));
      const { features } = await response.json();
      say(nearestTo(coords, features));
    } catch {
      answer.replaceChildren(words.failed);
    }
  }

  function refused({ code }) {
    button.disabled = false;
    answer.replaceChildren(code === 1 ? words.denied : words.failed);
  }

  function say(members) {
    const written = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
    const rows = members.map(({ feature, km }) => {
      const far = km < 1 ? words.here : words.km.replace("%n", written.format(km));
      const show = element("button", { type: "button", class: "name", "data-show": feature.id }, feature.properties.name);
      return element("li", {}, show, element("small", {}, `${feature.properties.country_name} · ${far}`));
    });
    answer.replaceChildren(...(rows.length ? [element("ol", {}, ...rows)] : [words.none]));
    if (members.length) document.dispatchEvent(new CustomEvent("mapsvc:show", { detail: { id: members[0].feature.id, giveBack: () => button.focus() } }));
  }
}

function nearestTo({ longitude, latitude }, features) {
  const placed = features.filter(({ geometry }) => geometry !== null);
  const away = placed.map((feature) => ({ feature, km: distanceKm([longitude, latitude], feature.geometry.coordinates) }));
  return away.sort((one, other) => one.km - other.km).slice(0, MOST);
}

function distanceKm([a, b], [c, d]) {
  const [east, south, west, north] = [a, b, c, d].map((degrees) => (degrees * Math.PI) / 180);
  const half = Math.sin((north - south) / 2) ** 2 + Math.cos(south) * Math.cos(north) * Math.sin((west - east) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(half));
}
