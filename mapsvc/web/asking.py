"""What the addresses of files have in common: parameters that may stand once, `dl`, and the name of what is saved."""

from collections.abc import Iterable

from mapsvc.analysis.queries import MapQuery
from mapsvc.errors import BadQuery
from mapsvc.model import Dataset


def single_value(arguments: Iterable[tuple[str, str]], name: str) -> str:
    """Return the value of a parameter that may be given once; empty where it is not.

    Raises
    ------
    BadQuery
        Where it is given more than once.
    """
    values = [value for key, value in arguments if key == name]
    if len(values) > 1:
        raise BadQuery(f"{name!r} is given more than once", parameter=name)
    return values[0] if values else ""


def is_download(arguments: Iterable[tuple[str, str]]) -> bool:
    """Tell whether the answer is to be saved as a file (``dl=1``).

    Raises
    ------
    BadQuery
        Where ``dl`` is anything else.
    """
    value = single_value(arguments, "dl")
    if value not in {"", "1"}:
        raise BadQuery("'dl' is not understood", parameter="dl", allowed=("1",))
    return bool(value)


def file_name(dataset: Dataset, what: str, query: MapQuery, ending: str) -> str:
    """Return a file name that says what is in the file; the values are ids, so it is safe in a header."""
    return file_name_of(
        dataset, what, [f"{name}-{value}" for name, value in query.pairs() if name != "q"], ending
    )


def file_name_of(dataset: Dataset, what: str, parts: Iterable[str], ending: str) -> str:
    """Return a file name of the network, what is in the file, its date, and `parts`, which are safe in a header."""
    return "-".join([dataset.network.id, what, dataset.network.compiled, *parts])[:120] + f".{ending}"
