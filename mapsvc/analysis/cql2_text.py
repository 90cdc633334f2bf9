"""CQL2 text as CQL2 JSON: one grammar, read from left to right in time that grows with the length, and nothing evaluated."""

import re
from functools import lru_cache

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, UnexpectedCharacters, UnexpectedToken

from mapsvc.errors import BadQuery

Node = dict[str, object]
MAX_NESTING = 20

# Basic CQL2 with the advanced comparison operators, and S_INTERSECTS with a point or a box (OGC 21-065r2, annex B).
_GRAMMAR = r"""
?start: either
?either: both | either "OR"i both -> either
?both: denial | both "AND"i denial -> both
?denial: predicate | "NOT"i denial -> denial
?predicate: "(" either ")"
    | scalar COMPARISON scalar -> comparison
    | NAME "IS"i "NULL"i -> is_null
    | NAME "IS"i "NOT"i "NULL"i -> is_not_null
    | scalar "LIKE"i TEXT -> like
    | scalar "NOT"i "LIKE"i TEXT -> not_like
    | scalar "BETWEEN"i scalar "AND"i scalar -> between
    | scalar "NOT"i "BETWEEN"i scalar "AND"i scalar -> not_between
    | scalar "IN"i "(" values ")" -> within
    | scalar "NOT"i "IN"i "(" values ")" -> not_within
    | "S_INTERSECTS"i "(" NAME "," shape ")" -> intersects
    | TRUE -> truth
    | FALSE -> falsehood
values: scalar ("," scalar)*
?shape: "POINT"i "(" NUMBER NUMBER ")" -> point
    | "BBOX"i "(" NUMBER ("," NUMBER)+ ")" -> box
?scalar: NAME -> property
    | TEXT -> text
    | NUMBER -> number
    | TRUE -> truth
    | FALSE -> falsehood
    | "DATE"i "(" TEXT ")" -> date
    | "TIMESTAMP"i "(" TEXT ")" -> timestamp
COMPARISON: "<>" | "<=" | ">=" | "=" | "<" | ">"
TRUE.2: /TRUE\b/i
FALSE.2: /FALSE\b/i
TEXT: /'(?:[^']|'')*'/
NUMBER: /[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/
NAME: /[A-Za-z_][A-Za-z0-9_.]*/ | /"[^"]+"/
%ignore /[ \t\r\n]+/
"""


def read_text(text: str) -> Node:
    """Return the CQL2 JSON of a filter in CQL2 text.

    Raises
    ------
    BadQuery
        Saying at which character it cannot be understood.

    Examples
    --------
    >>> read_text("population > 5 AND NOT name = 'O''Higgins'")["args"][1]
    {'op': 'not', 'args': [{'op': '=', 'args': [{'property': 'name'}, "O'Higgins"]}]}
    """
    if _nesting(text) > MAX_NESTING:
        raise BadQuery(f"the filter has more than {MAX_NESTING} brackets in each other", parameter="filter")
    try:
        found: Node = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedToken as error:
        # What is missing at the end is missing behind the last character.
        place = len(text) if error.token.type == "$END" else error.token.start_pos or 0
        raise _unclear(place) from None
    except UnexpectedCharacters as error:
        raise _unclear(error.column - 1) from None
    except LarkError:
        raise BadQuery("the filter cannot be understood", parameter="filter") from None
    return found


def _nesting(text: str) -> int:
    """Return how many brackets are open at once."""
    deepest = here = 0
    for bracket in re.findall(r"[()]", re.sub(r"'[^']*'", "", text)):
        here += 1 if bracket == "(" else -1
        deepest = max(deepest, here)
    return deepest


def _unclear(place: int) -> BadQuery:
    return BadQuery(f"the filter cannot be understood at character {place + 1}", parameter="filter")


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", transformer=_ToJson(), maybe_placeholders=False)


def _op(name: str, *args: object) -> Node:
    return {"op": name, "args": list(args)}


class _ToJson(Transformer[Token, Node]):
    """What each rule of the grammar stands for; called while the text is read, so that no depth is too deep."""

    def either(self, args: list[object]) -> Node:
        return _joined("or", args)

    def both(self, args: list[object]) -> Node:
        return _joined("and", args)

    def denial(self, args: list[object]) -> Node:
        return _op("not", *args)

    def comparison(self, args: list[object]) -> Node:
        return _op(str(args[1]), args[0], args[2])

    def is_null(self, args: list[Token]) -> Node:
        return _op("isNull", self.property(args))

    def is_not_null(self, args: list[Token]) -> Node:
        return _op("not", self.is_null(args))

    def like(self, args: list[object]) -> Node:
        return _op("like", args[0], _unquoted(str(args[1])))

    def not_like(self, args: list[object]) -> Node:
        return _op("not", self.like(args))

    def between(self, args: list[object]) -> Node:
        return _op("between", *args)

    def not_between(self, args: list[object]) -> Node:
        return _op("not", self.between(args))

    def within(self, args: list[object]) -> Node:
        return _op("in", *args)

    def not_within(self, args: list[object]) -> Node:
        return _op("not", self.within(args))

    def values(self, args: list[object]) -> list[object]:
        return args

    def intersects(self, args: list[object]) -> Node:
        return _op("s_intersects", self.property([Token("NAME", str(args[0]))]), args[1])

    def point(self, args: list[Token]) -> Node:
        return {"type": "Point", "coordinates": [float(one) for one in args]}

    def box(self, args: list[Token]) -> Node:
        return {"bbox": [float(one) for one in args]}

    def property(self, args: list[Token]) -> Node:
        return {"property": str(args[0]).strip('"')}

    def text(self, args: list[Token]) -> str:
        return _unquoted(str(args[0]))

    def number(self, args: list[Token]) -> float:
        return float(args[0])

    def truth(self, _: list[Token]) -> bool:
        return True

    def falsehood(self, _: list[Token]) -> bool:
        return False

    def date(self, args: list[Token]) -> Node:
        return {"date": self.text(args)}

    def timestamp(self, args: list[Token]) -> Node:
        return {"timestamp": self.text(args)}


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _joined(name: str, args: list[object]) -> Node:
    """Return one node for a chain of the same operator, as CQL2 JSON has it; what stood in brackets is joined as well."""
    first = args[0]
    if isinstance(first, dict) and first.get("op") == name:
        return {"op": name, "args": [*first["args"], *args[1:]]}
    return _op(name, *args)
