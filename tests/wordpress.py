"""What WordPress does with an address that is pasted into it, in our own words: how it finds a provider, and what it leaves of the answer.

After its documentation of `wp_oembed_add_provider`, `WP_oEmbed::discover` and `wp_filter_oembed_result` (WordPress 5.9 and later).
"""

import html
import re
from html.parser import HTMLParser

# Of a page, it reads so much, and of that the head.
READ_BYTES = 150 * 1024
ALLOWED = {
    "a": {"href"},
    "blockquote": set(),
    "iframe": {"src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title"},
}


def provider_matches(written: str, address: str, *, is_pattern: bool = False) -> bool:
    """Tell whether a provider that the site's owner added is asked about an address; a star stands for something, not for nothing."""
    pattern = written.strip("#") if is_pattern else re.escape(written).replace(r"\*", "(.+)")
    return re.search(pattern, address, re.IGNORECASE) is not None


def discovered(page: bytes) -> dict[str, str]:
    """Return the addresses to which a page leads, by media type."""
    head = re.split(rb"</head>|<body", page[:READ_BYTES])[0].decode()
    found = {}
    for written in re.findall(r"<link([^<>]+)/?>", head, re.IGNORECASE):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', written))
        if attributes.get("type", "").endswith("+oembed") and attributes.get("href"):
            found.setdefault(attributes["type"], html.unescape(attributes["href"]))
    return found


class _Filter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ALLOWED:
            said = [f' {name}="{html.escape(text or "")}"' for name, text in attrs if name in ALLOWED[tag]]
            self.kept.append(f"<{tag}{''.join(said)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in ALLOWED:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.kept.append(data)


def filtered(markup: str, secret: str) -> str:
    """Return what is shown of the markup of a provider that the owner has not added; empty for nothing at all."""
    parser = _Filter()
    parser.feed(markup)
    found = re.search(
        r"(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>)", "".join(parser.kept), re.DOTALL
    )
    if not found:
        return ""
    frame = re.sub(r' src="(.*?)"', rf' src="\1#?secret={secret}" data-secret="{secret}"', found[2], count=1)
    start = '<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted"'
    return (found[1] or "") + frame.replace("<iframe", start, 1)


# What its page does with the messages of such a frame, of the one alone that repeats the secret.
HOST_SCRIPT = """<script>
addEventListener("message", ({ source, data }) => {
  if (!data || !data.secret || /[^a-zA-Z0-9]/.test(data.secret)) return;
  for (const frame of document.querySelectorAll(`iframe[data-secret="${data.secret}"]`)) {
    if (source !== frame.contentWindow) continue;
    if (data.message === "height") frame.height = Math.min(1000, Math.max(200, parseInt(data.value, 10)));
    if (data.message === "link" && new URL(data.value).host === new URL(frame.src).host) top.location.href = data.value;
  }
});
</script>"""
