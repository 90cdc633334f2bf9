"""A small sweep of faults at system calls, in CI; `benchmarks/bench_faults.py` does every one of them."""

import random
import subprocess
from pathlib import Path

import pytest

from benchmarks.faults import KILL, Fault, faults_of, verdict

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module", autouse=True)
def strace():
    """Strace, which is installed where that can be done; without it there is nothing to be learnt here."""
    if subprocess.run([ROOT / ".ci" / "strace"], check=False, capture_output=True).returncode:
        pytest.skip("needs strace")


def some(writer: str, n: int) -> list[Fault]:
    faults = list(faults_of(writer))
    # Death at each step that matters, and whatever else chance brings; the same in every run.
    telling = [
        one for one in faults if one.kind == KILL and one.call in {"rename", "fsync", "mkdir", "flock"}
    ]
    chance = random.Random(1)
    return chance.sample(telling, min(len(telling), n // 2)) + chance.sample(faults, n // 2)


@pytest.mark.parametrize("writer", ["publish", "undo"])
def test_whatever_ends_it_half_way_the_old_or_the_new_is_there_and_nothing_is_torn(writer):
    told = {one.option: verdict(one) for one in some(writer, 16)}
    assert {option: torn for option, torn in told.items() if torn} == {}


def test_there_are_a_thousand_faults_to_try():
    assert sum(len(list(faults_of(writer))) for writer in ("publish", "undo")) >= 1000


def test_the_same_sweep_finds_what_a_naive_writer_tears():
    torn = [one for one in faults_of("naive") if one.call == "write" and one.n in {2, 3} and verdict(one)]
    assert {one.kind for one in torn} >= {KILL, "ENOSPC", "EIO"}
