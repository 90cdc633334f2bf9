"""What Natural Earth leaves open, decided: which country a feature without an ISO code is drawn as, and why.

README.md prints these tables; tests/test_geodata.py holds the two together.
"""

from typing import NamedTuple


class Rule(NamedTuple):
    """A feature without an ISO code: the country it becomes part of ("" where it is left out), and the reason."""

    country: str
    reason: str


# By the name that world-atlas gives. A feature that is not listed stops the build.
FEATURES = {
    "Kosovo": Rule("XK", "drawn by itself under the user-assigned code XK, which CLDR and GeoNames use too"),
    "Somaliland": Rule("SO", "ISO 3166 lists no such country; its land is Somalia's"),
    "N. Cyprus": Rule("CY", "ISO 3166 lists no such country; its land is Cyprus's"),
    "Cyprus U.N. Buffer Zone": Rule(
        "CY", "patrolled by the United Nations, not a country; its land is Cyprus's"
    ),
    "Dhekelia": Rule(
        "CY", "a military base without a code; the local governments in and around it are Cyprus's"
    ),
    "Akrotiri": Rule(
        "CY", "a military base without a code; the local governments in and around it are Cyprus's"
    ),
    "USNB Guantanamo Bay": Rule("CU", "a leased military base; its land is Cuba's"),
    "Baikonur": Rule("KZ", "a leased spaceport; its land is Kazakhstan's"),
    "Indian Ocean Ter.": Rule(
        "AU", "Christmas Island and the Cocos Islands in one feature; drawn with Australia"
    ),
    "Coral Sea Is.": Rule("AU", "an external territory of Australia without a code"),
    "Clipperton I.": Rule(
        "FR", "state property of France, without inhabitants and without a code of its own"
    ),
    "Siachen Glacier": Rule(
        "", "disputed between India and Pakistan, without inhabitants: undetermined, not coloured"
    ),
    "Spratly Is.": Rule("", "disputed between six states: undetermined, not coloured"),
    "Scarborough Reef": Rule("", "disputed, without inhabitants: undetermined, not coloured"),
    "Bajo Nuevo Bank": Rule("", "disputed, without inhabitants: undetermined, not coloured"),
    "Serranilla Bank": Rule("", "disputed, without inhabitants: undetermined, not coloured"),
}


class Transfer(NamedTuple):
    """Land that Natural Earth gives to one country and we to another, and the reason.

    It is the polygon that holds `point`, as far as it lies south of `south_of`.
    """

    name: str
    point: tuple[float, float]
    given_to: str
    country: str
    reason: str
    south_of: float = 90.0


# Natural Earth draws who is in control; our ids are ISO 3166, which says what belongs to whom. These two are all
# the places of 15,000 inhabitants and more whose country in GeoNames is another by more than the width of a line.
TRANSFERS = (
    Transfer(
        "Crimea",
        (34.0, 45.2),
        "RU",
        "UA",
        "ISO 3166-2 lists it as UA-43 and UA-40, GeoNames as Ukraine, and so does the UN (resolution 68/262)",
    ),
    Transfer(
        "Western Sahara west of the berm",
        (-13.1, 27.1),
        "MA",
        "EH",
        "ISO 3166-1, GeoNames and the UN (list of Non-Self-Governing Territories) know one Western Sahara, up to 27°40′ N",
        south_of=27 + 40 / 60,
    ),
)

# ISO 3166 entries that Natural Earth draws as part of another country.
PART_OF = {
    "BQ": "NL",
    "BV": "NO",
    "CC": "AU",
    "CX": "AU",
    "GF": "FR",
    "GP": "FR",
    "MQ": "FR",
    "RE": "FR",
    "SJ": "NO",
    "TK": "NZ",
    "YT": "FR",
}

# The 1 : 50 million file lacks these, the 1 : 10 million file has them; and the other way round.
FROM_10M = ("GI", "TV", "UM")
FROM_50M = ("VA",)

# CLDR's own short variants (alt="short"), which Babel leaves out; its long ones are clumsy on a map.
SHORT_NAMES = {"HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "PS": "Palestine"}

# UN M49 puts Antarctica (010) into no region.
M49_ALONE = {"AQ": "AQ"}
