"""From a file to members.csv: columns by any name, places found, all or nothing written; and the bundled network."""

import errno
import os
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from geodata.build_members import build
from mapsvc.analysis.membership import assign_country
from mapsvc.cli import main
from mapsvc.errors import BadData, Busy, CannotCreate, NoInput, StorageFailure
from mapsvc.settings import shipped
from mapsvc.sources.boundaries import read_detailed
from mapsvc.sources.durable import sole_writer
from mapsvc.sources.gazetteer import Gazetteer, Place
from mapsvc.sources.importer import import_members, import_participation, import_table
from mapsvc.sources.places import KnownPlaces
from mapsvc.sources.publishing import publish_members
from mapsvc.sources.readers import read_table

GEODATA = shipped("geodata")
OSLO = Place(3143244, "Oslo", "NO", "NO.12", 1_082_575, 10.74609, 59.91273)
MARIEHAMN = Place(3041732, "Mariehamn", "AX", "AX.211", 10_682, 19.93481, 60.09726)
SMALL = Gazetteer([OSLO, MARIEHAMN])


@pytest.fixture
def network(tmp_path):
    folder = tmp_path / "network"
    folder.mkdir()
    (folder / "themes.csv").write_text("group,group_title,id,title\nnature,Nature,water,Water\n", "utf-8")
    return folder


@pytest.fixture
def imported(network, tmp_path):
    def run(text, gazetteer=SMALL):
        path = tmp_path / "people.csv"
        path.write_text(text, "utf-8")
        # In this process, for speed; what comes from a child is compared in test_sources.py.
        table = read_table(path)
        return import_table(table, network, atlas=GEODATA, gazetteer=gazetteer, places=KnownPlaces())

    return run


def found(result):
    return [(issue.row, issue.code) for issue in result.report.issues]


# --- Columns ---


@pytest.mark.parametrize(
    "text",
    [
        "name,country\nOslo,NO\n",
        "Name;ISO2;Country\nOslo;NO;Norway\n",
        "MEMBER\tCountry code\nOslo\tNO\n",
        "name,country\nOslo,Norway\n",
        "name,iso_a2,country\nOslo,,Norway\n",
    ],
)
def test_columns_and_countries_are_known_under_their_usual_names(imported, text):
    result = imported(text)
    assert result.table.loc[0, ["id", "country", "longitude", "latitude", "location_source"]].tolist() == [
        "no-oslo", "NO", "10.74609", "59.91273", "geonames:3143244"
    ]  # fmt: skip


def test_two_columns_that_mean_the_same_are_refused(imported):
    with pytest.raises(BadData, match="'Lat' and 'Latitude' both mean latitude"):
        imported("name,country,Lat,Latitude\nOslo,NO,59,59\n")


def test_a_column_that_is_not_used_is_said_with_the_nearest_that_is(imported):
    result = imported("name,country,Populaton\nOslo,NO,5\n")
    (issue,) = [issue for issue in result.report.issues if issue.code == "unused-column"]
    assert (issue.column, issue.suggestion) == ("Populaton", "population")


def test_a_code_and_a_name_of_two_countries_cost_the_row(imported):
    result = imported("name,iso2,country\nOslo,NO,Norway\nBonn,NO,Germany\n")
    assert len(result.table) == 1
    assert (3, "countries-disagree") in found(result)


def test_a_second_hand_source_is_a_finding(imported):
    assert (2, "second-hand") in found(imported("name,country,confidence\nOslo,NO,medium\n"))


# --- Rows ---


def test_given_coordinates_are_kept_and_need_no_gazetteer(imported):
    result = imported("name,country,lon,lat\nBonn,DE,7.1,50.7333333\n", gazetteer=None)
    assert result.table.loc[0, ["longitude", "latitude", "location_source"]].tolist() == [
        "7.1",
        "50.73333",
        "given",
    ]


def test_a_member_whose_place_is_not_certain_is_kept_without_a_point(imported):
    result = imported("name,country\nOslo,NO\nOsloo,NO\n")
    assert result.table["longitude"].tolist() == ["10.74609", ""]
    (issue,) = [issue for issue in result.report.errors if issue.row == 3]
    assert (issue.code, issue.suggestion) == ("place-not-found", "perhaps Oslo; else add it to places.csv")


def test_a_place_that_has_a_country_code_of_its_own_is_counted_there_and_said(network, tmp_path):
    (network / "sources").mkdir()
    (network / "sources" / "places.csv").write_text(
        "name,country,admin1,geonameid,kind,reason\nMariehamn,FI,,3041732,place,capital of Åland\n", "utf-8"
    )
    path = tmp_path / "people.csv"
    path.write_text("name,country\nMariehamn,FI\n", "utf-8")
    result = import_members(path, network, atlas=GEODATA, gazetteer=SMALL)
    assert result.table.loc[0, ["id", "country"]].tolist() == ["ax-mariehamn", "AX"]
    assert {"known-place", "country-changed"} <= {code for _, code in found(result)}


def test_every_row_is_accepted_or_listed(imported):
    result = imported("name,country\nOslo,NO\nRagged\n,NO\nNowhere,XX\nOslo,NO\n")
    report = result.report
    assert (report.n_read, report.n_accepted, report.n_rejected) == (5, 1, 4)
    assert {issue.row for issue in report.errors} == {3, 4, 5, 6}
    assert [issue.row for issue in report.issues] == sorted(issue.row for issue in report.issues)


def test_a_file_of_which_nothing_is_accepted_is_refused_with_the_first_reason(imported):
    with pytest.raises(
        BadData, match=r"no member was accepted – people.csv:2:country: error: 'XX' is not known"
    ):
        imported("name,country\nOslo,XX\n")


def test_a_network_without_boundaries_uses_those_of_the_atlas_and_its_own_names_do_not_count(
    network, tmp_path
):
    (network / "countries.csv").write_text("country,iso_a3,name\nZZ,ZZZ,Nowhere\n", "utf-8")
    path = tmp_path / "people.csv"
    path.write_text("name,country\nOslo,NO\n", "utf-8")
    assert len(import_members(path, network, atlas=GEODATA, gazetteer=SMALL).table) == 1
    with pytest.raises(BadData, match="no member was accepted"):
        import_members(path, network, gazetteer=SMALL)
    (network / "countries.csv").unlink()
    with pytest.raises(NoInput):
        import_members(path, network, gazetteer=SMALL)


def test_boundaries_that_are_no_file_are_not_replaced_by_those_of_the_atlas(network, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("name,country\nOslo,NO\n", "utf-8")
    os.mkfifo(network / "countries.geojson")
    with pytest.raises(NoInput, match=r"countries\.geojson.*a pipe"):
        import_members(path, network, atlas=GEODATA, gazetteer=SMALL)


def test_a_folder_or_themes_that_are_not_there_are_said_before_a_place_is_looked_up(tmp_path, monkeypatch):
    path = tmp_path / "people.csv"
    path.write_text("name,country\nOslo,NO\n", "utf-8")
    monkeypatch.setattr(Gazetteer, "load", None)
    with pytest.raises(NoInput, match="no such folder"):
        import_members(path, tmp_path / "nope", atlas=GEODATA)
    with pytest.raises(NoInput, match=r"themes\.csv"):
        import_members(path, tmp_path, atlas=GEODATA)


# --- Points in another country ---


def test_swapped_coordinates_are_a_finding_with_the_row_and_both_the_right_way_round(imported):
    result = imported("name,country,lon,lat\nOslo,NO,10.75,59.91\nBonn,DE,50.73,7.1\n")
    (issue,) = result.report.errors
    assert (issue.row, issue.code, issue.column) == (3, "outside-country", "longitude")
    assert issue.suggestion == "swapped? longitude 7.1, latitude 50.73 lies in it"
    assert len(result.table) == 2


def test_a_point_in_another_country_that_is_not_swapped_says_where_it_lies(imported):
    (issue,) = imported("name,country,lon,lat\nBonn,DE,2.35,48.85\n").report.errors
    assert "lies in FR, not in DE" in issue.message
    assert "swapped" not in issue.suggestion


# --- Writing ---

NAME = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=8)
SPECIAL = st.sampled_from(
    ["=1+1", "'=1", "''", '"', "a,b", "-", "＝x", "{{7*7}}", "A\u030abo", "\u202eabc", "NA", "null"]
)


@given(st.lists(NAME | SPECIAL, min_size=1, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_what_was_written_is_read_and_written_again_as_the_same_bytes(network, names):
    path = network / "people.csv"
    rows = [
        {"name": name, "country": "NO", "lon": str(9 + n / 2), "lat": "60.5"} for n, name in enumerate(names)
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    try:
        imported = import_table(read_table(path), network, atlas=GEODATA, gazetteer=SMALL)
        publish_members(imported, network, allow_drop=True)
    except BadData:
        reject()  # not one name of which anything shows
    once = (network / "members.csv").read_bytes()
    result = import_table(read_table(network / "members.csv"), network, atlas=GEODATA, gazetteer=SMALL)
    assert not result.report.errors
    publish_members(result, network)
    assert (network / "members.csv").read_bytes() == once


@pytest.mark.parametrize("call", ["fsync", "replace", "write"])
def test_the_old_file_stands_when_writing_fails_half_way(imported, network, monkeypatch, call):
    (network / "members.csv").write_text("old", "utf-8")
    result = imported("name,country\nOslo,NO\n")

    def fail(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    if call == "write":
        # A full disk as the kernel tells of it.
        monkeypatch.setattr(
            "mapsvc.sources.durable.open", lambda descriptor, mode: _full(descriptor), raising=False
        )
    else:
        monkeypatch.setattr(os, call, fail)
    with pytest.raises(StorageFailure, match="No space left on device – what is served stands"):
        publish_members(result, network)
    monkeypatch.undo()
    assert (network / "members.csv").read_text("utf-8") == "old"
    assert [path.name for path in network.iterdir() if "members.csv" in path.name] == ["members.csv"]


def _full(descriptor):
    os.close(descriptor)
    return Path("/dev/full").open("wb", buffering=0)


def test_a_folder_that_cannot_be_written_to_is_said(imported, network):
    result = imported("name,country\nOslo,NO\n")
    with pytest.raises(CannotCreate):
        publish_members(result, network / "missing")


def test_the_file_keeps_its_mode_and_a_link_stays_a_link(imported, network):
    real = network / "real.csv"
    real.write_text("old", "utf-8")
    real.chmod(0o640)
    (network / "members.csv").symlink_to(real)
    publish_members(imported("name,country\nOslo,NO\n"), network)
    assert (network / "members.csv").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_text("utf-8").startswith("id,name,type,country")


def people(*names, status="member"):
    return "name,country,status,lon,lat\n" + "".join(f"{name},NO,{status},10.7,59.9\n" for name in names)


def test_a_file_that_drops_more_than_a_fifth_of_the_members_is_held_back(imported, network):
    publish_members(imported(people(*"ABCDEFGHIJ")), network)
    before = (network / "members.csv").read_bytes()
    fewer = imported(people(*"ABCDEFG"))
    with pytest.raises(BadData, match="would drop 3 of 10 members – confirm with --allow-drop"):
        publish_members(fewer, network)
    with pytest.raises(BadData, match="would drop 10 of 10 members"):
        publish_members(imported(people(*"ABCDEFGHIJ", status="former")), network)
    assert (network / "members.csv").read_bytes() == before
    publish_members(fewer, network, allow_drop=True)
    assert len(read_table(network / "members.csv").frame) == 7


def test_a_fifth_may_go_and_any_number_may_come(imported, network):
    publish_members(imported(people(*"ABCDEFGHIJ")), network)
    publish_members(imported(people(*"ABCDEFGHKLMNO")), network)
    assert len(read_table(network / "members.csv").frame) == 13


def test_members_that_stood_there_without_ids_are_compared_too(imported, network):
    (network / "members.csv").write_text("name,country\nA,NO\nB,NO\n", "utf-8")
    with pytest.raises(BadData, match="would drop 1 of 2 members"):
        publish_members(imported(people("A", "C")), network)


def test_a_second_writer_is_told_that_there_is_one_and_the_old_file_stands(imported, network):
    result = imported(people("A"))
    with sole_writer(network), pytest.raises(Busy, match="another import is writing here"):
        publish_members(result, network)
    assert not (network / "members.csv").exists()
    publish_members(result, network)
    assert (network / "members.csv").exists()


def command(folder, text, *more):
    path = folder / "people.csv"
    path.write_text(text, "utf-8")
    return CliRunner().invoke(main, ["import", str(path), "--data", str(folder), *more])


def test_the_command_writes_what_is_accepted_and_ends_with_1_where_there_are_errors(network):
    assert command(network, people("A")).exit_code == 0
    result = command(network, people("A", "B") + "C,XX,member,,\n")
    assert result.exit_code == 1
    assert "3 rows read, 2 accepted, 1 rejected" in result.output
    assert len(read_table(network / "members.csv").frame) == 2


def test_the_command_ends_with_65_where_members_would_be_dropped_and_75_beside_another_writer(network):
    assert command(network, people("A", "B")).exit_code == 0
    held = command(network, people("A"))
    assert (held.exit_code, "would drop 1 of 2 members" in held.stderr) == (65, True)
    assert command(network, people("A"), "--allow-drop").exit_code == 0
    with sole_writer(network):
        assert command(network, people("A")).exit_code == 75


def test_the_report_of_a_dry_run_is_a_page_in_the_language_of_the_network_that_holds_all_and_fetches_nothing(
    network,
):
    (network / "network.toml").write_text('default_language = "fr"\n', "utf-8")
    page = network / "found.html"
    table = people("A") + "<script>alert(1)</script>,NO,member,,\nC,XX,member,,\n"
    assert command(network, table, "--dry-run", "--report", str(page)).exit_code == 1
    text = page.read_text("utf-8")
    assert '<html lang="fr"' in text
    assert "Qualité des données" in text
    assert "&lt;script&gt;alert(1)" in text
    assert "unknown-value" in text or "unknown-country" in text
    assert not re.search(r"<script|<link|<img|src=|href=|style", text)
    assert not (network / "members.csv").exists()


# --- The bundled network ---


@pytest.fixture(scope="module")
def geonames():
    """The real gazetteer, which takes some seconds to load."""
    return Gazetteer.load()


@pytest.fixture(scope="module")
def members():
    return read_table(GEODATA / "members.csv").frame.set_index("id")


@pytest.fixture(scope="module")
def participation():
    return read_table(GEODATA / "participation.csv").frame


def test_all_442_members_are_there_and_97_in_100_have_a_point(members):
    assert len(members) == 442
    assert (members["longitude"] != "").sum() >= 0.97 * 442
    assert Counter(members["status"]) == {"member": 399, "unconfirmed": 25, "former": 18}


def test_each_point_says_where_it_comes_from(members):
    pattern = r"geonames:\d+( seat)?"
    assert members.loc[members["longitude"] != "", "location_source"].str.fullmatch(pattern).all()
    assert (members.loc[members["longitude"] == "", "location_source"] == "").all()
    assert members["source_url"].str.match(r"https?://|urn:").all()


def test_none_lies_in_a_country_other_than_its_own(bundled):
    placed = bundled.members[bundled.members.geometry.notna()]
    located = assign_country(placed, read_detailed(GEODATA))
    assert (located["found_country"] == placed["country"]).all()
    assert located["offshore_km"].max() < 5


# Where each of them is, to half a degree, from a school atlas.
ATLAS = {
    "ca-vancouver": (-123.1, 49.3), "us-vancouver": (-122.7, 45.6),
    "gb-birmingham": (-1.9, 52.5), "us-birmingham": (-83.2, 42.5),
    "ar-santa-fe": (-60.7, -31.6), "au-newcastle": (151.8, -32.9),
    "us-newark": (-122.0, 37.5), "us-los-angeles": (-118.2, 34.1), "us-los-angeles-county": (-118.2, 34.1),
    "de-nordhausen": (10.8, 51.5), "de-nordhausen-county": (10.8, 51.5),
    "ph-santa-rosa": (121.1, 14.3), "br-santa-maria": (-53.8, -29.7), "kr-gwangju": (126.9, 35.2),
    "mx-merida": (-89.6, 21.0), "mx-leon": (-101.7, 21.1), "mx-guanajuato": (-101.3, 21.0),
    "in-hyderabad": (78.5, 17.4), "us-arlington": (-97.1, 32.7), "us-ashland": (-122.7, 42.2),
    "za-ethekwini": (31.0, -29.9), "za-tshwane": (28.2, -25.7), "au-merri-bek": (145.0, -37.7),
    "br-espirito-santo": (-40.3, -20.3), "us-albemarle-county": (-78.5, 38.0), "jp-tokyo": (139.7, 35.7),
    "pl-wroclaw": (17.0, 51.1), "tr-izmit": (29.9, 40.8), "tr-izmir": (27.1, 38.4), "pt-seixal": (-9.1, 38.6),
    "ax-mariehamn": (19.9, 60.1), "ps-jabalia-al-nazla": (34.5, 31.5), "cy-lefkosa-nicosia-turkish-municipality": (33.4, 35.2),
}  # fmt: skip


@pytest.mark.parametrize("id_", ATLAS)
def test_places_of_one_name_are_told_apart(members, id_):
    longitude, latitude = ATLAS[id_]
    assert float(members.loc[id_, "longitude"]) == pytest.approx(longitude, abs=0.5)
    assert float(members.loc[id_, "latitude"]) == pytest.approx(latitude, abs=0.5)


def test_regions_and_associations_keep_their_type_and_have_a_seat(members):
    areas = members[members["type"].isin(["region", "association"]) & (members["longitude"] != "")]
    assert len(areas) == 31 + 13
    assert areas["location_source"].str.endswith(" seat").all()


def test_what_cannot_be_told_for_certain_has_no_point(members):
    assert sorted(members.index[members["longitude"] == ""]) == [
        "kr-inje", "kr-siheung", "kr-taean", "kr-yongin", "pt-agualva", "tr-kadikoy", "tr-kartal"
    ]  # fmt: skip


def test_all_290_participations_are_kept_and_those_of_nobody_we_know_make_no_member(members, participation):
    assert len(participation) == 290
    named = participation[participation["member"] != ""]
    assert set(named["member"]) <= set(members.index)
    assert (members.loc[named["member"], "country"].to_numpy() == named["country"].to_numpy()).all()
    assert len(named) == 112


@pytest.mark.parametrize(
    ("name", "member"),
    [("Nakuru County", ""), ("Bogor", "id-bogor"), ("Bogor Regency", ""), ("Barcelona", "es-barcelona"),
     ("Kisumu County", ""), ("Portland", ""), ("eThekwini", "za-ethekwini"), ("Tokyo", "jp-tokyo")],
)  # fmt: skip
def test_a_participant_is_the_member_of_its_whole_name(participation, name, member):
    assert set(participation.loc[participation["member_name"] == name, "member"]) == {member}


def test_a_member_without_evidence_has_unknown_themes_and_not_none(bundled):
    assert bundled.members.loc["al-association-for-local-autonomy-of-albania", "themes"] is None
    assert bundled.members.loc["za-ethekwini", "themes"] == ("biodiversity",)
    assert not any(themes == () for themes in bundled.members["themes"])


def test_importing_the_members_again_gives_the_same_bytes(tmp_path):
    result = import_members(GEODATA / "members.csv", GEODATA, gazetteer=SMALL, places=KnownPlaces())
    publish_members(result, tmp_path)
    assert (tmp_path / "members.csv").read_bytes() == (GEODATA / "members.csv").read_bytes()


def test_building_the_network_again_gives_the_committed_bytes(tmp_path, geonames):
    for name in (
        "countries.csv",
        "countries.geojson",
        "countries_10m.fgb",
        "countries_part_of.csv",
        "themes.csv",
    ):
        (tmp_path / name).write_bytes((GEODATA / name).read_bytes())
    build(tmp_path, geonames)
    for name in ("members.csv", "participation.csv"):
        assert (tmp_path / name).read_bytes() == (GEODATA / name).read_bytes()


def test_the_readme_tells_the_findings_of_the_import(geonames):
    readme = (GEODATA / "README.md").read_text("utf-8")
    result = import_members(GEODATA / "sources" / "members_raw.csv", GEODATA, gazetteer=geonames)
    _, report = import_participation(GEODATA / "sources" / "programmes_raw.csv", result.members, GEODATA)
    for table in (result.report, report):
        for (severity, code), n in Counter((issue.severity, issue.code) for issue in table.issues).items():
            assert f"| {severity} | `{code}` | {n} |" in readme
