// How the map is moved where it lies between somebody else's texts: the wheel and one finger scroll the page around it,
// Ctrl and two fingers are for the map. On the full screen there is nothing else to scroll.

import { element } from "./dom.js";

const HINT_MS = 1500;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

document.addEventListener("mapsvc:prepared", ({ detail: { map } }) => {
  const container = map.getContainer();
  const around = container.parentElement;
  const hint = element("p", { class: "gesture-hint", "aria-hidden": "true" });
  around.append(hint);
  let hiding = 0;

  const isFull = () => document.fullscreenElement !== null;
  const say = (text) => {
    hint.textContent = text;
    hint.classList.add("on");
    clearTimeout(hiding);
    hiding = setTimeout(() => hint.classList.remove("on"), HINT_MS);
  };

  container.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey || isFull()) {
      hint.classList.remove("on");
      return;
    }
    event.stopImmediatePropagation(); // before Leaflet: the page scrolls
    say(isMac ? around.dataset.wheelMac : around.dataset.wheel);
  }, { capture: true, passive: true });

  // A mouse drags the map as ever; one finger scrolls the page, two are Leaflet's pinch, which also moves the map.
  const follow = (isMouse) => map.dragging[isMouse || isFull() ? "enable" : "disable"]();
  container.addEventListener("pointerdown", (event) => follow(event.pointerType === "mouse"), { capture: true });
  document.addEventListener("fullscreenchange", () => follow(!matchMedia("(pointer: coarse)").matches));
  container.addEventListener("touchmove", (event) => {
    if (event.touches.length > 1 || isFull()) hint.classList.remove("on");
    else if (!event.target.closest(".leaflet-control, .leaflet-popup")) say(around.dataset.touch);
  }, { passive: true });
  follow(!matchMedia("(pointer: coarse)").matches);
});
