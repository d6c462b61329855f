"""From options to what was claimed of a trial."""

from collections.abc import Mapping

from stemcheck.services.filters import (
    Vocabulary,
    fold,
    glossary_words,
    texts_of,
    values_by_word,
    words_of_filter,
)
from stemcheck.trial.scope import DEFAULT_SCOPE
from stemcheck.trial.verification import Expectations, Told

_NO_CLAIM = frozenset({"none", "not_stated", "other", DEFAULT_SCOPE})
"""Values of a reading, and of a search, that nobody is told by a clinic."""
_CELLS_SHOWN = (
    "mesenchymal", "hematopoietic", "own", "donor", "fat", "bone marrow", "cord", "placenta",
    "exosomes", "any", "or a word of `stemcheck glossary product`, `tissue` or `donor`",
)  # fmt: skip


def expectations_from(  # noqa: PLR0913 (one parameter a kind of claim)
    *,
    condition: list[str] | None,
    route: list[str] | None,
    cells: list[str] | None,
    country: list[str] | None,
    site: list[str] | None,
    is_open: bool,
) -> Expectations:
    """Return what was claimed; raise UsageError for a word that is not known."""
    routes, routes_shown = words_of_filter("routes")
    return Expectations(
        conditions=texts_of(condition, "--condition", "Name an illness, like stroke."),
        routes=_told(
            values_by_word(route or (), _claimable(routes), name="--route", shown=routes_shown)
        ),
        cells=_told(
            values_by_word(cells or (), _cells_words(), name="--cells", shown=_CELLS_SHOWN)
        ),
        countries=texts_of(country, "--country", "Name a country, like Spain."),
        sites=texts_of(site, "--site", "Name a hospital, a clinic or a city."),
        is_open=is_open,
    )


def _told(found: Mapping[str, tuple[str, ...]]) -> tuple[Told, ...]:
    """Return what was typed with what it stands for; a value in its own spelling is just the value."""
    return tuple(
        dict.fromkeys(
            Told(values[0] if fold(values[0]) == fold(words) else words, values)
            for words, values in found.items()
        )
    )


def _cells_words() -> Vocabulary:
    """Return the words for kinds of cells, for the tissue they come from, and for whose they are."""
    from stemcheck.services.claim_checks import EXOSOMES

    words = {**glossary_words("tissue"), **glossary_words("donor"), **words_of_filter("cells")[0]}
    # A reading knows only "without cells"; a clinic says what it is that holds none.
    named = ("exosomes", "exosome", "vesicles", "extracellular vesicles")
    return _claimable({**words, **{fold(name): (EXOSOMES,) for name in named}})


def _claimable(words: Vocabulary) -> Vocabulary:
    return {word: values for word, values in words.items() if _NO_CLAIM.isdisjoint(values)}
