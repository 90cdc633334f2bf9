// The share panel, and the codes of the builder: texts that a button copies, whole addresses, and where the map looks.

const share = document.getElementById("share");
const camera = document.getElementById("share-camera");
const words = (share ?? document.querySelector("[data-copied]")).dataset;
const said = document.querySelector(".said");
const isCamera = /^#\d[\d.]*\/-?\d[\d.]*\/-?\d[\d.]*$/;

/** Write every text as it is to be copied: with our host, which a service need not know itself, and the place that is looked at. */
function write() {
  const place = isCamera.test(location.hash) ? location.hash : "";
  if (camera) camera.closest("p").hidden = !place;
  const added = camera?.checked ? place : "";
  for (const button of document.querySelectorAll("[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    button.hidden = false;
    field.value = field.tagName === "INPUT" ? whole(field.defaultValue) + added : code(field.defaultValue, added);
  }
}

function whole(address) {
  return new URL(address, location.href).href;
}

/** Return a code with whole addresses: of the frame and the page, and the place behind both. */
function code(text, added) {
  const inMarkdown = text.replace(/(\]\()(\/[^)]*)/g, (all, before, address) => before + whole(address));
  return inMarkdown.replace(/\b(src|href)="([^"]*)"/g, (all, name, address) => {
    // An address has one sign that an attribute writes differently.
    const plain = whole(address.replaceAll("&amp;", "&")) + added;
    return `${name}="${plain.replaceAll("&", "&amp;")}"`;
  });
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copies);
  write();
  try {
    await navigator.clipboard.writeText(field.value);
    say(words.copied);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 2000);
  } catch {
    // Not allowed, or not a safe connection: the visitor copies it.
    field.focus();
    field.select();
    say(words.marked);
  }
}

/** Say it again even where it is the same. */
function say(text) {
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = text;
  });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copies]");
  if (button) copy(button);
});
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("input[readonly], textarea[readonly]")) target.select();
});
for (const name of ["mapsvc:view", "mapsvc:camera", "mapsvc:codes"]) document.addEventListener(name, write);
addEventListener("hashchange", write);
camera?.addEventListener("change", write);

if (share) {
  share.addEventListener("toggle", () => {
    if (!share.open) said.textContent = "";
    write();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!share.contains(target)) share.open = false;
  });
}
write();
