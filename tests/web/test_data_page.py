"""The page "Use this data": every link answers, the sizes are about right, and every snippet does what it says."""

import html
import json
import re
import threading
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

import pyogrio
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from mapsvc.cli import main
from mapsvc.formats.kinds import KINDS
from mapsvc.formats.sizes import about_bytes
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.node import run_module

VIEW = "theme=water&region=west"


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The public address of the six squares, whose first member has a name that is markup."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    base = f"http://127.0.0.1:{server.server_port}"
    data = world.dataset({"a1": "<img src=x onerror=alert(1)>"}, urban=world.URBAN)
    server.app = create_app(Settings(base_url=base), Store(data))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield base
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(served: str) -> str:
    """The page of a view."""
    data = world.dataset({"a1": "<img src=x onerror=alert(1)>"}, urban=world.URBAN)
    return create_app(Settings(base_url=served), Store(data)).test_client().get(f"/data?{VIEW}").text


def snippet(page: str, heading: str) -> str:
    """Return the first lines to copy below a heading, as a visitor would copy them."""
    section = re.search(rf"<h[23][^>]*>{re.escape(heading)}</h[23]>(.*?)</section>", page, re.DOTALL)[1]
    return html.unescape(re.search(r"<code>(.*?)</code></pre>", section, re.DOTALL)[1])


def test_every_file_on_the_page_is_of_the_view_and_answers(client: FlaskClient):
    page = client.get(f"/data?{VIEW}").text
    links = [html.unescape(one) for one in re.findall(r'href="([^"]*)" download', page)]
    assert len(links) == 4 * len(KINDS)
    for one in links:
        if one.startswith(("/members", "/countries")):
            assert VIEW in one
        if not one.startswith("/urban-centres.xlsx"):
            assert client.get(one).headers["Content-Disposition"].startswith("attachment"), one


def test_the_panel_of_the_map_has_every_format_with_size_and_use(client: FlaskClient):
    page = client.get(f"/?{VIEW}").text
    panel = page.split('class="downloads"')[1].split("</section>")[0]
    rows = re.findall(
        r'<li><a href="([^"]*)" download>([^<]*)</a> <span><span class="size">([^<]*)</span> · ([^<]+)<',
        panel,
    )
    assert [title for _, title, _, _ in rows] == [one.title for one in KINDS.values()]
    assert all(re.fullmatch(r"about [\d.,]+ [kM]B", size) and use for _, _, size, use in rows)
    for href, *_ in rows:
        assert client.get(html.unescape(href)).status_code == 200
    assert f'href="/data?{html.escape(VIEW)}"' in panel


@pytest.mark.parametrize("ending", KINDS)
@pytest.mark.parametrize("query", ["", "?region=europe", "?country=KR", "?theme=water"])
def test_sizes_on_the_page_are_those_of_the_files_to_a_third(
    bundled_client: FlaskClient, ending: str, query: str
):
    n_members = json.loads(bundled_client.get(f"/members.geojson{query}").data)["numberMatched"]
    made = len(bundled_client.get(f"/members.{ending}{query}").data)
    assert 0.67 * made < about_bytes(ending, n_members) < 1.5 * made


def test_python_counts_the_members_by_country(page: str):
    printed = StringIO()
    with redirect_stdout(printed):
        exec(snippet(page, "Python"), {})
    assert re.search(r"^AA +2$", printed.getvalue(), re.MULTILINE)


def test_gdal_opens_the_address_and_finds_the_members(page: str):
    addresses = re.findall(r'"([^"]+)"', snippet(page, "GDAL"))
    assert len(addresses) == 2
    for one in addresses:
        assert pyogrio.read_info(one, force_feature_count=True)["features"] == 2


def test_leaflet_is_given_names_as_text(page: str):
    code = snippet(page, "JavaScript, Leaflet")
    assert "innerHTML" not in code
    # What the lines ask of a page and of Leaflet, and no more.
    stand_in = """
    const shown = [];
    globalThis.document = { createElement: (tag) => ({ tag, textContent: "" }) };
    globalThis.map = {};
    globalThis.L = { geoJSON: (collection, options) => {
      for (const feature of collection.features) {
        if (!options.filter(feature)) continue;
        options.onEachFeature(feature, { bindPopup: (element) => shown.push([element.tag, element.textContent]) });
      }
      return { addTo: () => console.log(JSON.stringify(shown)) };
    } };
    """
    shown = json.loads(run_module(stand_in + code))
    assert shown == [["strong", "<img src=x onerror=alert(1)>"], ["strong", "Åbo"]]


def test_the_shell_line_writes_the_file(page: str, tmp_path, monkeypatch: pytest.MonkeyPatch):
    line = snippet(page.replace("region=west", "country=PH"), "Without a server")
    words = re.fullmatch(r"mapsvc get '([^']+)' -o (\S+)", line)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["get", words[1], "-o", words[2]]).exit_code == 0
    assert pyogrio.read_info(tmp_path / words[2])["features"] > 0


def test_qgis_and_spreadsheets_are_given_whole_addresses(page: str, served: str):
    assert snippet(page, "QGIS") == f"{served}/members.geojson?{VIEW}"
    assert snippet(page, "A spreadsheet") == f"{served}/members.csv?{VIEW}"


def test_the_citation_comes_in_three_styles_with_the_address_of_the_view(page: str, served: str):
    assert f"url = {{{served}/?{VIEW}}}" in snippet(page, "BibTeX")
    assert f"UR  - {served}/?{VIEW}" in snippet(page, "RIS")
    assert re.search(r'<p class="cited">Network of Squares\. \(2026\)\. Water · West · Members', page)


def test_where_the_public_address_is_not_known_the_page_says_what_it_takes(client: FlaskClient):
    page = client.get("/data").text
    assert "the examples take http://127.0.0.1:8000" in page
    assert "url = " not in snippet(page, "BibTeX")
    assert "Cite it as:" in client.get("/about").text


def test_a_search_that_is_code_stays_text(client: FlaskClient):
    page = client.get("/data", query_string={"q": "\"'><script>$(rm)`"}).text
    assert "<script>" not in page.replace('<script type="application/ld+json">', "")
    assert "'%22%27%3E" not in page
    line = snippet(page, "Without a server")
    assert re.fullmatch(r"mapsvc get '[^'$`\"]+' -o members.gpkg", line)
