"""Our own words for the values of the model, in the visitor's language."""

from collections.abc import Mapping
from functools import lru_cache

from mapsvc.i18n import Language

_ = str  # marks a text for the catalogue; the translation happens below


def _n(singular: str, plural: str) -> tuple[str, str]:
    """Mark a text that counts; it is put into the forms of a language below."""
    return singular, plural


TYPE_TITLES = {
    "city": _("City"),
    "town": _("Town"),
    "village": _("Village"),
    "district": _("District"),
    "county": _("County"),
    "region": _("Region"),
    "association": _("Association"),
    "other": _("Other"),
}

STATUS_TITLES = {
    "member": _("Member"),
    "former": _("Former member"),
    "prospect": _("Prospect"),
    "unconfirmed": _("Unconfirmed"),
}

FILTER_TITLES = {
    "theme": _("Theme"),
    "region": _("Region"),
    "country": _("Country"),
    "type": _("Type"),
    "status": _("Status"),
}

COLUMN_TITLES = {
    "name": _("Name"),
    "type": _("Type"),
    "country": _("Country"),
    "admin1": _("State or province"),
    "since": _("Since"),
    "themes": _("Themes"),
    "source": _("Source"),
}

# Of what a search finds.
KIND_TITLES = {
    "theme": _("Themes"),
    "country": _("Countries"),
    "member": _("Members"),
    "place": _("Places"),
}

VIEW_TITLES = {
    "members": _("Members"),
    "countries": _("Countries"),
    "themes": _("Themes"),
}

MEASURE_TITLES = {
    "members": _("Members per country"),
    "per-million": _("Members per million urban inhabitants"),
    "share": _("Urban people covered by members, %"),
    "first-year": _("Year of the first member"),
}

# What a measure is made of, where that is not plain.
MEASURE_NOTES = {
    "per-million": _(
        "Urban inhabitants: those of GeoNames places of 15,000 and more, boroughs not counted twice."
    ),
    "share": _(
        "Inhabitants of GeoNames places of 15,000 and more that a member is, lies in or is the region of; "
        "a lower bound, of the members that are listed here."
    ),
    "first-year": _("The year in which the first of the members with a known date joined."),
}

# How a value is said; %n is a number.
MEASURE_VALUES = {
    "per-million": _("%n members per million urban inhabitants"),
    "share": _("%n % of the urban people"),
    "first-year": _("first member in %n"),
}

# The looks of countries without a class.
LOOK_TITLES = {
    "not-in-theme": _("Members, none known in this theme"),
    "unknown": _("Themes not recorded"),
    "no-centre": _("Members, no urban centre counted"),
    "no-date": _("Members, year not recorded"),
    "none": _("No member"),
}

# What a frame shows around the map.
PART_TITLES = {
    "title": _("Title and numbers"),
    "legend": _("Legend"),
    "search": _("Search"),
    "filters": _("Filters"),
    "list": _("List of members"),
    "download": _("Downloads"),
}

LOOK_NAMES = {
    "auto": _("As the visitor's device"),
    "light": _("Light"),
    "dark": _("Dark"),
}

# The ways to put the map into a site, each with what it is for.
CODE_TITLES = {
    "frame": (_("Frame"), _("For any site that takes HTML; no script.")),
    "responsive": (
        _("Frame that fits its height"),
        _("With a script of ten lines; sites that embed Datawrapper charts need only the frame."),
    ),
    "component": (_("Web component"), _("One small script for all maps of a site; it fits their heights.")),
    "url": (
        _("Address alone"),
        _("For editors that make a map of a pasted address (oEmbed), or ask for a frame's address."),
    ),
    "picture": (_("Picture with a link"), _("For sites and letters that show no frames.")),
    "markdown": (_("Picture with a link, in Markdown"), _("For forums, wikis and READMEs.")),
}

# Where which code is pasted.
PLACE_TEXTS = {
    "WordPress": ("url", _("in a line of its own, once the owner of the site has added the provider:")),
    "WordPress, TYPO3, Ghost": ("frame", _("as HTML: Custom HTML, Plain HTML, HTML card")),
    "Drupal, Moodle": ("frame", _("in the source of the text, with a format that keeps frames (Full HTML)")),
    "Notion, Confluence, SharePoint": ("url", _("as an embed, or in the block of a web page")),
    "HTML": ("responsive", _("anywhere in the body")),
    "GitHub, GitLab": ("markdown", _("anywhere in a text")),
}

# Read aloud or shown by the map's own script, which gets them through Folium: no markup, no braces.
MAP_TEXTS = {
    "label": _("Map of the members"),
    "noMembers": _("no members in this view"),
    "notInTheme": _("members, but none known in this theme"),
    "unknown": _("themes not recorded"),
    "country": _("Country"),
    "themes": _("Themes"),
    "themesUnknown": _("not recorded"),
    "themesNone": _("none"),
    "status": _("Status"),
    "since": _("Member since"),
    "source": _("Source"),
    "page": _("Own page"),
    "seat": _("Shown at its seat"),
    "close": _("Close"),
    "zoomIn": _("Zoom in"),
    "zoomOut": _("Zoom out"),
    "fullScreen": _("Full screen"),
    "leaveFullScreen": _("Leave full screen"),
    "wholeWorld": _("Show everything"),
    "failed": _("The map could not be loaded. The list below is complete."),
}

# The same, counting: the script chooses the form. %n is a number, %p one place or several, as in "23 members in Kenya, Uganda".
MAP_COUNTS = {
    "members": _n("%n member", "%n members"),
    "membersIn": _n("%n member in %p", "%n members in %p"),
    "others": _n("%n other", "%n others"),
}


def translated(table: dict[str, str], language: Language) -> dict[str, str]:
    """Return `table` with its values in a language."""
    return {key: language.gettext(value) for key, value in table.items()}


@lru_cache(maxsize=32)
def map_texts(language: Language) -> Mapping[str, str]:
    """Return what the map's own script says; a text that counts has one entry per form, as ``members.one``."""
    counts = {
        f"{key}.{kind}": text
        for key, forms in MAP_COUNTS.items()
        for kind, text in language.plurals(*forms).items()
    }
    return translated(MAP_TEXTS, language) | counts
