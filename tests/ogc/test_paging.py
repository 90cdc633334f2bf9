"""Somebody walks through all pages while the data is replaced again and again: each feature exactly once, or 410."""

import json
from dataclasses import replace
from threading import Event, Thread
from urllib.parse import urlsplit

from werkzeug.test import Client

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world

N_SWAPS = 100


def snapshots(n: int) -> list:
    """Return datasets that differ in a name, and in whether there is a last member."""
    made = []
    for number in range(n):
        dataset = world.dataset({"a1": f"Alpha {number}"})
        # A page of another snapshot would be seen to be one: features move from one to the next.
        made.append(replace(dataset, members=dataset.members.iloc[number % 3 :]))
    return made


def walk(client: Client) -> tuple[list[str], bool]:
    """Return the ids on all pages, in order, and whether the walk came to its end."""
    href, found = "/collections/members/items?limit=2&f=json", []
    while href:
        parts = urlsplit(href)
        response = client.get(f"{parts.path}?{parts.query}")
        if response.status_code == 410:
            problem = json.loads(response.data)
            assert response.headers["Content-Type"] == "application/problem+json"
            assert problem["status"] == 410
            return found, False
        assert response.status_code == 200
        page = json.loads(response.data)
        found += [one["id"] for one in page["features"]]
        href = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")
    return found, True


def test_a_walk_that_is_not_disturbed_comes_to_its_end():
    store = Store(snapshots(1)[0])
    found, ended = walk(Client(create_app(Settings(), store).wsgi_app))
    assert ended
    assert found == ["a1", "a2", "a3", "b1", "c1", "d1", "f1"]


def test_a_swap_between_two_pages_is_said():
    one, other = snapshots(2)
    store = Store(one)
    client = Client(create_app(Settings(), store).wsgi_app)
    page = json.loads(client.get("/collections/members/items?limit=2&f=json").data)
    store.replace(other)
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    assert client.get(following).status_code == 410
    assert client.get(following, headers={"Accept": "text/html"}).status_code == 410
    store.replace(one)
    assert client.get(following).status_code == 200


def test_each_feature_comes_once_or_the_walk_is_told_while_the_data_is_replaced_100_times():
    every = snapshots(N_SWAPS)
    complete = [list(one.members.index) for one in every[:3]]
    store = Store(every[0])
    client = Client(create_app(Settings(), store).wsgi_app)
    ended, stop = [], Event()

    def swap() -> None:
        for one in every:
            store.replace(one)
            stop.wait(0.004)
        stop.set()

    swapper = Thread(target=swap)
    swapper.start()
    n_told = 0
    while not stop.is_set() or not ended:
        found, came_to_its_end = walk(client)
        n_told += not came_to_its_end
        if came_to_its_end:
            ended.append(found)
        assert len(set(found)) == len(found)
    swapper.join()
    assert ended
    assert all(found in complete for found in ended)
    assert n_told > 0
