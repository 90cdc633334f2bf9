"""A layer as a table: CSV and XLSX, in which no cell of data is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import xlsxwriter

from mapsvc.analysis.cells import disarm
from mapsvc.formats.layers import Layer, cells

# What a spreadsheet holds at most in one cell; `Layer`s have shorter ones, but nobody would be told of a cut.
_WIDEST = 60
_SHEET_NAME = 31


def as_csv(layer: Layer) -> bytes:
    """Return a layer as CSV in UTF-8 with a byte order mark, so that spreadsheets read names right."""
    return csv_of(layer.table)


def csv_of(table: pd.DataFrame) -> bytes:
    """Return the columns of a table as CSV, as `as_csv` does."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*(map(_written, cells(table[name])) for name in table.columns), strict=True))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(layer: Layer) -> bytes:
    """Return a layer as a workbook: the table with its header frozen, and what it says of itself on a second sheet."""
    stream = io.BytesIO()
    # Texts are texts: none becomes a formula, a link or a number.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    description = layer.description
    book.set_properties(
        {
            "title": description.title,
            "author": description.publisher,
            "comments": description.citation,
            # In UTC and without a zone, as the format has it.
            "created": layer.made.replace(tzinfo=None),
        }
    )
    bold = book.add_format({"bold": True})
    table = layer.table
    columns = {str(name): [_shown(value) for value in cells(table[name])] for name in table.columns}
    _write_sheet(book.add_worksheet(layer.name[:_SHEET_NAME]), columns, bold)
    about = [(name, disarm(text)) for name, text in description.pairs()]
    names, texts = ([pair[place] for pair in about] for place in (0, 1))
    _write_sheet(book.add_worksheet("about"), {"name": names, "value": texts}, bold)
    book.close()
    return stream.getvalue()


def _write_sheet(
    sheet: xlsxwriter.workbook.Worksheet, columns: Mapping[str, Sequence[object]], bold: object
) -> None:
    sheet.freeze_panes(1, 1)
    n_rows = 0
    for place, (name, values) in enumerate(columns.items()):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, _width(name, values))
        for row, value in enumerate(values, 1):
            if isinstance(value, str):
                sheet.write_string(row, place, value)
            elif value is not None:
                sheet.write_number(row, place, value)
        n_rows = len(values)
    if n_rows:
        sheet.autofilter(0, 0, n_rows, len(columns) - 1)


def _width(name: str, values: Iterable[object]) -> int:
    longest = max((len(str(value)) for value in values if value is not None), default=0)
    return min(max(longest, len(name)) + 2, _WIDEST)


def _shown(value: object) -> object:
    """Return a value for a cell: texts disarmed, truths as words, numbers as they are."""
    if isinstance(value, bool):
        return str(value).lower()
    return disarm(value) if isinstance(value, str) else value


def _written(value: object) -> object:
    return "" if value is None else _shown(value)
