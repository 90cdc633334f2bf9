"""For everyone: by keyboard, enlarged, in the system's own colours, without motion, by touch, and without scripts."""

import pytest

from tests.browser.conftest import until

pytestmark = pytest.mark.browser

# What the keyboard stands on: what it is, whether its look says so, and whether it can be seen.
STANDING = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const kind = one.matches('.skip') ? 'skip link' : one.id === 'q' ? 'search' : one.matches('#filters summary') ? 'filter'
    : one.closest('#list') ? 'list' : one.matches('.folium-map') ? 'map' : one.matches('.pin .many') ? 'cluster'
    : one.closest('.pin') ? 'point' : one.closest('.legend') ? 'legend' : one.closest('.leaflet-control') ? 'map button'
    : one.closest('#share') ? 'share' : one.closest('#languages') ? 'languages' : one.closest('.looks') ? 'looks'
    : one.closest('.downloads') ? 'downloads' : one.closest('.colophon') ? 'footer' : 'other';
  const box = one.getBoundingClientRect();
  // A line that wraps has more than one box; the first of them is enough.
  const { left, top, width, height } = [...one.getClientRects()].find(({ width, height }) => width * height) ?? box;
  const seen = [[0.5, 0.5], [0.2, 0.5], [0.8, 0.5], [0.5, 0.2], [0.5, 0.8]].some(([x, y]) => {
    const hit = document.elementFromPoint(left + x * width, top + y * height);
    return hit !== null && (one.contains(hit) || hit.contains(one) && !hit.matches('html, body, main, .map, .panel'));
  });
  const look = getComputedStyle(one);
  const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
  return { kind, ring, colour: look.outlineColor, seen, html: one.outerHTML.slice(0, 160) };
}"""
# Leaflet scrolls nothing: a marker out of sight that takes the focus must not move the map's own window.
SCROLLED = (
    "() => { const map = document.querySelector('.folium-map'); return [map.scrollLeft, map.scrollTop]; }"
)


def walk(page, most: int = 400) -> list[dict]:
    """Press Tab until the end of the page, and return what was stood on."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STANDING)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError("the keyboard never comes to an end")


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/?country=DE#7/51.5/9", (1280, 800)),
        ("/?country=KE", (390, 844)),
        ("/?country=JP", (640, 400)),
    ],
    ids=["wide", "phone", "enlarged"],
)
def test_the_keyboard_reaches_everything_and_is_always_seen(visit, real, path, size):
    page = visit(real, viewport={"width": size[0], "height": size[1]}).go(path)
    page.wait_for_load_state("networkidle")
    stops = walk(page)
    kinds = {stop["kind"] for stop in stops}
    assert {
        "skip link",
        "languages",
        "share",
        "looks",
        "search",
        "filter",
        "list",
        "map",
        "legend",
        "map button",
    } <= kinds
    assert kinds & {"cluster", "point"} == (
        {"cluster", "point"} if size[0] > 1000 else kinds & {"cluster", "point"}
    )
    assert kinds & {"cluster", "point"}
    assert [stop for stop in stops if not stop["ring"]] == []
    assert [stop for stop in stops if not stop["seen"]] == []
    assert page.evaluate(SCROLLED) == [0, 0]


def test_what_was_opened_by_keyboard_closes_with_escape_and_gives_the_focus_back(visit, real):
    page = visit(real).go("/?region=africa")
    page.wait_for_load_state("networkidle")
    focused = "document.activeElement.matches('%s')"

    page.focus("#share summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(focused % "#share #share-link")
    page.keyboard.press("Escape")
    assert page.evaluate(focused % "#share summary")
    assert not page.evaluate("document.getElementById('share').open")

    page.focus("#q")
    page.keyboard.type("nai")
    page.wait_for_selector("#suggestions [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.locator("#suggestions").is_hidden()
    assert page.evaluate(focused % "#q")
    page.fill("#q", "")
    until(page, "document.querySelector('main').dataset.query === 'region=africa'")
    page.wait_for_load_state("networkidle")

    page.focus(".pin .many")
    zoom = page.evaluate("location.hash")
    page.keyboard.press("Enter")
    until(page, "zoom => location.hash !== zoom", zoom)
    assert page.evaluate("document.activeElement.closest('.pin') !== null")

    page.focus(".pin button:not(.many)[tabindex='0']")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=dialog]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    page.keyboard.press("Escape")
    assert page.locator("[role=dialog]").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name

    # What is said beside a marker goes away as well, and the focus stays.
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.inner_text(".tip").startswith(name.split(",")[0])
    page.keyboard.press("Escape")
    assert page.locator(".tip").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name


def test_a_filter_is_chosen_by_keyboard_in_the_sheet_of_a_phone_and_the_result_is_said(visit, real):
    page = visit(real, viewport={"width": 390, "height": 844}).go("/")
    page.focus("#filter-region > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    until(page, "document.querySelector('main').dataset.query.startsWith('region=')")
    page.wait_for_load_state("networkidle")
    said = page.inner_text("#announcer")
    assert page.get_attribute("#announcer", "role") == "status"
    assert said.startswith(f"{page.locator('#list .name').count()} members in ")
    assert page.evaluate("document.activeElement.matches('#filter-region input:checked')")
    page.keyboard.press("Space")
    until(page, "document.querySelector('main').dataset.query === ''")
    assert page.inner_text("#announcer") != said


PAGES = {
    "map": "/?theme=water&theme=climate&region=europe",
    "themes": "/?view=themes",
    "table": "/members?theme=water",
    "member": "/members/de-bonn",
    "gaps": "/gaps",
    "who next": "/gaps/who-next",
    "about": "/about",
    "builder": "/embed/builder",
    "embed": "/embed?show=title&show=search&show=map&show=legend&show=list",
}
# WCAG 2.2, 1.4.12.
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"
# Text that is cut off by something that cannot be scrolled, or that stands outside of the page.
LOST = """() => [...document.querySelectorAll('body *')].filter((one) => {
  const said = [...one.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim());
  const hidden = '.vh, .skip, .leaflet-map-pane, .key .names, svg, option, noscript';
  if (!said.length || !one.checkVisibility({ visibilityProperty: true }) || one.closest(hidden)) return false;
  return said.some((node) => {
    const range = document.createRange();
    range.selectNode(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0) return false;
    let outside = box.left < -1 || box.right > innerWidth + 1;
    for (let around = one; around !== document.body; around = around.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(around);
      const frame = around.getBoundingClientRect();
      const cutX = ['hidden', 'clip'].includes(overflowX) && (box.right > frame.right + 1 || box.left < frame.left - 1);
      const cutY = ['hidden', 'clip'].includes(overflowY) && (box.bottom > frame.bottom + 1 || box.top < frame.top - 1);
      if (cutX || cutY) return true;
      if (['auto', 'scroll'].includes(overflowX) && around.scrollWidth > around.clientWidth) outside = false;
    }
    return outside;
  });
}).map((one) => one.outerHTML.slice(0, 160))"""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_enlarged_to_200_and_400_percent_and_with_wide_spacing_nothing_is_lost(visit, real, path):
    # A window of 1280 × 800 pixels that is enlarged is one of 640 × 400, and of 320 × 200.
    page = visit(real, viewport={"width": 640, "height": 400}, bypass_csp=True).go(path, drawn=False)
    page.wait_for_load_state("networkidle")
    for spacing in (None, SPACED):
        if spacing:
            page.add_style_tag(content=spacing)
        for width, height in [(640, 400), (320, 200)]:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(100)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert (width, spacing is not None, page.evaluate(LOST)) == (width, spacing is not None, [])


def test_enlarged_the_whole_map_page_can_be_scrolled_to(visit, real):
    page = visit(real, viewport={"width": 640, "height": 400}).go("/?region=africa")
    for width, height in [(640, 400), (320, 200), (960, 420)]:
        page.set_viewport_size({"width": width, "height": height})
        for what in ("h1", "#q", "#filter-theme", "#list .country:last-child", ".downloads a", ".colophon a"):
            one = page.locator(what).last
            one.scroll_into_view_if_needed()
            seen = one.evaluate(
                """(one) => {
                  one.scrollIntoView({ block: 'center' });
                  for (let around = one; around; around = around.parentElement) {
                    // A script can scroll what a person cannot.
                    const scrolled = around === document.body ? scrollY : around.scrollTop;
                    if (getComputedStyle(around).overflowY === 'hidden' && scrolled) return false;
                  }
                  const { left, top, width, height } = one.getBoundingClientRect();
                  const hit = document.elementFromPoint(left + Math.min(width / 2, 60), top + Math.min(height / 2, 12));
                  return hit !== null && (one.contains(hit) || hit.contains(one));
                }"""
            )
            assert (width, what, seen) == (width, what, True)


def test_in_the_systems_own_colours_classes_filters_and_focus_are_still_told_apart(visit, real):
    page = visit(real, forced_colors="active").go("/?theme=climate")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    looks = page.eval_on_selector_all(
        ".legend .swatch",
        "all => all.map((one) => { const look = getComputedStyle(one); return look.backgroundColor + look.backgroundImage; })",
    )
    assert len(looks) >= 5
    assert len(set(looks)) == len(looks)
    fills = page.eval_on_selector_all(
        "path.country-shape", "all => all.map((one) => getComputedStyle(one).fill)"
    )
    assert len(set(fills)) >= 5
    edge = "(one) => { const look = getComputedStyle(one); return look.outlineStyle + ' ' + look.borderTopStyle; }"
    assert page.locator(".looks [aria-current]").evaluate(edge).startswith("solid")
    assert page.locator(".looks a:not([aria-current])").first.evaluate(edge).startswith("none")
    for what in (".chip", ".on", ".legend", ".leaflet-bar"):
        assert page.locator(what).first.evaluate(edge).endswith(" solid"), what
    page.focus("#q")
    page.keyboard.press("Tab")
    assert page.evaluate(STANDING)["ring"]


def test_with_reduced_motion_nothing_moves_by_itself(visit, real):
    page = visit(real, reduced_motion="reduce").go("/?region=africa")
    moving = """() => [...document.querySelectorAll('*')].filter((one) => {
      const { transitionDuration, animationName } = getComputedStyle(one);
      return transitionDuration.split(',').some((time) => parseFloat(time) > 0.001) || animationName !== 'none';
    }).map((one) => one.outerHTML.slice(0, 120))"""
    # Where Leaflet has moved the map to, now and in the frames that follow.
    frames = """async (act) => {
      const pane = document.querySelector('.leaflet-map-pane');
      const where = () => pane.style.transform + document.querySelector('.countries').getAttribute('transform');
      const seen = [where()];
      eval(act);
      for (let n = 0; n < 20; n += 1) {
        seen.push(where());
        await new Promise(requestAnimationFrame);
      }
      return new Set(seen).size;
    }"""
    acts = {
        "zoom": "document.querySelector('.leaflet-control-zoom-in').click()",
        "pan": "document.querySelector('.folium-map').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', keyCode: 39, bubbles: true }))",
        "world": "document.querySelector('.leaflet-top .leaflet-bar button').click()",
    }
    page.focus(".folium-map")
    assert page.evaluate(moving) == []
    for name, act in acts.items():
        assert (name, page.evaluate(frames.replace("eval(act)", act))) == (name, 2)
    assert page.evaluate("document.getAnimations().length") == 0


def fingers(page, *ways: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Draw fingers over the screen, each from a place to another, as the browser itself sees it."""
    browser = page.context.new_cdp_session(page)
    steps = 10
    for step in range(steps + 1):
        points = [
            {"x": x + (to_x - x) * step / steps, "y": y + (to_y - y) * step / steps, "id": n}
            for n, ((x, y), (to_x, to_y)) in enumerate(ways)
        ]
        kind = "touchMove" if step else "touchStart"
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


APART = (((190, 250), (190, 180)), ((200, 270), (200, 340)))
PHONE = {
    "viewport": {"width": 390, "height": 700},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


def test_a_finger_scrolls_past_the_map_of_a_phone_and_two_enlarge_it(visit, real):
    page = visit(real, **PHONE).go("/")
    before = page.evaluate("document.querySelector('.countries').getAttribute('transform')")
    fingers(page, *APART)
    until(page, "before => document.querySelector('.countries').getAttribute('transform') !== before", before)
    assert page.evaluate("visualViewport.scale") == 1
    # Wherever one has scrolled to, there is a way on that is not the map.
    for _ in range(3):
        y = page.evaluate("scrollY")
        fingers(page, ((195, 660), (195, 400)))
        until(page, "y => scrollY > y + 150", y)


def test_a_finger_on_the_map_of_a_frame_scrolls_the_page_and_is_told_to_bring_another(visit, real):
    page = visit(real, **PHONE).go("/embed?show=title&show=map&show=list")
    page.evaluate("document.body.style.paddingBottom = '900px'")
    look = "document.querySelector('.countries').getAttribute('transform') + document.querySelector('.leaflet-map-pane').style.transform"
    before = page.evaluate(look)
    fingers(page, ((195, 260), (195, 80)))
    until(page, "scrollY > 100")
    assert page.evaluate(look) == before
    assert page.inner_text(".gesture-hint") == "Move the map with two fingers"
    # At the end of its list as well: first the list goes, then what is around it.
    page.evaluate("scrollTo(0, 0)")
    for _ in range(3):  # what comes into sight becomes longer
        page.evaluate("document.querySelector('.panel').scrollTop = 1e6")
        page.wait_for_timeout(100)
    fingers(page, ((195, 600), (195, 400)))
    until(page, "scrollY > 100")
    page.evaluate("scrollTo(0, 0)")
    fingers(page, ((190, 150), (190, 100)), ((200, 170), (200, 240)))
    until(page, f"before => {look} !== before", before)


def test_no_state_of_a_country_is_said_by_colour_alone(visit, toy):
    page = visit(toy).go("/?theme=water")
    assert all(text.strip() for text in page.locator(".legend .label").all_inner_texts())
    said = {}
    for state in ("class-1", "not-in-theme", "unknown", "none"):
        page.locator(f"path.country-shape.{state}").first.dispatch_event(
            "mousemove", {"clientX": 700, "clientY": 400}
        )
        said[state] = page.inner_text(".tip").splitlines()[-1]
    assert said == {
        "class-1": "2 members", "not-in-theme": "members, but none known in this theme",
        "unknown": "themes not recorded", "none": "no members in this view",
    }  # fmt: skip
    assert "hatch" in page.locator("path.country-shape.unknown").evaluate("one => getComputedStyle(one).fill")
    assert "gradient" in page.locator(".swatch.unknown").evaluate(
        "one => getComputedStyle(one).backgroundImage"
    )


def test_without_scripts_there_are_list_filters_and_picture(visit, real):
    page = visit(real, java_script_enabled=False).go("/", drawn=False)
    n_all = page.locator("#list .name").count()
    page.click("#filter-region > summary")
    page.check("input[name=region][value=africa]")
    page.click("#filters .apply")
    assert "region=africa" in page.url
    assert 0 < page.locator("#list .name").count() < n_all
    picture = page.locator(".map .still")
    assert picture.is_visible()
    assert picture.bounding_box()["height"] > 300
    page.locator("#list .name").first.click()
    assert "/members/" in page.url
