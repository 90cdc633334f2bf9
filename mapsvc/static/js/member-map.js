// <member-map theme="water" region="africa">: the member map in a page of any site. It makes the frame, and gives it the
// height that the map asks for. What stands between its tags is shown where there are no scripts.

const HERE = new URL("../embed", import.meta.url);
const VIEW = ["theme", "region", "country", "type", "status", "joined_from", "joined_to", "asof", "q", "view", "measure"];
const SEVERAL = new Set(["theme", "region", "country", "type", "status", "show"]);
const NAMES = [...VIEW, "lang", "show", "look", "accent"];
const USUAL_PX = 520;
const [LEAST_PX, MOST_PX] = [100, 5000];

class MemberMap extends HTMLElement {
  static observedAttributes = [...NAMES, "src", "camera", "height", "ratio", "title"];

  #frame = null;

  connectedCallback() {
    this.#frame ??= this.attachShadow({ mode: "open" }).appendChild(document.createElement("iframe"));
    addEventListener("message", this);
    this.#draw();
  }

  disconnectedCallback() {
    removeEventListener("message", this);
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#frame) this.#draw();
  }

  /** Take the height that our own frame asks for; whoever else speaks is not heard. */
  handleEvent({ source, data }) {
    if (source !== this.#frame.contentWindow || this.hasAttribute("height") || this.hasAttribute("ratio")) return;
    const [height] = Object.values(data?.["datawrapper-height"] ?? {});
    if (typeof height === "number" && height >= LEAST_PX && height <= MOST_PX) this.#frame.style.height = `${height}px`;
  }

  #draw() {
    const frame = this.#frame;
    const address = this.#address();
    const ratio = this.getAttribute("ratio");
    Object.assign(frame, { title: this.title, loading: "lazy", allowFullscreen: true, referrerPolicy: "strict-origin-when-cross-origin" });
    this.style.display = "block";
    Object.assign(frame.style, {
      display: "block",
      width: "100%",
      border: "none",
      aspectRatio: ratio ?? "auto",
      height: ratio ? "auto" : `${Number(this.getAttribute("height")) || USUAL_PX}px`,
    });
    if (frame.src !== address) frame.src = address;
  }

  /** Return the address of the frame: as it is given, or made from the attributes. */
  #address() {
    const given = this.getAttribute("src");
    const address = given === null ? new URL(HERE) : new URL(given, HERE);
    if (!/^https?:$/.test(address.protocol)) return "about:blank";
    if (given !== null) return address.href;
    for (const name of NAMES) {
      const value = this.getAttribute(name)?.trim();
      if (!value) continue;
      for (const one of SEVERAL.has(name) ? value.split(/[\s,]+/) : [value]) address.searchParams.append(name, one);
    }
    address.hash = this.getAttribute("camera") ?? "";
    return address.href;
  }
}

if (!customElements.get("member-map")) customElements.define("member-map", MemberMap);
