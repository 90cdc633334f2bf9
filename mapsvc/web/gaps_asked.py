"""What the files and pictures of coverage are asked for, and the name that they are saved under."""

from collections.abc import Iterable
from typing import NamedTuple

from flask import request

from mapsvc.analysis.gaps_query import GapsQuery, parse_gaps_query
from mapsvc.web.asking import file_name_of, is_download
from mapsvc.web.language import PARAMETER, check_language
from mapsvc.web.snapshot import Snapshot, snapshot


class Asked(NamedTuple):
    """The running data, what is asked of it, and whether it is to be saved as a file."""

    here: Snapshot
    query: GapsQuery
    download: bool

    def file_name(self, what: str, ending: str, said: Iterable[str] = ("theme", "region", "asof")) -> str:
        """Return the name to save a file under, which says these parts of the query; empty where it is shown."""
        parts = [f"{name}-{value}" for name in said if (value := getattr(self.query, name))]
        return file_name_of(self.here.dataset, what, parts, ending) if self.download else ""


def asked_file(also: tuple[str, ...] = ()) -> Asked:
    """Return what a file is asked for; what is not understood is an error, and so is what is not known but `also`.

    Raises
    ------
    BadQuery
        Naming the parameter.
    """
    check_language()
    here, arguments = snapshot(), list(request.args.items(multi=True))
    network, countries = here.dataset.network, here.dataset.countries.index
    query = parse_gaps_query(arguments, network, countries, also=(PARAMETER, "dl", *also), strict=True)
    return Asked(here, query, is_download(arguments))
