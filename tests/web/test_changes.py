"""The feeds of what changed: from the history, from the members' own dates, and valid for whoever reads feeds."""

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mapsvc.settings import Settings, shipped
from mapsvc.sources.following import open_store
from mapsvc.sources.importer import import_members
from mapsvc.sources.publishing import publish_members, undo
from mapsvc.sources.snapshots import history
from mapsvc.web.app import create_app

A = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A network of three generations: Bergen joins, then Oslo is called otherwise and Hamar leaves."""
    tmp_path = tmp_path_factory.mktemp("network")
    for name in ("network.toml", "themes.csv"):
        shutil.copy(shipped("geodata") / name, tmp_path)
    head = "id,name,country,lon,lat,since\n"
    rows = {
        "oslo": "oslo,Oslo,NO,10.7,59.9,2007\n", "hamar": "hamar,Hamar,NO,11.1,60.8,1999-05\n",
        "bergen": "bergen,Bergen,NO,5.3,60.4,\n", "named": "oslo,Oslo & <b>kommune</b>,NO,10.7,59.9,2007\n",
    }  # fmt: skip
    for names in (("oslo", "hamar"), ("oslo", "hamar", "bergen"), ("named", "bergen")):
        path = tmp_path / "table.csv"
        path.write_text(head + "".join(rows[name] for name in names), "utf-8")
        publish_members(import_members(path, tmp_path, atlas=shipped("geodata")), tmp_path, allow_drop=True)
    return tmp_path


@pytest.fixture(scope="module")
def client(folder):
    return create_app(Settings(base_url="https://maps.example.org"), open_store(folder)).test_client()


def told(client, query: str = "") -> list[tuple[str, str, str]]:
    body = client.get(f"/changes.json{query}").json
    return [(one["kind"], one["member"], one["date"][:4]) for one in body["changes"]]


def test_the_history_comes_first_and_the_members_own_dates_fill_what_it_does_not_say(client):
    now = client.get("/changes.json").json["updated"][:4]
    # Hamar's own date says when it had joined, but it has left and is in the list no longer.
    assert sorted(told(client)) == [
        ("joined", "bergen", now), ("joined", "oslo", "2007"), ("left", "hamar", now), ("renamed", "oslo", now),
    ]  # fmt: skip
    assert told(client)[-1] == ("joined", "oslo", "2007")


@pytest.mark.parametrize(("since", "n"), [("2007", 4), ("2007-06", 4), ("2008", 3), ("2099-01-01", 0)])
def test_since_a_date_means_as_far_as_both_say(client, since, n):
    assert len(told(client, f"?since={since}")) == n


@pytest.mark.parametrize("query", ["?since=soon", "?since=2007&since=2008", "?sense=2007", "?lang=xx"])
def test_what_is_not_understood_is_said(client, query):
    for path in ("/changes.json", "/changes.atom"):
        assert client.get(path + query).status_code == 400


def test_the_feed_has_what_rfc_4287_requires(client):
    answer = client.get("/changes.atom?since=2000")
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    assert feed.tag == f"{A}feed"
    for one in (feed, *feed.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{A}{name}")) == 1, name
            assert one.find(f"{A}{name}").text
        assert MOMENT.fullmatch(one.find(f"{A}updated").text)
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one.find(f"{A}id").text)
    assert feed.find(f"{A}author/{A}name").text
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
    assert links == {
        "self": "https://maps.example.org/changes.atom?since=2000",
        "alternate": "https://maps.example.org/",
    }
    entries = feed.findall(f"{A}entry")
    assert len(entries) == 4
    assert len({one.find(f"{A}id").text for one in entries}) == 4
    for one in entries:
        assert one.find(f"{A}link[@rel='alternate']").get("href").startswith("https://maps.example.org/")
        assert one.find(f"{A}category").get("term") in {"joined", "left", "renamed"}
    assert "Oslo & <b>kommune</b>" in " ".join(one.find(f"{A}title").text for one in entries)
    assert feed.find(f"{A}updated").text == max(one.find(f"{A}updated").text for one in entries)


def test_both_feeds_hold_the_same_and_the_same_change_is_always_called_the_same(client, folder, tmp_path):
    def ids() -> list[str]:
        return [
            one.find(f"{A}id").text
            for one in ET.fromstring(client.get("/changes.atom").data).findall(f"{A}entry")
        ]

    before = ids()
    assert before == [one["id"] for one in client.get("/changes.json").json["changes"]]
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    undo(copy)
    again = create_app(Settings(base_url="https://maps.example.org"), open_store(copy)).test_client()
    assert set(before) < {one["id"] for one in again.get("/changes.json").json["changes"]}


def test_the_feed_of_a_pinned_address_ends_there(client, folder):
    pin = history(folder)[1].id
    assert [one[:2] for one in told(client, f"?snapshot={pin}")] == [
        ("joined", "bergen"), ("joined", "oslo"), ("joined", "hamar"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/about", "/countries/NO"])
def test_every_page_leads_to_the_feed(client, path):
    found = re.search(
        r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"', client.get(path).text
    )
    assert client.get(found[1]).status_code == 200
