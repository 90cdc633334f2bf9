"""About how large a file of members will be, without making it: a page that offers eight files cannot wait for them."""

# Bytes of a file without members, and for each of them: a line through the files of the bundled network, whose test
# says so. Other networks write longer or shorter names, so this is for people to choose by, and nothing else.
_LINES = {
    "geojson": (1_600, 490),
    "csv": (140, 205),
    "xlsx": (7_300, 92),
    "gpkg": (106_000, 290),
    "fgb": (3_000, 300),
    "kml": (1_200, 914),
    "parquet": (4_600, 59),
    "zip": (3_300, 100),
}


def about_bytes(ending: str, n_members: int) -> int:
    """Return about how many bytes a file of so many members has, with the two digits that are worth saying.

    Examples
    --------
    >>> about_bytes("geojson", 399), about_bytes("gpkg", 0)
    (200000, 110000)
    """
    fixed, each = _LINES[ending]
    size = fixed + each * n_members
    step: int = 10 ** max(len(str(size)) - 2, 0)
    rounded: int = int(size / step + 0.5) * step
    return rounded
