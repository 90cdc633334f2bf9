"""The committed boundaries and urban centres: complete, valid, in proportion, small enough; and the rules behind them."""

import gzip
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pycountry
import pytest
import shapely
from shapely import Point, Polygon, box

from geodata import atlas, build_countries, build_titles, build_urban, country_rules, simplification
from mapsvc.settings import shipped
from mapsvc.sources.boundaries import check_detailed, read_countries, read_detailed, read_parts

GEODATA = shipped("geodata")
EQUAL_AREA = "ESRI:54034"
KM2 = 1e6


@pytest.fixture(scope="module")
def countries():
    return read_countries(GEODATA)


@pytest.fixture(scope="module")
def detailed():
    return read_detailed(GEODATA)


@pytest.fixture(scope="module")
def centres():
    return pd.read_csv(GEODATA / "urban_centres.csv", keep_default_na=False, dtype={"admin1": "str"})


# --- Countries: which ---


def test_every_iso_entry_is_drawn_or_said_to_be_part_of_another_and_kosovo_is_there(countries):
    iso = {entry.alpha_2 for entry in pycountry.countries}
    assert set(countries.index) | set(read_parts(GEODATA)) == iso | {"XK"}
    assert not set(countries.index) & set(read_parts(GEODATA))
    assert len(countries) == 239


def test_both_levels_hold_the_same_countries(countries, detailed):
    assert set(detailed["country"]) == set(countries.index)


def test_codes_and_names_are_those_of_iso_and_cldr(countries):
    for code, row in countries.drop(index="XK").iterrows():
        assert row["iso_a3"] == pycountry.countries.get(alpha_2=code).alpha_3
    names = {"XK": "Kosovo", "CI": "Côte d’Ivoire", "TR": "Türkiye", "HK": "Hong Kong", "NA": "Namibia"}
    assert countries.loc[list(names), "name"].tolist() == list(names.values())
    assert countries["name"].is_unique


def test_the_regions_are_the_22_of_m49_and_antarctica(countries):
    assert countries["m49_subregion"].nunique() == 23
    assert countries["m49_title"].notna().all()
    regions = {"KE": "eastern-africa", "MX": "central-america", "TW": "eastern-asia", "XK": "southern-europe"}
    assert countries.loc[list(regions), "m49_subregion"].to_dict() == regions
    assert (countries["m49_subregion"] == "southern-asia").sum() == 9


@pytest.mark.parametrize(
    "code", ["VA", "MC", "NR", "TV", "GI", "SM", "LI", "MO", "SX", "BL", "MV", "KI", "UM", "PN"]
)
def test_a_small_state_has_a_shape_to_draw(countries, code):
    assert countries.geometry[code].area > 0
    assert shapely.get_num_coordinates(countries.geometry[code]) >= 4


# --- Countries: where ---


@pytest.mark.parametrize(
    ("code", "least", "most"),
    [
        ("RU", 16.8, 17.1),
        ("AQ", 12, 14),
        ("US", 9.3, 9.6),
        ("FJ", 0.016, 0.021),
        ("SO", 0.61, 0.65),
        ("EH", 0.25, 0.28),
        ("FR", 0.62, 0.65),
    ],
)
def test_areas_in_million_square_kilometres_are_right_at_both_levels(countries, detailed, code, least, most):
    for shapes in (countries.geometry[[code]], detailed.geometry[detailed["country"] == code]):
        assert least <= shapes.to_crs(EQUAL_AREA).area.sum() / KM2 / 1e6 <= most


def test_the_land_of_the_world_adds_up_at_both_levels(countries, detailed):
    for frame in (countries, detailed):
        assert frame.to_crs(EQUAL_AREA).area.sum() / KM2 == pytest.approx(147e6, rel=0.01)


PLACES = {
    "Tongatapu": ((-175.25, -21.18), "TO"),
    "Suva": ((178.4415, -18.1416), "FJ"),
    "Taveuni, beyond 180°": ((-179.97, -16.82), "FJ"),
    "Anadyr, short of 180°": ((176.0, 66.0), "RU"),
    "Uelen, beyond 180°": ((-170.5, 66.1), "RU"),
    "South Pole": ((0.0, -89.9), "AQ"),
    "Nairobi": ((36.8219, -1.2921), "KE"),
    "Bogotá": ((-74.0721, 4.7110), "CO"),
    "Bonn": ((7.0982, 50.7374), "DE"),
    "Hargeisa": ((44.0650, 9.5600), "SO"),
    "Kyrenia": ((33.32, 35.30), "CY"),
    "Nicosia": ((33.3642, 35.1753), "CY"),
    "Akrotiri": ((32.95, 34.60), "CY"),
    "Guantánamo Bay": ((-75.10, 19.95), "CU"),
    "Baikonur": ((63.30, 45.62), "KZ"),
    "Pristina": ((21.1655, 42.6629), "XK"),
    "Simferopol": ((34.10, 44.95), "UA"),
    "Laayoune": ((-13.15, 27.10), "EH"),
    "Tan-Tan": ((-11.10, 28.43), "MA"),
    "Cayenne": ((-52.32, 4.91), "FR"),
    "Fort-de-France": ((-61.06, 14.62), "FR"),
    "Saint-Denis, Réunion": ((55.46, -20.90), "FR"),
    "Mamoudzou": ((45.20, -12.79), "FR"),
    "Kralendijk": ((-68.26, 12.15), "NL"),
    "Longyearbyen": ((15.6, 78.2), "NO"),
    "Christmas Island": ((105.63, -10.49), "AU"),
    "Vatican City": ((12.4340, 41.9020), "VA"),
    "Gibraltar": ((-5.350, 36.130), "GI"),
    "Taipei": ((121.5654, 25.0330), "TW"),
    "Ramallah": ((35.2034, 31.9038), "PS"),
    "Maseru, inside South Africa": ((27.4869, -29.3100), "LS"),
}


@pytest.mark.parametrize(("point", "code"), PLACES.values(), ids=PLACES)
def test_a_known_place_lies_in_its_country_and_in_no_other(detailed, point, code):
    assert detailed["country"][detailed.intersects(Point(point))].tolist() == [code]


def test_the_places_of_geonames_lie_in_their_countries_but_for_the_width_of_a_line(detailed, centres):
    """The same source says where members are: no town of theirs may turn up in the next country."""
    points = shapely.points(centres["longitude"], centres["latitude"])
    place, part = shapely.STRtree(detailed.geometry.to_numpy()).query(points, predicate="intersects")
    wrong = place[centres["country"].to_numpy()[place] != detailed["country"].to_numpy()[part]]
    assert len(wrong) <= 70
    own = {
        code: shapely.union_all(shapes.to_numpy())
        for code, shapes in detailed.geometry.groupby(detailed["country"])
    }
    away = pd.Series(
        {centres["name"][row]: own[centres["country"][row]].distance(points[row]) for row in wrong}
    )
    assert set(away.index[away > 0.04]) == {
        "Smara",
        "Kafia Kingi",
        "Ariel",
        "Modiin Ilit",
    }  # README.md says why


@pytest.mark.parametrize("point", [(77.1, 35.4), (115.3, 10.0), (-140.0, 0.0), (0.0, 0.0)])
def test_disputed_land_without_inhabitants_and_the_open_sea_lie_in_no_country(detailed, point):
    assert not detailed.intersects(Point(point)).any()


def test_labels_lie_in_their_countries(countries):
    points = gpd.points_from_xy(countries["label_longitude"], countries["label_latitude"])
    assert (shapely.distance(countries.geometry.to_numpy(), np.array(points)) < 0.001).all()


# --- Countries: how they are drawn ---


def test_borders_are_shared_and_nothing_overlaps_at_both_levels(countries, detailed):
    assert shapely.coverage_is_valid(countries.geometry.to_numpy())
    assert shapely.coverage_is_valid(detailed.geometry.to_numpy())
    check_detailed(detailed)
    shapes = countries.geometry.to_numpy()
    assert shapely.union_all(shapes).area == pytest.approx(shapely.area(shapes).sum())


def test_the_file_is_rfc_7946_with_two_decimals_and_at_most_95_kb_gzip():
    raw = (GEODATA / "countries.geojson").read_bytes()
    assert len(gzip.compress(raw, 9)) <= 95_000  # leaves 25 kB of the 120 for what is served with it
    features = json.loads(raw)["features"]
    assert [feature["id"] for feature in features] == sorted(feature["id"] for feature in features)
    for feature in features:
        assert feature["geometry"]["type"] == "MultiPolygon"
        for polygon in feature["geometry"]["coordinates"]:
            for number, ring in enumerate(polygon):
                xy = np.array(ring)
                assert ring[0] == ring[-1]
                assert shapely.is_ccw(shapely.linearrings(xy)) == (number == 0), feature["id"]
                assert np.array_equal(xy, xy.round(2))
                assert (np.abs(xy) <= [180, 90]).all()


def test_nothing_crosses_180_degrees_and_both_sides_are_there(countries):
    for code in ("RU", "FJ", "AQ"):
        west, _, east, _ = countries.geometry[code].bounds
        assert (west, east) == (-180, 180)
        for part in shapely.get_parts(countries.geometry[code]):
            assert part.bounds[2] - part.bounds[0] <= (360 if code == "AQ" else 180)


# --- The rules, on worlds that can be counted by hand ---


def test_a_ring_stitched_over_180_degrees_is_cut_into_its_two_sides():
    stitched = Polygon([(179, 0), (179, 1), (-178, 1), (-178, 0), (179, 0)])  # three degrees wide, not 357
    pieces = atlas.cut(stitched)
    assert sorted(piece.bounds for piece in pieces) == [(-180, 0, -178, 1), (179, 0, 180, 1)]


def test_a_ring_that_only_touches_180_degrees_is_left_in_one_piece():
    assert [piece.bounds for piece in atlas.cut(box(170, 0, 180, 1))] == [(170, 0, 180, 1)]
    mixed = Polygon([(179, 0), (-180, 0), (-180, 1), (179, 1), (179, 0)])  # its right side written as -180
    assert [piece.bounds for piece in atlas.cut(mixed)] == [(179, 0, 180, 1)]


def test_a_ring_around_the_pole_is_closed_there():
    # Clockwise on the globe, as world-atlas writes exteriors: going east, the south lies on the right.
    ring = [(x, -80.0) for x in range(-180, 171, 10)] + [(-180.0, -80.0)]
    (cap,) = atlas.cut(Polygon(ring))
    assert cap.bounds == (-180, -90, 180, -80)
    assert cap.area == pytest.approx(3600)


def test_an_unknown_feature_without_a_code_stops_the_build():
    with pytest.raises(SystemExit, match="Atlantis"):
        atlas._country(None, "Atlantis")


def test_a_missing_npm_package_is_explained(tmp_path):
    with pytest.raises(SystemExit, match=r"world-atlas is not in .* run `npm ci` first"):
        build_countries.build(tmp_path, tmp_path / "node_modules")


def wavy(x0, x1, y, step=0.05):
    """A line from x0 to x1 at height y that wavers by 0.02."""
    n = round(abs(x1 - x0) / step)
    return [(x0 + (x1 - x0) * i / n, y + 0.02 * (i % 2)) for i in range(n + 1)]


def test_a_coverage_is_simplified_by_the_finer_tolerance_of_a_border_and_stays_a_coverage():
    border, coast = wavy(0, 10, 5), wavy(0, 10, 0)
    north = Polygon([*border, (10, 10), (0, 10)])
    south = Polygon([*border, *reversed(coast)])
    small, large = simplification.simplified(np.array([north, south], dtype=object), np.array([0.001, 0.5]))
    assert shapely.coverage_is_valid(np.array([small, large], dtype=object))
    assert set(border) <= set(large.exterior.coords)  # as fine as its small neighbour
    assert sum(y < 0.1 for _, y in large.exterior.coords) < 5  # its coast follows its own tolerance


def test_rounding_a_coverage_keeps_it_one_where_plain_rounding_does_not():
    left = Polygon([(0, 0), (1, 0), (1.004, 0.5), (1, 1), (0, 1)])
    right = Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1.004, 0.5)])
    needle = Polygon([(0, 1), (1, 1), (0.5, 1.004)])  # collapses
    shapes = np.array([shapely.MultiPolygon([left, needle]), shapely.MultiPolygon([right])], dtype=object)
    plain = shapely.transform(shapes, lambda xy: np.round(xy, 2))
    assert not shapely.is_valid(plain).all()
    snapped = simplification.snapped(shapes, 2)
    assert shapely.coverage_is_valid(snapped)
    assert shapely.is_valid(snapped).all()
    assert shapely.area(snapped).tolist() == [1, 1]


def test_readme_states_every_decision_about_a_feature_with_its_reason():
    readme = (GEODATA / "README.md").read_text(encoding="utf-8")
    for name, rule in country_rules.FEATURES.items():
        assert f"| {name} | {rule.country or '–'} | {rule.reason} |" in readme
    for transfer in country_rules.TRANSFERS:
        assert f"| {transfer.name} | {transfer.given_to} → {transfer.country} | {transfer.reason} |" in readme
    for code, whole in country_rules.PART_OF.items():
        assert f"{code} → {whole}" in readme


# --- Urban centres ---


def test_the_committed_urban_centres_are_those_of_the_method(centres):
    assert len(centres) == 28_833
    assert centres["population"].sum() == 3_377_165_257
    readme = (GEODATA / "README.md").read_text(encoding="utf-8")
    assert "28,833" in readme
    assert "3,377,165,257" in readme


def test_urban_centres_are_sorted_unique_and_in_countries_that_are_drawn(centres, countries):
    assert centres["geonameid"].is_unique
    ordered = centres.sort_values(["population", "geonameid"], ascending=[False, True])
    assert ordered.index.tolist() == centres.index.tolist()
    assert set(centres["country"]) <= set(countries.index)
    assert centres["longitude"].between(-180, 180).all()
    assert centres["latitude"].between(-90, 90).all()


def test_boroughs_are_counted_with_their_city(centres):
    names = set(zip(centres["name"], centres["country"], strict=True))
    assert {("New York City", "US"), ("Mexico City", "MX"), ("Johannesburg", "ZA")} <= names
    assert not {("Brooklyn", "US"), ("Iztapalapa", "MX"), ("Soweto", "ZA")} & names


@pytest.fixture(scope="module")
def urban_names():
    return pd.read_csv(GEODATA / "urban_names.csv", keep_default_na=False)


def test_the_names_of_urban_centres_are_of_our_languages_and_one_each(urban_names, centres):
    assert set(urban_names["language"]) == {"es", "fr", "ja", "ko", "pt", "zh"}
    assert not urban_names.duplicated(["geonameid", "language"]).any()
    assert set(urban_names["geonameid"]) <= set(centres["geonameid"])
    names = centres.set_index("geonameid")["name"].loc[urban_names["geonameid"]]
    assert (names.to_numpy() != urban_names["name"].to_numpy()).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Seoul", "Seúl Séoul ソウル 서울 Seul 首尔"), ("London", "Londres Londres ロンドン 런던 Londres 伦敦"),
     ("Beijing", "- - 北京 베이징 - 北京"), ("Shenzhen", "- - 深セン 선전 - 深圳"), ("Nairobi", "- - ナイロビ 나이로비 Nairóbi 内罗毕")],
)  # fmt: skip
def test_large_centres_are_called_what_their_languages_call_them(urban_names, centres, name, expected):
    id_ = centres.loc[centres["name"] == name, "geonameid"].iloc[0]
    found = urban_names[urban_names["geonameid"] == id_].set_index("language")["name"]
    assert [found.get(one, "-") for one in ("es", "fr", "ja", "ko", "pt", "zh")] == expected.split()


def test_the_names_of_urban_centres_can_be_made_again(urban_names, centres):
    assert build_titles.title_rows(centres.set_index("geonameid")).equals(urban_names)


def places(*rows):
    """Places (country, population, longitude) on the equator, where a degree is 111.2 km."""
    return pd.DataFrame(rows, columns=["country", "population", "longitude"]).assign(latitude=0.0)


# The disc of 4000·π·10² people reaches 10 km, which is 0.0899 degrees.
TEN_KM = 1_256_637


def test_a_place_inside_the_disc_belongs_to_the_larger_one_and_a_place_outside_does_not():
    inside = build_urban.absorbed(
        places(("AA", TEN_KM, 0.0), ("AA", 90_000, 0.0898), ("AA", 80_000, -0.0901))
    )
    assert inside.tolist() == [False, True, False]


def test_a_place_across_the_border_is_a_centre_of_its_own():
    assert build_urban.absorbed(places(("AA", TEN_KM, 0.0), ("BB", 90_000, 0.01))).tolist() == [False, False]


def test_a_place_that_was_absorbed_absorbs_nothing_itself():
    # 1.2 million people reach 9.8 km: the third lies in the disc of the second only, which is no centre.
    chain = places(("AA", TEN_KM, 0.0), ("AA", 1_200_000, 0.08), ("AA", 20_000, 0.16))
    assert build_urban.absorbed(chain).tolist() == [False, True, False]


def test_discs_are_measured_on_the_globe_and_over_180_degrees():
    far_north = pd.DataFrame(
        {
            "country": "AA",
            "population": [TEN_KM, 50_000, 40_000],
            "longitude": [179.95, -179.95, 179.95],
            "latitude": [60.0, 60.0, 60.1],
        }
    )  # 5.6 km east, 11.1 km north
    assert build_urban.absorbed(far_north).tolist() == [False, True, False]
