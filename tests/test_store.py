"""A folder becomes a Dataset, whole and the same each time, or an error that says why not."""

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from mapsvc.errors import BadConfiguration, BadData, NoInput, StorageFailure
from mapsvc.model import COUNTRIES, MEMBERS, Dataset
from mapsvc.settings import shipped
from mapsvc.sources import store
from mapsvc.sources.store import load_dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bundled network without its boundaries, which are fallen back to."""
    for name in ("network.toml", "themes.csv", "members.csv", "participation.csv"):
        shutil.copy(shipped("geodata") / name, tmp_path)
    return tmp_path


def test_the_frames_have_the_shape_that_is_documented(bundled: Dataset):
    assert MEMBERS.missing(bundled.members) == ()
    assert COUNTRIES.missing(bundled.countries) == ()
    assert bundled.members.index.name == "id"
    assert bundled.members.index.is_unique
    assert bundled.members.crs == "EPSG:4326"
    assert str(bundled.members["population"].dtype) == "Int64"
    for column in MEMBERS.columns:
        assert str(bundled.members[column.name].dtype) == column.dtype, column.name
        assert column.nullable or bundled.members[column.name].notna().all(), column.name


def test_members_are_the_sum_over_countries(bundled: Dataset):
    counted = bundled.members[bundled.members["status"] == "member"]
    assert bundled.counts.xs("all", level="theme").sum() == len(counted) > 350


def test_the_grid_is_full(bundled: Dataset):
    assert len(bundled.counts) == len(bundled.countries) * 22


def test_the_bundled_network_has_442_members_of_which_97_percent_have_a_place(bundled: Dataset):
    assert len(bundled.members) == 442
    assert bundled.members.geometry.notna().mean() >= 0.97


def test_no_member_of_the_bundled_network_lies_in_a_country_other_than_its_own(bundled: Dataset):
    assert [issue for issue in bundled.report.issues if issue.code == "outside-country"] == []


def test_the_bundled_network_has_no_error(bundled: Dataset):
    assert bundled.report.errors == ()
    assert bundled.report.n_rejected == 0
    assert bundled.report.n_read == 442 + 290


def test_themes_come_from_participations_and_are_unknown_without_any(bundled: Dataset):
    evidence = bundled.participation.dropna(subset="member")
    known = bundled.members[bundled.members["themes"].notna()]
    assert set(known.index) == set(evidence["member"])
    turku = {theme for themes in evidence.loc[evidence["member"] == "fi-turku", "themes"] for theme in themes}
    assert set(bundled.members.at["fi-turku", "themes"]) == turku
    assert bundled.members.at["al-association-for-local-autonomy-of-albania", "themes"] is None


def test_all_290_participations_are_there(bundled: Dataset):
    assert len(bundled.participation) == 290


@pytest.mark.parametrize(
    ("name", "country", "id_"),
    [
        ("Vancouver", "CA", "ca-vancouver"),
        ("Vancouver", "US", "us-vancouver"),
        ("Birmingham", "GB", "gb-birmingham"),
        ("Birmingham", "US", "us-birmingham"),
    ],
)
def test_places_of_one_name_are_told_apart(bundled: Dataset, name: str, country: str, id_: str):
    member = bundled.members.loc[id_]
    assert (member["name"], member["country"]) == (name, country)


def test_a_city_and_its_county_stand_in_the_right_places(bundled: Dataset):
    where = bundled.members.geometry
    assert where["us-birmingham"].x == pytest.approx(-83.2, abs=0.3)  # Michigan, not Alabama
    assert where["us-newark"].x == pytest.approx(-122.0, abs=0.3)  # California, not New Jersey
    assert where["ar-santa-fe"].y == pytest.approx(-31.6, abs=0.3)
    assert where["au-newcastle"].y == pytest.approx(-32.9, abs=0.3)


def test_equal_folders_have_equal_fingerprints_and_a_changed_one_another(folder: Path):
    first = load_dataset(folder).fingerprint
    assert load_dataset(folder).fingerprint == first
    members = folder / "members.csv"
    members.write_text(members.read_text(encoding="utf-8").replace("Tirana", "Tiranë"), encoding="utf-8")
    assert load_dataset(folder).fingerprint != first


def test_a_row_that_cannot_be_used_is_listed_and_the_rest_is_served(folder: Path):
    with (folder / "members.csv").open("a", encoding="utf-8") as stream:
        stream.write("xx-atlantis,Atlantis,city,XX,,,,,member,,,1.0,1.0,given,https://example.org/\n")
    dataset = load_dataset(folder)
    assert len(dataset.members) == 442
    assert dataset.report.n_rejected == 1
    assert [issue.row for issue in dataset.report.errors] == [444]


def test_a_point_in_another_country_is_an_error(folder: Path):
    with (folder / "members.csv").open("a", encoding="utf-8") as stream:
        stream.write("ke-lost,Lost,city,KE,,,,,member,,,2.35,48.85,given,https://example.org/\n")
    found = [issue for issue in load_dataset(folder).report.errors if issue.code == "outside-country"]
    assert [issue.value for issue in found] == ["ke-lost"]
    assert "FR" in found[0].message


def test_without_participations_all_themes_are_unknown(folder: Path):
    (folder / "participation.csv").unlink()
    dataset = load_dataset(folder)
    assert dataset.members["themes"].isna().all()
    assert dataset.counts.loc[pd.IndexSlice[:, "water"]].sum() == 0


def test_stated_themes_and_evidence_are_joined(folder: Path):
    members = folder / "members.csv"
    text = members.read_text(encoding="utf-8")
    header = text.splitlines()[0].split(",")
    lines = text.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("al-tirana,"))
    cells = lines[place].split(",")
    cells[header.index("themes")] = "air"
    lines[place] = ",".join(cells)
    members.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert load_dataset(folder).members.at["al-tirana", "themes"] == ("air", "green-economy", "waste")


@pytest.mark.parametrize(
    ("name", "failure"), [("network.toml", NoInput), ("themes.csv", NoInput), ("members.csv", NoInput)]
)
def test_a_missing_file_is_named(folder: Path, name: str, failure: type[Exception]):
    (folder / name).unlink()
    with pytest.raises(failure):
        load_dataset(folder)


def test_a_folder_that_is_not_there_is_no_input(tmp_path: Path):
    with pytest.raises(NoInput):
        load_dataset(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("name", "content", "failure"),
    [
        ("network.toml", b"name = ", BadConfiguration),
        ("themes.csv", b"a,b\n1,2\n", BadData),
        ("members.csv", b"PK\x03\x04 not a table", BadData),
        ("members.csv", b"", BadData),
    ],
)
def test_a_file_that_is_not_what_it_must_be_is_refused(folder: Path, name: str, content: bytes, failure):
    (folder / name).write_bytes(content)
    with pytest.raises(failure) as caught:
        load_dataset(folder)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["countries.geojson", "participation.csv"])
@pytest.mark.parametrize("kind", ["a pipe", "a folder"])
def test_what_may_be_left_out_but_is_no_file_is_not_passed_over(folder: Path, name: str, kind: str):
    (folder / name).unlink(missing_ok=True)
    (os.mkfifo if kind == "a pipe" else os.mkdir)(folder / name)
    with pytest.raises(NoInput, match=rf"{name}: this is {kind}"):
        load_dataset(folder)


def test_boundaries_that_are_a_broken_link_are_not_passed_over(folder: Path):
    (folder / "countries.geojson").symlink_to(folder / "gone.geojson")
    with pytest.raises(NoInput, match=r"countries\.geojson"):
        load_dataset(folder)


@pytest.mark.parametrize(("n_changes", "is_read"), [(1, True), (2, True), (3, False)])
def test_a_file_that_changes_while_it_is_read_is_read_again_or_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, n_changes: int, *, is_read: bool
):
    members = folder / "members.csv"
    changes = iter(range(n_changes))
    read = store.read_network

    def read_and_change(*args):
        if next(changes, None) is not None:
            members.write_text(members.read_text("utf-8").replace("Tirana", "Tirana!"), "utf-8")
        return read(*args)

    monkeypatch.setattr(store, "read_network", read_and_change)
    if not is_read:
        with pytest.raises(StorageFailure, match="change while they are read"):
            load_dataset(folder)
        return
    dataset = load_dataset(folder)
    assert dataset.members.at["al-tirana", "name"] == "Tirana" + "!" * n_changes
    assert load_dataset(folder).fingerprint == dataset.fingerprint


def test_the_region_of_each_country_is_that_of_the_network(bundled: Dataset):
    regions = bundled.network.region_of_country
    assert (regions["KE"], regions["TR"]) == ("africa", "europe")
    assert bundled.countries["region"].dropna().to_dict() == {
        code: region for code, region in regions.items() if code in bundled.countries.index
    }
