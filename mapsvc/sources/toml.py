"""A TOML file that people wrote: texts that can be shown, and what is wrong named by file and key."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mapsvc.analysis import fields
from mapsvc.errors import BadConfiguration
from mapsvc.sources.files import read_bytes

MAX_BYTES = 1_000_000
MAX_NOTE = 2_000


def read_toml(path: Path, file: str) -> dict[str, Any]:
    """Read a table; `file` is what it is called where it cannot be read."""
    content = read_bytes(path)
    if len(content) > MAX_BYTES:
        raise BadConfiguration(f"more than {MAX_BYTES:,} bytes", file=file)
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadConfiguration("is not UTF-8", file=file) from error
    except RecursionError as error:
        raise BadConfiguration("is nested too deeply", file=file) from error
    except ValueError as error:  # not TOML, or a number of thousands of digits
        raise BadConfiguration(f"is not TOML: {str(error)[:200]}", file=file) from error


def refuse_unknown(table: Mapping[str, Any], known: Iterable[str], file: str, column: str = "") -> None:
    """Refuse keys that mean nothing: they are misspelt."""
    known = tuple(known)
    if unknown := sorted(set(table).difference(known)):
        raise BadConfiguration(
            f"unknown key {unknown[0][:80]!r}", file=file, column=column, hint=f"known are {', '.join(known)}"
        )


def text(value: object, key: str, file: str, *, needed: bool = True, at_most: int = fields.MAX_TEXT) -> str:
    """Return a text that can be shown."""
    if not isinstance(value, str):
        raise BadConfiguration(f"{key!r} must be a text", file=file, column=key)
    found = value.strip()
    if strange := fields.UNPRINTABLE.search(found):
        raise BadConfiguration(
            f"{key!r} holds the character U+{ord(strange[0]):04X}", file=file, column=key, hint="take it out"
        )
    if len(found) > at_most:
        raise BadConfiguration(
            f"{key!r} has {len(found):,} characters", file=file, column=key, hint=f"use at most {at_most:,}"
        )
    if (needed or found) and isinstance(fields.name(found), fields.Fault):
        raise BadConfiguration(f"{key!r} is empty", file=file, column=key)
    return found


def note(value: object, key: str, file: str) -> str:
    """Return a longer text, which may be written on several lines; it may be empty."""
    one_line = re.sub(r"[ \t\r\n]+", " ", value) if isinstance(value, str) else value
    return text(one_line, key, file, needed=False, at_most=MAX_NOTE)
