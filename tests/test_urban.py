"""Urban centres as they are read: whole, or not at all."""

from pathlib import Path

import pytest

from mapsvc.errors import BadConfiguration, BadData
from mapsvc.sources.placenames import read_place_names
from mapsvc.sources.urban import read_urban

HEADER = "geonameid,name,country,admin1,population,longitude,latitude\n"


def write(folder: Path, **files: str) -> Path:
    """Write these files and return their folder."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_without_centres_has_none(tmp_path: Path):
    assert read_urban(tmp_path) is None
    assert read_place_names(tmp_path) == {}


def test_centres_are_read_largest_first_and_na_is_namibia(tmp_path: Path):
    folder = write(
        tmp_path, urban_centres=f"{HEADER}1,Otavi,NA,39,5000,17,-19\n2,Windhoek,NA,21,268132,17,-22\n"
    )
    urban = read_urban(folder)
    assert urban is not None
    assert urban.centres["name"].to_list() == ["Windhoek", "Otavi"]
    assert set(urban.centres["country"]) == {"NA"}
    assert urban.parts == {}
    assert urban.areas == {}


def test_what_lies_inside_and_what_areas_are_called_is_read(tmp_path: Path):
    folder = write(
        tmp_path, urban_centres=f"{HEADER}1,A,AA,01,5,0,0\n", urban_parts="geonameid,population\n11,40\n",
        areas="country,admin1,name\nAA,01,northern shore\n",
    )  # fmt: skip
    urban = read_urban(folder)
    assert urban is not None
    assert urban.parts == {11: 40}
    assert urban.areas == {("AA", "northern shore"): "01"}
    assert urban.names == {}


def test_what_centres_are_called_is_read_by_language(tmp_path: Path):
    folder = write(
        tmp_path, urban_centres=f"{HEADER}1,Seoul,KR,11,5,0,0\n",
        urban_names="geonameid,language,name\n1,ko,서울\n1,fr,Séoul\n",
    )  # fmt: skip
    urban = read_urban(folder)
    assert urban is not None
    assert urban.names == {"ko": {1: "서울"}, "fr": {1: "Séoul"}}


@pytest.mark.parametrize(
    "rows",
    ["1,A,AA,01,many,0,0\n", "1,A,AA,01,5,0\n1,A,AA,01,5,0,0,0,0\n", "1,A,AA,01,5,0,95\n",
     "1,A,AA,01,5,0,0\n1,B,AA,01,5,0,0\n", "1,A,AA,01,-5,0,0\n", "1,A,AA,01,5,,0\n"],
)  # fmt: skip
def test_a_table_that_cannot_be_is_refused(tmp_path: Path, rows: str):
    with pytest.raises(BadData, match=r"urban_centres\.csv"):
        read_urban(write(tmp_path, urban_centres=HEADER + rows))


def test_a_table_without_a_column_is_refused(tmp_path: Path):
    with pytest.raises(BadData, match=r"urban_centres\.csv"):
        read_urban(write(tmp_path, urban_centres="geonameid,name\n1,A\n"))


@pytest.mark.parametrize(
    "text", ["", "geonameid,names\nx,seoul\n", "id,names\n1,seoul\n", "geonameid,names\n1\n"]
)
def test_names_that_are_no_table_are_refused(tmp_path: Path, text: str):
    with pytest.raises(BadData, match=r"place_names\.csv"):
        read_place_names(write(tmp_path, place_names=text))


def test_what_is_said_of_the_centres_is_read_and_what_is_misspelt_is_refused(tmp_path):
    folder = write(tmp_path, urban_centres=HEADER + "1,A,AA,01,5,0,0\n")
    (folder / "urban_centres.toml").write_text('source = "A census"\nthreshold = 5\n', encoding="utf-8")
    urban = read_urban(folder)
    assert urban is not None
    assert (urban.source, urban.threshold, urban.date) == ("A census", 5, "")
    for wrong in ("treshold = 5", 'threshold = "many"', "threshold = -1", "threshold = true"):
        (folder / "urban_centres.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(BadConfiguration, match=r"urban_centres\.toml.*treshold|threshold"):
            read_urban(folder)
