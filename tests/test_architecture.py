"""Rules of the house that a linter does not know."""

import ast
import re
from pathlib import Path

import pytest

from mapsvc.settings import shipped
from mapsvc.sources.network import read_network

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "mapsvc").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def names_in(path: Path) -> set[str]:
    """Return every name and attribute that a module uses."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return attributes | imported | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_there_is_something_to_check():
    assert len(MODULES) > 20
    assert len(TEMPLATES) >= 4


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_marks_text_as_safe_or_uses_what_folium_does_unsafely(path: Path):
    forbidden = {
        "Markup",
        "explore",
        "Popup",
        "Tooltip",
        "Choropleth",
        "_repr_html_",
        "render_template_string",
        "eval",
        "exec",
    }
    assert not names_in(path) & forbidden


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_marks_text_as_safe_or_carries_script_or_style(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape|\son[a-z]+=|\sstyle=|<style|javascript:", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag or 'type="application/ld+json"' in tag, tag


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_names_the_bundled_network(path: Path):
    network = read_network(shipped("geodata"), {})
    text = path.read_text(encoding="utf-8").casefold()
    assert network.id not in text
    assert network.name.casefold() not in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_module_says_in_its_first_line_why_it_exists(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted((ROOT / "mapsvc/static/js").glob("*.js")), ids=lambda path: path.stem)
def test_no_script_writes_markup_or_evaluates_text(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTML", text
    )
