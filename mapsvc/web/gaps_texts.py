"""What the pages of coverage say: measures, columns, states, and how each is explained where it stands."""

_ = str  # marks a text for the catalogue; the translation happens where it is used

# What the map can show.
MAP_TITLES = {
    "people-share": _("Urban people covered, %"),
    "centre-share": _("Urban centres covered, %"),
    "ratio": _("Members / expected"),
    "missing": _("Members missing"),
    "people-short": _("People short of the world's share, millions"),
    "smoothed-rate": _("Members per million urban people, smoothed"),
    "rate": _("Members per million urban people, raw"),
    "chance": _("Fewer members than chance explains"),
}

# What each of them means, in one sentence.
MAP_NOTES = {
    "people-share": _(
        "Of the people in urban centres, those who live in what a member governs. Each counts once."
    ),
    "centre-share": _("Of the urban centres, those that a member governs whole."),
    "ratio": _("1 is as many members as the country would have at the world's number per urban inhabitant."),
    "missing": _("How many members short of the world's number per urban inhabitant."),
    "people-short": _("How many more people would have to be covered to reach the world's share."),
    "smoothed-rate": _(
        "Drawn towards the world's mean, the more the fewer people there are: two members of a small country are no trend."
    ),
    "rate": _(
        "As counted; one member of a small country weighs much here. Compare it with the smoothed rate."
    ),
    "chance": _("Coloured only where a number so small comes by chance in less than one of twenty cases."),
}

# The looks of countries without a class.
LOOKS = {
    "no-gap": _("None missing"),
    "more": _("More members than chance explains"),
    "not-clear": _("No clear difference"),
    "not-in-theme": _("Members, none known in this theme"),
    "unknown": _("Themes not recorded"),
    "no-centre": _("No urban centre counted"),
    "none": _("No member"),
}

COLUMN_TITLES = {
    "name": _("Country"),
    "members": _("Members"),
    "expected": _("Expected"),
    "ratio": _("Members / expected"),
    "missing": _("Missing"),
    "chance": _("Chance, p"),
    "rate": _("Per million, raw"),
    "smoothed-rate": _("Smoothed"),
    "centre-share": _("Centres covered"),
    "people-share": _("People covered"),
    "people-short": _("People short"),
}

# How to read the table, column by column.
COLUMN_NOTES = {
    "members": _("Members at the date; of a theme, those known to work on it."),
    "expected": _("What the country would have with as many members per urban inhabitant as the world."),
    "ratio": _("1 is as many as expected, 0.5 is half."),
    "missing": _("Expected less members; 0 where there are enough."),
    "chance": _(
        "How likely a number at least so far from what is expected is by chance alone. Below 0.05 it stands out, and is set in bold."
    ),
    "rate": _("Members per million inhabitants of urban centres, as counted."),
    "smoothed-rate": _("The same, drawn towards the world's mean where few people make it uncertain."),
    "centre-share": _(
        "Urban centres that members govern whole, of all; below it the interval that holds the true share in 95 of 100 cases."
    ),
    "people-share": _(
        "People of urban centres whom members cover, of all; below it those through regions alone."
    ),
    "people-short": _("How many more people would have to be covered to reach the world's share."),
}

# The states of a theme in a country.
STATE_TITLES = {
    "active": _("active in the theme"),
    "not-in-theme": _("members, none known in it"),
    "unknown": _("themes not recorded"),
    "none": _("no member"),
}

CENTRE_STATES = {
    "member": _("Members"),
    "in-member-region": _("In a member region"),
    "in-part": _("In part"),
    "missing": _("Missing"),
}

UNMATCHED = {
    "association": _("An association covers nothing by itself"),
    "no-place": _("Its place is not known"),
    "no-centre": _("It lies in no urban centre"),
}
