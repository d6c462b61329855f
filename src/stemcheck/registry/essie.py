"""What a person typed, made safe for Essie, the registry's query language.

Text without reserved characters and words is sent as it is: its words are then wanted in any order,
and the registry adds synonyms. Anything else is sent as one quoted phrase, which finds less;
`needs_quotes` tells, so that the person can be told. Nothing typed is ever taken for an operator.
"""

import re
import unicodedata
from collections.abc import Sequence

MOST_WORDS = 12
"""How many words one value may hold: 12 are answered, 14 are "Too complicated query"."""

RESERVED_WORDS = frozenset(
    (
        *("AND", "OR", "NOT", "ALL", "MISSING", "MIN", "MAX"),
        *("AREA", "SEARCH", "COVER", "COVERAGE", "EXPANSION", "RANGE", "DISTANCE", "TILT"),
    )
)
"""Operators, in upper case only: in lower case they are ordinary words."""

_PLAIN_MARKS = frozenset(" -'’./&+%:;#_")
_WORD = re.compile(r"[^\W_]+")
_NCT_NUMBER = re.compile(r"nct0*[1-9][0-9]{0,7}", re.IGNORECASE)


def tidy(text: str) -> str:
    """Return text without what nobody types on purpose: outer and double spaces, invisible marks.

    Invisible marks come along with text copied from web pages; the registry would find nothing.
    """
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(visible.split())


def escape(text: str) -> str:
    """Return an Essie expression that means exactly this text, tidied."""
    return phrase(text) if needs_quotes(text) else tidy(text)


def phrase(text: str) -> str:
    """Return an Essie expression for these words side by side, in this order."""
    return '"' + tidy(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def any_of(expressions: Sequence[str]) -> str:
    """Return an Essie expression that any of these satisfies."""
    if len(expressions) < 2:  # noqa: PLR2004 - one needs no OR
        return "".join(expressions)
    return " OR ".join(
        f"({item})" if " " in item and not item.startswith('"') else item for item in expressions
    )


def needs_quotes(text: str) -> bool:
    """Return whether a text holds anything that Essie could take for its own."""
    text = tidy(text)
    return not all(map(_is_plain, text)) or not RESERVED_WORDS.isdisjoint(_WORD.findall(text))


def _is_plain(char: str) -> bool:
    return char.isalnum() or char in _PLAIN_MARKS or unicodedata.category(char).startswith("M")


def count_words(text: str) -> int:
    """Return how many words the registry may see in a text: hyphens split, a lone mark counts too.

    Signs that stand for several ("¼" for 1 and 4) are taken apart, as a search engine does.
    """
    return sum(max(1, len(_WORD.findall(_taken_apart(piece)))) for piece in text.split())


def _taken_apart(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


def has_words(text: str) -> bool:
    """Return whether a text holds anything that can be searched for."""
    return _WORD.search(text) is not None


def has_unsendable(text: str) -> bool:
    """Return whether a text holds control characters or halves of characters."""
    return any(unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace() for char in text)


def nct_numbers_alone(text: str) -> tuple[str, ...]:
    """Return the NCT numbers of a text that is nothing else.

    The registry then searches by number and ignores every filter.
    """
    pieces = [piece for piece in re.split(r"[\s,\"]+", text) if piece]
    is_alone = all(_NCT_NUMBER.fullmatch(piece) for piece in pieces)
    return tuple(piece.upper() for piece in pieces) if is_alone else ()
