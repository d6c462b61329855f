"""Turns options into claims about a trial."""

from collections.abc import Mapping

from stemcheck.errors import UsageError
from stemcheck.services.filters import (
    Vocabulary,
    fold,
    glossary_words,
    texts_of,
    values_by_word,
    words_of_filter,
)
from stemcheck.trial.scope import DEFAULT_SCOPE
from stemcheck.trial.verification import Expectations, People, Told
from stemcheck.words import words

_NO_CLAIM = frozenset({"none", "not_stated", "other", DEFAULT_SCOPE})
"""Values of a reading or a search that no clinic would claim."""
_CELLS_SHOWN = (
    "mesenchymal", "hematopoietic", "own", "donor", "fat", "bone marrow", "cord", "placenta",
    "exosomes", "any", words("verify.wrong.or_cells"),
)  # fmt: skip


def expectations_from(  # noqa: PLR0913 (one parameter a kind of claim)
    *,
    condition: list[str] | None,
    route: list[str] | None,
    cells: list[str] | None,
    country: list[str] | None,
    site: list[str] | None,
    phase: list[str] | None = None,
    people: list[str] | None = None,
    sponsor: list[str] | None = None,
    is_open: bool,
    prefix: str = "--",
) -> Expectations:
    """Return the claims. Raises UsageError for an unknown word.

    ``prefix``: what precedes the name of a claim in messages; ``told_`` for agents.
    """
    routes, routes_shown = words_of_filter("routes")
    return Expectations(
        conditions=texts_of(condition, f"{prefix}condition", words("verify.example.condition")),
        routes=_told(
            values_by_word(
                route or (), _claimable(routes), name=f"{prefix}route", shown=routes_shown
            )
        ),
        cells=_told(
            values_by_word(cells or (), _cells_words(), name=f"{prefix}cells", shown=_CELLS_SHOWN)
        ),
        countries=texts_of(country, f"{prefix}country", words("verify.example.country")),
        sites=texts_of(site, f"{prefix}site", words("verify.example.site")),
        phases=tuple(_phase(text, f"{prefix}phase") for text in phase or ()),
        people=tuple(_people(text, f"{prefix}people") for text in people or ()),
        sponsors=texts_of(sponsor, f"{prefix}sponsor", words("verify.example.sponsor")),
        is_open=is_open,
    )


def _phase(text: str, name: str) -> Told:
    """Parse a phase. Raises UsageError if the text has none."""
    from stemcheck.services.study_checks import phases_in

    told = " ".join(text.split())
    values = ("NA",) if fold(told) in {"na", "none"} else phases_in(told)
    if not values:
        raise UsageError(
            words("verify.wrong.phase", name=name, given=repr(told)),
            hint=words("verify.example.phase"),
        )
    return Told(told, values)


def _people(text: str, name: str) -> People:
    """Parse a number of people. Raises UsageError if the text has none."""
    from stemcheck.services.study_checks import people_in

    people = people_in(text)
    if people is None:
        raise UsageError(
            words("verify.wrong.people", name=name, given=repr(" ".join(text.split()))),
            hint=words("verify.example.people"),
        )
    return people


def _told(found: Mapping[str, tuple[str, ...]]) -> tuple[Told, ...]:
    """Return each claim as typed, with its values; a value in its own spelling replaces what was typed."""
    return tuple(
        dict.fromkeys(
            Told(values[0] if fold(values[0]) == fold(typed) else typed, values)
            for typed, values in found.items()
        )
    )


def _cells_words() -> Vocabulary:
    """Return the words for kinds of cells, for their tissue, and for their donor.

    A word that names a tissue means the tissue: "adipose" does not mean every mesenchymal cell.
    """
    from stemcheck.services.claim_checks import EXOSOMES

    known = {**words_of_filter("cells")[0], **glossary_words("donor"), **glossary_words("tissue")}
    # A reading knows only "cell-free"; a clinic says which cell-free product it is.
    named = ("exosomes", "exosome", "vesicles", "extracellular vesicles")
    return _claimable({**known, **{fold(name): (EXOSOMES,) for name in named}})


def _claimable(vocabulary: Vocabulary) -> Vocabulary:
    return {word: values for word, values in vocabulary.items() if _NO_CLAIM.isdisjoint(values)}
