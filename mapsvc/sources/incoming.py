"""What an operator brings in: a file of any kind, or a database, as the same raw table."""

from pathlib import Path

from mapsvc.errors import NoInput
from mapsvc.sources.postgis import is_database, read_database, shown_address
from mapsvc.sources.readers import RawTable, raw_table
from mapsvc.sources.sandbox import read_untrusted


def read_incoming(source: str | Path, layer: str = "", query: str = "") -> RawTable:
    """Read a table from a file or a database.

    Parameters
    ----------
    source : str or Path
        Path of a file, or ``postgresql://…``.
    layer : str
        Sheet of a workbook, table of a GeoPackage or of the database.
    query : str
        SQL instead of a table, for a database alone.

    Raises
    ------
    NoInput, BadData, Unavailable, BadConfiguration
        As `sandbox.read_untrusted` and `postgis.read_database`.
    """
    if is_database(str(source)):
        shown = shown_address(str(source))
        return raw_table(read_database(str(source), layer, query), shown, layer or "query")
    if query:
        raise NoInput("a query needs a database", file=str(source), hint="leave --query out")
    return read_untrusted(Path(source), layer)
