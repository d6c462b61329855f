"""Words that filters take, read forgivingly: case, blanks, hyphens and commas do not matter.

A word that is not known is answered with the nearest one that is. ``option`` names what the words were given
to, for the message: an option of the command line or a parameter of the Python API.
"""

import re
from collections.abc import Iterable, Mapping

from stemcheck.errors import UsageError
from stemcheck.trial.status import STATUS_GROUPS, STATUS_LABELS, OverallStatus
from stemcheck.trial.terms import Product, Route

Words = Mapping[str, tuple[str, ...]]
"""Folded word -> the registry's values that it stands for."""
Texts = str | Iterable[str]
"""One text, or several."""


def fold(text: str) -> str:
    """Return a word as it is compared."""
    return re.sub(r"[\W_]+", "", text).casefold()


def values_of(
    texts: Iterable[str], words: Words, *, option: str, shown: Iterable[str]
) -> tuple[str, ...]:
    """Return the values that some texts stand for, each once; raise UsageError for an unknown word."""
    found = values_by_word(texts, words, option=option, shown=shown)
    return tuple(dict.fromkeys(value for values in found.values() for value in values))


def one_value_of(text: str, words: Words, *, option: str, shown: Iterable[str]) -> str:
    """Return the one value that a text stands for; raise UsageError for several or an unknown one."""
    values = values_of((text,), words, option=option, shown=shown)
    if len(values) > 1:
        raise UsageError(f"{option} takes one word.", hint=_hint(shown))
    return values[0]


def values_by_word(
    texts: Iterable[str], words: Words, *, option: str, shown: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return each word as it was typed with its values; raise UsageError for an unknown word.

    The whole text is tried first and only then its parts between commas, so that "Active, not
    recruiting" stays one status.
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        known = words.get(fold(text))
        parts = [text] if known else [part for part in re.split(r"[,|]", text) if part.strip()]
        if not parts:
            raise UsageError(f"{option} is empty.", hint=_hint(shown))
        for part in parts:
            found[" ".join(part.split())] = _values(part, words, option, shown)
    return found


def texts_of(values: Texts | None, option: str, hint: str) -> tuple[str, ...]:
    """Return the texts of a repeated option, each once; raise UsageError for an empty one."""
    texts = tuple(dict.fromkeys(" ".join(value.split()) for value in texts_in(values, option)))
    if not all(fold(text) for text in texts):
        raise UsageError(f"{option} is empty.", hint=hint)
    return texts


def texts_in(given: object, name: str) -> tuple[str, ...]:
    """Return what was given as texts: one text, several, or None for none.

    From Python anything may come; raise UsageError for what is no text.
    """
    if given is None or isinstance(given, str):
        return () if given is None else (given,)
    texts: list[str] = []
    for text in given if isinstance(given, Iterable) else (given,):
        if not isinstance(text, str):
            raise UsageError(
                f"{name} takes texts, and {type(text).__name__} is none.",
                hint="Give each word as a text of its own.",
            )
        texts.append(text)
    return tuple(texts)


def _values(text: str, words: Words, option: str, shown: Iterable[str]) -> tuple[str, ...]:
    known = words.get(fold(text))
    if known:
        return known
    from difflib import get_close_matches

    near = get_close_matches(fold(text), words, n=1, cutoff=0.6)
    advice = f"Did you mean {_spelled(near[0], words, shown)!r}? " if near else ""
    raise UsageError(f"{option} does not know {text.strip()!r}.", hint=advice + _hint(shown))


def _spelled(folded: str, words: Words, shown: Iterable[str]) -> str:
    return next((word for word in shown if fold(word) == folded), words[folded][0].lower())


def _hint(shown: Iterable[str]) -> str:
    return f"It takes: {', '.join(shown)}."


STATUS_WORDS: Words = (
    {fold(value): (value.value,) for value in OverallStatus}
    | {fold(label): (value,) for value, label in STATUS_LABELS.items()}
    | {fold(name): tuple(group) for name, group in STATUS_GROUPS.items()}
    | {"active": ("ACTIVE_NOT_RECRUITING",), "invitation": ("ENROLLING_BY_INVITATION",)}
)
STATUS_SHOWN = (*(value.value.lower() for value in OverallStatus), *STATUS_GROUPS)

_PHASES = {
    "EARLY_PHASE1": ("early1", "earlyphase1", "early", "phase0", "0"),
    "PHASE1": ("1", "phase1", "i", "phasei"),
    "PHASE2": ("2", "phase2", "ii", "phaseii"),
    "PHASE3": ("3", "phase3", "iii", "phaseiii"),
    "PHASE4": ("4", "phase4", "iv", "phaseiv"),
    "NA": ("na", "notapplicable", "none"),
}
PHASE_WORDS: Words = {word: (value,) for value, names in _PHASES.items() for word in names} | {
    name: (f"PHASE{name[-2]}", f"PHASE{name[-1]}") for name in ("12", "phase12", "23", "phase23")
}
PHASE_SHOWN = ("early1", "1", "2", "3", "4", "na")


AUDIENCE_SHOWN = ("patient", "clinician")
AUDIENCE_WORDS: Words = {word: (word,) for word in AUDIENCE_SHOWN}

CELLS_SHOWN = (*Product, "any")
ROUTES = tuple(route for route in Route if route is not Route.NONE)
ROUTES_SHOWN = (
    "drip", "vein", "artery", "spine", "brain", "heart", "joint", "muscle", "eye", "skin",
    "or a word of `stemcheck glossary route`",
)  # fmt: skip


def glossary_words(topic: str) -> Words:
    """Return every word of a topic of the glossary: its values, its plain words, short forms."""
    from stemcheck.guidance.glossary import entries, words_of

    found: dict[str, dict[str, None]] = {}
    for entry in entries(topic):
        for word in words_of(entry):
            found.setdefault(fold(word), {})[entry.value] = None
    return {word: tuple(values) for word, values in found.items()}


def route_words() -> tuple[Words, tuple[str, ...]]:
    """Return the words of ``--route`` and the most common of them, which are shown."""
    words = glossary_words("route")
    return {word: v for word, v in words.items() if Route.NONE not in v}, ROUTES_SHOWN


def cells_words() -> tuple[Words, tuple[str, ...]]:
    """Return the words of ``--cells`` and those that are shown."""
    from stemcheck.trial.query import DEFAULT_SCOPE

    more = {"any": ("any",), fold(DEFAULT_SCOPE): (DEFAULT_SCOPE,)}
    return {**glossary_words("product"), **more}, CELLS_SHOWN
