"""The pages of coverage, and who to ask next as files: what `gaps` leads to."""

from flask import Response, render_template, request

from mapsvc.analysis.gaps_query import GapsQuery, parse_gaps_query
from mapsvc.analysis.near_query import parse_near_query
from mapsvc.analysis.siting import Question
from mapsvc.analysis.siting_query import parse_question
from mapsvc.formats import coverage as formats
from mapsvc.formats import geojson
from mapsvc.web.asking import file_name_of, is_download
from mapsvc.web.assets import asset
from mapsvc.web.gaps_matrix import compose_matrix
from mapsvc.web.gaps_method import compose_method
from mapsvc.web.gaps_sheet import compose_gaps
from mapsvc.web.http import respond
from mapsvc.web.language import PARAMETER, check_language, respond_page
from mapsvc.web.near_sheet import compose_near
from mapsvc.web.next_sheet import answer_about, compose_next, next_frame, siting_of
from mapsvc.web.snapshot import Snapshot, snapshot


def _asked_page() -> tuple[Snapshot, GapsQuery]:
    here = snapshot()
    arguments = request.args.items(multi=True)
    query = parse_gaps_query(arguments, here.dataset.network, here.dataset.countries.index, strict=False)
    return here, query


def page() -> Response:
    """Serve the page of coverage gaps."""
    here, query = _asked_page()
    return respond_page(
        ("gaps", query),
        lambda: render_template("gaps.html", page=compose_gaps(here, query), asset=asset).encode(),
    )


def matrix_page() -> Response:
    """Serve the matrix of themes and countries."""
    here, query = _asked_page()
    return respond_page(
        ("gaps-matrix", query),
        lambda: render_template("matrix.html", page=compose_matrix(here, query), asset=asset).encode(),
    )


def method_page() -> Response:
    """Serve how coverage is measured: every formula, its source, and an example to check by hand."""
    here = snapshot()
    return respond_page(
        "gaps-method",
        lambda: render_template("method.html", page=compose_method(here), asset=asset).encode(),
    )


def near_page() -> Response:
    """Serve the members nearest to a place."""
    here = snapshot()
    query = parse_near_query(request.args.items(multi=True), here.dataset.network)
    return respond_page(
        ("near", query),
        lambda: render_template("near.html", page=compose_near(here, query), asset=asset).encode(),
    )


def _asked_next(*, strict: bool) -> tuple[Snapshot, Question]:
    here = snapshot()
    question = parse_question(
        request.args.items(multi=True), here.dataset.network, here.dataset.countries.index,
        also=(PARAMETER, "dl"), strict=strict,
    )  # fmt: skip
    return here, question


def next_page() -> Response:
    """Serve who to ask next, and why."""
    here, question = _asked_next(strict=False)
    return respond_page(
        ("who-next", question),
        lambda: render_template("who_next.html", page=compose_next(here, question), asset=asset).encode(),
    )


def next_csv() -> Response:
    """Serve who to ask next as CSV."""
    check_language()
    here, question = _asked_next(strict=True)

    def make() -> bytes:
        coverage, found = siting_of(here, question)
        # What was asked, and how good the whole answer is, stand in each row, as what it rests on does.
        frame = next_frame(coverage, found).assign(
            theme=question.theme, reach_km=question.reach_km, equity=question.equity, min_people=question.min_people,
            leave_out=" ".join(sorted(question.leave_out)),
            candidates=found.n_candidates, people_reached_now=found.reached_people, gap=round(found.gap, 9),
        )  # fmt: skip
        rows, columns = formats.place_rows(frame), [str(frame.index.name), *map(str, frame.columns)]
        return formats.table_csv(columns, rows, formats.about(here.dataset, coverage))

    return respond(
        ("who-next.csv", question), make, formats.CSV_TYPE, public=True, filename=_next_file(here, "csv"),
        language=here.language.tag,
    )  # fmt: skip


def next_geojson() -> Response:
    """Serve who to ask next as points."""
    check_language()
    here, question = _asked_next(strict=True)

    def make() -> bytes:
        coverage, found = siting_of(here, question)
        rows = formats.place_rows(next_frame(coverage, found))
        said = formats.about(here.dataset, coverage) | answer_about(found)
        counts = {"numberMatched": len(rows), "numberReturned": len(rows)}
        return geojson.collection(geojson.place_features(rows), said | counts)

    return respond(
        ("who-next.geojson", question), make, geojson.MEDIA_TYPE, public=True, filename=_next_file(here, "geojson"),
        language=here.language.tag,
    )  # fmt: skip


def _next_file(here: Snapshot, ending: str) -> str:
    saved = is_download(list(request.args.items(multi=True)))
    return file_name_of(here.dataset, "who-next", (), ending) if saved else ""
