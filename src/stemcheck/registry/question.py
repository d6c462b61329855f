"""Checks a `TrialQuery` and turns it into addresses of the registry's API and of its web site.

The question to the registry is broad, and its answer is filtered here. A record may lack a field that a
filter looks at (phase, country). Such records are fetched too, so that they can be counted as left out
instead of being hidden. So the caller has to filter again before showing trials.

What a person types is made safe for Essie, the registry's query language. Text without reserved characters
and words is sent as it is: Essie looks for its words in any order and adds synonyms. Any other text is sent
as one quoted phrase, which finds fewer studies; `needs_quotes` says so, so that the person can be told.
Nothing that is typed acts as an operator.
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
"""More numbers make the address too long for some proxies."""
MOST_LETTERS = 1000
"""The most letters in the conditions, or in an expression: much longer addresses are refused on the way."""
WEB_SEARCH = "https://clinicaltrials.gov/search"

_SORT = "LastUpdatePostDate:desc|StudyFirstPostDate:desc"
"""Pages are stable only in a fixed order, and the registry sorts by nothing but dates and numbers."""

_SCOPE = ("stem", "stromal", "mesenchymal", "MSC", "ASC", "remestemcel")
"""Words to look for in interventions, arms, titles and keywords: they find all 421 labelled MSC records.

Each is a single word, because a search takes twelve words at most. "ASC" finds cells with a code name,
"remestemcel" a brand.
"""

_MORE_SCOPE_FOR = {
    "any": ("progenitor", "mononuclear"),
    "cell_free": ("exosomes", "vesicles"),
    "hematopoietic": ("progenitor",),
    "mixed_tissue": ("mononuclear", "marrow", "fat"),
    "other_stem": ("progenitor",),
}
"""More words for kinds of product whose records may contain none of the words above."""

_NUMBER = re.compile(r"nct0*([1-9]\d{0,7})", re.IGNORECASE | re.ASCII)


class Question(NamedTuple):
    """A search, ready to be sent."""

    parameters: Parameters
    """The same for every page."""
    web_url: str
    """The same search on the registry's site, which leaves out records without a phase or a country."""
    phrases: tuple[str, ...]
    """The conditions that are sent as quoted phrases, which find fewer studies: they contain characters or
    upper-case words that Essie would take for operators."""

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
    """Builds the addresses of the API under one base address."""

    def __init__(self, base_url: str, *, page_size: int) -> None:
        self._base_url = base_url.rstrip("/")
        self._page_size = page_size

    @property
    def version(self) -> str:
        """The version of the API and the date of its data."""
        return self._address("/version")

    def page(self, question: Question, *, token: str | None) -> str:
        """One page of a search. Without a token it is the first, the only one with a total count."""
        page = {
            "countTotal": "true" if token is None else "",
            "pageSize": str(self._page_size),
            "pageToken": token or "",
        }
        paging = tuple((name, value) for name, value in page.items() if value)
        return self._address("/studies", question.parameters + paging)

    def study(self, number: str, *, is_long: bool = False) -> str:
        """One study in full. ``number`` must be in the registry's own form."""
        return self._address(f"/studies/{number}", (("fields", _fields(is_long=is_long)),))

    def studies(self, numbers: Sequence[str], *, is_long: bool = False) -> str:
        """Up to `IDS_PER_REQUEST` studies in full, on one page. Raises ValueError for more, or none."""
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
    """Return an NCT number in the registry's own form; case and leading zeros do not matter.

    Raises UsageError for any other text: it must not become part of an address.
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

    They only save pages. A filter that would make the question "too complicated" is not sent; its records
    are left out here instead.
    """
    sent: list[str] = []
    free = MOST_WORDS
    for test in (test for asked in query.asked() for test in asked.tests):
        free -= sum(map(count_words, test.any_of))
        if free >= 0:
            sent.append(f"({_expression_for(test)} OR AREA[{test.area}]MISSING)")
    return " AND ".join(sent)


def _expression_for(test: Test) -> str:
    """Return a test of one field as an Essie expression."""
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

    A filter with a value that has no box is left out: the page then shows more studies, never fewer.
    """
    groups = (asked.boxes for asked in query.asked())
    return ",".join(f"{group}:{' '.join(ticked)}" for group, ticked in groups if ticked)


def _check(query: TrialQuery) -> None:
    """Raise `UsageError`, with advice, if the registry could not answer the query as meant."""
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
"""The most words in one value: 12 are answered, 14 give "Too complicated query"."""

RESERVED_WORDS = frozenset(
    (
        *("AND", "OR", "NOT", "ALL", "MISSING", "MIN", "MAX"),
        *("AREA", "SEARCH", "COVER", "COVERAGE", "EXPANSION", "RANGE", "DISTANCE", "TILT"),
    )
)
"""Operators in upper case only; in lower case they are ordinary words."""

_PLAIN_MARKS = frozenset(" -'’./&+%:;#_")
_WORD = re.compile(r"[^\W_]+")
_NCT_NUMBER = re.compile(r"nct0*[1-9][0-9]{0,7}", re.IGNORECASE)


def tidy(text: str) -> str:
    """Return text without outer spaces, repeated spaces and invisible characters.

    Invisible characters come with text copied from web pages; with them the registry would find nothing.
    """
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(visible.split())


def escape(text: str) -> str:
    """Return an Essie expression that means exactly this text, after `tidy`."""
    return phrase(text) if needs_quotes(text) else tidy(text)


def phrase(text: str) -> str:
    """Return an Essie expression for these words next to each other, in this order."""
    return '"' + tidy(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def any_of(expressions: Sequence[str]) -> str:
    """Return an Essie expression that matches where any of these does."""
    if len(expressions) < 2:  # noqa: PLR2004 - one needs no OR
        return "".join(expressions)
    return " OR ".join(
        f"({item})" if " " in item and not item.startswith('"') else item for item in expressions
    )


def needs_quotes(text: str) -> bool:
    """Return whether a text contains anything that Essie could take for an operator."""
    text = tidy(text)
    return not all(map(_is_plain, text)) or not RESERVED_WORDS.isdisjoint(_WORD.findall(text))


def _is_plain(char: str) -> bool:
    return char.isalnum() or char in _PLAIN_MARKS or unicodedata.category(char).startswith("M")


def count_words(text: str) -> int:
    """Return how many words the registry may see in a text: hyphens split words, and a lone mark is a word.

    A character that stands for several ("¼" for 1 and 4) is split, as a search engine splits it.
    """
    return sum(max(1, len(_WORD.findall(_taken_apart(piece)))) for piece in text.split())


def _taken_apart(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


def has_words(text: str) -> bool:
    """Return whether a text contains anything that can be searched for."""
    return _WORD.search(text) is not None


def has_unsendable(text: str) -> bool:
    """Return whether a text contains control characters or lone surrogates."""
    return any(unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace() for char in text)


def nct_numbers_alone(text: str) -> tuple[str, ...]:
    """Return the NCT numbers of a text that consists of nothing else; otherwise nothing.

    The registry looks such numbers up and ignores every filter.
    """
    pieces = [piece for piece in re.split(r"[\s,\"]+", text) if piece]
    is_alone = all(_NCT_NUMBER.fullmatch(piece) for piece in pieces)
    return tuple(piece.upper() for piece in pieces) if is_alone else ()
