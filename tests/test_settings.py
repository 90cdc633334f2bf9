"""Settings come from the environment once, and a wrong one is named."""

import dataclasses
import re
from pathlib import Path

import pytest

from mapsvc import settings
from mapsvc.errors import BadConfiguration
from mapsvc.settings import Settings, shipped

README = Path(__file__).resolve().parent.parent / "README.md"


def test_without_variables_the_defaults_hold():
    assert Settings.from_env({"HOME": "/root"}) == Settings()


def test_each_kind_of_value_is_read():
    found = Settings.from_env({"MAPSVC_TRUSTED_HOSTS": "a.example, b.example", "MAPSVC_CACHE_MB": "8"})
    assert found.trusted_hosts == ("a.example", "b.example")
    assert found.cache_mb == 8


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MAPSVC_CACHE_MB", "many"),
        ("MAPSVC_CACHE_MB", "٣"),
        ("MAPSVC_BASE_URL", "ftp://x"),
        ("MAPSVC_BASE_URL", "https://[::1"),
        ("MAPSVC_BASE_URL", "https://x/#f"),
        ("MAPSVC_BASEURL", ""),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str):
    with pytest.raises(BadConfiguration) as caught:
        Settings.from_env({variable: value})
    assert caught.value.column == variable


def test_host_names_are_compared_in_lower_case():
    assert Settings(trusted_hosts=("Example.ORG",)).trusted_hosts == ("example.org",)


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().data = "x"  # type: ignore[misc]


def test_a_folder_that_did_not_come_along_is_an_error():
    with pytest.raises(BadConfiguration):
        shipped("nosuchfolder")


def test_the_readme_documents_every_setting_with_its_default_and_no_other():
    table = dict(
        re.findall(r"^\| `(MAPSVC_\w+)` \| (.*?) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    )
    expected = {}
    for one in dataclasses.fields(Settings):
        default = ",".join(one.default) if isinstance(one.default, tuple) else str(one.default)
        expected[settings.PREFIX + one.name.upper()] = f"`{default}`" if default else "–"
    assert table == expected


def test_the_readme_says_of_each_setting_what_it_does():
    text = README.read_text(encoding="utf-8")
    for one in dataclasses.fields(Settings):
        assert one.metadata["help"] in text, one.name
