"""Words that filters take, read forgivingly: case, blanks, hyphens and commas do not matter.

A word that is not known is answered with the nearest one that is.
"""

import re
from collections.abc import Iterable, Mapping

from stemcheck.errors import UsageError
from stemcheck.trial.query import DEFAULT_SCOPE
from stemcheck.trial.status import STATUS_GROUPS, STATUS_LABELS, OverallStatus

Words = Mapping[str, tuple[str, ...]]
"""Folded word -> the registry's values that it stands for."""


def fold(text: str) -> str:
    """Return a word as it is compared."""
    return re.sub(r"[\W_]+", "", text).casefold()


def values_of(
    texts: Iterable[str], words: Words, *, option: str, shown: Iterable[str]
) -> tuple[str, ...]:
    """Return the values that some texts stand for, each once; raise UsageError for an unknown word.

    The whole text is tried first and only then its parts between commas, so that "Active, not
    recruiting" stays one status.
    """
    found: dict[str, None] = {}
    for text in texts:
        known = words.get(fold(text))
        parts = [text] if known else [part for part in re.split(r"[,|]", text) if part.strip()]
        if not parts:
            raise UsageError(f"{option} is empty.", hint=_hint(shown))
        for part in parts:
            found.update(dict.fromkeys(_values(part, words, option, shown)))
    return tuple(found)


def texts_of(values: Iterable[str] | None, option: str, hint: str) -> tuple[str, ...]:
    """Return the texts of a repeated option, each once; raise UsageError for an empty one."""
    texts = tuple(dict.fromkeys(" ".join(value.split()) for value in values or ()))
    if "" in texts:
        raise UsageError(f"{option} is empty.", hint=hint)
    return texts


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


def route_words() -> tuple[Words, tuple[str, ...]]:
    """Return the words of ``--route`` and those that are shown."""
    from stemcheck.trial.reading import Route

    words = {fold(route): (route.value,) for route in Route if route is not Route.NONE}
    short = {
        "iv": Route.INTRAVENOUS, "byvein": Route.INTRAVENOUS, "vein": Route.INTRAVENOUS,
        "ia": Route.INTRA_ARTERIAL, "it": Route.INTRATHECAL, "im": Route.INTRAMUSCULAR,
        "infusion": Route.INFUSION_UNSPECIFIED, "spinal": Route.INTRATHECAL,
        "joint": Route.INTRA_ARTICULAR, "inhaled": Route.AIRWAY, "local": Route.LOCAL_INJECTION,
    }  # fmt: skip
    return words | {word: (r.value,) for word, r in short.items()}, (
        "iv",
        *(r[0] for r in words.values()),
    )


def cells_words() -> tuple[Words, tuple[str, ...]]:
    """Return the words of ``--cells`` and those that are shown."""
    from stemcheck.trial.reading import Product

    words = {fold(product): (product.value,) for product in Product}
    short = {
        "any": ("any",), fold(DEFAULT_SCOPE): (DEFAULT_SCOPE,), "msc": (Product.MESENCHYMAL.value,),
        "mscs": (Product.MESENCHYMAL.value,), "hsc": (Product.HEMATOPOIETIC.value,),
        "exosomes": (Product.CELL_FREE.value,),
    }  # fmt: skip
    return words | short, (*(v[0] for v in words.values()), "any")
