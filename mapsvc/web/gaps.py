"""Coverage gaps: where its pages and files are. What they need is imported when the first is asked for, not at every start."""

from collections.abc import Callable

from flask import Blueprint, Response

blueprint = Blueprint("gaps", __name__)

# The functions of `gaps_answers` and `gaps_files`, and their addresses.
ROUTES = {
    "page": "/gaps",
    "matrix_page": "/gaps/themes",
    "method_page": "/gaps/method",
    "near_page": "/gaps/near",
    "next_page": "/gaps/who-next",
    "next_csv": "/gaps/who-next.csv",
    "next_geojson": "/gaps/who-next.geojson",
    "as_csv": "/gaps.csv",
    "as_json": "/gaps.json",
    "as_geojson": "/gaps.geojson",
    "urban_centres": "/urban-centres.geojson",
}


def _late(name: str) -> Callable[[], Response]:
    """Return the view of that name, which imports its module when it is first asked for."""

    def view() -> Response:
        from mapsvc.web import gaps_answers, gaps_files  # noqa: PLC0415 – a tenth of the time that a start may take

        module = gaps_answers if hasattr(gaps_answers, name) else gaps_files
        answer: Response = getattr(module, name)()
        return answer

    return view


for _name, _path in ROUTES.items():
    blueprint.add_url_rule(_path, _name, _late(_name))
