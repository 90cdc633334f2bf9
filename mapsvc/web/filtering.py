"""The filters of a view: what can be chosen with how many members behind it, and what is chosen."""

from collections.abc import Callable

from mapsvc.analysis.queries import REPEATABLE, MapQuery
from mapsvc.analysis.selection import facet_counts
from mapsvc.i18n import Language
from mapsvc.model import MEMBER_TYPES, STATUSES, Dataset
from mapsvc.web.texts import FILTER_TITLES, translated
from mapsvc.web.titles import Titles, page_url
from mapsvc.web.views import Chip, Choice, ChoiceGroup, Filter


def filters_of(dataset: Dataset, query: MapQuery, titles: Titles, language: Language) -> tuple[Filter, ...]:
    """Return the filters of a view as the form shows them."""
    counts = facet_counts(dataset.members, query, dataset.network)
    names = translated(FILTER_TITLES, language)

    def choice(name: str, value: str) -> Choice:
        chosen: tuple[str, ...] = getattr(query, name)
        return Choice(value, titles[name][value], counts[name].get(value, 0), value in chosen)

    def plain(name: str, values: tuple[str, ...]) -> Filter:
        return Filter(name, names[name], (ChoiceGroup("", tuple(choice(name, value) for value in values)),))

    themes = tuple(
        ChoiceGroup(
            group.title, tuple(choice("theme", one.id) for one in group.themes), choice("theme", group.id)
        )
        for group in dataset.network.groups
    )
    # A choice that no member has would be noise, unless it was chosen.
    present = {
        name: {*dataset.members[name].unique(), *getattr(query, name)}
        for name in ("country", "type", "status")
    }
    countries = sorted(present["country"], key=lambda code: language.order(titles["country"][code]))
    return (
        Filter("theme", names["theme"], themes),
        plain("region", tuple(region.id for region in dataset.network.regions)),
        plain("country", tuple(countries)),
        plain("type", tuple(one for one in MEMBER_TYPES if one in present["type"])),
        plain("status", tuple(one for one in STATUSES if one in present["status"])),
    )


def chips_of(
    query: MapQuery, titles: Titles, language: Language, address: Callable[[MapQuery], str] = page_url
) -> tuple[Chip, ...]:
    """Return the filters that are on; `address` says where the view without one is."""
    chips = [
        Chip(titles[name][value], address(query.without(name, value)))
        for name in REPEATABLE
        for value in getattr(query, name)
    ]
    for name, label in (
        ("joined_from", language.gettext("joined since %(date)s")),
        ("joined_to", language.gettext("joined until %(date)s")),
        ("asof", language.gettext("as of %(date)s")),
    ):
        if value := getattr(query, name):
            chips.append(Chip(label % {"date": language.date(str(value))}, address(query.without(name))))
    if query.q:
        chips.append(Chip(language.gettext("“%(text)s”") % {"text": query.q}, address(query.without("q"))))
    return tuple(chips)
