"""A database for the length of a run, and the same twelve members in every form in which they may come."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from mapsvc.settings import shipped

# Text that formats trip over; a place without a point, dates of every exactness, numbers, lists.
ROWS = """name|country|type|admin1|population|member since|status|themes|website|lon|lat
São Paulo|BR|city|São Paulo|12300000|1996-05-01|member|water;food|https://example.org/sp|-46.63611|-23.5475
Łódź|PL|city||||member|||19.46667|51.75
서울|KR|city||9700000|1999|member|water||126.9784|37.566
'=1+1|DE|town|||2001-02|prospect|||7.1|50.73333
Nakuru|KE|county||||member|||36.07225|-0.30719
Suva|FJ|city||94000|2010|member|||178.44149|-18.14161
Quote " and ; and tab|FR|town||||member|||2.35|48.85
{{ 7*7 }}|ES|town||||unconfirmed|||-3.7|40.4
<script>alert(1)</script>|US|town|Ohio|||member|;||-83|40
Nowhere in particular|NO|association||||member|||10.74609|59.91273
Ålesund|NO|town|||2007-11-27|former|||6.15|62.47
東京|JP|city||14000000||member|food||139.69171|35.6895
""".replace("food", "water")


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    """The twelve as text."""
    lines = [line.split("|") for line in ROWS.strip().splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0])


@pytest.fixture(scope="session")
def points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """The twelve as features, with numbers that are numbers."""
    numbers = table.drop(columns=["lon", "lat"]).assign(
        population=pd.to_numeric(table["population"]).astype("Int64"),
        name=table["name"].str.removeprefix("'"),
    )
    texts = numbers.map(lambda cell: None if isinstance(cell, str) and not cell else cell)
    where = gpd.points_from_xy(pd.to_numeric(table["lon"]), pd.to_numeric(table["lat"]))
    return gpd.GeoDataFrame(texts, geometry=where, crs=4326)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A folder with what the bundled network has, but no members."""
    folder = tmp_path / "network"
    folder.mkdir()
    for name in ("network.toml", "themes.csv"):
        shutil.copy(shipped("geodata") / name, folder)
    return folder


@pytest.fixture(scope="session")
def database():
    """The address of an empty database with PostGIS, on a server of its own that is gone afterwards."""
    programs = Path(
        os.environ.get("POSTGIS") or pytest.skip("POSTGIS does not name the programs of a PostgreSQL")
    )
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    # PostgreSQL refuses to run as root.
    who = "postgres" if os.getuid() == 0 else None
    if who:
        os.chown(folder, pwd.getpwnam(who).pw_uid, -1)
    env = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), *arguments],
            check=True,
            user=who,
            env=env,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c shared_buffers=8MB"
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        address = f"postgresql://owner@/postgres?host={folder}"
        import psycopg

        with psycopg.connect(address, autocommit=True) as base:
            base.execute("CREATE EXTENSION postgis")
        yield address
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
