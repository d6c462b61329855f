"""Turns what a user typed into values: the words of one filter, or a whole query.

Case, spaces, hyphens and commas do not matter. For an unknown word, the error suggests the nearest known one.
``name`` is the option of the command line or the parameter of the Python API, for messages.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Literal
from unicodedata import combining, normalize

from stemcheck.errors import UsageError
from stemcheck.tables import read_table
from stemcheck.trial.countries import SPANISH
from stemcheck.trial.filter import Filter, One, Switch, Texts, Words
from stemcheck.trial.query import FILTERS, TrialQuery
from stemcheck.words import words

Vocabulary = Mapping[str, tuple[str, ...]]
"""Folded word -> the values for which it stands."""
Given = str | Iterable[str]
"""One text, or several."""

AUDIENCE_SHOWN = ("patient", "clinician")
AUDIENCE_WORDS: Vocabulary = {word: (word,) for word in AUDIENCE_SHOWN}


def query_from(
    given: Mapping[str, Any], *, called: Literal["parameters", "options"] = "parameters"
) -> TrialQuery:
    """Return the query for filters given by name, each None if it is not set.

    Raises UsageError for a word that a filter does not know: it would find nothing and look like an answer.
    """
    for name in given:
        if name not in FILTERS:
            raise UsageError(
                words("filters.wrong.no_filter", name=name),
                hint=words("filters.wrong.takes", words=", ".join(FILTERS)),
            )
    values = {
        name: _value_of(FILTERS[name], name, value, called)
        for name, value in _shared_out(given).items()
        if value is not None
    }
    near, within = values.get("near"), values.get("within")
    if within and near is None:
        name = FILTERS["within"].option if called == "options" else "within"
        raise UsageError(
            words("filters.wrong.without_place", name=name), hint=words("filters.wrong.place")
        )
    if near and within:
        values["near"] = replace(near, within_km=within)
    return TrialQuery(**values)


def _shared_out(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters with words for a tissue or a donor moved from the cells to their own filters.

    People ask for "adipose cells" and "own cells", and `stemcheck verify` accepts these words too.
    """
    shared = dict(given)
    texts = texts_in(given["cells"], "cells") if given.get("cells") else ()
    known = words_of_filter("cells")[0] if texts else {}
    left: list[str] = []
    for text in texts:
        for part in [text] if fold(text) in known else re.split(r"[,|]", text):
            name = next((name for name in ("tissues", "donors") if _names(name, part)), None)
            if name is None or fold(part) in known:
                left.append(part)
            else:
                shared[name] = (*texts_in(shared.get(name) or (), name), part)
    if texts:
        shared["cells"] = tuple(left) or None
    return shared


def _names(filter_name: str, word: str) -> bool:
    return fold(word) in words_of_filter(filter_name)[0]


def _value_of(filter_: Filter, name: str, given: Any, called: str) -> Any:
    shown_name = filter_.option if called == "options" else name
    match filter_.takes:
        case One(read):
            return read(given, shown_name)
        case Texts(check):
            texts = texts_of(given, shown_name, hint=words(f"filters.example.{name}"))
            for text in texts:
                check(text, shown_name)
            return texts
        case Switch():
            return bool(given)
        case Words() as taken:
            texts = texts_in(given, shown_name)
            if not texts:
                return None if taken.is_single else ()
            if taken.is_single:
                vocabulary = vocabulary_of(taken)
                return one_value_of(texts[0], vocabulary, name=shown_name, shown=taken.shown)
            return values_of(texts, vocabulary_of(taken), name=shown_name, shown=taken.shown)


def vocabulary_of(taken: Words) -> Vocabulary:
    """Return every word of a filter with its values, including the words of the glossary."""
    own = {fold(word): tuple(values) for word, values in taken.values.items()}
    known = _spanish_words(taken.spanish or taken.topic)
    if taken.topic:
        known = {**known, **glossary_words(taken.topic)}
    refused = {*taken.refused}
    return {word: values for word, values in known.items() if not refused & {*values}} | own


def glossary_words(topic: str) -> Vocabulary:
    """Return every word of a glossary topic: its values, plain words and short forms."""
    from stemcheck.guidance.glossary import entries, words_of

    found: dict[str, dict[str, None]] = {}
    for entry in entries(topic):
        for word in words_of(entry):
            found.setdefault(fold(word), {})[entry.value] = None
    return {word: tuple(values) for word, values in found.items()}


@cache
def _spanish_words(topic: str) -> Vocabulary:
    """Return the Spanish words for the values of a topic, if there are any."""
    found: dict[str, tuple[str, ...]] = {}
    for value, spanish in read_table(SPANISH).get(topic, {}).items():
        for word in spanish:
            found[fold(word)] = (*found.get(fold(word), ()), value)
    return found


def words_of_filter(name: str) -> tuple[Vocabulary, tuple[str, ...]]:
    """Return the words that a filter accepts, and those to show to a person."""
    taken = FILTERS[name].takes
    if not isinstance(taken, Words):
        raise TypeError(f"{name} takes no fixed words")
    return vocabulary_of(taken), tuple(taken.shown)


def fold(text: str) -> str:
    """Return a word for comparison: without case, accents or marks."""
    plain = "".join(one for one in normalize("NFKD", text) if not combining(one))
    return re.sub(r"[\W_]+", "", plain).casefold()


def values_of(
    texts: Iterable[str], vocabulary: Vocabulary, *, name: str, shown: Iterable[str]
) -> tuple[str, ...]:
    """Return the values of some texts, each once. Raises UsageError for an unknown word."""
    found = values_by_word(texts, vocabulary, name=name, shown=shown)
    return tuple(dict.fromkeys(value for values in found.values() for value in values))


def one_value_of(text: str, vocabulary: Vocabulary, *, name: str, shown: Iterable[str]) -> str:
    """Return the one value of a text. Raises UsageError for an unknown word or several values."""
    values = values_of((text,), vocabulary, name=name, shown=shown)
    if len(values) > 1:
        raise UsageError(words("filters.wrong.one_word", name=name), hint=_takes(shown))
    return values[0]


def values_by_word(
    texts: Iterable[str], vocabulary: Vocabulary, *, name: str, shown: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return each word as typed, with its values. Raises UsageError for an unknown word.

    The whole text is tried before its parts between commas, so that "Active, not recruiting" stays one
    status.
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        known = vocabulary.get(fold(text))
        parts = [text] if known else [part for part in re.split(r"[,|]", text) if part.strip()]
        if not parts:
            raise UsageError(words("filters.wrong.empty", name=name), hint=_takes(shown))
        for part in parts:
            found[" ".join(part.split())] = _values(part, vocabulary, name, shown)
    return found


def texts_of(given: Given | None, name: str, hint: str) -> tuple[str, ...]:
    """Return the texts of a filter, each once. Raises UsageError for an empty one."""
    texts = tuple(dict.fromkeys(" ".join(text.split()) for text in texts_in(given, name)))
    if not all(fold(text) for text in texts):
        raise UsageError(words("filters.wrong.empty", name=name), hint=hint)
    return texts


def texts_in(given: object, name: str) -> tuple[str, ...]:
    """Return the given texts as a tuple: from one text, several, or None.

    Callers in Python may pass anything. Raises UsageError for a value that is not text.
    """
    if given is None or isinstance(given, str):
        return () if given is None else (normalize("NFC", given),)
    texts: list[str] = []
    for text in given if isinstance(given, Iterable) else (given,):
        if not isinstance(text, str):
            raise UsageError(
                words("filters.wrong.no_text", name=name, kind=type(text).__name__),
                hint=words("filters.wrong.texts"),
            )
        texts.append(normalize("NFC", text))
    return tuple(texts)


def _values(text: str, vocabulary: Vocabulary, name: str, shown: Iterable[str]) -> tuple[str, ...]:
    known = vocabulary.get(fold(text))
    if known:
        return known
    from difflib import get_close_matches

    near = get_close_matches(fold(text), vocabulary, n=1, cutoff=0.6)
    advice = ""
    if near:
        meant = next((word for word in shown if fold(word) == near[0]), None)
        meant = meant or vocabulary[near[0]][0].lower()
        advice = words("filters.wrong.meant", word=repr(meant)) + " "
    raise UsageError(
        words("filters.wrong.unknown", name=name, word=repr(text.strip())),
        hint=advice + _takes(shown),
    )


def _takes(shown: Iterable[str]) -> str:
    return words("filters.wrong.takes", words=", ".join(shown))
