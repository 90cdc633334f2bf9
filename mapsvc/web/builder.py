"""`/embed/builder`: a form that holds all that can be chosen for a frame, with its preview and the codes to copy.

Its own address is the choice, so that it can be sent, kept and changed; it works without scripts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from mapsvc.analysis.measures import offered_measures
from mapsvc.analysis.queries import VIEWS, MapQuery, parse_map_query
from mapsvc.errors import BadQuery
from mapsvc.i18n import Language, language
from mapsvc.model import Dataset
from mapsvc.sites import EVERYBODY
from mapsvc.web import framing
from mapsvc.web.asking import single_value
from mapsvc.web.assets import asset
from mapsvc.web.colours import contrast_with_paper
from mapsvc.web.embed_options import LOOKS, PARTS, EmbedOptions, camera_of, parse_options
from mapsvc.web.filtering import chips_of, filters_of
from mapsvc.web.frames import USUAL_HEIGHT, BuilderPage, Code, FrameCode, Option, Place
from mapsvc.web.http import absolute, service
from mapsvc.web.language import current_language, offered_tags, respond_page, with_query
from mapsvc.web.sharing import (
    component_html,
    embed_url,
    frame_html,
    picture_html,
    picture_markdown,
    provider_line,
    responsive_html,
)
from mapsvc.web.texts import (
    CODE_TITLES,
    LOOK_NAMES,
    MEASURE_TITLES,
    PART_TITLES,
    PLACE_TEXTS,
    VIEW_TITLES,
    translated,
)
from mapsvc.web.titles import Titles, page_url, value_titles

blueprint = Blueprint("builder", __name__)

MIN_HEIGHT, MAX_HEIGHT = 200, 2000
RATIOS = ("16/9", "4/3", "1/1")
# What text needs, after WCAG 2.2, 1.4.3.
_READABLE = 4.5


@dataclass(frozen=True)
class FrameChoice:
    """All that is chosen for a frame. `speaks` is its language, empty for the visitor's; `ratio` replaces the height."""

    query: MapQuery
    options: EmbedOptions
    speaks: str = ""
    height: int = USUAL_HEIGHT
    ratio: str = ""
    camera: str = ""

    def canonical(self) -> str:
        """Return the query of the builder's own address; empty where nothing is chosen."""
        own = [("speaks", self.speaks), ("ratio", self.ratio), ("camera", self.camera)]
        if self.height != USUAL_HEIGHT:
            own.append(("height", str(self.height)))
        parts = (
            self.query.canonical(),
            self.options.canonical(),
            urlencode([one for one in own if one[1]], safe="/"),
        )
        return "&".join(part for part in parts if part)


@blueprint.get("/embed/builder")
def builder() -> Response:
    """Serve the builder with what its address has chosen."""
    dataset = service().store.dataset
    framing.show_our_own_frames()
    arguments = list(request.args.items(multi=True))
    query = parse_map_query(arguments, dataset.network, dataset.countries.index, strict=False)
    choice = parse_choice(arguments, query)

    def make() -> bytes:
        page = compose_builder(dataset, choice, current_language())
        return render_template("builder.html", page=page, network=page.network, asset=asset).encode()

    return respond_page(("builder", choice), make)


def parse_choice(arguments: Iterable[tuple[str, str]], query: MapQuery) -> FrameChoice:
    """Check what the builder's address chooses besides the view.

    Raises
    ------
    BadQuery
        Naming the parameter, with what is allowed.
    """
    given = [(name, value.strip()) for name, value in arguments]
    speaks = single_value(given, "speaks").lower()
    spoken = {tag.lower(): tag for tag in offered_tags()}
    if speaks and speaks not in spoken:
        raise BadQuery(
            f"there is no language {speaks[:40]!r}", parameter="speaks", allowed=tuple(spoken.values())
        )
    height = single_value(given, "height")
    if height and (not re.fullmatch(r"[0-9]{1,4}", height) or not MIN_HEIGHT <= int(height) <= MAX_HEIGHT):
        limits = (str(MIN_HEIGHT), str(MAX_HEIGHT))
        raise BadQuery(
            f"'height' is a whole number from {' to '.join(limits)}", parameter="height", allowed=limits
        )
    ratio = single_value(given, "ratio")
    if ratio and ratio not in RATIOS:
        raise BadQuery(f"there is no ratio {ratio[:40]!r}", parameter="ratio", allowed=RATIOS)
    camera = single_value(given, "camera").removeprefix("#")
    if camera and not camera_of(camera):
        raise BadQuery("'camera' is zoom/latitude/longitude", parameter="camera", allowed=("4/-1.3/36.8",))
    return FrameChoice(
        query, parse_options(given), spoken.get(speaks, ""), int(height or USUAL_HEIGHT), ratio, camera
    )


def compose_builder(dataset: Dataset, choice: FrameChoice, here: Language) -> BuilderPage:
    """Put together what the builder shows of a choice."""
    query, options, allowed = choice.query, choice.options, service().embed_allow
    titles = value_titles(dataset, here)
    src = embed_url(query, options, choice.camera, lang=choice.speaks or None)
    compiled = dataset.network.compiled
    pinned = replace(choice, query=replace(query, asof=compiled))
    builder_url = url_for("builder.builder")
    return BuilderPage(
        network=dataset.network.in_language(here.tag),
        canonical_query=choice.canonical(),
        query=query,
        filters=filters_of(dataset, query, titles, here),
        views=_options(VIEWS, translated(VIEW_TITLES, here), {query.view}),
        measures=_options(offered_measures(dataset), translated(MEASURE_TITLES, here), {query.measure}),
        languages=tuple(Option(tag, language(tag).own_name, tag == choice.speaks) for tag in offered_tags()),
        parts=_options(PARTS[:-1], translated(PART_TITLES, here), set(options.show)),
        looks=_options(LOOKS, translated(LOOK_NAMES, here), {options.look}),
        ratios=tuple(Option(one, one.replace("/", " : "), one == choice.ratio) for one in RATIOS),
        accent=options.accent,
        contrast=_said_of_contrast(options, here),
        height=choice.height,
        camera=choice.camera,
        # A preview comes from the host that shows it, whatever the public address is.
        preview=src.removeprefix(absolute("/").removesuffix("/")) if service().base_url else src,
        title=_title(dataset, query, titles, here),
        codes=_codes(dataset, choice, src, here),
        places=_places(here),
        sites=() if EVERYBODY in allowed else allowed,
        is_allowed=bool(allowed),
        map_url=page_url(query),
        pin_url=with_query(builder_url, pinned.canonical()) if compiled and not query.asof else "",
        pin_date=compiled,
        keep_url=_kept_url(choice, dataset.generation) if not service().store.pin else "",
        live_url=with_query(url_for("builder.builder", snapshot=None), choice.canonical())
        if service().store.pin
        else "",
    )


def _kept_url(choice: FrameChoice, generation: str) -> str:
    """Return the builder with the same choice at the running snapshot; empty where that stands in no history."""
    return (
        with_query(url_for("builder.builder", snapshot=generation), choice.canonical()) if generation else ""
    )


def _options(values: Iterable[str], titles: dict[str, str], chosen: set[str]) -> tuple[Option, ...]:
    return tuple(Option(one, titles[one], one in chosen) for one in values)


def _title(dataset: Dataset, query: MapQuery, titles: Titles, spoken: Language) -> str:
    network = dataset.network.in_language(spoken.tag)
    return " · ".join([*(chip.label for chip in chips_of(query, titles, spoken)), network.title])


def _codes(dataset: Dataset, choice: FrameChoice, src: str, here: Language) -> tuple[Code, ...]:
    """Return the codes, in the language of the frame: its title is read by the visitors of the site."""
    spoken = language(choice.speaks) if choice.speaks else here
    query = choice.query
    title = _title(dataset, query, value_titles(dataset, spoken), spoken)
    link = absolute(with_query(url_for("pages.index", lang=choice.speaks or None), query.canonical()))
    # A picture cannot ask its visitor: it speaks as the page does on which it was chosen.
    picture_url = url_for("pictures.png", lang=spoken.tag) if choice.speaks else url_for("pictures.png")
    picture = absolute(with_query(picture_url, query.canonical(), "size=og"))
    whole = f"{link}#{choice.camera}" if choice.camera else link
    frame = FrameCode(title, src, whole, choice.height, ratio=choice.ratio)
    texts = {
        "frame": frame_html(frame),
        "responsive": responsive_html(replace(frame, ratio="")),
        "component": component_html(frame),
        "url": src,
        "picture": picture_html(title, picture, whole),
        "markdown": picture_markdown(title, picture, whole),
    }
    return tuple(
        Code(name, here.gettext(said), here.gettext(note), texts[name])
        for name, (said, note) in CODE_TITLES.items()
    )


def _places(here: Language) -> tuple[Place, ...]:
    """Return where the codes are pasted; a frame's address alone is no use where nobody may embed or find out how."""
    public = service().base_url
    line = provider_line(public) if public and service().embed_allow else ""
    return tuple(
        Place(
            system,
            here.gettext(CODE_TITLES[code][0]),
            here.gettext(where),
            line if system == "WordPress" else "",
        )
        for system, (code, where) in PLACE_TEXTS.items()
        if line or system != "WordPress"
    )


def _said_of_contrast(options: EmbedOptions, here: Language) -> str:
    if not options.accent:
        return ""
    ratios = contrast_with_paper(f"#{options.accent}")
    shown = [ratios[one] for one in ("light", "dark") if options.look in {"auto", one}]
    numbers = here.listed([f"{here.number(round(one, 1))} : 1" for one in shown])
    if min(shown) >= _READABLE:
        return here.gettext("Contrast with the paper: %(ratio)s. It is readable as it is.") % {
            "ratio": numbers
        }
    text = here.gettext(
        "Contrast with the paper: %(ratio)s. Text needs 4.5 : 1 and takes a darker or lighter shade of it."
    )
    return text % {"ratio": numbers}
