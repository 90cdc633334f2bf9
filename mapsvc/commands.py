"""What the commands of the command line share: exit codes, options, and how failures and reports are said."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import click

from mapsvc import errors
from mapsvc.model import ValidationReport

EXIT_CODES: dict[type[errors.MapsvcError], int] = {
    errors.BadData: 65,
    errors.NoInput: 66,
    errors.Unavailable: 69,
    errors.CannotCreate: 73,
    errors.StorageFailure: 74,
    errors.Busy: 75,
    errors.BadConfiguration: 78,
    errors.BadQuery: 2,
}
FINDINGS = 1
UNFORESEEN = 70

P = ParamSpec("P")
R = TypeVar("R")


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn our errors into one line and an exit code."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except errors.MapsvcError as error:
            _stop(
                str(error),
                next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), UNFORESEEN),
            )
        except KeyboardInterrupt:
            _stop("interrupted; what was there before is still there", 130)
        except BrokenPipeError:
            # The reader of our output has gone: nothing to say, and nobody to say it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)

    return wrapped


def _stop(message: str, code: int) -> NoReturn:
    one_line = " ".join(message.splitlines())
    click.echo(f"mapsvc: error: {one_line}", err=True)
    sys.exit(code)


data_option = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the network. [default: the bundled one]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
quiet_option = click.option("--quiet", is_flag=True, help="Print nothing but errors.")
whole_option = click.option("--all", "whole", is_flag=True, help="List every remark, not one of each kind.")


def print_report(report: ValidationReport, *, as_json: bool, quiet: bool, whole: bool) -> None:
    """Print what was found: errors on standard error, one remark of each kind unless the `whole` is asked for."""
    if as_json:
        from mapsvc.sources.reports import report_json  # noqa: PLC0415 – loads the data frames

        click.echo(report_json(report).decode())
        return
    remarks = [issue for issue in report.issues if issue.severity == "info"]
    for issue in report.issues:
        if issue.severity == "error" or (not quiet and (whole or issue.severity == "warning")):
            click.echo(str(issue), err=issue.severity == "error")
    if quiet:
        return
    if not whole:
        for code, n in Counter(issue.code for issue in remarks).items():
            first = next(issue for issue in remarks if issue.code == code)
            click.echo(str(first) + (f"  (and {n - 1} more like this: --all)" if n > 1 else ""))
    click.echo(
        f"{report.n_read} rows read, {report.n_accepted} accepted, {report.n_rejected} rejected; "
        f"{len(report.errors)} errors, {len(report.issues) - len(report.errors) - len(remarks)} warnings, "
        f"{len(remarks)} remarks"
    )
