"""From options to what was claimed of a trial."""

from stemcheck.cli.choices import Words, cells_words, fold, route_words, texts_of, values_of
from stemcheck.trial.query import DEFAULT_SCOPE
from stemcheck.trial.verification import Expectations

_NO_CLAIM = frozenset({"none", "not_stated", "other", DEFAULT_SCOPE})
"""Values of a reading, and of a search, that nobody is told by a clinic."""


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
    routes, routes_shown = route_words()
    kinds, kinds_shown = _cells_words()
    return Expectations(
        conditions=texts_of(condition, "--condition", "Name an illness, like stroke."),
        routes=values_of(
            route or (), _claimable(routes), option="--route", shown=_shown(routes_shown)
        ),
        cells=values_of(cells or (), kinds, option="--cells", shown=kinds_shown),
        countries=texts_of(country, "--country", "Name a country, like Spain."),
        sites=texts_of(site, "--site", "Name a hospital, a clinic or a city."),
        is_open=is_open,
    )


def _cells_words() -> tuple[Words, tuple[str, ...]]:
    """Return the words for kinds of cells, for the tissue they come from, and for whose they are."""
    from stemcheck.trial.reading import Donor, Tissue

    products, shown = cells_words()
    exact = {fold(value): (value.value,) for kind in (Tissue, Donor) for value in kind}
    short = {
        "own": Donor.AUTOLOGOUS, "owncells": Donor.AUTOLOGOUS, "donor": Donor.ALLOGENEIC,
        "donorcells": Donor.ALLOGENEIC, "fat": Tissue.ADIPOSE, "marrow": Tissue.BONE_MARROW,
        "cord": Tissue.UMBILICAL_CORD, "whartonsjelly": Tissue.UMBILICAL_CORD,
    }  # fmt: skip
    words = exact | {word: (value.value,) for word, value in short.items()} | dict(products)
    return _claimable(words), _shown((*shown, *Tissue, *Donor))


def _claimable(words: Words) -> Words:
    return {word: values for word, values in words.items() if _NO_CLAIM.isdisjoint(values)}


def _shown(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(word) for word in words if word not in _NO_CLAIM))
