"""mapsvc as a library: a network's folder as frames to compute with, filtered as the map is, and a map for notebooks.

The word is `Dataset`, as everywhere; the class stands here and not in `model`, because it reads folders, measures and draws, and
`model` knows of nothing of that. It holds a `mapsvc.model.Dataset` and a view of it, and adds no numbers of its own.
"""

from functools import cached_property
from html import escape
from pathlib import Path

import geopandas as gpd
import pandas as pd

from mapsvc import model
from mapsvc.analysis.coverage import Coverage, measure_coverage
from mapsvc.analysis.gaps_query import parse_gaps_query
from mapsvc.analysis.published import published_countries, published_members
from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.analysis.ranking import ranked
from mapsvc.errors import BadData
from mapsvc.inside import Inside
from mapsvc.settings import shipped
from mapsvc.sources.store import load_dataset
from mapsvc.sources.writers import write_bytes


class Map:
    """The map and list of a view as one HTML document with everything in it; a notebook shows it by itself.

    It is shown in a frame of its own, sandboxed and with a policy that allows no request at all.
    """

    def __init__(self, html: str, height: int = 520) -> None:
        self.html = html
        self.height = height

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-popups" title="Map" width="100%" '
            f'height="{int(self.height)}" style="border:none"></iframe>'
        )

    def save(self, path: str | Path) -> None:
        """Write the document to a file that opens without a network."""
        write_bytes(self.html.encode(), Path(path))


class Dataset:
    """One snapshot of a network, or a view of it.

    Examples
    --------
    >>> data = Dataset.load()
    >>> water = data.filter(theme="water", region="africa")
    >>> len(water) < len(data)
    True
    >>> water.members[["name", "country"]].columns.to_list()
    ['name', 'country']
    """

    def __init__(self, snapshot: model.Dataset, query: MapQuery | None = None) -> None:
        self._snapshot = snapshot
        self._query = query or MapQuery()

    @classmethod
    def load(cls, folder: str | Path | None = None) -> "Dataset":
        """Read a network's folder; by default the bundled one.

        Raises
        ------
        MapsvcError
            Where it cannot be read. What is wrong with single rows is in `report`.

        Examples
        --------
        >>> Dataset.load(shipped("geodata")).network.default_language
        'en'
        """
        return cls(load_dataset(Path(folder) if folder is not None else shipped("geodata")))

    def filter(self, **asked: str | int | list[str] | tuple[str, ...]) -> "Dataset":
        """Return a view, with the parameters of the map: `theme`, `region`, `country`, `type`, `status`, `q`, `asof`, ….

        What was asked for before stays; a parameter given again replaces itself.

        Raises
        ------
        BadQuery
            For a parameter or value that there is not, with the nearest that there are.

        Examples
        --------
        >>> Dataset.load().filter(theme=["water", "waste"], country="KE").query
        'theme=waste&theme=water&country=KE'
        """
        pairs = [pair for pair in self._query.pairs() if pair[0] not in asked]
        for name, value in asked.items():
            several = value if isinstance(value, list | tuple) else (value,)
            pairs += [(name, str(one)) for one in several]
        data = self._snapshot
        return Dataset(data, parse_map_query(pairs, data.network, data.countries.index, strict=True))

    def __len__(self) -> int:
        """How many members are in the view."""
        return len(self.members)

    @property
    def network(self) -> model.Network:
        """What the network says of itself: name, licence, themes, regions."""
        return self._snapshot.network

    @property
    def query(self) -> str:
        """The canonical query of the view, as addresses have it; empty for everything."""
        return self._query.canonical()

    @property
    def report(self) -> model.ValidationReport:
        """What was found while the folder was read."""
        return self._snapshot.report

    @cached_property
    def members(self) -> gpd.GeoDataFrame:
        """The members of the view, as every file has them: index ``id``, Point or null in EPSG:4326."""
        return published_members(self._snapshot, self._query, self._names)

    @cached_property
    def countries(self) -> gpd.GeoDataFrame:
        """The countries of the view with their numbers of members: index ``id`` (ISO 3166-1 alpha-2)."""
        return published_countries(self._snapshot, self._query, self._names)

    def coverage(self, theme: str = "", *, asof: str = "", threshold: int = 0) -> pd.DataFrame:
        """Return the measures of coverage of every country, by its code.

        Parameters
        ----------
        theme : str
            One theme; by default all members, whatever they work on.
        asof : str
            ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; by default now.
        threshold : int
            The least inhabitants of an urban centre that counts.

        Raises
        ------
        BadQuery
            For a theme or date that there is not.
        BadData
            Where the network has no urban centres.

        Examples
        --------
        >>> shares = Dataset.load().coverage("water")["people_share"]
        >>> bool(shares.dropna().between(0, 1).all())
        True
        """
        return self._measured(theme, asof, threshold).of("country", theme or model.ALL_THEMES)

    def find_gaps(self, theme: str = "", *, region: str = "", by: str = "", asof: str = "") -> pd.DataFrame:
        """Return the countries, where most is missing first.

        Parameters
        ----------
        region : str
            Only the countries of one region.
        by : str
            Another order, as `/gaps` has it, such as ``people-share``; a minus turns it round.

        Examples
        --------
        >>> gaps = Dataset.load().find_gaps()
        >>> bool(gaps["missing_members"].dropna().is_monotonic_decreasing)
        True
        """
        data = self._snapshot
        asked = {"theme": theme, "region": region, "sort": by, "asof": asof}
        query = parse_gaps_query(asked.items(), data.network, data.countries.index, strict=True)
        table = self.coverage(theme, asof=asof)
        if region:
            home = data.network.region_of_country
            table = table[[home.get(str(code)) == region for code in table.index]]
        names = self._names
        return ranked(table, query.sort, lambda code: names[code].casefold())

    def map(self, *, height: int = 520, language: str = "") -> Map:
        """Return the map of the view; at the end of a notebook's cell it shows itself, with nothing to fetch.

        Examples
        --------
        >>> "http" in Dataset.load().filter(theme="water").map()._repr_html_()[:20]
        False
        """
        return Map(self._fetched("/map.html", lang=language).decode(), height)

    def to_bytes(self, kind: str, *, of: str = "members", crs: str = "") -> bytes:
        """Return the view as a file: ``geojson``, ``csv``, ``xlsx``, ``gpkg``, ``fgb``, ``kml``, ``parquet`` or ``zip``.

        Parameters
        ----------
        of : str
            ``members`` or ``countries``.
        crs : str
            Such as ``EPSG:3857``, for formats that carry one.

        Raises
        ------
        NoInput
            For a format that there is not.
        BadQuery
            For a reference system that is not offered.
        """
        return self._fetched(f"/{of}.{kind}", crs=crs)

    def save(self, path: str | Path, *, of: str = "members", crs: str = "") -> None:
        """Write the view to a file, in the format that its ending names, whole or not at all."""
        target = Path(path)
        write_bytes(self.to_bytes(target.suffix.removeprefix("."), of=of, crs=crs), target)

    @property
    def _names(self) -> dict[str, str]:
        return {str(code): str(name) for code, name in self._snapshot.countries["name"].items()}

    @cached_property
    def _inside(self) -> Inside:
        return Inside(dataset=self._snapshot)

    def _fetched(self, path: str, **more: str) -> bytes:
        parts = [self.query, *(f"{name}={value}" for name, value in more.items() if value)]
        return self._inside.get(f"{path}?{'&'.join(part for part in parts if part)}").body

    def _measured(self, theme: str, asof: str, threshold: int) -> Coverage:
        data = self._snapshot
        asked = {"theme": theme, "asof": asof, "threshold": str(threshold) if threshold else ""}
        query = parse_gaps_query(asked.items(), data.network, data.countries.index, strict=True)
        if data.urban is None:
            raise BadData(
                "this network has no urban centres to measure coverage by", file="urban_centres.csv"
            )
        return measure_coverage(data, data.urban.at_least(query.threshold), asof=query.asof)
