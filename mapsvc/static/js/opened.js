// What few visitors open brings its script when it is opened, not before.

for (const part of document.querySelectorAll("details[data-script]")) {
  part.addEventListener("toggle", () => import(part.dataset.script), { once: true });
}
