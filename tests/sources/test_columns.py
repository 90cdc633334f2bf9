"""Columns under the names that people give them, in their languages; what they are taken for is said and can be said."""

import pandas as pd
import pytest

from mapsvc.analysis.names import fold
from mapsvc.errors import BadConfiguration, BadData
from mapsvc.model import ValidationReport
from mapsvc.sources.columns import must_be_there, named_columns, read_mapping
from mapsvc.sources.readers import RawTable
from mapsvc.sources.spellings import SYNONYMS

COUNTRIES = {
    "DE": "Germany",
    "FR": "France",
    "KR": "South Korea",
    "JP": "Japan",
    "NO": "Norway",
    "CG": "Congo",
    "CD": "DR Congo",
}


def named(columns, row=None, **more):
    cells = {name: [(row or {}).get(name, "")] for name in columns}
    table = RawTable(
        pd.DataFrame(cells, index=[2], dtype=object), "m.csv", "UTF-8, comma", ValidationReport(0, 0, 0)
    )
    return named_columns(table, SYNONYMS, COUNTRIES, **more)


@pytest.mark.parametrize(
    "header",
    [
        "Name,Country,State,Population,Member since,Status,Theme,Web site,Lon,Lat",
        "Nombre,País,Provincia,Población,Miembro desde,Situación,Temas,Sitio web,Longitud,Latitud",
        "Nom,Pays,Département,Habitants,Membre depuis,Statut,Thèmes,Site web,Longitude,Latitude",
        "Município,País,Estado,População,Membro desde,Situação,Temas,Página,Longitude,Latitude",
        "도시,국가,시도,인구,가입일,상태,주제,홈페이지,경도,위도",
        "自治体名,国,都道府県,人口,加盟日,状態,テーマ,ウェブサイト,経度,緯度",
        "成员名称,国家,省份,人口,加入日期,状态,主题,网站,经度,纬度",
        "Gemeinde,Land,Bundesland,Einwohner,Mitglied seit,Status,Themen,Webseite,Längengrad,Breitengrad",
        "CITY_NAME,country_code,ADMIN1,POP,date-joined,membership,topics,URL,X,Y",
    ],
)
def test_the_columns_of_each_language_are_recognised(header):
    frame, issues = named(header.split(","))
    assert list(frame.columns) == [
        "name", "country", "admin1", "population", "since", "status", "themes", "url", "longitude", "latitude"
    ]  # fmt: skip
    assert [issue.code for issue in issues] == ["read-as"]


def test_each_spelling_is_written_as_it_is_compared_and_means_one_column():
    words = [word for words in SYNONYMS.values() for word in words]
    assert [word for word in words if fold(word) != word] == []
    assert len(words) == len(set(words))


def test_the_report_says_how_the_file_was_read_and_what_its_columns_are_taken_for():
    _, issues = named(["name", "País", "Lat"])
    assert issues[0].message == "read as UTF-8, comma; columns: name; País is country, Lat is latitude"


@pytest.mark.parametrize(
    ("spoken", "code"),
    [("Alemania", "DE"), ("Allemagne", "DE"), ("Alemanha", "DE"), ("독일", "DE"), ("ドイツ", "DE"), ("德国", "DE"),
     ("Deutschland", "DE"), ("GERMANY", "DE"), ("대한민국", "KR"), ("Atlantis", "Atlantis"), ("DE", "DE")],
)  # fmt: skip
def test_a_country_may_be_named_in_each_of_the_languages(spoken, code):
    frame, _ = named(["name", "country"], {"country": spoken})
    assert frame["country"].tolist() == [code]


@pytest.mark.parametrize(
    "headers",
    [("ISO2", "Country"), ("País", "Código país"), ("country", "country_name"), ("国コード", "国名")],
)
def test_a_code_and_a_name_of_the_country_may_stand_side_by_side(headers):
    code, name = sorted(headers, key=lambda header: header in {"Country", "País", "country_name", "国名"})
    frame, issues = named(["name", *headers], {code: "", name: "Norway"})
    assert frame["country"].tolist() == ["NO"]
    assert [issue.code for issue in issues] == ["read-as"]


def test_a_region_is_a_province_only_where_nothing_else_is():
    assert named(["name", "Region"])[0].columns.tolist() == ["name", "admin1"]
    _, issues = named(["Region", "name", "Province"])
    assert [(issue.code, issue.column) for issue in issues[1:]] == [("unused-column", "Region")]


def test_a_mapping_comes_before_the_usual_spellings():
    columns = ["Bezeichnung", "Name", "country"]
    with pytest.raises(BadData, match=r"both mean name.*"):
        named([*columns, "City"])
    frame, issues = named(columns, {"Bezeichnung": "Bonn"}, chosen={"name": "bezeichnung"})
    assert frame["name"].tolist() == ["Bonn"]
    assert [(issue.code, issue.column) for issue in issues[1:]] == [("unused-column", "Name")]


def test_the_network_may_map_columns_and_a_name_that_we_do_not_have_is_refused(tmp_path):
    assert read_mapping(tmp_path) == {}
    (tmp_path / "network.toml").write_text('[columns]\nname = "Bezeichnung"\n', "utf-8")
    assert read_mapping(tmp_path) == {"name": "Bezeichnung"}
    for broken in (
        '[columns]\nnaem = "x"\n',
        "columns = 1\n",
        "[columns]\nname = 1\n",
        '[columns]\nname = ""\n',
    ):
        (tmp_path / "network.toml").write_text(broken, "utf-8")
        with pytest.raises(BadConfiguration):
            read_mapping(tmp_path)


def test_a_column_that_was_named_just_now_must_be_there():
    table = RawTable(pd.DataFrame({"A": []}), "m.csv", "", ValidationReport(0, 0, 0))
    must_be_there(table, {"name": "a"})
    with pytest.raises(BadData, match="there is no column 'B' – the columns are A"):
        must_be_there(table, {"name": "B"})
    with pytest.raises(BadConfiguration, match="there is no column 'naem'"):
        must_be_there(table, {"naem": "A"})
