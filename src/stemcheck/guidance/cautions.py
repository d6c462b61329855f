"""Which cautions stand beside a trial, a search, a table or a leaflet.

What is so of a trial is said in short tags, which cautions and questions name in their ``when``. A tag is
``kind:value``, as in ``status:COMPLETED`` or ``signal:participants-pay``. Values are the registry's or the
reading's own, so that a new caution needs no new code.

Saved data have the tag ``saved``, and what may have changed since their day stands under ``then:``, as in
``then:status:COMPLETED``. So a caution or question on how things stand now never fits saved data.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from stemcheck.guidance.conditions import systems_for, topics_for
from stemcheck.guidance.dates import day_words
from stemcheck.guidance.places import has_us_site
from stemcheck.guidance.signals import day_bound_ids
from stemcheck.guidance.texts import checked_on, read_texts, source_words
from stemcheck.trial.answer import AppliedCaution
from stemcheck.trial.reading import Reading
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue
from stemcheck.trial.trial import Facts, Signal, Status, Trial
from stemcheck.words import once_a_language, words

ALWAYS = "always"
"""The tag that every trial has; as a reason it is a word for programs, the same in every language."""
SAVED = "saved"

_DOCUMENT = "document"
_NOT_INJECTED = frozenset(
    {
        Route.INTRAVENOUS,
        Route.INTRANASAL,
        Route.TOPICAL,
        Route.EXTRACORPOREAL,
        Route.INFUSION_UNSPECIFIED,
        Route.NOT_STATED,
        Route.NONE,
    }
)
"""Routes without a deep needle or an operation, or of which we do not know whether they need one."""

_NO_TISSUE = frozenset({Tissue.NOT_STATED, Tissue.NONE})


_RANKS = ("signal", "status", SAVED, "type", "product", "route", "phase", "fda", "site", "topic")
"""What a caution may rest on, the most telling first; what is not here says least of one trial."""


class Caution(Facts):
    """One caution of the source document, or an addition of ours, in plain words."""

    id: str
    section: str
    """The heading of the source document that it belongs under."""
    short_section: str
    """That heading in a word or three, for a table."""
    text: str
    when: tuple[str, ...]
    """Tags: it stands beside a trial that has any of them."""
    headline: int | None = None
    """Its place among the few lines under every table."""
    leaflet: int | None = None
    """Its place among the few lines beside a clinic's text."""
    source: str
    """What the text rests on, with its day."""
    ours: bool
    """It is an addition of ours: the source document does not say it."""


@once_a_language
def catalogue() -> tuple[Caution, ...]:
    """Return every caution, in the order of the source document."""
    dated = {"day": day_words(checked_on().isoformat()), "year": checked_on().year}
    return tuple(
        Caution.model_validate(
            {
                **row,
                "text": words(f"cautions.text.{row['id']}", **dated),
                "section": words(f"cautions.section.{row['section']}"),
                "short_section": words(f"cautions.short.{row['section']}"),
                "source": source_words(row["source"]),
                "ours": _DOCUMENT not in row["source"],
            }
        )
        for row in read_texts("cautions")["caution"]
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
    for tag in _tags_of(trial, reading, signals):
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
            if len(trials) > 1:
                reason = words("cautions.share", hits=len(hits), studies=len(trials), reason=reason)
            chosen.append(_applied(caution.id, reason))
    return tuple(chosen)


def cautions_that_fit_best(trial: Trial, most: int) -> tuple[AppliedCaution, ...]:
    """Return the few cautions that fit a trial best: what its own record calls for, then the headline ones.

    Of those that the record calls for, one a reason, and the most particular reason first.
    """
    tags = tags_for(trial)
    everywhere = headline_cautions()
    known = {caution.id for caution in everywhere}
    called: dict[str, Caution] = {}
    for caution in sorted(catalogue(), key=lambda caution: len(caution.when)):
        tag = _first_tag(caution, tags)
        if tag and tag != ALWAYS and caution.id not in known:
            called.setdefault(tag, caution)
    ranked = sorted(called.items(), key=lambda item: _rank(item[0]))
    own = [_applied(caution.id, _reason(tag, (trial,))) for tag, caution in ranked]
    return (*own[: most - 2], *everywhere)[:most]


def _rank(tag: str) -> int:
    kind = tag.removeprefix("then:").partition(":")[0]
    return _RANKS.index(kind) if kind in _RANKS else len(_RANKS)


def headline_cautions() -> tuple[AppliedCaution, ...]:
    """Return the few cautions that stand under every table, the most needed first."""
    return _ranked({caution.id: caution.headline for caution in catalogue()})


def leaflet_cautions() -> tuple[AppliedCaution, ...]:
    """Return the few cautions that stand beside a clinic's text, the most needed first."""
    return _ranked({caution.id: caution.leaflet for caution in catalogue()})


def _ranked(places: dict[str, int | None]) -> tuple[AppliedCaution, ...]:
    chosen = sorted((place, id_) for id_, place in places.items() if place is not None)
    return tuple(_applied(id_, _reason(ALWAYS)) for _, id_ in chosen)


def _first_tag(caution: Caution, tags: frozenset[str]) -> str | None:
    return next((tag for tag in caution.when if tag in tags), None)


def _reason(tag: str, trials: Iterable[Trial] = ()) -> str:
    """Return why a caution stands beside trials; saved data are named with their day or days."""
    if tag == ALWAYS:
        return ALWAYS
    if tag != SAVED:
        return words(f"cautions.why.{tag}")
    days = sorted({trial.status.as_of for trial in trials if trial.status.as_of})
    shown = [day_words(day) for day in dict.fromkeys(days[:1] + days[-1:])]
    if len(shown) > 1:
        shown = [words("dates.range", first=shown[0], last=shown[-1])]
    return words("cautions.why.saved", day=shown[0] if shown else words("dates.unknown"))


@once_a_language
def _applied(caution_id: str, why: str) -> AppliedCaution:
    caution = _by_id()[caution_id]
    return AppliedCaution(
        id=caution.id, text=caution.text, section=caution.section, why=why, ours=caution.ours
    )


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


@once_a_language
def _by_id() -> dict[str, Caution]:
    return {caution.id: caution for caution in catalogue()}


def tags_for(trial: Trial) -> frozenset[str]:
    """Return all that a caution can ask about. The trial's reading and signals have to be there."""
    return frozenset(_tags_of(trial, trial.reading, trial.signals))


def _tags_of(trial: Trial, reading: Reading | None, signals: tuple[Signal, ...]) -> list[str]:
    """Return the tags of a trial, of its reading and of its signals; some may stand there twice."""
    tags = [ALWAYS, f"type:{trial.study_type}"]
    tags += _day_bound_tags(trial.status, signals)
    tags += [f"phase:{phase}" for phase in trial.phases]
    for condition in trial.conditions:
        tags += _condition_tags(condition)
    tags += _place_tags(trial)
    if reading is not None:
        tags += _reading_tags(
            reading.intravenous, reading.products, reading.routes, reading.donor, reading.tissue
        )
    return tags


def _day_bound_tags(status: Status, signals: tuple[Signal, ...]) -> Iterator[str]:
    """Yield the status and the signals: of today, or of the day of saved data."""
    is_saved = status.as_of is not None
    if is_saved:
        yield SAVED
    yield f"{'then:' if is_saved else ''}status:{status.value}"
    for signal in signals:
        is_past = is_saved and signal.id in day_bound_ids()
        yield f"{'then:' if is_past else ''}signal:{signal.id}"


@lru_cache(maxsize=4096)
def _condition_tags(condition: str) -> tuple[str, ...]:
    systems = [f"system:{name}" for name in systems_for(condition)]
    return (*systems, *(f"topic:{name}" for name in topics_for(condition)))


def _place_tags(trial: Trial) -> Iterator[str]:
    """Yield where a trial runs, and where the FDA may be in charge: whether the record shows it.

    Abroad other authorities oversee a study, so that the FDA's absence from the record says nothing.
    """
    if trial.countries and not has_us_site(trial.countries):
        yield "site:not_us"
        return
    yield "site:us" if trial.countries else "site:unknown"
    oversight = trial.oversight
    if not (oversight.fda_regulated_drug or oversight.fda_regulated_device):
        yield "fda:not_shown"


@lru_cache(maxsize=1024)
def _reading_tags(
    intravenous: Intravenous,
    products: tuple[Product, ...],
    routes: tuple[Route, ...],
    donors: tuple[Donor, ...],
    tissues: tuple[Tissue, ...],
) -> tuple[str, ...]:
    """Return the tags of a reading; kept, because many studies are read alike."""
    tags = [f"iv:{intravenous}"]
    tags += [f"product:{product}" for product in products]
    tags += [f"route:{route}" for route in routes]
    if Donor.ALLOGENEIC in donors:
        tags.append("donor:allogeneic")
    if not _NO_TISSUE.issuperset(tissues):
        tags.append("tissue:stated")
    if not _NOT_INJECTED.issuperset(routes):
        tags.append("given:injected")
    return tuple(tags)
