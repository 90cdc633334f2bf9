"""Files of every dialect and of every kind of trouble: read as stated, or refused by name; no row is lost."""

import csv
import io
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.analysis.cells import disarm, rearm
from mapsvc.errors import BadData, NoInput
from mapsvc.sources import files, readers
from mapsvc.sources.readers import read_csv, read_table

DATA = Path(__file__).parent / "data"
TEXT = "name,country\nŁódź,PL\nÅbo,FI\n"


def written(folder, content, name="members.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- Dialects ---


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        (TEXT.encode(), "UTF-8, comma"),
        (TEXT.encode("utf-8-sig"), "UTF-8, comma"),
        (TEXT.encode("utf-16"), "UTF-16, comma"),
        (TEXT.encode("utf-16-le"), "UTF-16, comma"),
        (TEXT.encode("utf-16-be"), "UTF-16, comma"),
        (TEXT.encode("utf-32"), "UTF-32, comma"),
        (TEXT.replace(",", ";").encode(), "UTF-8, semicolon"),
        (TEXT.replace(",", "\t").encode(), "UTF-8, tab"),
        (TEXT.replace(",", "|").encode(), "UTF-8, bar"),
        (b"sep=;\n" + TEXT.replace(",", ";").encode(), "UTF-8, semicolon"),
        (TEXT.replace("\n", "\r\n").encode(), "UTF-8, comma"),
        (TEXT.replace("\n", "\r").encode(), "UTF-8, comma"),
    ],
)
def test_any_common_encoding_and_delimiter_gives_the_same_table_and_is_stated(tmp_path, content, dialect):
    table = read_table(written(tmp_path, content))
    assert table.frame.to_dict("list") == {"name": ["Łódź", "Åbo"], "country": ["PL", "FI"]}
    assert table.dialect == dialect


def test_text_in_an_old_encoding_is_read_and_the_guess_is_a_finding():
    table = read_table(DATA / "latin1.csv")
    assert table.frame["name"].tolist() == ["Münster", "Zürich"]
    assert table.dialect == "Windows-1252, semicolon"
    (finding,) = table.report.issues
    assert (finding.severity, finding.code) == ("info", "encoding")
    assert "line 2" in finding.message


def test_a_delimiter_inside_quotation_marks_does_not_count(tmp_path):
    table = read_table(written(tmp_path, '"a,b,c";d\n1;2\n'))
    assert list(table.frame.columns) == ["a,b,c", "d"]


def test_nothing_is_made_of_text_that_looks_like_a_number_or_like_nothing(tmp_path):
    table = read_table(written(tmp_path, "name,country,population\nNA,NA,007\nnull,nan,1e5\n"))
    assert table.frame.to_numpy().tolist() == [["NA", "NA", "007"], ["null", "nan", "1e5"]]


def test_rows_are_numbered_by_the_line_they_begin_at(tmp_path):
    table = read_table(written(tmp_path, 'name,country\n"Two\nlines",DE\n\nNext,DE\n'))
    assert list(table.frame.index) == [2, 5]


def test_lines_are_counted_from_the_first_of_the_file_even_after_a_sep_line(tmp_path):
    assert list(read_table(written(tmp_path, "sep=;\nname;country\nA;DE\n")).frame.index) == [3]


def test_the_mark_against_formulas_comes_off_and_other_apostrophes_stay(tmp_path):
    table = read_table(written(tmp_path, "name,country\n'=1+1,DE\n'-x,DE\n's-Hertogenbosch,NL\n''=x,DE\n"))
    assert table.frame["name"].tolist() == ["=1+1", "-x", "'s-Hertogenbosch", "'=x"]


@given(st.text() | st.text("'=+-@\t\r＝＋－＠ax", min_size=1, max_size=4))
def test_what_is_disarmed_is_rearmed_to_the_same_text(text):
    assert rearm(disarm(text)) == text
    assert not disarm(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


# --- Rows that do not fit ---


def test_ragged_rows_are_listed_with_their_numbers_and_the_others_kept():
    table = read_table(DATA / "ragged.csv")
    assert table.frame["name"].tolist() == ["Nakuru", "Lima", "Quito"]
    assert list(table.frame.index) == [2, 5, 8]
    assert [(issue.row, issue.code) for issue in table.report.issues] == [
        (3, "ragged-row"),
        (4, "ragged-row"),
    ]
    assert (table.report.n_read, table.report.n_rejected) == (2, 2)


@pytest.mark.parametrize(
    ("content", "row", "found"),
    [
        ((DATA / "unclosed_quote.csv").read_bytes(), 3, "quotation mark that is not closed"),
        (b'name,country\n"Os"lo,NO\n', 2, "quotation mark"),
        ((DATA / "nul.csv").read_bytes(), 3, "NUL"),
        ("name,country\nOs\0lo,NO\n".encode("utf-16"), 2, "NUL"),
        ((DATA / "damaged_utf8.csv").read_bytes(), 4, "no UTF-8"),
        (b"name,country\nA,DE\n\xed\xa0\x80,DE\n", 3, "no UTF-8"),
        ("name,country\n\ud800,DE\n".encode("utf-16", "surrogatepass"), None, "not the UTF-16"),
        (b"name,name\nA,DE\n", 1, "two columns"),
        (b"name,Name \nA,DE\n", 1, "two columns"),
        (b"name,,country\nA,,DE\n", 1, "column 2 has no name"),
        (b"", None, "empty"),
        (b"\n \n", None, "empty"),
        (b"name,country\n" + b"A" * 131_073 + b",DE\n", 2, "131,072"),
        (b",".join(b"c%d" % i for i in range(1001)) + b"\n", 1, "1,001 columns"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_with_its_row(tmp_path, content, row, found):
    with pytest.raises(BadData, match=found) as caught:
        read_table(written(tmp_path, content))
    assert caught.value.row == row
    assert caught.value.file.endswith("members.csv")


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_ROWS", 3)
    assert len(read_table(written(tmp_path, "a,b\n" + "1,2\n" * 3)).frame) == 3
    with pytest.raises(BadData, match="more than 3 rows"):
        read_table(written(tmp_path, "a,b\n" + "1,2\n" * 4))


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path):
    path = written(tmp_path, "a,b\n1,2\n")
    os.truncate(path, files.MAX_BYTES + 1)
    with pytest.raises(BadData, match="512 MiB"):
        read_table(path)


def test_of_very_many_ragged_rows_each_is_listed_but_not_each_on_its_own(tmp_path):
    table = read_table(written(tmp_path, "a,b\n" + "1\n" * 200_000))
    assert table.report.n_rejected == 200_000
    assert len(table.report.issues) == 1_001
    assert table.report.issues[-1].message == "199,000 more of this kind (ragged-row), in rows 1002-200001"


# --- Not a table ---


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"PK\x03\x04\x14\0\0\0", "a ZIP archive"),
        (b"PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml xl/workbook.xml", "an Excel workbook"),
        (b"SQLite format 3\0" + b"\0" * 84, "an SQLite database"),
        (b"SQLite format 3\0" + b"\0" * 52 + b"GPKG", "a GeoPackage"),
        (b"%PDF-1.7", "a PDF document"),
        (b"fgb\x03fgb\0", "a FlatGeobuf file"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"\x1f\x8b\x08\0", "a gzip archive"),
        (b"PGDMP\x01\x0e", "a PostgreSQL dump"),
        (b"--\n", "CSV"),
        (b'  {"type": "FeatureCollection", "features": []}', "a GeoJSON file"),
        (b'[{"name": "Oslo"}]', "a JSON file"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><kml/>", "a KML file"),
        (b"<GDAL_WMS><Service/></GDAL_WMS>", "a GDAL WMS description"),
        (b"<whatever/>", "an XML or HTML file"),
        ((DATA / "vrt.csv").read_bytes(), "an OGR VRT"),
        ((DATA / "page.csv").read_bytes(), "an HTML page"),
    ],
)
def test_a_file_is_known_by_its_content(head, named):
    assert files.recognise(head).startswith(named)


@pytest.mark.parametrize(("name", "found"), [("vrt.csv", "an OGR VRT"), ("page.csv", "an HTML page")])
def test_another_kind_of_file_called_csv_is_refused_and_named(name, found):
    with pytest.raises(BadData, match=found):
        read_table(DATA / name)


@pytest.mark.parametrize(
    "path",
    [
        "http://127.0.0.1:9/members.csv",
        "https://example.org/members.csv",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "postgresql://localhost/x",
        "PG:dbname=x",
        "CSV:/etc/passwd",
        "GPKG:x.gpkg",
        "/vsicurl/http://127.0.0.1:9/x.csv",
        "/vsizip/x.zip",
    ],
)
def test_an_address_or_a_connection_is_not_opened(path, monkeypatch):
    monkeypatch.setattr(socket, "socket", None)
    with pytest.raises(NoInput, match="an address or a connection"):
        read_table(Path(path))


def test_folders_pipes_devices_and_missing_files_are_named_for_what_they_are(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path, found in (
        (tmp_path, "a folder"),
        (tmp_path / "pipe.csv", "a pipe"),
        (Path("/dev/zero"), "a device"),
        (tmp_path / "missing.csv", "no such file"),
        (tmp_path / ("x" * 300), "cannot be read"),
        (Path("a\0b"), "cannot be read"),
    ):
        with pytest.raises(NoInput, match=found):
            read_table(path)


def test_an_error_stays_on_one_line_whatever_the_file_is_called(tmp_path):
    with pytest.raises(BadData) as caught:
        read_table(written(tmp_path, b"", "evil\nname\x1b[31m.csv"))
    assert str(caught.value).isprintable()


# --- Any bytes at all ---

CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r\n"), max_size=8)


@given(
    st.lists(st.tuples(CELL, CELL, CELL), max_size=8),
    st.sampled_from(list(",;\t|")),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_every_written_row_comes_back(rows, delimiter, encoding):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("h1", "h2", "h3"), *rows])
    table = read_csv(stream.getvalue().encode(encoding), Path("x.csv"))
    expected = [[rearm(cell) for cell in row] for row in rows if any(row)]
    assert table.frame.to_numpy().tolist() == expected
    assert table.report.n_read == 0


@given(st.binary(max_size=200) | st.text(st.sampled_from('a,;"\n\r\t|é'), max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused_and_no_record_is_lost(content):
    try:
        table = read_csv(content, Path("x.csv"))
    except BadData:
        return
    assert table.report.n_read == table.report.n_rejected == len(table.report.errors)
    assert list(table.frame.index) == sorted(set(table.frame.index))
    assert all(isinstance(cell, str) for cell in table.frame.to_numpy().ravel())
