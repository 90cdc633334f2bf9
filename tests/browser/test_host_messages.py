"""What the frame and the site that shows it say to each other: heights, in the words that sites know, and nothing else."""

import html
import json
import re
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from mapsvc.web.frames import FrameCode
from mapsvc.web.sharing import frame_html, responsive_html
from tests import wordpress
from tests.browser.conftest import DRAWN, until
from tests.browser.hosts import CITY

pytestmark = pytest.mark.browser

# What sites do that embed Datawrapper's charts, and what AMP pages do; each as its documentation says.
DATAWRAPPER = """<script>
addEventListener("message", ({ source, data }) => {
  const told = data["datawrapper-height"];
  if (!told) return;
  for (const frame of document.querySelectorAll("iframe"))
    for (const id in told) if (frame.contentWindow === source) frame.style.height = `${told[id]}px`;
});
</script>"""
AMP = """<script>
addEventListener("message", ({ source, data }) => {
  const frame = document.querySelector("iframe");
  if (source === frame.contentWindow && data.sentinel === "amp" && data.type === "embed-size") frame.height = data.height;
});
</script>"""
# How much of what stands in the frame is not seen, and how much room is left below it.
MISFIT = """() => {
  const { scrollHeight, clientHeight } = document.documentElement;
  return [scrollHeight - clientHeight, Math.round(innerHeight - document.querySelector("footer").getBoundingClientRect().bottom)];
}"""
IS_TOLD = """() => {
  const map = document.querySelector(".map").getBoundingClientRect();
  return Math.abs(map.height - Math.min(620, Math.max(280, innerWidth * 0.58))) < 3;
}"""
# Every kind of value that can be sent, some with names that mean something to objects or to other frames.
STORM = """n => {
  const heights = (one) => ({ "datawrapper-height": one });
  const cycle = {}; cycle.self = cycle;
  const kinds = [
    () => null, () => undefined, () => 0, () => NaN, () => "", () => "datawrapper-height", () => true, () => 10n, () => [], () => [[]], () => ({}),
    () => new Date(NaN), () => new Map([["datawrapper-height", 9]]), () => new Set(), () => new Error("x"), () => new ArrayBuffer(9), () => /x/, () => cycle,
    () => heights(null), () => heights(0), () => heights("9e9"), () => heights([]), () => heights({}), () => heights({ a: "9999" }), () => heights({ a: 9e9 }),
    () => heights({ a: -1 }), () => heights({ a: NaN }), () => heights({ a: Infinity }), () => heights({ a: 99 }), () => heights({ a: { b: 900 } }), () => heights({ a: null }),
    () => heights([9e9]), () => heights(new Map([["a", 900]])), () => heights({ a: "<img src=x onerror=alert(1)>" }), () => heights({ a: 10n }),
    () => JSON.parse('{"__proto__": {"polluted": 1, "datawrapper-height": {"a": 900}}}'),
    () => JSON.parse('{"constructor": {"prototype": {"polluted": 1}}}'), () => JSON.parse('{"datawrapper-height": {"__proto__": 900}}'),
    () => ({ mapsvc: "height", more: 1 }), () => ({ mapsvc: ["height"] }), () => ({ mapsvc: { toString: 1 } }), () => ({ mapsvc: "camera", value: "4/0/0" }),
    () => ({ message: "link", value: "javascript:alert(1)", secret: "x" }), () => ({ sentinel: "amp", type: "embed-size", height: 9e9 }),
    () => ({ get mapsvc() { return "height"; }, get evil() { return 1; } }), () => "x".repeat(1e5), () => Array(1e4).fill(heights({ a: 9e9 })),
    () => ({ location: "https://evil.example/", href: "javascript:alert(1)", innerHTML: "<script>" }),
  ];
  for (let place = 0; place < n; place += 1) TARGET.postMessage(kinds[place % kinds.length](), "*");
}"""

# What is heard, and how high the component is each time.
LISTENING = """<script>
heard = 0; heights = new Set();
addEventListener("message", () => {
  heard += 1;
  heights.add(document.querySelector("member-map").shadowRoot.querySelector("iframe").style.height);
});
</script>"""


def opened(visit, hosts, city_map, body, **options):
    """Open a page of the city; return the visit and the frame of the map."""
    one = visit(hosts.at(CITY), **options)
    one.others = (city_map,)
    one.page.goto(hosts.at(CITY, hosts.put(body)))
    return one, one.frame(city_map)


def code(city_map, query="", made=frame_html):
    """Return the code of a frame of the map."""
    return made(FrameCode("The members", f"{city_map}/embed{query}", f"{city_map}/"))


@pytest.mark.parametrize("way", ["responsive", "datawrapper", "amp"])
def test_the_frame_becomes_as_high_as_its_content(visit, hosts, city_map, way):
    query = "?show=title&show=legend&show=list&show=filters"
    body = {
        "responsive": code(city_map, query, responsive_html),
        "datawrapper": DATAWRAPPER + code(city_map, query),
        "amp": AMP + code(city_map, query),
    }[way]
    one, frame = opened(visit, hosts, city_map, body)
    for width in (1280, 360):
        one.page.set_viewport_size({"width": width, "height": 900})
        until(frame, IS_TOLD)
        assert frame.evaluate(MISFIT) == pytest.approx([0, 0], abs=2), width


def test_the_script_has_ten_lines(city_map):
    script = re.search(r"<script>\n(.*)\n</script>", code(city_map, made=responsive_html), re.DOTALL)[1]
    assert len(script.splitlines()) <= 10


def test_two_maps_on_a_page_have_each_their_own_height(visit, hosts, city_map):
    body = code(city_map, "?show=map") + code(
        city_map, "?show=title&show=list&show=download", responsive_html
    )
    one = visit(hosts.at(CITY))
    one.others = (city_map,)
    one.page.goto(hosts.at(CITY, hosts.put(body)))
    for _ in range(2):
        until(one.page, "frames.length === 2")
    one.page.evaluate("document.querySelectorAll('iframe')[1].scrollIntoView()")
    for frame in one.page.frames[1:]:
        frame.wait_for_load_state()
        until(frame, IS_TOLD)
        assert frame.evaluate(MISFIT) == pytest.approx([0, 0], abs=2)
    low, high = one.page.evaluate("[...document.querySelectorAll('iframe')].map((one) => one.offsetHeight)")
    assert low + 100 < high


def test_the_frame_tells_its_height_when_it_is_asked_and_says_nothing_else(visit, hosts, city_map):
    hears = "<script>heard = []; addEventListener('message', ({ data }) => heard.push(data));</script>"
    one, frame = opened(visit, hosts, city_map, hears + code(city_map))
    until(one.page, "heard.length >= 2")
    one.page.wait_for_timeout(200)
    one.page.evaluate("heard.length = 0; frames[0].postMessage({ mapsvc: 'height' }, '*')")
    until(one.page, "heard.length === 2")
    [datawrapper, amp] = one.page.evaluate("heard")
    [(id_, height)] = datawrapper["datawrapper-height"].items()
    assert amp == {"sentinel": "amp", "type": "embed-size", "height": height}
    assert re.fullmatch(r"squares-[0-9a-f]{8}", id_)
    # Moving and pointing is nobody's business.
    frame.evaluate("location.hash = '#4/1/30'")
    frame.hover(".folium-map")
    one.page.wait_for_timeout(200)
    assert one.page.evaluate("heard.length") == 2


def test_ten_thousand_hostile_messages_change_nothing_in_the_frame(visit, hosts, city_map):
    one, frame = opened(
        visit, hosts, city_map, DATAWRAPPER.replace("data[", "data?.[") + code(city_map, "?show=list")
    )
    until(frame, IS_TOLD)
    one.page.wait_for_timeout(200)
    state = "() => [document.body.innerText, document.querySelectorAll('*').length, location.href, innerHeight, ({}).polluted]"
    before = frame.evaluate(state)
    one.page.evaluate(STORM.replace("TARGET", "frames[0]"), 10_000)
    # The last one is answered, after all the others were heard.
    one.page.evaluate(
        "addEventListener('message', () => globalThis.answered = true); frames[0].postMessage({ mapsvc: 'height' }, '*')"
    )
    until(one.page, "globalThis.answered")
    assert frame.evaluate(state) == before


@pytest.mark.parametrize("way", ["responsive", "component"])
def test_ten_thousand_hostile_messages_change_nothing_in_the_site(visit, hosts, city_map, way):
    """They come from a frame that is not ours, and from the site itself; ours is as high as it says."""
    body = component(city_map) if way == "component" else code(city_map, "", responsive_html)
    stranger = html.escape("<script>onmessage = ({ data }) => eval('(' + data + ')')(10000)</script>")
    one, frame = opened(visit, hosts, city_map, f'{body}<iframe id=stranger srcdoc="{stranger}"></iframe>')
    until(frame, IS_TOLD)
    one.page.wait_for_timeout(200)
    state = "() => [innerWidth, document.querySelector('#stranger').previousElementSibling.offsetHeight, ({}).polluted]"
    before = one.page.evaluate(state)
    one.page.evaluate("heard = 0; addEventListener('message', () => { heard += 1; })")
    storm = STORM.replace("TARGET", "parent")
    one.page.evaluate(
        f"document.getElementById('stranger').contentWindow.postMessage({json.dumps(storm)}, '*')"
    )
    one.page.evaluate(STORM.replace("TARGET", "window"), 10_000)
    until(one.page, "heard >= 20000")
    assert one.page.evaluate(state) == before


def test_a_frame_that_is_given_to_the_component_cannot_make_it_absurdly_high(visit, hosts, city_map):
    page = hosts.at(CITY, hosts.put(f"<script>({STORM.replace('TARGET', 'parent')})(1000)</script>"))
    script, _, _ = component(city_map).partition("<member-map")
    one = visit(hosts.at(CITY))
    one.others = (city_map,)
    one.page.goto(
        hosts.at(CITY, hosts.put(f"{LISTENING}{script}<member-map src='{page}' title=Ours></member-map>"))
    )
    until(one.page, "heard >= 1000")
    # 900 is among what was said, and a height as good as any other.
    assert set(one.page.evaluate("[...heights]")) == {"520px", "900px"}
    assert one.page.evaluate("({}).polluted") is None


def component(city_map: str) -> str:
    """Return the web component as the builder writes it, asking for the height of the map."""
    return f'<script type="module" src="{city_map}/embed/member-map-1.js"></script><member-map theme="water" title="Water"></member-map>'


def test_in_wordpress_it_has_its_height_and_leads_to_the_full_map(visit, hosts, city_map):
    with urlopen(f"{city_map}/oembed?url={quote(f'{city_map}/?theme=water#4/1/30')}") as answer:
        markup = json.load(answer)["html"]
    body = wordpress.HOST_SCRIPT + wordpress.filtered(markup, "a1B2c3D4e5")
    one, frame = opened(visit, hosts, city_map, body)
    until(frame, IS_TOLD)
    assert frame.evaluate(MISFIT) == pytest.approx([0, 0], abs=2)
    # The camera is still ours, though something of the site stands behind it.
    assert frame.evaluate("location.hash").startswith("#4/1/30")
    frame.click("#full")
    until(one.page, DRAWN)
    assert one.page.url == f"{city_map}/?theme=water#4/1/30"
