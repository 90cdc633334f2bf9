"""Which sites may show the map in a frame: read as written, matched as a browser does, and never by accident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.errors import BadConfiguration
from mapsvc.settings import Settings
from mapsvc.sites import check_sites, is_allowed


@pytest.mark.parametrize(
    ("written", "sites"),
    [
        ("", ()),
        ("*", ("*",)),
        ("https://example.org", ("https://example.org",)),
        ("HTTPS://Example.ORG/, https://example.org", ("https://example.org",)),
        ("http://localhost:8080,https://*.example.org", ("http://localhost:8080", "https://*.example.org")),
        ("https://example.org:443", ("https://example.org",)),
    ],
)
def test_a_list_is_read_as_it_is_meant(written: str, sites: tuple[str, ...]):
    assert Settings.from_env({"MAPSVC_EMBED_ALLOW": written}).embed_allow == sites


@pytest.mark.parametrize(
    "written",
    ["example.org", "https://", "ftp://example.org", "https://example.org/page", "https://*", "https://*.org",
     "https://exa*mple.org", "https://example.org:0", "https://example.org:99999", "https://a b", "*,https://example.org",
     "https://example.org; script-src *", "https://user@example.org", "https://[::1]", "https://müller.example",
     "'self'", "https://example.org\nX: y"],
)  # fmt: skip
def test_what_is_no_site_is_refused_by_the_name_of_the_setting(written: str):
    with pytest.raises(BadConfiguration) as caught:
        Settings.from_env({"MAPSVC_EMBED_ALLOW": written})
    assert caught.value.column == "MAPSVC_EMBED_ALLOW"


@pytest.mark.parametrize(
    ("page", "site", "allowed"),
    [
        ("https://example.org/any/page", "https://example.org", True),
        ("https://EXAMPLE.org", "https://example.org", True),
        ("https://example.org:443/", "https://example.org", True),
        ("https://example.org:8443/", "https://example.org", False),
        ("http://example.org/", "https://example.org", False),
        ("https://example.org/", "http://example.org", True),
        ("https://www.example.org/", "https://example.org", False),
        ("https://www.example.org/", "https://*.example.org", True),
        ("https://a.b.example.org/", "https://*.example.org", True),
        ("https://example.org/", "https://*.example.org", False),
        ("https://evilexample.org/", "https://*.example.org", False),
        ("https://example.org.evil.example/", "https://example.org", False),
        ("https://example.org@evil.example/", "https://example.org", False),
        ("http://localhost:8080/", "http://localhost:8080", True),
        ("null", "https://example.org", False),
        ("", "*", False),
        ("https://anyone.example", "*", True),
    ],
)
def test_a_page_is_allowed_as_a_browser_decides(page: str, site: str, allowed: bool):
    assert is_allowed(page, [site]) is allowed


@given(st.text(max_size=60))
def test_no_address_breaks_the_decision_and_an_empty_list_allows_none(address: str):
    assert is_allowed(address, []) is False
    is_allowed(address, ["https://*.example.org", "http://localhost:8080"])


@given(st.text(max_size=60))
def test_whatever_is_written_is_refused_or_safe_in_a_header(text: str):
    try:
        sites = check_sites([text], "EMBED_ALLOW")
    except BadConfiguration:
        return
    assert all(set(site) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-:/*") for site in sites)
