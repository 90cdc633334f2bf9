// The slider of years: it drags, steps and plays the choice that the form has without scripts.

import { stillness } from "./dom.js";

const STEP_MS = 700;
const DRAG_MS = 120;

const slider = document.getElementById("slider");
if (slider) startTimeline(slider);

function startTimeline(box) {
  const range = box.querySelector("input");
  const output = box.querySelector("output");
  const play = box.querySelector(".play");
  const words = { play: play.getAttribute("aria-label"), pause: play.dataset.pause };
  const first = Number(box.dataset.first);
  const last = Number(box.dataset.last);
  let session = null; // one drag or one play is one entry of the history
  let waiting = 0;
  let playing = 0;

  box.hidden = false;
  document.getElementById("asof").closest(".time").classList.add("has-slider");
  say();

  range.addEventListener("input", () => {
    pause();
    say();
    session ??= { pushed: false };
    clearTimeout(waiting);
    waiting = setTimeout(ask, DRAG_MS);
  });
  range.addEventListener("change", (event) => {
    event.stopPropagation(); // the form would send what it has; this asks for what is meant
    clearTimeout(waiting);
    session ??= { pushed: false };
    ask();
    session = null;
  });
  play.addEventListener("click", () => (playing ? pause() : start()));
  document.addEventListener("visibilitychange", () => document.hidden && pause());
  document.addEventListener("mapsvc:view", () => {
    if (playing || session) return;
    range.value = asked() ? asked().slice(0, 4) : last + 1;
    say();
  });

  function asked() {
    return new URLSearchParams(document.querySelector("main").dataset.query).get("asof") ?? "";
  }

  function ask() {
    const year = Number(range.value);
    const how = session ?? "push";
    document.dispatchEvent(new CustomEvent("mapsvc:ask", { detail: { change: { asof: year > last ? "" : String(year) }, how } }));
  }

  function say() {
    const options = document.getElementById("asof").options;
    const text = Number(range.value) > last ? options[0].textContent : range.value;
    output.textContent = text;
    range.setAttribute("aria-valuetext", text);
  }

  function start() {
    session = { pushed: false };
    if (Number(range.value) > last) range.value = first;
    show(true);
    ask();
    say();
    playing = setInterval(step, stillness.matches ? 2 * STEP_MS : STEP_MS);
  }

  function step() {
    if (document.querySelector("main[aria-busy]")) return; // not faster than the map follows
    range.value = Number(range.value) + 1;
    say();
    ask();
    if (Number(range.value) > last) pause();
  }

  function pause() {
    if (!playing) return;
    clearInterval(playing);
    playing = 0;
    session = null;
    show(false);
  }

  function show(on) {
    play.classList.toggle("on", on);
    play.setAttribute("aria-label", on ? words.pause : words.play);
  }
}
