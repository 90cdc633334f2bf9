"""Every row is accepted or listed with its reason; no fault is mended in silence."""

import csv
import time
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapsvc.analysis import fields
from mapsvc.analysis.fields import UNPRINTABLE
from mapsvc.analysis.identifiers import ID, member_ids
from mapsvc.analysis.participations import join_members
from mapsvc.analysis.rows import condensed
from mapsvc.analysis.validation import MEMBER_COLUMNS, validate_members, validate_participation
from mapsvc.errors import BadData
from mapsvc.model import MEMBERS, PARTICIPATION, Issue
from mapsvc.sources.readers import read_csv, read_table
from mapsvc.sources.writers import as_table

DATA = Path(__file__).parent / "data"
COUNTRIES = {
    "DE": "Germany",
    "AU": "Australia",
    "AQ": "Antarctica",
    "FJ": "Fiji",
    "FR": "France",
    "KE": "Kenya",
    "US": "USA",
}
KNOWN = {"countries": COUNTRIES, "part_of": {"GF": "FR"}, "themes": ("air", "water"), "file": "m.csv"}
HOSTILE = [
    "{{7*7}}", "100 {% off", "${alert(1)}", "</script><img src=x onerror=alert(1)>", "`", "{{ cycler.__init__ }}",
    "مدينة القدس", "\u202egnp.exe", "\u2066x\u2069", "Åbo", "A\u030abo", "x" * 500, "=cmd|' /C calc'!A0", "'=1", "-", "北京市",
]  # fmt: skip


def raw(rows, first=2):
    frame = pd.DataFrame(rows, dtype=object).fillna("")
    frame.index = pd.RangeIndex(first, first + len(frame))
    return frame


def check(*rows, **known):
    return validate_members(raw(list(rows)), **(KNOWN | known))


def one(**cells):
    return check({"name": "X", "country": "DE", "type": "city", "status": "member"} | cells)


@pytest.fixture(scope="module")
def faults():
    members, report = validate_members(read_table(DATA / "faults.csv").frame, **KNOWN)
    names = read_table(DATA / "faults.csv").frame["name"]
    found = {}
    for issue in report.issues:
        found.setdefault(names[issue.row].strip() + f":{issue.row}", []).append(issue)
    return (
        members.reset_index().set_index("name"),
        report,
        {key.partition(":")[0]: value for key, value in found.items()},
    )


# --- Shape ---


def test_the_frame_is_the_documented_one():
    members, report = one(population="12", since="2001", themes="water;air", longitude="1", latitude="2")
    assert members.index.name == "id"
    assert MEMBERS.missing(members) == ("offshore_km",)  # found with the boundaries
    for column in MEMBERS.columns[:-1]:
        assert str(members[column.name].dtype) == column.dtype
    assert members.crs == 4326
    assert members["themes"].iloc[0] == ("air", "water")
    assert (members.geometry.iloc[0].x, members.geometry.iloc[0].y) == (1, 2)
    assert report.issues == ()


def test_a_table_without_rows_gives_a_frame_without_rows():
    members, report = validate_members(pd.DataFrame({"name": [], "country": []}, dtype=object), **KNOWN)
    assert len(members) == report.n_read == 0
    assert MEMBERS.missing(members) == ("offshore_km",)  # found with the boundaries


def test_a_table_without_a_name_or_a_country_is_refused_and_says_what_it_has():
    with pytest.raises(BadData, match=r"there is no column 'country'.*Ort, Land"):
        validate_members(pd.DataFrame({"name": ["x"], "Ort": [""], "Land": [""]}, dtype=object), **KNOWN)


def test_members_are_sorted_by_country_and_id():
    members, _ = check(
        *({"name": name, "country": code} for name, code in [("Z", "FR"), ("B", "DE"), ("A", "FR")])
    )
    assert list(members.index) == ["de-b", "fr-a", "fr-z"]


def test_the_raw_table_is_left_as_it_was():
    table = raw([{"name": " X ", "country": "DE", "themes": "water"}])
    before = table.copy(deep=True)
    validate_members(table, **KNOWN)
    pd.testing.assert_frame_equal(table, before)


def test_what_is_blank_is_unknown_and_an_empty_list_of_themes_is_known():
    unknown, none = one(themes="")[0], one(themes=";")[0]
    assert unknown["themes"].iloc[0] is None
    assert none["themes"].iloc[0] == ()
    assert unknown[["admin1", "population", "since", "url"]].isna().all(axis=None)
    assert unknown.geometry.iloc[0] is None


def test_a_missing_type_or_status_is_assumed_and_said():
    members, report = check({"name": "X", "country": "DE"}, {"name": "Y", "country": "DE"})
    assert members[["type", "status"]].to_numpy().tolist() == [["other", "member"]] * 2
    assert [(issue.row, issue.code, issue.column) for issue in report.issues] == [
        (1, "assumed", "type"),
        (1, "assumed", "status"),
    ]
    _, report = one(status="")
    assert [(issue.row, issue.code, issue.column) for issue in report.issues] == [(2, "assumed", "status")]


# --- Points ---

POINTS = {
    "Swapped": ("swapped", "longitude 151.2, latitude -33.87"),
    "Comma": ("decimal-comma", "52.52"),
    "Degrees": ("degrees-minutes-seconds", "52.52"),
    "Nowhere": ("null-island", "leave both empty"),
    "Half": ("half-a-point", "give both, or neither"),
    "Nan": ("not-a-number", "write decimal degrees, as 52.52"),
    "Infinite": ("not-a-number", "write decimal degrees, as 52.52"),
    "North": ("out-of-range", ""),
    "Arabic": ("not-a-number", "write decimal degrees, as 52.52"),
    "Underscore": ("not-a-number", "write decimal degrees, as 52.52"),
    "Exponent": ("not-a-number", "write decimal degrees, as 52.52"),
}


def test_each_kind_of_wrong_coordinates_is_a_finding_and_costs_the_point_alone():
    table = read_table(DATA / "points.csv").frame
    members, report = validate_members(table, **KNOWN)
    assert report.n_rejected == 0
    found = {table["name"][issue.row]: (issue.code, issue.suggestion) for issue in report.errors}
    assert found == POINTS
    placed = members.set_index("name").geometry.dropna()
    assert {name: (point.x, point.y) for name, point in placed.items()} == {
        "Right": (13.405, 52.52), "Pole": (0, -90), "Dateline": (180, -17), "Antidateline": (-180, -17)
    }  # fmt: skip


def test_coordinates_are_rounded_to_a_metre_and_minus_nought_is_nought():
    members, _ = one(longitude="13.4049999999", latitude="-0.0000001")
    assert as_table(members).loc[0, ["longitude", "latitude"]].tolist() == ["13.405", "0"]


# --- Other cells ---


@pytest.mark.parametrize(
    ("name", "code", "suggestion"),
    [
        ("Unknown country", "unknown-country", ""),
        ("Lower case", "unknown-country", "DE"),
        ("Part of", "unknown-country", "FR"),
        ("Unknown type", "unknown-value", "city"),
        ("Unknown status", "unknown-value", "member"),
        ("BERLIN", "duplicate", "take one out"),
        ("Second", "duplicate-id", "leave it empty"),
        ("Third", "bad-id", "leave it empty"),
        ("", "missing", ""),
    ],
)
def test_a_row_is_rejected_where_we_would_not_know_who_it_is_or_what_it_counts_as(
    faults, name, code, suggestion
):
    members, _, found = faults
    (issue,) = found[name]
    assert (issue.severity, issue.code, issue.suggestion) == ("error", code, suggestion)
    assert name not in members.index


@pytest.mark.parametrize(
    ("name", "column", "code", "suggestion"),
    [
        ("Unknown theme", "themes", "unknown-theme", "water"),
        ("No such day", "since", "impossible-date", ""),
        ("Which order", "since", "impossible-date", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("Dotted", "since", "impossible-date", "2007-11-27"),
        ("Left before", "until", "until-before-since", "exchange them"),
        ("Grouped", "population", "bad-population", "1247327"),
        ("Millions", "population", "bad-population", "write digits only"),
        ("Nobody", "population", "bad-population", "leave it empty if it is not known"),
        ("Script address", "url", "bad-url", ""),
        ("Bare address", "url", "bad-url", "https://www.example.org"),
    ],
)
def test_any_other_fault_costs_the_cell_and_not_the_row(faults, name, column, code, suggestion):
    members, _, found = faults
    (issue,) = found[name]
    assert (issue.severity, issue.column, issue.code, issue.suggestion) == ("error", column, code, suggestion)
    value = members.loc[name, column]
    assert value == ("water",) if column == "themes" else pd.isna(value)


def test_the_report_of_the_faults_counts_every_row(faults):
    members, report, _ = faults
    assert (report.n_read, report.n_accepted, report.n_rejected) == (25, 15, 10)
    assert len(members) == 15
    assert {issue.row for issue in report.errors} >= set(range(3, 8))


def test_a_source_may_be_an_urn_and_a_year_may_end_in_itself(faults):
    members, _, found = faults
    assert members.loc["Urn", "source_url"] == "urn:isbn:0451450523"
    assert members.loc["Left that year", ["since", "until"]].tolist() == ["2007-11", "2007"]
    assert not {"Urn", "Left that year"} & set(found)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_stored_as_it_is(text):
    members, report = one(name=text, admin1=text)
    assert members[["name", "admin1"]].iloc[0].tolist() == [text, text]
    assert report.issues == ()
    assert ID.fullmatch(members.index[0])


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 501, "too-long"), ("a\0b", "unprintable"), ("a\nb", "unprintable"), ("a\x1b[31mb", "unprintable"),
     ("a\ud800b", "unprintable"), ("a\x9bb", "unprintable"), ("\u200b", "missing"), ("   ", "missing")],
)  # fmt: skip
def test_a_name_that_cannot_be_shown_is_refused(text, code):
    members, report = one(name=text)
    assert members.empty
    assert [issue.code for issue in report.errors] == [code]
    assert not UNPRINTABLE.search(report.errors[0].value)
    str(report.errors[0]).encode("utf-8")


def test_names_that_differ_in_accents_only_are_kept_and_remarked_on():
    members, report = check(
        *(
            {"name": name, "country": "DE", "type": "city", "status": "member"}
            for name in ("Munster", "Münster")
        )
    )
    assert len(members) == 2
    assert [(issue.severity, issue.code) for issue in report.issues] == [("warning", "nearly-duplicate")]


def test_one_name_in_two_normal_forms_is_one_member():
    _, report = check(*({"name": name, "country": "DE"} for name in ("Å", "A\u030a")))
    assert [issue.code for issue in report.errors] == ["duplicate"]


# --- Ids ---


def test_ids_are_told_apart_by_admin1_then_by_type():
    rows = [("US", "Nordhausen", "", "city"), ("US", "Nordhausen", "", "county"), ("US", "Salem", "Oregon", "city"),
            ("US", "Salem", "Ohio", "city"), ("FR", "Salem", "", "city"), ("JP", "東京", "", "city")]  # fmt: skip
    ids = member_ids(rows)
    assert ids[:5] == [
        "us-nordhausen-city",
        "us-nordhausen-county",
        "us-salem-oregon",
        "us-salem-ohio",
        "fr-salem",
    ]
    assert ids[5].startswith("jp-")


def test_nobody_keeps_the_short_id_that_two_could_have():
    ids = member_ids([("US", "Salem", "", "city"), ("US", "Salem", "Ohio", "city")])
    assert ids == ["us-salem-city", "us-salem-ohio"]


@given(
    st.lists(
        st.tuples(st.just("US"), st.text(max_size=4), st.text(max_size=3), st.sampled_from(["city", "town"])),
        unique=True,
    )
)
def test_ids_are_unique_fit_for_an_address_and_the_same_in_any_order(rows):
    ids = member_ids(rows)
    assert len(set(ids)) == len(rows)
    assert all(ID.fullmatch(id_) for id_ in ids)
    assert dict(zip(rows, ids, strict=True)) == dict(zip(rows[::-1], member_ids(rows[::-1]), strict=True))


# --- Participations ---

WHO = pd.DataFrame(
    {
        "name": ["Nakuru", "Bogor", "Wakatobi", "Nordhausen", "Nordhausen County", "Salem", "Salem"],
        "type": ["city", "city", "county", "city", "county", "city", "town"],
        "country": ["KE", "DE", "DE", "DE", "DE", "US", "US"],
    },
    index=["nakuru", "bogor", "wakatobi", "nordhausen", "nordhausen-county", "salem", "salem-town"],
)


@pytest.mark.parametrize(
    ("name", "country", "member"),
    [
        ("Nakuru", "KE", "nakuru"),
        ("NAKURU ", "KE", "nakuru"),
        ("Nakuru County", "KE", ""),
        ("Bogor Regency", "DE", ""),
        ("Wakatobi Regency", "DE", "wakatobi"),
        ("Nordhausen", "DE", "nordhausen"),
        ("Nordhausen County", "DE", "nordhausen-county"),
        ("Nakuru", "DE", ""),
        ("Salem", "US", ""),
    ],
)
def test_a_city_is_never_taken_for_the_county_of_its_name(name, country, member):
    joined, issues = join_members(raw([{"member_name": name, "country": country}]), WHO, "p.csv")
    assert joined["member"].tolist() == [member]
    assert [issue.suggestion for issue in issues if issue.severity == "warning"] == (
        ["salem or salem-town"] if name == "Salem" else []
    )


def test_a_participation_of_nobody_we_know_is_kept_and_said():
    row = {"member_name": "Kisumu", "country": "KE", "programme": "P", "themes": "water;air"}
    frame, report = validate_participation(
        raw([row | {"member": ""}, row | {"member": "ke-kisumo", "programme": "Q"}]),
        member_ids=["ke-kisumu"], themes=("air", "water"), countries=COUNTRIES, file="p.csv",
    )  # fmt: skip
    assert frame["member"].isna().tolist() == [True, True]
    assert frame["themes"].tolist() == [("air", "water")] * 2
    assert [(issue.severity, issue.code, issue.suggestion) for issue in report.issues] == [
        ("info", "no-member", ""), ("error", "unknown-member", "ke-kisumu")
    ]  # fmt: skip
    assert PARTICIPATION.missing(frame) == ()


def test_a_participation_without_theme_or_stated_twice_is_rejected():
    row = {"member_name": "Kisumu", "country": "KE", "programme": "P", "themes": "water"}
    frame, report = validate_participation(
        raw([row, row, row | {"themes": ""}, row | {"themes": "fire"}]),
        member_ids=(), themes=("air", "water"), countries=COUNTRIES, file="p.csv",
    )  # fmt: skip
    assert len(frame) == report.n_accepted == 1
    assert {(issue.row, issue.code) for issue in report.errors} == {
        (3, "duplicate"), (4, "missing"), (5, "unknown-theme"), (5, "missing")
    }  # fmt: skip


def test_no_evidence_at_all_is_an_empty_frame():
    frame, report = validate_participation(
        pd.DataFrame(), member_ids=(), themes=(), countries={}, file="p.csv"
    )
    assert len(frame) == report.n_read == 0
    assert PARTICIPATION.missing(frame) == ()


# --- Properties ---

CELLS = {
    "name": st.text(max_size=6) | st.sampled_from(["Berlin", "berlin", "Bonn"]),
    "country": st.sampled_from(["DE", "FR", "XX", "", "de"]),
    "type": st.sampled_from(["city", "town", "", "x"]),
    "population": st.sampled_from(["", "1", "1,000", "-1", "9" * 30]),
    "since": st.sampled_from(["", "2001", "2001-02-30", "x"]),
    "until": st.sampled_from(["", "1999", "2002-01"]),
    "themes": st.sampled_from(["", ";", "air", "water;air", "x;air", "x"]),
    "longitude": st.sampled_from(["", "0", "181", "13.123456789", "nan"]) | st.text(max_size=3),
    "latitude": st.sampled_from(["", "0", "-90", "52,5"]),
    "id": st.sampled_from(["", "", "a", "b c"]),
    "url": st.sampled_from(["", "https://a.example/", "data:,x"]),
}


@given(st.lists(st.fixed_dictionaries(CELLS), max_size=6))
def test_rows_read_are_accepted_or_rejected_and_every_rejected_row_is_listed(rows):
    table = raw(rows) if rows else pd.DataFrame(columns=list(CELLS), dtype=object)
    members, report = validate_members(table, **KNOWN)
    assert report.n_read == len(rows) == report.n_accepted + report.n_rejected
    assert len(members) == report.n_accepted
    assert len({issue.row for issue in report.errors}) >= report.n_rejected
    assert members.index.is_unique


@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=6))
def test_what_is_accepted_is_accepted_again_without_a_finding_and_is_the_same(rows):
    first = as_table(validate_members(raw(rows), **KNOWN)[0])
    members, report = validate_members(first, **KNOWN)
    assert not report.errors
    pd.testing.assert_frame_equal(as_table(members), first)


@given(st.binary(max_size=120).map(lambda tail: b"name,country\n" + tail))
@example(b"name,country\nA,DE\nB\nC,XX\n")
def test_whatever_bytes_can_be_parsed_no_row_of_them_is_lost(content):
    try:
        table = read_csv(content, Path("m.csv"))
    except BadData:
        return
    members, report = validate_members(table.frame, **KNOWN)
    whole = table.report.merged(report)
    text = content.decode(table.dialect.partition(",")[0].replace("Windows-1252", "cp1252"))
    records = [row for row in csv.reader(StringIO(text, newline="")) if any(row)][1:]
    assert whole.n_read == len(records)
    assert whole.n_accepted == len(members)


def test_ten_thousand_rows_are_checked_within_a_second():
    rows = [[f"x{i}", f"Name {i}", "city", "DE", "", "12", "2001", "", "member", "air;water", "https://a.example/",
             str(i % 180), "52.5", "given", "https://a.example/"] for i in range(10_000)]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(MEMBER_COLUMNS), dtype=object)
    best = min(_seconds(table) for _ in range(3))
    assert best < 1


def _seconds(table):
    start = time.process_time()
    members, _ = validate_members(table, **KNOWN)
    assert len(members) == 10_000
    return time.process_time() - start


# --- Very many faults ---


def test_of_very_many_faults_each_row_is_listed_but_not_each_on_its_own():
    good = [{"name": "X", "country": "DE", "type": "city", "status": "member"}]
    members, report = check(*good, *({"name": f"N{n}", "country": "Atlantis"} for n in range(20_000)))
    assert (report.n_read, report.n_accepted, report.n_rejected) == (20_001, len(members), 20_000)
    unknown = [issue for issue in report.issues if issue.code == "unknown-country"]
    assert [issue.row for issue in unknown] == list(range(3, 1_003))
    (more,) = [issue for issue in report.errors if issue.code == "more-unknown-country"]
    assert more.message == "19,000 more of this kind (unknown-country), in rows 1003-20002"


def test_the_nearest_is_looked_for_once_for_each_text_and_not_for_ever(monkeypatch):
    looked_up = []
    monkeypatch.setattr(fields, "nearest", lambda text, valid: looked_up.append(text) or "Kenya")
    names = ["Kenia"] * 50 + [f"Atlantis {n}" for n in range(2_000)]
    _, report = check(*({"name": f"N{n}", "country": name} for n, name in enumerate(names)))
    assert report.n_rejected == 2_050
    assert len(looked_up) == len(set(looked_up)) == 1_000


def test_rows_that_do_not_follow_on_each_other_are_given_as_ranges():
    faults = [
        Issue("error", "missing", "no name", "m.csv", row) for row in (*range(1_000), 1_000, 1_001, 1_005)
    ]
    once = condensed(faults)
    assert once[-1].message == "3 more of this kind (missing), in rows 1000-1001, 1005"
    assert condensed(once) == once
