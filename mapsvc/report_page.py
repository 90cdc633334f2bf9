"""What an import found, as one HTML file to pass on: what `/data-quality` says of it, before anything is published."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mapsvc.analysis.completeness import ALL, FACTS, measure_completeness
from mapsvc.i18n import SOURCE_LANGUAGE, is_language, language
from mapsvc.model import COUNTED_STATUS
from mapsvc.sources.files import is_there
from mapsvc.sources.importer import ImportResult
from mapsvc.sources.toml import read_toml
from mapsvc.web.quality_sheet import facts_of, kinds_of

_NETWORK = "network.toml"
# Of the members without a place, as many are named: the rows of all of them are among the findings.
_MOST_NAMED = 1_000


def report_html(result: ImportResult, file: str, data: Path, templates: Path) -> bytes:
    """Return a page without scripts or anything that has to be fetched, in the language of the network.

    Parameters
    ----------
    file : str
        What the file is called.
    data, templates : Path
        Folders of the network, and of our templates.
    """
    path = data / _NETWORK
    tag = str(read_toml(path, _NETWORK).get("default_language", "")) if is_there(path) else ""
    own = language(tag if is_language(tag) else SOURCE_LANGUAGE)
    known = measure_completeness(result.members).loc[ALL, ["n_members", *FACTS]].to_dict()
    members = result.members[result.members["status"] == COUNTED_STATUS]
    without = members[members.geometry.isna()].head(_MOST_NAMED)
    # What stands in the file is text for the page, never more.
    made = Environment(loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined)
    made.globals["_"] = own.gettext
    page = made.get_template("report.html").render(
        language=own,
        file=file,
        report=result.report,
        findings=tuple(kinds_of(own, result.report.issues)),
        facts=facts_of(own, {str(name): int(value) for name, value in known.items()}),
        unplaced=list(zip(without["name"], without["country"], strict=True)),
    )
    return page.encode()
