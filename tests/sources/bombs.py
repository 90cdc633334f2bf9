"""A corpus of hostile files, made anew for each run: what each is called, how it is made, and what is said of it.

``python -m tests.sources.bombs FOLDER`` writes them.
"""

import io
import json
import os
import socket
import sqlite3
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

MIB = 1024 * 1024
# Small ones are at hand; large ones are made when they are asked for.
Made = bytes | Callable[[Path], bytes | None]

# --- Workbooks ---

_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BOOK = (
    f'<workbook {_MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_CELL = '<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip


def sheet(rows: str, before: str = "") -> str:
    return f"{before}<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>"


def cell(at: str, text: str) -> str:
    return _CELL.format(at=at, text=text)


ROWS = f'<row r="1">{cell("A1", "name")}</row><row r="2">{cell("A2", "Oslo")}</row>'


def book(
    xml: str | bytes = sheet(ROWS), *, workbook: str = _BOOK, more: dict[str, str | bytes] | None = None
) -> bytes:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": _RELS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": xml,
        **(more or {}),
    }
    return archive(parts)


def archive(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return stream.getvalue()


def encrypted() -> bytes:
    content = bytearray(book())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + place] |= 1
            start += 4
    return bytes(content)


def lying_about_size() -> bytes:
    """The list of contents says 10 bytes; the part holds 16 MiB."""
    content = bytearray(book(sheet(ROWS) + " " * 16 * MIB))
    start = content.find(b"xl/worksheets/sheet1.xml", content.find(b"PK\x01\x02"))
    content[start - 22 : start - 18] = struct.pack("<I", 10)
    return bytes(content)


def overlapping() -> bytes:
    """Two hundred entries of the list of contents point to one part of 4 MiB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/workbook.xml", _BOOK)
        zipped.writestr("xl/worksheets/sheet1.xml", os.urandom(MIB) * 4)
        last = zipped.infolist()[-1]
        for n in range(200):
            twin = zipfile.ZipInfo(f"xl/{n:03}.xml")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(twin, name, getattr(last, name))
            zipped.filelist.append(twin)
            zipped.NameToInfo[twin.filename] = twin
    return stream.getvalue()


def twice() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        zipped.writestr("xl/workbook.xml", _BOOK)
        # zipfile warns of a name that it has written already; the reader sees it twice.
        zipped.filelist.append(zipped.filelist[0])
    return stream.getvalue()


WORKBOOKS: dict[str, tuple[Made, str]] = {
    "zip-of-a-table.xlsx": (archive({"members.csv": "name,country\n"}), "a ZIP archive"),
    "zip-bomb.zip": (lambda _: archive({"members.csv": b"\0" * 32 * MIB}), "a ZIP archive"),
    "nested-zip.xlsx": (archive({"a.zip": archive({"b.zip": archive({"c.csv": b"\0" * MIB})})}), "a ZIP archive"),
    "sheet-of-gaps.xlsx": (lambda _: book(sheet(ROWS) + " " * 32 * MIB), "a zip bomb"),
    "strings-of-one-letter.xlsx": (lambda _: book(more={"xl/sharedStrings.xml": "a" * 32 * MIB}), "a zip bomb"),
    "giant-cell.xlsx": (lambda _: book(sheet(cell("A1", "n" * 32 * MIB))), "a zip bomb"),
    "long-cell.xlsx": (book(sheet(ROWS + f'<row r="3">{cell("A3", "n" * 200_000)}</row>')), "a cell of more than 131,072"),
    "overlapping-parts.xlsx": (lambda _: overlapping(), "unpacks to 804 MiB"),
    "lies-about-size.xlsx": (lambda _: lying_about_size(), "damaged archive|cannot be read|zip bomb"),
    "laughs-in-workbook.xlsx": (book(workbook=LAUGHS + _BOOK), "xl/workbook.xml' declares entities"),
    "laughs-in-sheet.xlsx": (book(sheet(ROWS, LAUGHS)), "sheet1.xml' declares entities"),
    "laughs-in-strings.xlsx": (book(more={"xl/sharedStrings.xml": LAUGHS + "<sst>&j;</sst>"}), "sharedStrings.xml' declares"),
    "laughs-in-types.xlsx": (book(more={"[Content_Types].xml": LAUGHS + _TYPES}), "Content_Types"),
    "laughs-in-utf-16.xlsx": (book(sheet(ROWS, LAUGHS).encode("utf-16")), "sheet1.xml' declares entities"),
    "quadratic.xlsx": (
        book(sheet(ROWS, f'<!DOCTYPE l [<!ENTITY a "{"a" * 50_000}">]>{"&a;" * 50_000}')), "declares entities"
    ),
    "external-file.xlsx": (
        book(sheet(cell("A1", "&x;"), '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')), "declares entities"
    ),
    "external-address.xlsx": (
        book(sheet(ROWS, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">')), "declares entities"
    ),
    "external-parameter.xlsx": (
        book(sheet(ROWS, '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>')), "declares entities"
    ),
    "last-cell-of-all.xlsx": (
        book(sheet(ROWS + f'<row r="1048576">{cell("XFD1048576", "x")}</row>')), "1 GiB of memory|1,048,576"
    ),
    "wide-and-tall.xlsx": (
        book(sheet(ROWS + f'<row r="60000">{cell("ALL60000", "x")}</row>')), "a sheet of 60,000 × 1,000 cells|memory"
    ),
    "row-beyond-counting.xlsx": (
        book(sheet(ROWS + f'<row r="4294967295">{cell("A4294967295", "x")}</row>')), "cannot be read|memory|rows"
    ),
    "column-beyond-counting.xlsx": (
        book(sheet(f'<row r="1">{cell("ZZZZZZZ1", "x")}</row>')), "cannot be read|memory|cells|columns"
    ),
    "deep-xml.xlsx": (book(sheet("<a>" * 200_000)), "cannot be read|is empty"),
    "thousands-of-parts.xlsx": (lambda _: book(more={f"xl/{n}.xml": "" for n in range(3_000)}), "3,005 parts"),
    "password.xlsx": (encrypted(), "protected by a password"),
    "part-twice.xlsx": (twice(), "twice"),
    "cut-short.xlsx": (book()[:-200], "damaged archive"),
    "no-workbook.xlsx": (archive({"xl/nothing.xml": "<a/>"}), "cannot be read"),
    "no-sheet.xlsx": (book(workbook=f"<workbook {_MAIN}><sheets/></workbook>"), "without a sheet|cannot be read"),
    "empty-sheet.xlsx": (book(sheet("")), "is empty"),
    "no-such-string.xlsx": (
        book(sheet('<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>')), "cannot be read|is empty|broke"
    ),
    "many-columns.xlsx": (
        book(sheet(f'<row r="1">{"".join(cell(f"{one}{two}{three}1", "c") for one in "AB" for two in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for three in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")}</row>')),
        "1,352 columns",
    ),
}  # fmt: skip

# --- JSON ---


def collection(features: str, more: str = "") -> bytes:
    return f'{{"type": "FeatureCollection", {more} "features": [{features}]}}'.encode()


def feature(properties: str = '{"name": "Oslo"}', geometry: str = "null") -> str:
    return f'{{"type": "Feature", "geometry": {geometry}, "properties": {properties}}}'


JSON: dict[str, tuple[Made, str]] = {
    "deep-lists.geojson": (collection(feature(geometry="[" * 200_000)), "nested too deeply"),
    "deep-objects.geojson": (collection(feature('{"a":' * 200_000)), "nested too deeply"),
    "deep-outside.geojson": (b'{"a": ' + b"[" * 200_000 + b', "type": "FeatureCollection"}', "a JSON file"),
    "cut-short.geojson": (collection(feature())[:-30], "this is not JSON"),
    "unclosed-text.geojson": (b'{"type": "FeatureCollection", "x": "' + b"a" * MIB, "this is not JSON"),
    "number-of-a-million-digits.geojson": (collection(feature(f'{{"a": {"9" * MIB}}}')), "a cell of more than"),
    "text-of-a-million-letters.geojson": (collection(feature(f'{{"a": "{"a" * MIB}"}}')), "a cell of more than"),
    "many-keys.geojson": (collection(feature(json.dumps({f"k{n}": 1 for n in range(2_000)}))), "2,000 columns"),
    "other-keys-each-time.geojson": (
        lambda _: collection(",".join(feature(f'{{"k{n}": 1}}') for n in range(150_000))), "columns"
    ),
    "keys-but-for-case.geojson": (collection(feature('{"Name": 1, "name": 2}')), "two columns have this name"),
    "key-that-cannot-be-shown.geojson": (collection(feature('{"a\\u0000": 1}')), "cannot be shown"),
    "features-no-list.geojson": (b'{"type": "FeatureCollection", "features": {"a": 1}}', "no FeatureCollection"),
    "geometry-alone.geojson": (b'{"type": "Point", "coordinates": [1, 2], "x": "feature"}', "no FeatureCollection"),
    "no-features-inside.geojson": (collection('{"type": "Point", "coordinates": [1, 2]}'), "this is no Feature"),
    "properties-no-object.geojson": (collection(feature("[1, 2]")), "the properties are no object"),
    "topojson.geojson": (b'{"type": "Topology", "objects": {}}', "a JSON file"),
    "damaged-utf8.geojson": (collection(feature('{"name": "\\u00e9"}')).replace(b"\\u00e9", b"\xff"), "no UTF-8"),
    "half-a-letter.geojson": (collection(feature('{"name": "\\ud800"}')), "lone surrogate"),
    "linked-crs.geojson": (
        collection(feature(), '"crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/"}},'), "EPSG code"
    ),
    "unknown-crs.geojson": (
        collection(feature(geometry='{"type": "Point", "coordinates": [1, 2]}'), '"crs": {"type": "name", "properties": {"name": "EPSG:999999"}},'),
        "is not known",
    ),
    "json-then-zip.geojson": (collection(feature()) + archive({"a": "b"}), "no UTF-8|follows the end"),
    "json-then-json.geojson": (collection(feature()) * 2, "follows the end"),
}  # fmt: skip

# --- Delimited text ---

TEXT: dict[str, tuple[Made, str]] = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b" \n" * 1000, "is empty"),
    "zeros.csv": (b"\0" * MIB, "nothing but zeros"),
    "nul.csv": (b"name,country\nOs\0lo,NO\n", "NUL"),
    "quote-that-never-closes.csv": (lambda _: b'name,country\n"' + b"Oslo,NO\n" * 500_000, "not closed"),
    "line-without-end.csv": (lambda _: b"a" * 32 * MIB, "131,072|larger than field limit|more than"),
    "nothing-but-delimiters.csv": (b"," * MIB, "columns|field"),
    "many-columns.csv": (",".join(f"c{n}" for n in range(5_000)).encode() + b"\n", "5,000 columns"),
    "many-rows.csv": (lambda _: b"name\n" + b"a\n" * 1_000_001, "more than 1,000,000 rows"),
    "damaged-utf8.csv": ("name\nŁódź\n".encode() * 3 + b"\xff\n", "no UTF-8"),
    "half-utf16.csv": (("name\nOslo\n" * 50).encode("utf-16")[:-1], "not the UTF-16"),
    "two-names.csv": (b"name,Name\nA,B\n", "two columns have this name"),
    "name-of-a-bell.csv": (b"name\x07,country\nA,B\n", "cannot be shown"),
    "table-then-zip.csv": (b"name,country\nOslo,NO\n" + archive({"a": "b" * 99}), "NUL"),
}  # fmt: skip

# --- Databases ---


def geopackage(*statements: str) -> Callable[[Path], None]:
    """Make a GeoPackage with the table ``people`` of two rows, and do something to it."""

    def make(path: Path) -> None:
        path.unlink(missing_ok=True)
        with sqlite3.connect(path) as base:
            base.executescript("""
                PRAGMA application_id = 1196444487;
                CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
                CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
                CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);
                INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326), (-1, 'NONE', -1);
                CREATE TABLE people (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT);
                INSERT INTO people (name) VALUES ('Oslo'), ('Bonn');
                INSERT INTO gpkg_contents VALUES ('people', 'features');
                INSERT INTO gpkg_geometry_columns VALUES ('people', 'geom', 4326);
            """)
            for statement in statements:
                base.execute(statement)
            base.commit()

    return make


def damaged(start: int, end: int, filler: bytes = b"\xa5") -> Callable[[Path], None]:
    def make(path: Path) -> None:
        geopackage()(path)
        content = bytearray(path.read_bytes())
        content[start:end] = filler * len(content[start:end])
        path.write_bytes(content)

    return make


def cut_database(path: Path) -> None:
    geopackage()(path)
    path.write_bytes(path.read_bytes()[:6_000])


_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"
DATABASES: dict[str, tuple[Made, str]] = {
    "plain.sqlite": (b"SQLite format 3\0" + b"\0" * 4096, "an SQLite database"),
    "header-alone.gpkg": (b"SQLite format 3\0" + b"\0" * 52 + b"GPKG" + b"\0" * 100, "cannot be read"),
    "endless-view.gpkg": (
        geopackage("DROP TABLE people", f"CREATE VIEW people AS {_ENDLESS} i AS fid, NULL AS geom, 'x' AS name FROM n"), "is a view"
    ),
    "endless-contents.gpkg": (
        geopackage("DROP TABLE gpkg_contents", f"CREATE VIEW gpkg_contents AS {_ENDLESS} 'x' || i AS table_name, 'x' AS data_type FROM n"),
        "something of its own",
    ),
    "endless-systems.gpkg": (
        geopackage("DROP TABLE gpkg_spatial_ref_sys", f"CREATE VIEW gpkg_spatial_ref_sys AS {_ENDLESS} 0 AS srs_id, 'x' AS organization, 1 AS organization_coordsys_id FROM n"),
        "something of its own",
    ),
    "virtual-table.gpkg": (
        geopackage("DROP TABLE people", "CREATE VIRTUAL TABLE people USING fts5(name)"), "computed|something of its own"
    ),
    "computed-column.gpkg": (
        geopackage("ALTER TABLE people ADD COLUMN big TEXT AS (printf('%1000000d', fid))"), "is computed"
    ),
    "computed-by-others.gpkg": (
        geopackage("DROP TABLE people", "CREATE TABLE people (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT, x AS (hex(name)) STORED)"), "is computed"
    ),
    "view-of-settings.gpkg": (
        geopackage("DROP TABLE people", "CREATE VIEW people AS SELECT 1 AS fid, file AS name, NULL AS geom FROM pragma_database_list"), "is a view"
    ),
    "no-contents.gpkg": (geopackage("DROP TABLE gpkg_contents"), "no such table"),
    "nothing-listed.gpkg": (geopackage("DELETE FROM gpkg_contents"), "without a table of features"),
    "listed-but-not-there.gpkg": (geopackage("DROP TABLE people"), "is not there"),
    "geometry-not-described.gpkg": (geopackage("DELETE FROM gpkg_geometry_columns"), "is not described"),
    "no-reference-system.gpkg": (geopackage("UPDATE gpkg_geometry_columns SET srs_id = -1"), "EPSG code"),
    "long-text.gpkg": (geopackage("UPDATE people SET name = hex(zeroblob(1000000))"), "a cell of more than"),
    "blob-beyond-measure.gpkg": (geopackage("UPDATE people SET geom = zeroblob(8000000)"), "too big"),
    "wide-table.gpkg": (
        geopackage("DROP TABLE people", f"CREATE TABLE people (geom BLOB, {', '.join(f'c{n}' for n in range(1_900))})"), "1,900 columns"
    ),
    "no-such-page.gpkg": (damaged(4096 * 2, 4096 * 4), "cannot be read"),
    "schema-of-noise.gpkg": (damaged(100, 4096), "cannot be read"),
    "page-size-of-one.gpkg": (damaged(16, 18, b"\x01"), "cannot be read"),
    "cut-short.gpkg": (cut_database, "cannot be read"),
    "schema-by-hand.gpkg": (
        geopackage("PRAGMA writable_schema = 1", "UPDATE sqlite_master SET sql = 'CREATE TABLE people (a, b' WHERE name = 'people'"), "cannot be read"
    ),
}  # fmt: skip

# --- Parquet ---


def parquet(frame: dict[str, object], **metadata: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table(frame)
        pq.write_table(table.replace_schema_metadata(metadata or None), path)

    return make


def many_rows(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"name": pa.nulls(3_000_000, pa.string())}), path)


def long_words(path: Path) -> None:
    """A hundred thousand times one word of 100,000 letters, which is stored once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    words = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["a" * 100_000]))
    pq.write_table(pa.table({"name": words}), path)


def deep(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kind = pa.int8()
    for _ in range(110):
        kind = pa.list_(kind)
    pq.write_table(pa.table({"name": pa.nulls(1, kind)}), path)


def changed(place: int, new: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        parquet({"name": ["Oslo"] * 10})(path)
        content = bytearray(path.read_bytes())
        start = len(content) + place if place < 0 else place
        content[start : start + len(new)] = new
        path.write_bytes(content)

    return make


_GEO = '{"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", "crs": %s}}}'
PARQUET: dict[str, tuple[Made, str]] = {
    "letters-alone.parquet": (b"PAR1" + b"\0" * 100, "cannot be read"),
    "footer-longer-than-the-file.parquet": (changed(-8, b"\xff\xff\xff\x7f"), "cannot be read"),
    "footer-of-noise.parquet": (changed(-100, b"\xa5" * 80), "cannot be read"),
    "page-of-noise.parquet": (changed(4, b"\xff" * 12), "cannot be read|memory"),
    "three-million-rows.parquet": (many_rows, "more than 1,000,000 rows"),
    "one-long-word-for-ever.parquet": (long_words, "more than 512 MiB|memory"),
    "deep.parquet": (deep, "nested"),
    "wide.parquet": (parquet({f"c{n}": ["x"] for n in range(1_001)}), "1,001 columns"),
    "geo-no-json.parquet": (parquet({"g": [b""]}, geo="{"), "geo metadata"),
    "geo-nested.parquet": (parquet({"g": [b""]}, geo="[" * 100_000), "geo metadata"),
    "geo-of-nothing.parquet": (parquet({"a": [b""]}, geo=_GEO % "null"), "EPSG code"),
    "geo-column-not-there.parquet": (parquet({"a": ["x"]}, geo=_GEO % '{"id": {"authority": "EPSG", "code": 4326}}'), "no column 'g'"),
    "geo-without-a-code.parquet": (parquet({"g": [b""]}, geo=_GEO % '{"type": "GeographicCRS"}'), "EPSG code"),
    "geo-in-a-code-of-its-own.parquet": (
        parquet({"g": [b""], "a": ["x"]}, geo=_GEO % '{"id": {"authority": "EPSG", "code": 999999}}'), "is not known"
    ),
}  # fmt: skip

# --- Other things under a harmless name ---

_VRT = b'<OGRVRTDataSource><OGRVRTLayer name="m"><SrcDataSource>%s</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
OTHERS: dict[str, tuple[Made, str]] = {
    "vrt-of-a-file.geojson": (_VRT % b"CSV:/etc/passwd", "an OGR VRT"),
    "vrt-of-an-address.csv": (_VRT % b"/vsicurl/http://127.0.0.1:9/x.csv", "an OGR VRT"),
    "vrt-of-a-database.gpkg": (b"\xef\xbb\xbf\n" + _VRT % b"PG:host=127.0.0.1", "an OGR VRT"),
    "wms.csv": (b"<GDAL_WMS><Service><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service></GDAL_WMS>", "a GDAL WMS"),
    "laughs.csv": (LAUGHS.encode() + b"<l>&j;</l>", "an XML or HTML file"),
    "page.csv": (b"<!doctype html><script>alert(1)</script>", "an HTML page"),
    "picture.csv": (b"GIF89a/*name,country\nOslo,NO\n*/", "a picture"),
    "document.csv": (b"%PDF-1.7\n" + archive({"a": "b"}), "a PDF document"),
    "program.csv": (b"\x7fELF\x02\x01\x01name,country\n", "a program"),
    "old-workbook.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "an old Excel"),
    "gzip.csv": (b"\x1f\x8b\x08\0" + b"\0" * 100, "a gzip archive"),
    "dump.csv": (b"PGDMP\x01\x0e", "a PostgreSQL dump"),
    "dump.sql": (b"-- PostgreSQL database dump\n\\! touch owned\n", "a PostgreSQL dump"),
}  # fmt: skip

# --- No files at all ---


def _socket(path: Path) -> None:
    # The name of a socket must be short; it stays when the socket is closed.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def _too_large(path: Path) -> None:
    path.write_bytes(b"name,country\n")
    os.truncate(path, 513 * MIB)


def _zeros(path: Path) -> None:
    path.touch()
    os.truncate(path, 500 * MIB)


PATHS: dict[str, tuple[Made, str]] = {
    "pipe.csv": (os.mkfifo, "a pipe"),
    "socket.csv": (_socket, "a socket"),
    "folder.csv": (os.mkdir, "a folder"),
    "link-to-zeros.csv": (lambda path: path.symlink_to("/dev/zero"), "a device"),
    "link-to-itself.csv": (lambda path: path.symlink_to(path.name), "cannot be read"),
    "link-to-nothing.csv": (lambda path: path.symlink_to("nothing"), "no such file"),
    "link-to-memory.csv": (lambda path: path.symlink_to("/proc/self/mem"), "cannot be read"),
    "too-large.csv": (_too_large, "513 MiB"),
    "all-zeros.csv": (_zeros, "nothing but zeros"),
}

CORPUS = {**WORKBOOKS, **JSON, **TEXT, **DATABASES, **PARQUET, **OTHERS, **PATHS}


def write(name: str, folder: Path) -> Path:
    """Make one of them in a folder."""
    made, path = CORPUS[name][0], folder / name
    content = made if isinstance(made, bytes) else made(path)
    if content is not None:
        path.write_bytes(content)
    return path


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for one in CORPUS:
        write(one, target)
    sys.stdout.write(f"{len(CORPUS)}\n")
