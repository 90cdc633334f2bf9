// What few visitors open brings its script when it is opened, not before. Escape closes it at once, wherever its script is.

for (const part of document.querySelectorAll("details[data-script]")) {
  part.addEventListener("toggle", () => import(part.dataset.script), { once: true });
  part.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !part.open) return;
    event.stopPropagation();
    part.open = false;
    part.querySelector("summary").focus();
  });
}
