"""Which cautions stand beside a trial, beside a search, and under every table."""

from collections.abc import Iterable
from functools import cache, lru_cache

from stemcheck.guidance.partial_dates import day_words
from stemcheck.guidance.tags import ALWAYS, SAVED, tags_for, tags_of
from stemcheck.guidance.texts import read_texts
from stemcheck.trial.answer import AppliedCaution
from stemcheck.trial.reading import Reading
from stemcheck.trial.trial import Facts, Signal, Trial


class Caution(Facts):
    """One caution of the source document, or an addition of ours, in plain words."""

    id: str
    section: str
    """The heading of the source document that it belongs under."""
    text: str
    when: tuple[str, ...]
    """Tags (see `stemcheck.guidance.tags`): it stands beside a trial that has any of them."""
    headline: int | None = None
    """Its place among the few lines under every table."""
    source: str
    """What the text rests on: the document, or a dated source of ours."""


@cache
def catalogue() -> tuple[Caution, ...]:
    """Return every caution, in the order of the source document."""
    texts = read_texts("cautions")
    return tuple(
        Caution.model_validate({**row, "source": texts["sources"][row["source"]]})
        for row in texts["caution"]
    )


def cautions_for(trial: Trial) -> tuple[AppliedCaution, ...]:
    """Return the cautions that apply to a trial, each with the reason, in the document's order.

    The trial's reading and signals have to be there already: several cautions rest on them.
    """
    tags = tags_for(trial)
    return tuple(
        _applied(caution.id, _reason(tag, (trial,)))
        for caution in catalogue()
        if (tag := _first_tag(caution, tags))
    )


def caution_ids_for(
    trial: Trial, reading: Reading | None, signals: tuple[Signal, ...]
) -> tuple[str, ...]:
    """Return the ids of the cautions that apply to a trial: what it carries in a list of thousands.

    Reading and signals are given apart: they and the cautions are put into the trial together.
    """
    bits = 0
    for tag in tags_of(trial, reading, signals):
        bits |= _bits().get(tag, 0)
    return _ids_of(bits)


def cautions_for_search(trials: Iterable[Trial]) -> tuple[AppliedCaution, ...]:
    """Return the cautions that apply always or to any of the trials, each once."""
    trials = tuple(trials)
    tags_of_each = [tags_for(trial) for trial in trials]
    chosen = []
    for caution in catalogue():
        if ALWAYS in caution.when:
            chosen.append(_applied(caution.id, _reason(ALWAYS)))
        elif hits := [tag for tags in tags_of_each if (tag := _first_tag(caution, tags))]:
            reason = _reason(min(hits, key=caution.when.index), trials)
            share = f"In {len(hits)} of {len(tags_of_each)} studies: "
            chosen.append(_applied(caution.id, share + reason if len(tags_of_each) > 1 else reason))
    return tuple(chosen)


def headline_cautions() -> tuple[AppliedCaution, ...]:
    """Return the few cautions that stand under every table, the most needed first."""
    chosen = [caution for caution in catalogue() if caution.headline is not None]
    chosen.sort(key=lambda caution: caution.headline or 0)
    return tuple(_applied(caution.id, _reason(ALWAYS)) for caution in chosen)


def _first_tag(caution: Caution, tags: frozenset[str]) -> str | None:
    return next((tag for tag in caution.when if tag in tags), None)


def _reason(tag: str, trials: Iterable[Trial] = ()) -> str:
    """Return why a caution stands beside trials; saved data are named with their day or days."""
    reason: str = read_texts("cautions")["why"][tag]
    if tag != SAVED:
        return reason
    days = sorted({trial.status.as_of for trial in trials if trial.status.as_of})
    return reason.replace("{day}", " to ".join(map(day_words, dict.fromkeys(days[:1] + days[-1:]))))


@lru_cache(maxsize=512)
def _applied(caution_id: str, why: str) -> AppliedCaution:
    caution = _by_id()[caution_id]
    return AppliedCaution(id=caution.id, text=caution.text, section=caution.section, why=why)


@cache
def _bits() -> dict[str, int]:
    """Return by tag the cautions that it calls for: a bit for each, at its place in the catalogue."""
    bits: dict[str, int] = {}
    for place, caution in enumerate(catalogue()):
        for tag in caution.when:
            bits[tag] = bits.get(tag, 0) | 1 << place
    return bits


@lru_cache(maxsize=1024)
def _ids_of(bits: int) -> tuple[str, ...]:
    return tuple(caution.id for place, caution in enumerate(catalogue()) if bits >> place & 1)


@cache
def _by_id() -> dict[str, Caution]:
    return {caution.id: caution for caution in catalogue()}
