"""The builder: each choice stands in its address, in the preview and in every code, one by one and all together."""

import html
import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import pytest

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from mapsvc.web.colours import PAPER
from mapsvc.web.texts import CODE_TITLES

BASE = "https://maps.example.org/members"
STATIC = Path(__file__).resolve().parents[2] / "mapsvc/static"
CHOICES = [
    ("theme=water", "theme=water"),
    ("theme=air&theme=water", "theme=air&theme=water"),
    ("region=west", "region=west"),
    ("country=AA", "country=AA"),
    ("type=city", "type=city"),
    ("status=former", "status=former"),
    ("q=alpha", "q=alpha"),
    ("joined_from=1990", "joined_from=1990"),
    ("joined_to=2005", "joined_to=2005"),
    ("asof=2001-05-04", "asof=2001-05-04"),
    ("view=countries", "view=countries"),
    ("view=countries&measure=first-year", "view=countries&measure=first-year"),
    ("show=map&show=list", "show=list"),
    ("show=map", "show=map"),
    ("show=map&show=title&show=legend", ""),
    ("look=dark", "look=dark"),
    ("accent=%23C2185B", "accent=c2185b"),
    ("speaks=ko", "lang=ko"),
    ("camera=4/1.5/30", "#4/1.5/30"),
]  # fmt: skip


@pytest.fixture
def client(squares):
    """A client of a service that knows its address and lets everybody embed."""
    return create_app(Settings(embed_allow=("*",), base_url=BASE), Store(squares)).test_client()


def codes(page: str) -> dict[str, str]:
    """Return the codes of a builder page as a visitor would copy them."""
    found = dict(re.findall(r'<textarea id="code-(\w+)"[^>]*>(.*?)</textarea>', page, re.DOTALL))
    found |= dict(re.findall(r'<input id="code-(\w+)" readonly value="([^"]*)"', page))
    return {name: html.unescape(text) for name, text in found.items()}


def preview(page: str) -> str:
    """Return the address of the preview."""
    return html.unescape(re.search(r'<iframe id="preview"[^>]*src="([^"]*)"', page)[1])


@pytest.mark.parametrize(("chosen", "framed"), CHOICES, ids=lambda one: one or "usual")
def test_each_choice_is_in_the_preview_and_in_the_codes(client, chosen, framed):
    page = client.get(f"/members/embed/builder?{chosen}").text
    query, _, camera = framed.partition("#")
    expected = "/embed" + (f"?{query}" if query else "") + (f"#{camera}" if camera else "")
    assert preview(page) == f"/members{expected}"
    assert client.get(preview(page)).status_code == 200
    given = codes(page)
    assert set(given) == set(CODE_TITLES)
    assert given["url"] == BASE + expected
    for name in ("frame", "responsive", "component"):
        shown = re.search(r'<(?:iframe|member-map)[^>]* src="([^"]*)"', given[name])[1]
        assert html.unescape(shown) == BASE + expected
    for name in ("picture", "markdown"):
        assert f"{BASE}/map.png?" in given[name]
        if query and not re.match(r"(show|look|accent|lang)", query):
            assert query in html.unescape(given[name])


def test_all_choices_together_are_one_address(client):
    chosen = "theme=water&region=west&asof=2001&view=countries&show=title&show=list&look=light&accent=c2185b&speaks=ko&camera=4/1.5/30&height=700&ratio=4/3"
    page = client.get(f"/members/embed/builder?{chosen}&lang=en").text
    assert preview(page) == (
        "/members/embed?theme=water&region=west&asof=2001&view=countries"
        "&show=title&show=list&look=light&accent=c2185b&lang=ko#4/1.5/30"
    )
    assert "aspect-ratio:4/3" in codes(page)["frame"]
    canonical = html.unescape(re.search(r'rel="canonical" href="([^"]*)"', page)[1])
    assert client.get(canonical.removeprefix("https://maps.example.org")).text == page


def test_the_form_holds_what_was_chosen(client):
    page = client.get(
        "/members/embed/builder?theme=water&look=dark&show=list&height=700&speaks=ko&q=alpha&lang=en"
    ).text
    form = page.split('<form id="choices"')[1].split("</form>")[0]
    checked = re.findall(r'name="(\w+)" value="(\w+)" checked', form)
    assert checked == [("theme", "water"), ("show", "list")]
    selected = re.findall(r'<option value="([^"]*)" selected', form)
    assert selected == ["members", "members", "ko", "dark"]
    assert 'name="height" value="700"' in form
    assert 'name="q" value="alpha"' in form


@pytest.mark.parametrize("query", ["height=199", "height=2001", "height=x", "ratio=1/0", "camera=here", "camera=1/91/0", "speaks=xx", "look=x",
                                   "accent=zzz", "show=all", "theme=none", "height=300&height=400"])  # fmt: skip
def test_a_choice_that_cannot_be_is_refused(client, query):
    assert client.get(f"/members/embed/builder?{query}").status_code == 400


def test_it_may_show_our_frames_and_may_not_be_framed(client):
    response = client.get("/members/embed/builder")
    policy = response.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "frame-src" not in client.get("/members/").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accent", "said"),
    [("0b7a75", "readable as it is"), ("ffcc00", "takes a darker or lighter shade"), ("", None)],
)
def test_the_contrast_of_the_accent_is_said(client, accent, said):
    page = client.get(f"/members/embed/builder?look=light&accent={accent}&lang=en").text
    assert ("Contrast with the paper" in page) is (said is not None)
    if said:
        assert said in page


def test_the_paper_is_that_of_the_style_sheet():
    sheet = (STATIC / "css/site.css").read_text(encoding="utf-8")
    assert re.findall(r"--paper: (#[0-9a-f]{6});", sheet) == [PAPER["light"], PAPER["dark"]]


def test_where_frames_are_off_or_for_some_it_says_so(squares):
    nobody = create_app(Settings(), Store(squares)).test_client().get("/embed/builder?lang=en").text
    assert "Frames are switched off." in nobody
    some = create_app(Settings(embed_allow=("https://example.org",)), Store(squares)).test_client()
    assert "https://example.org" in some.get("/embed/builder?lang=en").text


def test_a_map_is_pinned_to_the_day_of_the_data(client):
    page = client.get("/members/embed/builder?theme=water&lang=en").text
    assert "/members/embed/builder?theme=water&amp;asof=2026-01-02&amp;lang=en" in page
    assert "Pin it to" not in client.get("/members/embed/builder?asof=2026-01-02&lang=en").text


def test_the_component_is_the_script_that_its_hash_says(client):
    code = codes(client.get("/members/embed/builder").text)["component"]
    address, hashed = re.search(r'src="([^"]*)" integrity="sha384-([^"]*)"', code).groups()
    response = client.get(address.removeprefix("https://maps.example.org"))
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert b64encode(sha384(response.data).digest()).decode() == hashed


def test_the_component_of_this_number_never_changes():
    """Sites hold this hash: a script that changes takes another number, and the old one stays where it is."""
    script = (STATIC / "js/member-map.js").read_bytes()
    assert len(script) < 4000
    assert b64encode(sha384(script).digest()).decode() == COMPONENT_1


COMPONENT_1 = "r8Ej3ExuiHhc8Dh4nCp5FiRCKzbfQ/co5Xy8W2TiWhlzlYAzpwWs2FCKtFURyVJQ"
