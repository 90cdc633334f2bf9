"""The page about our own data says what is known, what is not, and why a newer state is not shown."""

import html
import re
import shutil
from pathlib import Path

import pytest

from mapsvc.analysis.completeness import FACTS, measure_completeness
from mapsvc.settings import Settings, shipped
from mapsvc.sources.following import Follower, open_store
from mapsvc.sources.importer import import_members
from mapsvc.sources.publishing import publish_members
from mapsvc.web.app import create_app
from tests import world


def page(client, address: str = "/data-quality?lang=en") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A network that was imported with findings, one of them hostile."""
    for name in ("network.toml", "themes.csv"):
        shutil.copy(shipped("geodata") / name, tmp_path)
    table = tmp_path / "table.csv"
    table.write_text(
        "name,country,type,status,lon,lat,since\nOslo,NO,city,member,10.7,59.9,2007\n"
        "Nowhere,XX,city,member,1,1,\n<script>,YY,city,member,1,1,\nHamar,NO,city,member,11.1,60.8,soon\n",
        "utf-8",
    )
    publish_members(import_members(table, tmp_path, atlas=shipped("geodata")), tmp_path)
    return tmp_path


def test_facts_are_counted_over_the_members_and_nobody_else(squares):
    known = measure_completeness(squares.members)
    counted = squares.members[squares.members["status"] == "member"]
    assert known.at["all", "n_members"] == len(counted)
    assert known.at["all", "place"] == counted.geometry.notna().sum()
    assert known.at["all", "since"] == counted["since"].notna().sum()
    assert known.at["all", "source_url"] == len(counted)
    assert (
        known.drop(index="all")[["n_members", *FACTS]].sum().to_dict()
        == known.loc["all", ["n_members", *FACTS]].to_dict()
    )
    assert list(known.drop(index="all")["share"]) == sorted(known.drop(index="all")["share"])


def test_a_network_without_members_has_no_shares_and_a_page():
    empty = world.members().iloc[:0]
    known = measure_completeness(empty)
    assert known.at["all", "n_members"] == 0
    assert known["share"].isna().all()


def test_the_page_names_who_has_no_place_and_leads_there(client, squares):
    text = page(client)
    members = squares.members
    without = members[members.geometry.isna() & (members["status"] == "member")]
    assert len(without) >= 1
    for id_, name in without["name"].items():
        assert f'href="/members/{id_}?lang=en"' in text
        assert name in text


def test_the_findings_of_the_import_stand_there_by_kind_and_as_text(folder):
    client = create_app(Settings(), open_store(folder)).test_client()
    answer = client.get("/data-quality?lang=en").text
    assert "Rows read: 4; accepted: 2; rejected: 2." in answer
    assert "<script>" not in re.sub(r'<script (?:type="application/ld\+json"|src)[^>]*>', "", answer)
    assert re.search(r"<small lang=\"en\">unknown-country</small></th><td class=\"num\">2</td>", answer)
    body = client.get("/data-quality.json").json
    assert body["rows"] == {"read": 4, "accepted": 2, "rejected": 2}
    assert {one["code"] for one in body["findings"]} >= {"unknown-country"}
    assert body["completeness"]["NO"]["since"] == 1
    assert body["generation"] in answer


def test_why_a_newer_state_is_not_shown_is_said_until_it_is(folder):
    store = open_store(folder)
    client, follower = create_app(Settings(), store).test_client(), Follower(store, folder)
    before = (folder / "members.csv").read_bytes()
    (folder / "members.csv").write_bytes(b"PK\x03\x04")
    follower.look()
    refused = "A newer state of the data was refused"
    assert refused in page(client)
    assert client.get("/data-quality.json").json["refused"].startswith("members.csv: ")
    assert str(folder) not in page(client)
    (folder / "members.csv").write_bytes(before)
    follower.look()
    assert refused not in page(client)


@pytest.mark.parametrize("path", ["/", "/about", "/sitemap.xml"])
def test_the_page_is_found(client, path):
    assert "/data-quality" in client.get(path).text
