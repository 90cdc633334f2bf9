// The list of the page as one file: its names show their members on the map. Without filters this is all there is to do.

import { element } from "./dom.js";

function enhance() {
  for (const name of document.querySelectorAll("span.name[data-show]")) {
    const id = name.dataset.show;
    const button = element("button", { type: "button", class: "name", "data-show": id }, name.textContent);
    button.addEventListener("click", () => {
      if (document.querySelector(".map").getBoundingClientRect().bottom < 200) scrollTo({ top: 0 });
      document.dispatchEvent(new CustomEvent("mapsvc:show", { detail: { id, giveBack: () => button.focus() } }));
    });
    for (const [kind, lit] of [["pointerenter", id], ["pointerleave", null], ["focus", id], ["blur", null]]) {
      button.addEventListener(kind, () => document.dispatchEvent(new CustomEvent("mapsvc:light", { detail: { id: lit } })));
    }
    name.replaceWith(button);
  }
}

enhance();
