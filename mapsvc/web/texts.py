"""Our own words for the values of the model, in the visitor's language."""

from gettext import NullTranslations

_ = str  # marks a text for the catalogue; the translation happens below

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

# Read aloud or shown by the map's own script, which gets them through Folium: no markup, no braces.
MAP_TEXTS = {
    "label": _("Map of the members"),
    "member": _("member"),
    "members": _("members"),
    # %n is a number, %p one place or several, as in "23 members in Kenya and Uganda".
    "memberIn": _("%n member in %p"),
    "membersIn": _("%n members in %p"),
    "others": _("%n others"),
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


def translated(table: dict[str, str], texts: NullTranslations) -> dict[str, str]:
    """Return `table` with its values in the language of `texts`."""
    return {key: texts.gettext(value) for key, value in table.items()}
