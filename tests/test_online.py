"""`--geocoder`: asked for what is not found offline alone, politely; what it says is marked, and never a guess."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from click.testing import CliRunner

from mapsvc.cli import main
from mapsvc.errors import BadConfiguration, Unavailable
from mapsvc.model import ValidationReport
from mapsvc.settings import shipped
from mapsvc.sources.gazetteer import Gazetteer, Place
from mapsvc.sources.geocoding import Located, Wanted
from mapsvc.sources.importer import import_table
from mapsvc.sources.online import OnlineGeocoder
from mapsvc.sources.places import KnownPlaces
from mapsvc.sources.readers import RawTable

OSLO = Place(3143244, "Oslo", "NO", "NO.12", 1_082_575, 10.74609, 59.91273)


def answer(lon, lat, code="no", number=1, name="Finse, Norge"):
    return {
        "lon": str(lon), "lat": str(lat), "display_name": name, "osm_type": "node", "osm_id": number,
        "address": {"country_code": code},
    }  # fmt: skip


class Service(ThreadingHTTPServer):
    """Answers as Nominatim does, with what a test says, and remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked, self.says, self.status = [], {}, 200
        self.address = f"http://127.0.0.1:{self.server_port}"


class Asked(BaseHTTPRequestHandler):
    def do_GET(self):
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.server.asked.append((time.monotonic(), query, self.headers["User-Agent"]))
        said = self.server.says
        body = said if isinstance(said, bytes) else json.dumps(said.get(query.get("q"), [])).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    with Service() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def network(tmp_path):
    folder = tmp_path / "network"
    folder.mkdir()
    (folder / "themes.csv").write_text("group,group_title,id,title\nnature,Nature,water,Water\n", "utf-8")
    return folder


def asked_for(service, name):
    offline = Located()
    return OnlineGeocoder(service.address, pause=0.0).locate(Wanted(name, "city", "NO"), offline)


def test_only_what_is_not_found_offline_is_asked_and_what_is_found_is_marked_with_its_source(
    service, network
):
    service.says = {"Finse": [answer(7.5, 60.6)]}
    frame = pd.DataFrame({"name": ["Oslo", "Finse"], "country": ["NO", "NO"]}, index=[2, 3], dtype=object)
    result = import_table(
        RawTable(frame, "people.csv", "CSV", ValidationReport(0, 0, 0)), network, atlas=shipped("geodata"),
        gazetteer=Gazetteer([OSLO]), places=KnownPlaces(), online=OnlineGeocoder(service.address, pause=0.0),
    )  # fmt: skip
    assert [query["q"] for _, query, _ in service.asked] == ["Finse"]
    assert result.members["location_source"].to_dict() == {
        "no-finse": "osm:node/1",
        "no-oslo": "geonames:3143244",
    }
    assert [
        (issue.row, issue.severity) for issue in result.report.issues if issue.code == "found-online"
    ] == [(3, "warning")]


def test_it_says_who_asks_and_in_which_country(service):
    asked_for(service, "Finse")
    _, query, agent = service.asked[0]
    assert agent.startswith("mapsvc/")
    assert query["countrycodes"] == "no"


def test_it_waits_from_one_question_to_the_next(service):
    geocoder = OnlineGeocoder(service.address, pause=0.2)
    for name in ("A", "B", "C"):
        geocoder.locate(Wanted(name, "city", "NO"), Located())
    moments = [moment for moment, _, _ in service.asked]
    assert min(later - earlier for earlier, later in pairwise(moments)) > 0.15


def test_two_places_far_apart_are_a_finding_with_both_and_two_of_one_town_are_one(service):
    service.says = {"Nes": [answer(11.5, 60.1, number=1), answer(9.1, 60.5, number=2)]}
    found = asked_for(service, "Nes")
    assert (found.place, [remark.code for remark in found.remarks]) == (None, ["ambiguous-online"])
    assert "60.1000" in found.remarks[0].suggestion
    assert "60.5000" in found.remarks[0].suggestion
    service.says = {"Nes": [answer(11.5, 60.1, number=1), answer(11.51, 60.11, number=2)]}
    assert asked_for(service, "Nes").source == "osm:node/1"


@pytest.mark.parametrize("odd", [answer(7.5, 60.6, code="se"), answer(700, 60.6)])
def test_what_lies_in_another_country_or_nowhere_is_not_taken(service, odd):
    service.says = {"Finse": [odd]}
    assert asked_for(service, "Finse").place is None


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b'[{"lat": "x", "lon": "y"}]', b'[{"lat": "1", "lon": "2"}]']
)
def test_an_answer_of_another_kind_is_said_to_be_none(service, body):
    service.says = body
    with pytest.raises(Unavailable, match="does not answer as it should"):
        asked_for(service, "Finse")


def test_a_service_that_fails_is_asked_three_times_and_ends_the_import(service, network):
    service.says, service.status = b"busy", 503
    with pytest.raises(Unavailable):
        asked_for(service, "Finse")
    assert len(service.asked) == 3


def test_the_command_refuses_a_service_that_is_none_before_it_reads_anything(network):
    ended = CliRunner().invoke(
        main, ["import", "nothing.csv", "--data", str(network), "--geocoder", "somebody"]
    )
    assert (ended.exit_code, "there is no geocoder 'somebody'" in ended.stderr) == (78, True)


def test_nothing_is_watched_with_options_that_are_for_one_file(network):
    ended = CliRunner().invoke(main, ["import", str(network), "--data", str(network), "--watch", "--dry-run"])
    assert (ended.exit_code, "leave --dry-run" in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    "name", ["somebody", "ftp://example.org", "https://me:secret@example.org", "https://"]
)
def test_what_names_no_service_is_refused(name):
    with pytest.raises(BadConfiguration, match="no geocoder"):
        OnlineGeocoder(name)
