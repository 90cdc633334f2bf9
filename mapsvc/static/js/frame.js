// The frame and the page around it: it says how high it would like to be, in the messages that sites listen for already.
// It hears one question of the page that holds it, and nothing else.

import { pageOf } from "./dom.js";

const IDEAL_RATIO = 0.58;
const [LEAST_MAP, MOST_MAP] = [280, 620];
const main = document.querySelector("main");
const full = document.getElementById("full");
const form = document.getElementById("narrow");
const isFramed = window.parent !== window;
// WordPress puts a secret into the fragment, and hears only who repeats it.
const secret = /#\?secret=(\w{1,40})$/.exec(location.hash)?.[1];

let told = 0; // the height that was told last
let isTelling = false;

/** Return the height at which everything is seen: what there is besides the map, and the map in a good shape. */
function wantedHeight() {
  const map = document.querySelector(".map");
  const ideal = Math.min(MOST_MAP, Math.max(LEAST_MAP, innerWidth * IDEAL_RATIO));
  const rest = main.scrollHeight - map.offsetHeight + document.querySelector("footer").offsetHeight;
  return Math.ceil(rest + ideal);
}

function tell(isAsked) {
  isTelling = false;
  const height = wantedHeight();
  if (height === told && !isAsked) return;
  told = height;
  // Whoever it is may know how high we are: there is nothing else in these.
  window.parent.postMessage({ "datawrapper-height": { [full.dataset.id]: height } }, "*");
  window.parent.postMessage({ sentinel: "amp", type: "embed-size", height }, "*");
  if (secret) window.parent.postMessage({ message: "height", value: height, secret }, "*");
}

/** Tell once per frame that is drawn, however often it is asked for. */
function tellSoon(isAsked = false) {
  if (isTelling) return;
  isTelling = true;
  requestAnimationFrame(() => tell(isAsked));
}

if (isFramed) {
  const sizes = new ResizeObserver(() => tellSoon());
  // The parts too: what grows within may scroll, and leave the body as it was.
  for (const part of [document.body, ...main.children]) sizes.observe(part);
  addEventListener("message", ({ source, data }) => {
    if (source === window.parent && data !== null && typeof data === "object" && data.mapsvc === "height" && Object.keys(data).length === 1) tellSoon(true);
  });
  tellSoon();
}

// The full map opens where the visitor looks now.
const look = () => {
  full.hash = /^#[\d.]+\//.test(location.hash) ? location.hash.replace(/#\?.*$/, "") : "";
};
document.addEventListener("mapsvc:camera", look);
addEventListener("hashchange", look);
look();
full.addEventListener("click", (event) => {
  if (!secret) return;
  // In WordPress' sandbox nothing may open: it is asked to.
  event.preventDefault();
  window.parent.postMessage({ message: "link", value: full.href, secret }, "*");
});

document.addEventListener("mapsvc:country", ({ detail: { code } }) => {
  const choice = form?.elements.namedItem("country");
  if (choice instanceof HTMLSelectElement) {
    choice.value = choice.value === code ? "" : code;
    send();
  } else {
    window.open(pageOf("country", code), "_blank", "noopener");
  }
});

form?.addEventListener("change", send);
// Before the form is sent: a sandbox forbids that, and says so in the console.
form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing && event.target.matches("input")) ask(event);
});
form?.querySelector("button").addEventListener("click", ask);

function ask(event) {
  event.preventDefault();
  send();
}

/** Go to the view that the form asks for, without an entry in the history of the site. */
function send() {
  const pairs = [...new FormData(form)].filter(([, value]) => value.trim());
  location.replace(`${form.action}?${new URLSearchParams(pairs)}`);
}
