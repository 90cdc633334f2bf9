"""The page that a developer writes with Folium in an afternoon: what ours is measured against.

`Marker` in a `MarkerCluster` with popups, and a `Choropleth` of all countries; its assets can be served locally, so
that the comparison is about the page and not about somebody's network.
"""

import gzip
import html
import re
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
from folium.plugins import MarkerCluster

from mapsvc.model import Dataset

ROOT = Path(__file__).resolve().parent.parent
# Natural Earth's 50 m boundaries, as the npm package world-atlas ships them.
ATLAS = ROOT / "node_modules" / "world-atlas" / "countries-50m.json"


def natural_earth() -> gpd.GeoDataFrame:
    """Return Natural Earth's 50 m countries, as they come: index is the numeric ISO code or the name."""
    frame = gpd.read_file(ATLAS, layer="countries").set_crs(4326, allow_override=True)
    return frame.assign(key=[str(id_ or name) for id_, name in zip(frame["id"], frame["name"], strict=True)])


def our_boundaries(dataset: Dataset) -> gpd.GeoDataFrame:
    """Return our own, lighter boundaries."""
    return gpd.GeoDataFrame(
        {"key": dataset.countries.index, "name": dataset.countries["name"].to_numpy()},
        geometry=dataset.countries.geometry.to_numpy(),
        crs=4326,
    )


def render(dataset: Dataset, boundaries: gpd.GeoDataFrame) -> str:
    """Render the plain page, as one would: every member a marker with a popup, every country filled."""
    located = dataset.members[dataset.members.geometry.notna() & (dataset.members["status"] == "member")]
    table = gpd.sjoin(located[["geometry"]], boundaries[["key", "geometry"]], predicate="within")
    counts = table.groupby("key").size().rename("n_members").reset_index()
    page = folium.Map(location=[20, 10], zoom_start=2, tiles=None, maxZoom=18)
    folium.Choropleth(
        geo_data=boundaries.to_json(),
        data=counts,
        columns=["key", "n_members"],
        key_on="feature.properties.key",
        fill_color="YlGnBu",
        bins=_bins(counts["n_members"]),
        nan_fill_color="#eeeeee",
        legend_name="Members",
    ).add_to(page)
    cluster = MarkerCluster().add_to(page)
    for member in located.itertuples():
        text = f"<b>{_plain(member.name)}</b><br>{member.type}, {member.country}<br>{', '.join(member.themes or ())}"
        popup = folium.Popup(text, max_width=300)
        folium.Marker(
            [member.geometry.y, member.geometry.x], popup=popup, tooltip=_plain(member.name)
        ).add_to(cluster)
    return str(page.get_root().render())


def _bins(counts: pd.Series) -> list[float]:
    return sorted({0.0, 1.0, 2.0, 5.0, 10.0, 20.0, float(counts.max()) + 1})


def _plain(text: str) -> str:
    # Braces would be run as a template on the server, see DESIGN.md 4.1; here only the time matters.
    return html.escape(re.sub(r"[{}%$`]", "", text))


# What stands in for each foreign file of a plain Folium page: the npm package that it comes from, and where in it.
ASSETS = {
    "leaflet.js": "leaflet@1.9.3 dist/leaflet.js",
    "leaflet.css": "leaflet@1.9.3 dist/leaflet.css",
    "jquery-3.7.1.min.js": "jquery@3.7.1 dist/jquery.min.js",
    "bootstrap.bundle.min.js": "bootstrap@5.2.2 dist/js/bootstrap.bundle.min.js",
    "bootstrap.min.css": "bootstrap@5.2.2 dist/css/bootstrap.min.css",
    "bootstrap-glyphicons.css": "",
    "all.min.css": "@fortawesome/fontawesome-free@6.2.0 css/all.min.css",
    "leaflet.awesome-markers.js": "drmonty-leaflet-awesome-markers@2.0.2 js/leaflet.awesome-markers.js",
    "leaflet.awesome-markers.css": "drmonty-leaflet-awesome-markers@2.0.2 css/leaflet.awesome-markers.css",
    "leaflet.awesome.rotate.min.css": "",
    "leaflet.markercluster.js": "leaflet.markercluster@1.1.0 dist/leaflet.markercluster.js",
    "MarkerCluster.css": "leaflet.markercluster@1.1.0 dist/MarkerCluster.css",
    "MarkerCluster.Default.css": "leaflet.markercluster@1.1.0 dist/MarkerCluster.Default.css",
    "d3.min.js": "d3@3.5.5 d3.min.js",
}


def fetch_assets(cache: Path) -> dict[str, bytes]:
    """Return the bytes of each asset, from the package registry, unpacked below `cache` once.

    Two small style sheets are in no package; they are left empty, which makes the plain page faster, not slower.
    """
    found: dict[str, bytes] = {}
    for name, where in ASSETS.items():
        package, _, path = where.partition(" ")
        home = cache / package.replace("/", "-")
        if package and not (home / "package").exists():
            home.mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "pack", "--silent", "--pack-destination", str(home), package], check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
            with tarfile.open(next(home.glob("*.tgz"))) as archive:
                archive.extractall(home, filter="data")
        found[name] = (home / "package" / path).read_bytes() if package else b""
    return found


def write_page(page: str, folder: Path, assets: Mapping[str, bytes]) -> None:
    """Write a plain page into `folder` with its assets beside it, each compressed as well.

    Raises
    ------
    KeyError
        For a foreign file that nothing stands in for.
    """
    for address in sorted(set(re.findall(r"https://[^\"' ]+\.(?:js|css)", page))):
        name = address.rpartition("/")[2]
        _write(folder / name, assets[name])
        page = page.replace(address, f"/{name}")
    _write(folder / "index.html", mark_when_drawn(page).encode())


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 6))


def mark_when_drawn(page: str) -> str:
    """Add a script that sets ``map-drawn`` when clusters and countries are on the screen, as our page does."""
    check = """<script>(function wait() {
        if (document.querySelectorAll("path.leaflet-interactive").length > 200 && document.querySelector(".marker-cluster")) {
            requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("map-drawn")));
        } else { setTimeout(wait, 5); }
    })();</script>"""
    return page + check
