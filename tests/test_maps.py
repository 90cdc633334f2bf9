"""The Folium shell holds no data, calls nobody, and is the same for the same inputs."""

import subprocess
import sys
from dataclasses import replace

import folium
import pytest
import xyzservices

from mapsvc.errors import BadConfiguration, UnsafeText
from mapsvc.maps.document import MapOptions, build_document
from mapsvc.maps.shell import Call, Shell, basemap, plain, tile_host

OPTIONS = MapOptions(
    members_url="/members.geojson",
    outlines_url="/maps/outlines-1.json",
    texts=(("member", "member"), ("unknown", "non précisé"), ("members", "회원")),
)

HOSTILE = [
    "{{7*7}}",
    "100 {% off",
    "${alert(1)}",
    "</script><img src=x onerror=alert(1)>",
    "`",
    "a\\u007b",
    "{#",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_a_template_could_act_on_is_refused(text: str):
    with pytest.raises(UnsafeText):
        plain(text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["members_url", "outlines_url"])
def test_no_address_of_the_document_can_carry_a_template(field: str, text: str):
    with pytest.raises(UnsafeText):
        build_document(replace(OPTIONS, **{field: text}))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_the_document_can_carry_a_template(text: str):
    with pytest.raises(UnsafeText):
        build_document(replace(OPTIONS, texts=(("member", text),)))
    with pytest.raises(UnsafeText):
        build_document(replace(OPTIONS, texts=((text, "member"),)))


def test_a_call_takes_only_the_name_of_a_function():
    with pytest.raises(UnsafeText):
        Call("alert(1);x")


def test_equal_inputs_give_equal_bytes():
    assert build_document(OPTIONS) == build_document(OPTIONS)


def test_equal_inputs_give_equal_bytes_in_another_process():
    code = "from tests.test_maps import *; print(build_document(OPTIONS).digest)"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    }
    assert digests == {build_document(OPTIONS).digest}


def test_another_text_gives_another_digest():
    assert build_document(replace(OPTIONS, texts=())).digest != build_document(OPTIONS).digest


def test_the_script_makes_the_map_and_says_what_is_on_it_in_order():
    script = build_document(OPTIONS).script.decode()
    assert "(globalThis.mapsvcMaps ??= []).push((mapsvc) => {\n" in script
    assert script.endswith("});\n")
    calls = ['link[rel="preload"][as="fetch"]', "= L.map(", "L.control.scale(", "L.control.zoom(", "mapsvc.prepare(", "mapsvc.countries(",
             "mapsvc.members(", "mapsvc.controls(", "mapsvc.start("]  # fmt: skip
    places = [script.index(call) for call in calls]
    assert places == sorted(places)
    assert '{"url": "/members.geojson"}' in script


def test_the_shell_calls_no_foreign_host():
    document = build_document(OPTIONS)
    assert "http" not in document.script.decode()
    shell = Shell()
    shell.get_root().render()
    assert "http" not in shell.get_root().header.render().replace("http-equiv", "")


def test_other_folium_maps_keep_their_assets():
    build_document(OPTIONS)
    assert any("leaflet" in url for _, url in folium.Map.default_js)


def test_a_tile_basemap_is_a_call_with_its_braces_encoded():
    provider = xyzservices.providers.OpenStreetMap.Mapnik
    script = build_document(replace(OPTIONS, basemap=provider)).script.decode()
    assert "https://tile.openstreetmap.org/%7Bz%7D/%7Bx%7D/%7By%7D.png" in script
    assert "OpenStreetMap contributors" in script


def test_only_the_host_of_the_basemap_may_be_asked_for_pictures():
    assert tile_host(basemap("OpenStreetMap.Mapnik")) == "https://tile.openstreetmap.org"
    assert tile_host(basemap("")) == ""


@pytest.mark.parametrize("name", ["NoSuch.Tiles", "MapBox", "Gaode.Normal"])
def test_a_basemap_that_cannot_be_used_is_a_configuration_error(name: str):
    with pytest.raises(BadConfiguration):
        basemap(name)
