"""Building a page that was never asked for before, beside rendering the plain Folium page."""

import statistics
from functools import partial

from benchmarks import plain_folium
from benchmarks.timing import seconds
from mapsvc.settings import Settings, shipped
from mapsvc.sources.store import Store, load_dataset
from mapsvc.web.app import create_app

BOUND, ROUNDS = 1 / 50, 5


def main() -> None:
    """Print both and their ratio."""
    dataset = load_dataset(shipped("geodata"))
    client = create_app(Settings(), Store(dataset)).test_client()
    client.get("/livez")
    boundaries = plain_folium.natural_earth()
    queries = [f"/?theme={theme}&q={letter}" for theme in dataset.network.theme_ids for letter in "aeio"]
    pairs = []
    for place in range(ROUNDS):
        fresh = [queries.pop() for _ in range(5)] + (["/"] if place == 0 else [])
        mine = statistics.median(seconds(partial(client.get, path)) for path in fresh)
        pairs.append((mine, seconds(lambda: plain_folium.render(dataset, boundaries))))
    whole = seconds(lambda: create_app(Settings(), Store(dataset)).test_client().get("/"))
    ours, plain = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / other for mine, other in pairs)
    print(
        f"  the whole network's page, application included: {whole * 1000:.0f} ms, {whole / plain:.4f} of Folium"
    )
    print(
        f"a new page {ours * 1000:.1f} ms, plain Folium {plain * 1000:.0f} ms: {ratio:.4f} (bound {BOUND:.4f})"
    )


if __name__ == "__main__":
    main()
