// The builder in step with its form: every choice is an address, whose page the server writes; what changed is put in place.

const form = document.getElementById("choices");
const asSeen = document.getElementById("as-seen");
const TYPING_MS = 400;
const CAMERA = /^#(\d[\d.]*\/-?\d[\d.]*\/-?\d[\d.]*)$/;

let pending = null;
let typing = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
form.addEventListener("change", show);
form.addEventListener("input", ({ target }) => {
  if (!target.matches("input:not([type=checkbox])")) return;
  clearTimeout(typing);
  typing = setTimeout(show, TYPING_MS);
});
asSeen.hidden = false;
asSeen.addEventListener("click", () => {
  const found = CAMERA.exec(document.getElementById("preview").contentWindow.location.hash);
  form.elements.namedItem("camera").value = found ? found[1] : "";
  show();
});

async function show() {
  clearTimeout(typing);
  if (!form.checkValidity()) return; // what is half typed is waited for
  pending?.abort();
  const mine = (pending = new AbortController());
  const chosen = [...new FormData(form)].filter(([, value]) => value.trim());
  const address = `${form.action.split("?")[0]}?${new URLSearchParams(chosen)}`;
  let page;
  try {
    const response = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!response.ok) return;
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return; // the next choice asks again; what is shown stays true to its own code
  }
  if (mine.signal.aborted) return;
  const { pathname, search } = new URL(page.querySelector("link[rel=canonical]").href);
  history.replaceState(null, "", pathname + search); // without what is usual
  for (const region of document.querySelectorAll("[data-live]")) {
    const next = page.querySelector(`[data-live="${region.dataset.live}"]`);
    if (!next || next.isEqualNode(region)) continue;
    if (region.getAttribute("role") === "status") region.replaceChildren(...next.childNodes);
    else region.replaceWith(document.adoptNode(next));
  }
  count(page);
  document.dispatchEvent(new CustomEvent("mapsvc:codes"));
}

/** Say how many members there would be with each choice; what is chosen, and what has the focus, stays. */
function count(page) {
  for (const next of page.querySelectorAll("#choices .choice")) {
    const { name, value } = next.querySelector("input");
    const mine = form.querySelector(`.choice input[name="${name}"][value="${CSS.escape(value)}"]`)?.closest(".choice");
    if (!mine) continue;
    mine.className = next.className;
    mine.querySelector(".n").textContent = next.querySelector(".n").textContent;
  }
  const titles = page.querySelectorAll("#choices summary");
  form.querySelectorAll("summary").forEach((mine, place) => mine.replaceChildren(...titles[place].childNodes));
}
