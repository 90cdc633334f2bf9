"""Five validators agree that our GeoJSON is GeoJSON; each is shown a wrong document first, that it can say so."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import geojson_validator
import pyogrio
import pytest
from flask.testing import FlaskClient
from geojson_pydantic import FeatureCollection
from pydantic import ValidationError

from tests.node import run_module

ADDRESSES = (
    "/members.geojson",
    "/members.geojson?q=zzzz",
    "/countries.geojson?theme=water",
    "/gaps.geojson?region=oceania",
    "/urban-centres.geojson?limit=300",
)
Findings = list[str]


def geojsonhint(paths: list[Path]) -> list[Findings]:
    """Ask @mapbox/geojsonhint."""
    return _asked_of_node(
        'import one from "@mapbox/geojsonhint/lib/object.js";'
        "const ask = (text) => one.hint(JSON.parse(text)).map((found) => found.message);",
        paths,
    )


def check_geojson(paths: list[Path]) -> list[Findings]:
    """Ask @placemarkio/check-geojson."""
    return _asked_of_node(
        'import { check } from "@placemarkio/check-geojson";'
        "const ask = (text) => { try { check(text); return []; } catch (error) { return [String(error)]; } };",
        paths,
    )


def _asked_of_node(ask: str, paths: list[Path]) -> list[Findings]:
    told = 'import { readFileSync } from "node:fs";' + ask
    told += (
        'console.log(JSON.stringify(process.argv.slice(1).map((path) => ask(readFileSync(path, "utf-8")))));'
    )
    found: list[Findings] = json.loads(run_module(told, *map(str, paths)))
    return found


def pydantic_models(paths: list[Path]) -> list[Findings]:
    """Ask geojson-pydantic."""

    def ask(text: str) -> Findings:
        try:
            FeatureCollection.model_validate_json(text)
        except ValidationError as error:
            return [str(error)]
        return []

    return [ask(path.read_text(encoding="utf-8")) for path in paths]


def schema_and_shapes(paths: list[Path]) -> list[Findings]:
    """Ask geojson-validator: of the structure, and of what makes a geometry invalid."""

    def ask(document: dict[str, Any]) -> Findings:
        wrong = geojson_validator.validate_structure(document)
        if wrong or not document["features"]:
            return [str(one) for one in wrong]
        # It has no geometry that is null, which RFC 7946 has.
        placed = document | {"features": [one for one in document["features"] if one["geometry"]]}
        return list(geojson_validator.validate_geometries(placed)["invalid"])

    return [ask(json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def gdal(paths: list[Path]) -> list[Findings]:
    """Ask GDAL, which has to find as many features, and as many valid places, as there are."""

    def ask(path: Path) -> Findings:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        stated = [len(features), sum(one["geometry"] is not None for one in features)]
        if not features:
            return []
        shapes = pyogrio.read_dataframe(path).geometry
        found = [len(shapes), int((shapes.notna() & shapes.is_valid).sum())]
        return [] if found == stated else [f"{found} features and valid places, not {stated}"]

    return [ask(path) for path in paths]


VALIDATORS = (geojsonhint, check_geojson, pydantic_models, schema_and_shapes, gdal)
SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "a",
            "properties": {"name": "A"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]},
        }
    ],
}


@pytest.mark.parametrize("validator", VALIDATORS)
def test_every_validator_finds_what_is_wrong(
    validator: Callable[[list[Path]], list[Findings]], tmp_path: Path
):
    broken = deepcopy(SQUARE)
    broken["features"][0]["geometry"] = {"type": "Polygon", "coordinates": [[[0, 0], [1, "x"]]]}
    paths = [tmp_path / "right.geojson", tmp_path / "wrong.geojson"]
    for path, document in zip(paths, (SQUARE, broken), strict=True):
        path.write_text(json.dumps(document), encoding="utf-8")
    right, wrong = validator(paths)
    assert right == []
    assert wrong != []


@pytest.mark.parametrize("validator", VALIDATORS)
def test_no_validator_finds_anything_in_what_we_serve(
    bundled_client: FlaskClient, validator: Callable[[list[Path]], list[Findings]], tmp_path: Path
):
    paths = [tmp_path / f"{place}.geojson" for place in range(len(ADDRESSES))]
    for path, address in zip(paths, ADDRESSES, strict=True):
        response = bundled_client.get(address)
        assert response.status_code == 200
        path.write_bytes(response.data)
    found = {address: one[:3] for address, one in zip(ADDRESSES, validator(paths), strict=True) if one}
    assert found == {}
