"""The first or a named sheet of an Excel workbook (XLSX), every value as the text that one sees.

A workbook is a ZIP archive of XML. Both can hold far more than they weigh, so the archive's list of contents is looked
at before anything is unpacked.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from mapsvc.analysis.cells import rearm
from mapsvc.errors import BadConfiguration, BadData
from mapsvc.sources.tabular import MAX_COLUMNS, MAX_ROWS, Row, Stream, as_text, checked_header, chunked

MAX_UNPACKED = 512 * 1024 * 1024
MAX_PARTS = 2_000
# Sheets of a million rows pack to a tenth or so; a part that packs to less than a hundredth holds one thing repeated.
MAX_RATIO = 100
_SMALL = 4 * 1024 * 1024
MAX_CELLS = 20_000_000
_PROLOGUE = 16 * 1024


def read_workbook(path: Path, shown: str, sheet: str = "") -> Stream:
    """Begin to read a sheet; its first row that is not empty holds the column names.

    Parameters
    ----------
    path : Path
        The private copy.
    shown : str
        What the file is called in refusals.
    sheet : str
        The sheet's name; otherwise the first.

    Raises
    ------
    BadData
        Where it is no workbook, it would unpack to more than it should, it holds a DTD, or there is no such sheet.
    BadConfiguration
        Where the package that reads workbooks is not installed.
    """
    _inspect(path, shown)
    try:
        import python_calamine as calamine  # noqa: PLC0415
    except ImportError as error:
        raise BadConfiguration(
            "workbooks need the package 'python-calamine'", file=shown, hint="pip install 'mapsvc[import]'"
        ) from error
    try:
        book = calamine.load_workbook(str(path))
        names = [one.name for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
        chosen = _chosen(names, sheet, shown)
        found = book.get_sheet_by_name(chosen)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise BadData(
            f"this workbook cannot be read: {str(error)[:200]}", file=shown, hint="save it anew"
        ) from error
    if found.total_height > MAX_ROWS + 1 or found.total_width > 16_384:
        raise BadData(
            f"a sheet of {found.total_height:,} × {found.total_width:,} cells", file=shown,
            hint="delete what lies far from the table, or split it",
        )  # fmt: skip
    if found.height * found.width > MAX_CELLS:
        raise BadData(
            f"a sheet of {found.height:,} × {found.width:,} cells", file=shown,
            hint="delete what lies far from the table",
        )  # fmt: skip
    rows = _rows(found)
    number, names = next(rows, (1, []))
    if not names:
        raise BadData(f"the sheet {chosen[:60]!r} is empty", file=shown, hint="name another one by --layer")
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise BadData(f"{len(names):,} columns", file=shown, row=number)
    header = checked_header(names, number, shown)
    rest = (Row(number, cells) for number, cells in rows)
    return Stream(header, chunked(rest, shown), f"XLSX, sheet {chosen}")


def _inspect(path: Path, shown: str) -> None:
    """Refuse an archive by its list of contents, and XML that begins by declaring things."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise BadData(f"an archive of {len(parts):,} parts is no workbook", file=shown)
            _weigh(parts, shown)
            for part in parts:
                if part.flag_bits & 1:
                    raise BadData("the workbook is protected by a password", file=shown, hint="take it off")
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        head = stream.read(_PROLOGUE).replace(b"\0", b"").upper()
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise BadData(
                            f"{part.filename[:60]!r} declares entities, which a workbook never does", file=shown,
                            hint="save it anew with a spreadsheet",
                        )  # fmt: skip
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError) as error:
        raise BadData(f"a damaged archive: {str(error)[:200]}", file=shown, hint="save it anew") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise BadData("a damaged archive", file=shown, hint="save it anew") from error


def _weigh(parts: list[zipfile.ZipInfo], shown: str) -> None:
    total = 0
    names: set[str] = set()
    for part in parts:
        total += part.file_size
        if part.file_size > _SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise BadData(
                f"{part.filename[:60]!r} unpacks to {part.file_size // 1024 // 1024:,} MiB from "
                f"{part.compress_size // 1024:,} KiB: a zip bomb", file=shown,
            )  # fmt: skip
        if part.filename in names:
            raise BadData(f"the archive holds {part.filename[:60]!r} twice", file=shown)
        names.add(part.filename)
    if total > MAX_UNPACKED:
        raise BadData(
            f"it unpacks to {total // 1024 // 1024:,} MiB", file=shown,
            hint=f"use at most {MAX_UNPACKED // 1024 // 1024} MiB, or CSV",
        )  # fmt: skip


def _chosen(names: list[str], sheet: str, shown: str) -> str:
    if not names:
        raise BadData("a workbook without a sheet", file=shown)
    if not sheet:
        return names[0]
    if sheet not in names:
        listed = ", ".join(name[:40] for name in names[:20])
        raise BadData(f"there is no sheet {sheet[:60]!r}", file=shown, hint=f"there are: {listed}")
    return sheet


def _rows(sheet: object) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, with the numbers that the spreadsheet shows."""
    for number, row in enumerate(sheet.iter_rows(), start=_first_row(sheet)):  # type: ignore[attr-defined]
        cells = [_text(value) for value in row]
        if any(cells):
            yield number, cells


def _first_row(sheet: object) -> int:
    start = sheet.start  # type: ignore[attr-defined]
    return start[0] + 1 if start else 1


def _text(value: object) -> str:
    if type(value) is str:
        return rearm(value) if value[:1] == "'" else value
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else as_text(value)
