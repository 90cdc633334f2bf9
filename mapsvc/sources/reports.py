"""What was found in a file, for whoever keeps it: as JSON, and as the file itself with a column that says what to mend."""

import json
from pathlib import Path

import pandas as pd

from mapsvc.analysis.cells import disarm
from mapsvc.errors import BadConfiguration
from mapsvc.model import ValidationReport
from mapsvc.sources.durable import put_file

FINDINGS = "findings"
ENDINGS = (".csv", ".json")
_HEAD = 1  # the row of the names of columns


def report_json(report: ValidationReport) -> bytes:
    """Return a report as JSON: the numbers of rows, and each finding with its place, its value and the nearest valid one."""
    counts = {"read": report.n_read, "accepted": report.n_accepted, "rejected": report.n_rejected}
    findings = [vars(issue) for issue in report.issues]
    return json.dumps({"rows": counts, "findings": findings}, ensure_ascii=False, indent=2).encode()


def annotated_csv(raw: pd.DataFrame, report: ValidationReport) -> bytes:
    """Return the file as it was read, with a last column that says what was found in each row.

    Parameters
    ----------
    raw : DataFrame
        Text cells, the number of each row in the index. Rows that could not even be read as cells come last, with nothing
        but what was found. Remarks on the whole file are not among them: the table is to be mended and read again.

    Returns
    -------
    bytes
        CSV in UTF-8, with a byte order mark: without it spreadsheets take it for something else.

    Examples
    --------
    >>> from mapsvc.model import Issue
    >>> raw = pd.DataFrame({"name": ["Oslo", ""]}, index=[2, 3])
    >>> issue = Issue("error", "missing", "no name", "m.csv", 3, "name", suggestion="write one")
    >>> print(annotated_csv(raw, ValidationReport(2, 1, 1, (issue,))).decode("utf-8-sig"))
    name,findings
    Oslo,
    ,error: name: no name – write one
    <BLANKLINE>
    """
    said: dict[int, list[str]] = {}
    for issue in report.issues:
        if issue.severity == "info" and (issue.row or 0) <= _HEAD:
            continue
        place = f"{issue.column}: " if issue.column else ""
        hint = f" – {issue.suggestion}" if issue.suggestion else ""
        said.setdefault(issue.row or 0, []).append(f"{issue.severity}: {place}{issue.message}{hint}")
    column = FINDINGS if FINDINGS not in raw.columns else f"{FINDINGS} of mapsvc"
    rows = {int(number): "; ".join(said.get(int(number), ())) for number in raw.index}
    lost = {number: "; ".join(texts) for number, texts in said.items() if number not in rows}
    told = pd.DataFrame(raw.map(disarm), dtype=object).assign(**{column: [rows[int(n)] for n in raw.index]})
    rest = pd.DataFrame(
        {column: [f"row {number}: {text}" if number else text for number, text in lost.items()]}
    )
    whole = pd.concat([told, rest.astype(object)], ignore_index=True).fillna("")
    return ("\ufeff" + str(whole.to_csv(index=False, lineterminator="\n"))).encode()


def write_report(path: Path, raw: pd.DataFrame, report: ValidationReport) -> None:
    """Write what was found, in the form that the name of the file asks for.

    Raises
    ------
    BadConfiguration
        Where it is none of `ENDINGS`.
    CannotCreate, StorageFailure
        Where it cannot be written.
    """
    if path.suffix.lower() not in ENDINGS:
        raise BadConfiguration(
            f"a report cannot be written as {path.suffix or path.name!r}",
            file=str(path),
            hint=f"use {', '.join(ENDINGS)} or .html",
        )
    put_file(annotated_csv(raw, report) if path.suffix.lower() == ".csv" else report_json(report), path)
