"""What the registry is asked: a `TrialQuery` checked, and as addresses of its API and of its web site.

The registry is asked broadly, and its answer is read here. Where a filter looks at a field that a record may
lack (phase, country), records without it come along: they are to be counted as left out, not hidden. So
whoever shows trials filters once more.

What a person typed is made safe for Essie, the registry's query language. Text without reserved characters
and words is sent as it is: its words are then wanted in any order, and the registry adds synonyms. Anything
else is sent as one quoted phrase, which finds less; `needs_quotes` tells, so that the person can be told.
Nothing typed is ever taken for an operator.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlencode

from stemcheck.errors import UsageError
from stemcheck.registry.record import LONG_FIELDS, PAPER_FIELDS, SEARCH_FIELDS, STUDY_FIELDS
from stemcheck.trial.filter import Test
from stemcheck.trial.query import TrialQuery
from stemcheck.words import words

Parameters = tuple[tuple[str, str], ...]

IDS_PER_REQUEST = 50
"""More make the address too long for some proxies."""
MOST_LETTERS = 1000
"""Of the conditions, or of an expression: an address that is much longer is refused on its way."""
WEB_SEARCH = "https://clinicaltrials.gov/search"

_SORT = "LastUpdatePostDate:desc|StudyFirstPostDate:desc"
"""Pages hold still only in a fixed order, and the registry sorts by dates and numbers alone."""

_SCOPE = ("stem", "stromal", "mesenchymal", "MSC", "ASC", "remestemcel")
"""Any of these in interventions, arms, titles or keywords: all 421 records labelled as mesenchymal.

One word each, because a search holds twelve at most; "ASC" is for cells with a code name, "remestemcel"
for a brand.
"""

_MORE_SCOPE_FOR = {
    "any": ("progenitor", "mononuclear"),
    "cell_free": ("exosomes", "vesicles"),
    "hematopoietic": ("progenitor",),
    "mixed_tissue": ("mononuclear", "marrow", "fat"),
    "other_stem": ("progenitor",),
}
"""For kinds of product whose records may hold none of the words above."""

_NUMBER = re.compile(r"nct0*([1-9]\d{0,7})", re.IGNORECASE | re.ASCII)


class Question(NamedTuple):
    """A search that can be asked."""

    parameters: Parameters
    """The same on every page."""
    web_url: str
    """The same search on the registry's site, which leaves out records without a phase or a country."""
    phrases: tuple[str, ...]
    """The conditions that are searched for word by word, which finds less: they hold marks or capitals that
    the registry would take for operators."""

    def with_papers(self) -> "Question":
        """Return the same question, also for the papers of each record."""
        named = dict(self.parameters)
        named["fields"] = "|".join((named["fields"], *PAPER_FIELDS))
        return self._replace(parameters=tuple(named.items()))


@lru_cache(maxsize=8)
def question_for(query: TrialQuery) -> Question:
    """Return the question of a query; raise `UsageError`, with advice, when it could not be answered."""
    _check(query)
    conditions = any_of([escape(text) for text in query.conditions])
    more = (term for kind in query.cells for term in _MORE_SCOPE_FOR.get(kind, ()))
    scope = any_of(list(dict.fromkeys((*_SCOPE, *more))))
    wanted = {
        "query.intr": scope,
        "query.cond": conditions,
        "query.term": (query.raw or "").strip(),
        **{name: value for asked in query.asked() for name, value in asked.parameters.items()},
        "filter.advanced": _advanced_filter_for(query),
        "fields": "|".join(
            (*SEARCH_FIELDS, *(name for asked in query.asked() for name in asked.fields))
        ),
        "sort": _SORT,
    }
    return Question(
        parameters=tuple((name, value) for name, value in wanted.items() if value),
        web_url=_web_url_for(query, conditions, scope),
        phrases=tuple(text for text in query.conditions if needs_quotes(text)),
    )


class Addresses:
    """What lies where under one base address."""

    def __init__(self, base_url: str, *, page_size: int) -> None:
        self._base_url = base_url.rstrip("/")
        self._page_size = page_size

    @property
    def version(self) -> str:
        """The registry about itself."""
        return self._address("/version")

    def page(self, question: Question, *, token: str | None) -> str:
        """One page of a search; ``token`` None: the first, for which alone the registry counts."""
        page = {
            "countTotal": "true" if token is None else "",
            "pageSize": str(self._page_size),
            "pageToken": token or "",
        }
        paging = tuple((name, value) for name, value in page.items() if value)
        return self._address("/studies", question.parameters + paging)

    def study(self, number: str, *, is_long: bool = False) -> str:
        """One study in full. ``number`` has to be in the registry's own form."""
        return self._address(f"/studies/{number}", (("fields", _fields(is_long=is_long)),))

    def studies(self, numbers: Sequence[str], *, is_long: bool = False) -> str:
        """Up to `IDS_PER_REQUEST` studies in full, on one page."""
        if not 0 < len(numbers) <= IDS_PER_REQUEST:
            raise ValueError(f"1 to {IDS_PER_REQUEST} numbers at a time, not {len(numbers)}")
        parameters = (
            ("filter.ids", "|".join(numbers)),
            ("fields", _fields(is_long=is_long)),
            # An alias and its study may both be asked for: one more place than numbers costs nothing.
            ("pageSize", str(2 * IDS_PER_REQUEST)),
        )
        return self._address("/studies", parameters)

    def _address(self, path: str, parameters: Parameters = ()) -> str:
        # Built without httpx, which finding what was kept has no other need to import.
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self._base_url}{path}{query}"


def _fields(*, is_long: bool) -> str:
    return "|".join(LONG_FIELDS if is_long else STUDY_FIELDS)


def nct_number_for(text: str) -> str:
    """Return a number in the registry's own form; case and missing zeros are forgiven.

    Raises UsageError for anything else: it must not become a part of an address.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            words("registry.question.not_a_number", text=repr(text[:40])),
            hint=words("registry.question.number_advice"),
        )
    return f"NCT{int(found[1]):08d}"


def _advanced_filter_for(query: TrialQuery) -> str:
    """Return the filters that narrow the answer on the registry's side.

    They only save pages. One that would make the question "too complicated" is not sent: what it
    would have kept away is then left out here.
    """
    sent: list[str] = []
    free = MOST_WORDS
    for test in (test for asked in query.asked() for test in asked.tests):
        free -= sum(map(count_words, test.any_of))
        if free >= 0:
            sent.append(f"({_expression_for(test)} OR AREA[{test.area}]MISSING)")
    return " AND ".join(sent)


def _expression_for(test: Test) -> str:
    """Return a test of one field in the registry's query language."""
    if not test.any_of:
        return f"AREA[{test.area}]RANGE[{test.lowest or 'MIN'},{test.highest or 'MAX'}]"
    values = [phrase(value) if test.is_text else value for value in test.any_of]
    return f"AREA[{test.area}]({any_of(values)})"


def _web_url_for(query: TrialQuery, conditions: str, scope: str) -> str:
    terms = [query.raw.strip()] if query.raw else []
    terms += [_expression_for(test) for asked in query.asked() for test in asked.web_tests]
    wanted = {
        "cond": conditions,
        "term": " AND ".join(f"({term})" for term in terms) if len(terms) > 1 else "".join(terms),
        "intr": scope,
        **{name: value for asked in query.asked() for name, value in asked.web.items()},
        "aggFilters": _ticked_boxes_for(query),
    }
    return f"{WEB_SEARCH}?" + urlencode(
        {name: value for name, value in wanted.items() if value}, quote_via=quote, safe=":,"
    )


def _ticked_boxes_for(query: TrialQuery) -> str:
    """Return the ticked boxes, as in ``status:rec not,phase:2 3``.

    A filter with a value that has no box is left out: the page then shows more, never less.
    """
    groups = (asked.boxes for asked in query.asked())
    return ",".join(f"{group}:{' '.join(ticked)}" for group, ticked in groups if ticked)


def _check(query: TrialQuery) -> None:
    """Raise `UsageError`, with advice, when the registry could not answer as it is meant."""
    for text in query.conditions:
        _check_text(text, "condition")
    if query.raw is not None:
        _check_text(query.raw, "expression")
    several = "fewer_conditions" if len(query.conditions) > 1 else "main_words"
    _check_length(sum(map(len, query.conditions)), "condition", several)
    _check_length(len(query.raw or ""), "expression", "several_searches")
    count = sum(map(count_words, map(tidy, query.conditions)))
    if count > MOST_WORDS:
        raise _wrong(
            "too_many_words",
            several,
            facts={"words": count, "most_words": MOST_WORDS},
            words=count,
            most=MOST_WORDS,
        )


def _check_length(letters: int, what: str, advice: str) -> None:
    if letters > MOST_LETTERS:
        facts: dict[str, object] = {"letters": letters, "most_letters": MOST_LETTERS}
        raise _wrong(
            "too_long", advice, facts, what=what, letters=f"{letters:,}", most=f"{MOST_LETTERS:,}"
        )


def _check_text(text: str, what: str) -> None:
    if not text.strip():
        raise _wrong("empty", "example", what=what)
    if has_unsendable(text):
        raise _wrong("unsendable", "by_hand", what=what)
    if not has_words(text):
        raise _wrong("no_word", "example", what=what)
    if numbers := nct_numbers_alone(text):
        raise _wrong("a_number", "show", what=what, numbers=" ".join(numbers))


def _wrong(
    key: str, advice: str, facts: dict[str, object] | None = None, **named: object
) -> UsageError:
    if "what" in named:
        named["what"] = words(f"registry.question.{named['what']}")
    return UsageError(
        words(f"registry.question.{key}", **named),
        hint=words(f"registry.question.{advice}", **named),
        facts=facts,
    )


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
