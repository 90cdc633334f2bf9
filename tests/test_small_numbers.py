"""Statistics of small numbers agree with SciPy and PySAL, and hold at their ends."""

import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes, choynowski
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mapsvc.analysis import small_numbers
from mapsvc.analysis.coverage import measure_coverage

COUNTS = st.integers(0, 400)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=20))
def test_the_interval_is_scipys_wilson(pairs):
    k, n = (np.array(column) for column in zip(*[(min(pair), max(pair)) for pair in pairs], strict=True))
    low, high = small_numbers.wilson(k, n)
    for one, (successes, trials) in enumerate(zip(k.tolist(), n.tolist(), strict=True)):
        if trials == 0:
            assert np.isnan(low[one])
            continue
        theirs = stats.binomtest(successes, trials).proportion_ci(method="wilson")
        assert low[one] == pytest.approx(theirs.low, abs=1e-9)
        assert high[one] == pytest.approx(theirs.high, abs=1e-9)
        assert 0 <= low[one] <= successes / trials <= high[one] <= 1


@given(st.lists(st.tuples(st.integers(-1, 3000), st.floats(0, 3000)), min_size=1, max_size=20))
def test_the_distribution_is_scipys_poisson(pairs):
    k, mean = (np.array(column) for column in zip(*pairs, strict=True))
    assert small_numbers.poisson_cdf(k, mean) == pytest.approx(stats.poisson.cdf(k, mean), abs=1e-9)


def some_areas(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and people of areas that are as uneven as countries are."""
    random = np.random.default_rng(n)
    people = random.lognormal(1, 1.5, n) * 1e6
    return random.poisson(people * random.gamma(0.7, 3e-7, n)), people


@pytest.mark.parametrize("n", [40, 120, 240])
def test_chances_and_smoothed_rates_are_pysals(n):
    counts, people = some_areas(n)
    expected = people * counts.sum() / people.sum()
    ours = small_numbers.choynowski(counts, expected)
    assert ours == pytest.approx(choynowski(counts, people, n), abs=1e-9)
    smoothed = small_numbers.smooth(counts, people)
    # With a spread below what chance alone makes, theirs is negative; ours is cut at 0, as Marshall has it.
    assert (smoothed.weights > 0).all()
    assert smoothed.rates * 1e6 == pytest.approx(Empirical_Bayes(counts, people).r.ravel() * 1e6, abs=1e-9)


def test_one_member_of_a_small_country_does_not_outrank_twelve_of_a_larger_one():
    # The trap of section 3.5, and a harder one: of 0.3 M, one member has a higher raw rate than twelve of 4 M.
    for small in (0.35e6, 0.3e6):
        counts, people = np.array([1, 12, 0, 0, 40]), np.array([small, 4e6, 15e6, small, 60e6])
        smoothed = small_numbers.smooth(counts, people).rates
        assert smoothed[0] < smoothed[1]
        # 0 of 15 M is the clearer gap than 0 of as few.
        assert smoothed[2] < smoothed[3]
        chance = small_numbers.choynowski(counts, people * counts.sum() / people.sum())
        assert chance[2] < 0.05 < chance[3]
    assert counts[0] / people[0] > counts[1] / people[1]


def test_rates_that_differ_no_more_than_by_chance_are_all_the_mean():
    smoothed = small_numbers.smooth([10, 10, 10], [1e6, 1e6, 1e6])
    assert smoothed.rates.tolist() == [1e-5] * 3
    assert smoothed.weights.tolist() == [0.0] * 3


def test_nothing_and_nobody_are_no_numbers_and_no_failure():
    empty = small_numbers.smooth([0, 0], [0, 0])
    assert np.isnan(empty.rates).all()
    assert small_numbers.smooth([0, 0], [1e6, 2e6]).rates.tolist() == [0.0, 0.0]
    assert np.isnan(small_numbers.choynowski([3], [float("nan")])).all()
    assert small_numbers.choynowski([0], [0.0]).tolist() == [1.0]
    assert small_numbers.poisson_cdf([], []).tolist() == []
    assert small_numbers.binomial_two_sided([], [], []).tolist() == []
    assert small_numbers.benjamini_hochberg([]).tolist() == []


@given(st.lists(st.tuples(COUNTS, COUNTS, st.floats(0.001, 0.999)), min_size=1, max_size=12))
def test_the_binomial_test_is_scipys(cells):
    k, n, share = zip(*[(min(a, b), max(a, b), p) for a, b, p in cells], strict=True)
    ours = small_numbers.binomial_two_sided(k, n, share)
    for one, (successes, trials, p) in enumerate(zip(k, n, share, strict=True)):
        if trials:
            assert ours[one] == pytest.approx(stats.binomtest(successes, trials, p).pvalue, abs=1e-9)
        else:
            assert np.isnan(ours[one])


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), min_size=1, max_size=40))
def test_the_adjustment_is_scipys_over_what_was_tested(chances):
    p = np.array(chances)
    ours, tested = small_numbers.benjamini_hochberg(p), ~np.isnan(p)
    assert np.isnan(ours[~tested]).all()
    if tested.any():
        assert ours[tested] == pytest.approx(stats.false_discovery_control(p[tested]), abs=1e-9)


@pytest.mark.parametrize("chance", [0.001, 0.025, 0.975, 0.999])
def test_a_limit_lies_in_the_step_of_scipys_quantile(chance):
    means = np.array([0.05, 1.0, 7.3, 80.0, 900.0])
    limits, quantiles = small_numbers.poisson_limits(means, chance), stats.poisson.ppf(chance, means)
    assert (limits <= quantiles).all()
    assert (limits >= quantiles - 1).all()


def test_every_measure_of_the_real_network_is_made_again_from_its_counts_by_scipy_and_pysal(bundled):
    areas = measure_coverage(bundled, bundled.urban).areas
    world = areas.xs(("world", "world"), level=("level", "area"))
    rate = areas.index.get_level_values("theme").map(world["n_members"] / world["urban_people"]).to_numpy()
    # Where nothing is known of a theme, or nobody lives, no measure is to be had: that is checked last.
    known = ((areas["state"] != "unknown") & (areas["urban_people"] > 0)).to_numpy()
    some, expected = areas[known], (areas["urban_people"] * rate)[known].to_numpy()
    o = some["n_members"].to_numpy()
    theirs = {
        "expected": expected,
        "missing_members": np.maximum(0, expected - o),
        "rate": 1e6 * o / some["urban_people"],
        "people_share": some["covered_people"] / some["urban_people"],
        "centre_share": some["covered_centres"] / some["n_centres"],
        "chance": np.where(o <= expected, stats.poisson.cdf(o, expected), stats.poisson.sf(o - 1, expected)),
    }
    inside = some.index.get_level_values("level") != "world"
    for name, values in theirs.items():
        assert some[name].to_numpy()[inside] == pytest.approx(np.asarray(values)[inside], abs=1e-9), name
    for n, rows in some.groupby(["covered_centres", "n_centres"]):
        wilson = stats.binomtest(*map(int, n)).proportion_ci(method="wilson")
        assert rows["centre_share_low"].to_numpy() == pytest.approx(wilson.low, abs=1e-9), n
        assert rows["centre_share_high"].to_numpy() == pytest.approx(wilson.high, abs=1e-9), n
    overall = some.xs(("country", "all"), level=("level", "theme"))
    smoothed = Empirical_Bayes(overall["n_members"].to_numpy(), overall["urban_people"].to_numpy()).r.ravel()
    assert overall["smoothed_rate"].to_numpy() == pytest.approx(1e6 * smoothed, abs=1e-9)
    nothing = areas.loc[~known, [*theirs, "smoothed_rate", "ratio", "people_short"]].drop(columns="expected")
    assert nothing[(areas["state"] == "unknown")[~known]].isna().all(axis=None)


def test_every_theme_of_the_real_network_is_tested_as_scipy_tests_it(bundled):
    areas = measure_coverage(bundled, bundled.urban).areas
    countries = areas.loc["country"]
    tested = countries[countries["theme_chance"].notna()]
    assert len(tested) > 100
    for (code, theme), row in tested.iterrows():
        # Of those whose themes are recorded; the share of the world is that of the same in the world.
        n = int(countries.at[(code, "all"), "n_members"] - row["n_unknown"])
        share = areas.at[("world", "world", theme), "n_members"] / bundled_recorded(bundled)
        theirs = stats.binomtest(int(row["n_members"]), n, share).pvalue
        assert row["theme_chance"] == pytest.approx(theirs, abs=1e-9), (code, theme)
        assert row["location_quotient"] == pytest.approx(row["n_members"] / n / share, abs=1e-9)
    adjusted = stats.false_discovery_control(tested["theme_chance"])
    assert tested["theme_chance_adjusted"].to_numpy() == pytest.approx(adjusted, abs=1e-9)


def bundled_recorded(bundled) -> int:
    """Return of how many members any theme is recorded."""
    counted = bundled.members[bundled.members["status"] == "member"]
    return int(counted["themes"].notna().sum())
