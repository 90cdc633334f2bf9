"""The boundaries of counties and regions: what lies inside is covered, in coverage and from the file of a network."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from shapely import Point, box
from shapely.geometry import mapping

from mapsvc.analysis.coverage import measure_coverage
from mapsvc.errors import BadData
from mapsvc.model import Dataset
from mapsvc.settings import shipped
from mapsvc.sources.member_areas import FILE, read_member_areas
from mapsvc.sources.store import load_dataset
from tests import world

NORTH = box(0, 0.8, 1, 1)  # of the four centres only North lies in it
ALL = box(0, 0, 6, 1)


def measured(areas, **cells):
    """Return the coverage of the squares, some of whose members have an area and other values in some cells."""
    members = world.members()
    for column, values in cells.items():
        for id_, value in values.items():
            members.loc[id_, column] = value
    urban = replace(world.URBAN, member_areas=areas)
    return measure_coverage(replace(world.dataset(urban=urban), members=members), urban)


def test_a_region_covers_the_centres_inside_of_its_boundary_and_those_alone():
    # Åbo is no centre's place: without its area it covers nothing.
    row = measured({"a2": NORTH}, type={"a2": "region"}).area("country", "AA")
    assert (row["covered_people"], row["direct_people"], row["region_people"]) == (
        1_500_000,
        1_000_000,
        500_000,
    )
    assert measured({}, type={"a2": "region"}).area("country", "AA")["covered_people"] == 1_000_000


def test_what_a_city_covers_inside_of_a_region_counts_once():
    row = measured({"a2": ALL}, type={"a2": "region"}).area("country", "AA")
    assert (row["covered_people"], row["region_people"]) == (1_500_000, 500_000)


def test_a_boundary_ends_at_the_country_of_its_member():
    coverage = measured({"a2": ALL}, type={"a2": "region", "b1": "association"})
    assert coverage.area("country", "BB")["covered_people"] == 0
    assert coverage.area("country", "EE")["covered_people"] == 0


def test_a_boundary_counts_more_than_the_name_and_the_seat():
    # By its name it would cover both centres of AA; b1 has its seat in Betaville, and its area beside it.
    coverage = measured(
        {"a2": NORTH, "b1": box(1, 0, 1.2, 1)}, type={"a2": "region"}, name={"a2": "Northern Shore"}, status={"a1": "former"}
    )  # fmt: skip
    assert coverage.area("country", "AA")["covered_people"] == 500_000
    assert coverage.area("country", "BB")["covered_people"] == 0
    assert coverage.reach.unmatched["b1"] == "no-centre"


def test_a_city_covers_its_centre_whatever_boundary_it_is_given():
    assert measured({"a1": ALL}).area("country", "AA")["covered_people"] == 1_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bundled network without its boundaries, which are fallen back to."""
    for name in ("network.toml", "themes.csv", "members.csv", "participation.csv"):
        shutil.copy(shipped("geodata") / name, tmp_path)
    return tmp_path


def write(folder: Path, *features: tuple[object, object]) -> None:
    """Write the areas of a network: the id and the shape of each."""
    listed = [
        {"type": "Feature", "id": id_, "properties": {}, "geometry": shape and mapping(shape)}
        for id_, shape in features
    ]
    (folder / FILE).write_text(json.dumps({"type": "FeatureCollection", "features": listed}))


def test_the_file_of_a_network_changes_its_coverage_and_its_fingerprint(folder: Path, bundled: Dataset):
    region = bundled.members[(bundled.members["type"] == "region") & (bundled.members["status"] == "member")]
    id_, home = str(region.index[0]), region["country"].iloc[0]
    plain = load_dataset(folder)
    shape = bundled.countries.geometry[home].buffer(0.5).intersection(box(-180, -90, 180, 90))
    write(folder, (id_, shape))
    found = load_dataset(folder)
    assert found.fingerprint != plain.fingerprint
    assert set(found.urban.member_areas) == {id_}
    assert found.report.issues == plain.report.issues
    of_country = measure_coverage(found, found.urban).area("country", home)
    # The whole country is inside: all but the few centres that the coarse outline leaves out.
    assert of_country["people_share"] > 0.99
    assert measure_coverage(plain, plain.urban).area("country", home)["people_share"] < 0.9


def test_an_area_of_nobody_and_one_of_a_city_are_findings(folder: Path):
    write(folder, ("nobody", box(0, 0, 1, 1)), ("de-freiburg-im-breisgau", box(7, 47, 8, 48)))
    found = [issue for issue in load_dataset(folder).report.issues if issue.code == "unused-area"]
    assert [(issue.severity, issue.value) for issue in found] == [
        ("warning", "nobody"),
        ("warning", "de-freiburg-im-breisgau"),
    ]
    assert "no such member" in found[0].message
    assert "of the type city" in found[1].message


@pytest.mark.parametrize(
    ("features", "says"),
    [
        ([("a", box(0, 0, 1, 1)), ("a", box(2, 0, 3, 1))], "'a' is given twice"),
        ([(None, box(0, 0, 1, 1))], "no id"),
        ([("a", None)], "no geometry"),
        ([("a", Point(0, 0))], "not polygons"),
        ([("a", box(170, 0, 190, 1))], "beyond 180"),
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_and_said(tmp_path: Path, features, says):
    write(tmp_path, *features)
    with pytest.raises(BadData, match=says):
        read_member_areas(tmp_path)


def test_what_is_no_geojson_is_refused(tmp_path: Path):
    (tmp_path / FILE).write_text("id,geometry\n")
    with pytest.raises(BadData, match="cannot be read"):
        read_member_areas(tmp_path)
