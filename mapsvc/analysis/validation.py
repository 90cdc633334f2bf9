"""Raw tables of text become members and participations: every row is accepted, or listed with the reason.

A row is rejected where we would not know who it is (name, country, id) or what it counts as (type, status), or
where a cell cannot be shown. Any other fault costs the one cell, which is left empty, and is a finding.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mapsvc.analysis import fields
from mapsvc.analysis.fields import Fault
from mapsvc.analysis.identifiers import ID, member_ids
from mapsvc.analysis.names import fold, fold_all
from mapsvc.analysis.rows import Rows
from mapsvc.model import MEMBER_TYPES, STATUSES, ValidationReport

MEMBER_COLUMNS = (
    "id", "name", "type", "country", "admin1", "population", "since", "until", "status", "themes", "url",
    "longitude", "latitude", "location_source", "source_url",
)  # fmt: skip
PARTICIPATION_COLUMNS = ("member", "member_name", "country", "programme", "themes", "source_url")


_PLAIN_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,5})?").fullmatch


def validate_members(
    raw: pd.DataFrame,
    *,
    countries: Mapping[str, str],
    part_of: Mapping[str, str],
    themes: Collection[str],
    file: str,
) -> tuple[gpd.GeoDataFrame, ValidationReport]:
    """Check a raw table of members.

    Parameters
    ----------
    raw : DataFrame
        Text cells, columns of `members.csv` (``name`` and ``country`` at least), index the row numbers.
    countries : mapping
        The known countries, ISO 3166-1 alpha-2 code to name.
    part_of : mapping
        Codes that are not known, to the known country whose polygon holds them: for suggestions.
    themes : collection of str
        The known theme ids.
    file : str
        Name of the file, for the findings.

    Returns
    -------
    members : GeoDataFrame
        As `model.MEMBERS`, index ``id``, EPSG:4326, sorted by country and id.
    report : ValidationReport

    Raises
    ------
    BadData
        Where a column is missing without which there is no member.

    Examples
    --------
    >>> raw = pd.DataFrame({"name": ["Nakuru", "Atlantis"], "country": ["KE", "XX"]}, index=[2, 3], dtype=object)
    >>> members, report = validate_members(raw, countries={"KE": "Kenya"}, part_of={}, themes=(), file="m.csv")
    >>> list(members.index), report.n_rejected, str(report.issues[-1])
    (['ke-nakuru'], 1, "m.csv:3:country: error: 'XX' is not known")
    """
    members, _, report = numbered_members(raw, countries=countries, part_of=part_of, themes=themes, file=file)
    return members, report


def numbered_members(
    raw: pd.DataFrame,
    *,
    countries: Mapping[str, str],
    part_of: Mapping[str, str],
    themes: Collection[str],
    file: str,
) -> tuple[gpd.GeoDataFrame, pd.Series, ValidationReport]:
    """Check a raw table as `validate_members`, and return the number of each member's row (int64) too."""
    rows = Rows(raw, MEMBER_COLUMNS, ("name", "country"), file)
    columns: dict[str, list[object]] = {
        "name": [*rows.must("name", fields.name)],
        "type": [*rows.must("type", _plain(MEMBER_TYPES), "other")],
        "country": [*rows.must("country", _country(countries, part_of))],
        "admin1": [*rows.may("admin1", str)],
        "population": [*rows.may("population", fields.population)],
        "since": [*rows.may("since", fields.day)],
        "until": [*rows.may("until", fields.day)],
        "status": [*rows.must("status", _plain(STATUSES), "member")],
        "themes": _themes(rows, themes),
        "url": [*rows.may("url", fields.web_address)],
        "location_source": [*rows.may("location_source", str)],
        "source_url": [*rows.may("source_url", fields.source)],
    }
    _order_dates(rows, columns)
    points = _points(rows)
    folded = fold_all(list(map(str, columns["name"])))
    _reject_twins(rows, columns, folded)
    ids = _identified(rows, columns, folded)
    del folded
    kept = rows.kept()
    # NUL is before every letter of a code: so the two are compared one after the other.
    keys = [f"{country}\0{id_}" for country, id_ in zip(columns["country"], ids, strict=True)]
    order = sorted(kept, key=keys.__getitem__)
    del keys
    text = (
        "name",
        "type",
        "country",
        "admin1",
        "since",
        "until",
        "status",
        "url",
        "location_source",
        "source_url",
    )
    dtypes = dict.fromkeys(text, "str") | {"population": "Int64", "themes": "object"}
    index = pd.Index([ids[place] for place in order], name="id", dtype="str")
    rows.cells.clear()
    # A column that is not there is the same in every order. Each is let go when it is in the frame.
    data = {
        name: _series(
            cells[: len(order)] if name in rows.absent else _in_order(cells, order), dtypes[name], index
        )
        for name, cells in ((name, columns.pop(name)) for name in tuple(columns))
    }
    members = gpd.GeoDataFrame(data, geometry=points[order], index=index, crs=4326)
    numbers = pd.Series([rows.numbers[place] for place in order], index=index, dtype="int64", name="row")
    return members, numbers, rows.report()


def validate_participation(
    raw: pd.DataFrame,
    *,
    member_ids: Collection[str],
    themes: Collection[str],
    countries: Mapping[str, str],
    file: str,
) -> tuple[pd.DataFrame, ValidationReport]:
    """Check a raw table of participations.

    A row whose member is not known is kept without one: it is evidence about somebody, but nobody is made of it.

    Returns
    -------
    participation : DataFrame
        As `model.PARTICIPATION`, in the order of the file.
    report : ValidationReport

    Examples
    --------
    >>> raw = pd.DataFrame({"member": [""], "member_name": ["Kisumu"], "country": ["KE"], "programme": ["UNA"],
    ...                     "themes": ["water;food"]}, index=[2], dtype=object)
    >>> frame, report = validate_participation(
    ...     raw, member_ids=(), themes=("food", "water"), countries={"KE": "Kenya"}, file="p.csv")
    >>> frame["themes"][0], report.issues[0].code
    (('food', 'water'), 'no-member')
    """
    required = ("member_name", "country", "programme", "themes")
    rows = Rows(raw, PARTICIPATION_COLUMNS, required, file)
    known = frozenset(member_ids)
    named = rows.must("member_name", fields.name)
    columns: dict[str, list[object]] = {
        "member": [],
        "member_name": [*named],
        "country": [*rows.must("country", _country(countries, {}))],
        "programme": [*rows.must("programme", str)],
        "themes": _themes(rows, themes),
        "source_url": [*rows.may("source_url", fields.source)],
    }
    near = fields.Nearest(known)
    for place, cell in enumerate(rows.cells["member"]):
        columns["member"].append(cell if cell in known else None)
        if not cell:
            rows.note(
                "info", place, "member", Fault("no-member", f"{named[place][:80]!r} is not a known member")
            )
        elif cell not in known:
            fault = Fault("unknown-member", f"there is no member {cell!r}", near(cell))
            rows.note("error", place, "member", fault)
        if not columns["themes"][place] and place not in rows.out:
            rows.reject(place, "themes", Fault("missing", "no known theme"))
    _reject_repeats(rows, columns)
    kept = rows.kept()
    dtypes = dict.fromkeys(PARTICIPATION_COLUMNS, "str") | {"themes": "object"}
    index = pd.RangeIndex(len(kept))
    data = {
        name: _series(_in_order(columns[name], kept), dtypes[name], index) for name in PARTICIPATION_COLUMNS
    }
    return pd.DataFrame(data, index=index), rows.report()


def _in_order(values: list[object], order: list[int]) -> np.ndarray:
    # Tuples would be taken for a second dimension.
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells[order]


def _series(values: list[object] | np.ndarray, dtype: str, index: pd.Index) -> pd.Series:
    return pd.Series(values, index=index, dtype=dtype)


def _plain(valid: Collection[str]) -> Callable[[str], str | Fault]:
    """Return a check for one of `valid` that is indifferent to capitals."""
    check = fields.one_of(valid)
    return lambda text: check(text.lower() if text.lower() in valid else text)


def _country(countries: Mapping[str, str], part_of: Mapping[str, str]) -> Callable[[str], str | Fault]:
    codes = {fold(name): code for code, name in countries.items()}
    near = fields.Nearest(countries.values())

    def check(text: str) -> str | Fault:
        if text in countries:
            return text
        code = text.upper()
        if code in countries:
            return Fault("unknown-country", f"{text!r} is written in capitals", code)
        if code in part_of:
            whole = part_of[code]
            return Fault(
                "unknown-country", f"{code} is counted as a part of {countries.get(whole, whole)}", whole
            )
        name = near(text) if len(text) > 2 else ""
        return Fault("unknown-country", f"{text[:60]!r} is not known", codes.get(fold(name), ""))

    return check


def _themes(rows: Rows, valid: Collection[str]) -> list[object]:
    """Return the sorted known themes of each row, None where nothing is said; an unknown one is a finding."""
    near = fields.Nearest(valid)
    cache: dict[str, tuple[str, ...] | None] = {"": None}
    values: list[object] = []
    for place, cell in enumerate(rows.cells["themes"]):
        if cell in cache:
            values.append(cache[cell])
            continue
        stated = {part.strip() for part in cell.split(";")} - {""}
        unknown = sorted(stated.difference(valid))
        for theme in unknown:
            fault = Fault("unknown-theme", f"there is no theme {theme[:60]!r}", near(theme))
            rows.note("error", place, "themes", fault)
        # Nothing but semicolons is the empty list: known to work on none of them.
        found = tuple(sorted(stated.intersection(valid))) or (None if unknown else ())
        if not unknown:
            cache[cell] = found
        values.append(found)
    return values


def _order_dates(rows: Rows, columns: dict[str, list[object]]) -> None:
    """Empty both dates where one left before one joined: either may be the wrong one."""
    if not any(columns["until"]):
        return
    for place, (since, until) in enumerate(zip(columns["since"], columns["until"], strict=True)):
        if isinstance(since, str) and isinstance(until, str):
            n = min(len(since), len(until))
            if until[:n] < since[:n]:
                rows.note(
                    "error",
                    place,
                    "until",
                    Fault("until-before-since", f"left {until}, joined {since}", "exchange them"),
                )
                columns["since"][place] = columns["until"][place] = None


def _points(rows: Rows) -> np.ndarray:
    """Return a Point for each row with both coordinates, None elsewhere."""
    longitude, latitude = rows.cells["longitude"], rows.cells["latitude"]
    x, y, doubtful = _plain_points(longitude, latitude)
    for place in doubtful:
        east, north = longitude[place], latitude[place]
        found = _coordinates(east, north)
        if isinstance(found, Fault):
            column = "latitude" if isinstance(fields.degrees(north, 90), Fault) else "longitude"
            rows.note("error", place, column, found)
        else:
            x[place], y[place] = found
    points = np.full(len(x), None, dtype=object)
    here = ~np.isnan(x)
    points[here] = shapely.points(x[here], y[here])
    return points


def _plain_points(longitude: list[str], latitude: list[str]) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Return the coordinates that are beyond doubt, a column at once, NaN for the others, and the places of those to look at.

    Of a number with no more than five decimals nothing is rounded away: it is what its digits say.
    """
    x, y = np.full(len(longitude), np.nan), np.full(len(longitude), np.nan)
    filled = [
        place for place, (east, north) in enumerate(zip(longitude, latitude, strict=True)) if east or north
    ]
    plain = [
        place for place in filled if _PLAIN_DEGREES(longitude[place]) and _PLAIN_DEGREES(latitude[place])
    ]
    east = np.array([float(longitude[place]) for place in plain])
    north = np.array([float(latitude[place]) for place in plain])
    well = (np.abs(east) <= 180) & (np.abs(north) <= 90) & ~((east == 0) & (north == 0))
    at = np.array(plain, dtype=np.intp)[well]
    x[at], y[at] = east[well] + 0.0, north[well] + 0.0
    return x, y, [place for place in filled if np.isnan(x[place])] if len(at) < len(filled) else []


def _coordinates(east: str, north: str) -> tuple[float, float] | Fault:
    if not east or not north:
        return Fault("half-a-point", "longitude and latitude come together", "give both, or neither")
    x, y = fields.degrees(east, 180), fields.degrees(north, 90)
    if isinstance(y, Fault) and y.code == "out-of-range":
        swapped = fields.degrees(north, 180), fields.degrees(east, 90)
        if not any(isinstance(one, Fault) for one in swapped):
            return Fault(
                "swapped", f"latitude {north} cannot be: swapped?", f"longitude {north}, latitude {east}"
            )
    if isinstance(y, Fault):
        return y
    if isinstance(x, Fault):
        return x
    if x == y == 0:
        return Fault(
            "null-island", "0, 0 lies in the sea and mostly means that nothing is known", "leave both empty"
        )
    # Five decimals are a metre: enough for a town, and what the file holds.
    return round(x, 5) + 0.0, round(y, 5) + 0.0


def _reject_twins(rows: Rows, columns: Mapping[str, list[object]], folded: list[str]) -> None:
    """Reject the second of two rows for one member, and remark on names that differ in accents only."""
    first: dict[tuple[object, ...], int] = {}
    alike: dict[tuple[object, ...], int] = {}
    for place in _perhaps_twins(rows, columns, folded):
        about = (columns["country"][place], columns["type"][place])
        names = str(columns["name"][place]), str(columns["admin1"][place] or "")
        same = (*about, *map(_spelt, names))
        near = (*about, folded[place], fold(names[1]))
        if same in first:
            rows.reject(
                place,
                "name",
                Fault("duplicate", f"the same member as in row {rows.numbers[first[same]]}", "take one out"),
            )
        elif near in alike and folded[place]:
            rows.note(
                "warning",
                place,
                "name",
                Fault("nearly-duplicate", f"spelt much like row {rows.numbers[alike[near]]}"),
            )
        first.setdefault(same, place)
        alike.setdefault(near, place)


def _perhaps_twins(rows: Rows, columns: Mapping[str, list[object]], folded: list[str]) -> list[int]:
    """Return the places of the rows that share their folded name and their country with another; all others have no twin.

    What is spelt the same folds the same, so that nothing is missed.
    """
    kept = rows.kept()
    keys = list(map(hash, zip(columns["country"], folded, strict=True)))
    # Where two hashes are equal by chance, two rows more are looked at.
    numbers = np.array(keys, dtype=np.int64)[kept]
    order = np.argsort(numbers, kind="stable")
    alike = np.flatnonzero(numbers[order[1:]] == numbers[order[:-1]])
    return [kept[place] for place in np.unique(order[np.r_[alike, alike + 1]]).tolist()]


def _spelt(name: str) -> str:
    """Return a name but for capitals, gaps and the ways to write one accent."""
    return " ".join((name if name.isascii() else unicodedata.normalize("NFC", name)).casefold().split())


def _identified(rows: Rows, columns: Mapping[str, list[object]], folded: list[str]) -> list[str]:
    """Return an id for each row: its own where it has one, else one made of what it is called."""
    ids = list(rows.cells["id"])
    seen: dict[str, int] = {}
    for place, id_ in enumerate(ids):
        if not id_ or place in rows.out:
            continue
        if not ID.fullmatch(id_):
            rows.reject(
                place, "id", Fault("bad-id", "an id is made of letters, digits, - . _ ~", "leave it empty")
            )
        elif id_ in seen:
            rows.reject(
                place,
                "id",
                Fault("duplicate-id", f"the id of row {rows.numbers[seen[id_]]} too", "leave it empty"),
            )
        seen.setdefault(id_, place)
    unnamed = [place for place in rows.kept() if not ids[place]]
    texts = (
        [str(columns[name][place] or "") for place in unnamed]
        for name in ("country", "name", "admin1", "type")
    )
    made = member_ids(list(zip(*texts, strict=True)), taken=seen, folded=[folded[place] for place in unnamed])
    for place, id_ in zip(unnamed, made, strict=True):
        ids[place] = id_
    return ids


def _reject_repeats(rows: Rows, columns: Mapping[str, list[object]]) -> None:
    first: dict[tuple[object, ...], int] = {}
    for place in rows.kept():
        key = tuple(columns[name][place] for name in ("member_name", "country", "programme", "member"))
        if key in first:
            rows.reject(
                place,
                "member_name",
                Fault("duplicate", f"the same as row {rows.numbers[first[key]]}", "take one out"),
            )
        first.setdefault(key, place)
