"""One trial in full, for the screen and the page, section by section.

What most people ask comes first: what is it about, can I join, who runs it and who pays, what is given. To
add a fact, add one line here and its name to the table of words.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from stemcheck.guidance.cautions import ALWAYS
from stemcheck.guidance.dates import last_day
from stemcheck.guidance.glossary import Entry, find_entry, plain
from stemcheck.guidance.signals import Tone, find_kind
from stemcheck.output.in_full import documents_of, short_lines, summary_line
from stemcheck.output.places import places_in_short
from stemcheck.output.plain import clean
from stemcheck.output.wording import (
    ages_of,
    day,
    given_by,
    nearest_of,
    not_a_trial,
    people_of,
    phase_of,
    sex_of,
    status_of,
    way_of,
)
from stemcheck.trial.answer import AppliedCaution, Source
from stemcheck.trial.details import DetailedTrial, FdaNotice
from stemcheck.trial.reading import Evidence, Reading
from stemcheck.trial.status import label_for
from stemcheck.trial.terms import Product
from stemcheck.trial.trial import Signal, Trial
from stemcheck.words import entry_of, words

PAYS = "participants-pay"
_NOT_VERIFIED = "status-not-verified"
_TONES: tuple[Tone, ...] = ("attention", "neutral", "strength")
_NO_CLASS = frozenset({None, "OTHER", "UNKNOWN"})
"""Classes of a sponsor that say nothing."""


class Fact(NamedTuple):
    """One fact. Without a name it is a sentence of its own."""

    name: str
    text: str
    meaning: str = ""
    """What it means, if that needs an explanation."""
    quote: str = ""
    """The record's own words."""


class Section(NamedTuple):
    """Facts under one heading."""

    id: str
    heading: str
    facts: list[Fact]
    in_one_line: bool = False
    """On the screen, the facts with a name share one line."""


def sections_of(trial: DetailedTrial, source: Source, today: date) -> Iterator[Section]:
    """Yield the sections about a trial, most needed first. Empty sections are left out."""
    data_day = last_day(source.saved_day) or today
    for id_, facts in (
        ("about", _about(trial)),
        ("join", _join(trial, source)),
        ("who", _who(trial)),
        ("given", _given(trial.reading)),
        ("notice", _notice(trial.signals)),
        ("design", _design(trial)),
        ("oversight", _oversight(trial)),
        ("dates", _dates(trial, data_day)),
        ("fda", map(_fda_notice, trial.details.fda_notices)),
    ):
        if told := list(facts):
            yield Section(id_, words(f"record.headings.{id_}"), told, in_one_line=id_ == "dates")


def _fact(name: str, text: str, meaning: str = "", *, quote: str = "") -> Fact:
    return Fact(words(f"record.names.{name}"), text, meaning, quote)


def _about(trial: DetailedTrial) -> Iterator[Fact]:
    if trial.conditions:
        yield _fact("conditions", ", ".join(clean(condition) for condition in trial.conditions))
    if not_a_trial(trial) and (entry := find_entry("study_type", trial.study_type)):
        yield _fact("study_type", entry.label, entry.meaning)
    if summary := summary_line(trial):
        yield Fact("", summary)


def _join(trial: DetailedTrial, source: Source) -> Iterator[Fact]:
    status = trial.status
    as_of = status.as_of or source.saved_day
    name = words(f"record.names.status{'_then' if as_of else ''}", day=day(as_of))
    yield Fact(name, status_of(trial), status.meaning)
    if status.last_known:
        yield _fact("last_known", clean(label_for(status.last_known)))
    old = [signal.text for signal in trial.signals if signal.id == _NOT_VERIFIED]
    confirmed = day(status.verified_on) or words("record.unsaid")
    yield _fact("confirmed", confirmed, " ".join(map(clean, old)))
    if status.why_stopped:
        yield _fact("why_stopped", "", quote=clean(status.why_stopped))
    people = trial.eligibility
    healthy = {True: "healthy_yes", False: "healthy_no", None: "healthy_unsaid"}
    yield _fact(
        "people",
        ", ".join(
            [
                ages_of(people),
                sex_of(people) or words(f"record.{'any_sex' if people.sex == 'ALL' else 'no_sex'}"),
                words(f"record.{healthy[people.healthy_volunteers]}"),
            ]
        ),
    )
    if near := nearest_of(trial):
        yield _fact("nearest", near)
    yield _fact("where", places_in_short(trial))


def _who(trial: Trial) -> Iterator[Fact]:
    sponsor = trial.sponsor
    if sponsor:
        kind = (
            ""
            if sponsor.class_ in _NO_CLASS
            else f" ({clean(plain('sponsor_class', sponsor.class_))})"
        )
        yield _fact("sponsor", f"{clean(sponsor.name)}{kind}")
    if trial.collaborators:
        yield _fact("collaborators", ", ".join(clean(one.name) for one in trial.collaborators))
    if paying := paying_of(trial):
        quote = clean(paying.quote or paying.value)
        yield _fact("pays", words("record.people_pay"), quote=quote)
    else:
        yield _fact("pays", words("record.unsaid"))


def paying_of(trial: Trial) -> Signal | None:
    """Return the record's words about payment by participants; None if it does not say that they pay."""
    return next((signal for signal in trial.signals if signal.id == PAYS), None)


def _given(reading: Reading | None) -> Iterator[Fact]:
    if reading is not None and reading.products == (Product.NONE,):
        yield _fact("given", words("record.no_cells"))
        return
    is_unsaid = reading is not None and reading.products == (Product.NOT_STATED,)
    yield _fact("given", words("follow.not_stated") if is_unsaid else given_by(reading))
    name = words("record.names.how")
    yield Fact(name, way_of(reading).removeprefix(f"{name.lower()}: "))
    if reading is not None:
        quotes = quotes_of(reading)
        yield from (Fact(", ".join(values), "", quote=quote) for quote, values in quotes)
        if not quotes:
            yield Fact("", words("record.no_words"))


def quotes_of(reading: Reading) -> list[tuple[str, list[str]]]:
    """Return each quote of a reading once, with all values that it supports."""
    by_quote: dict[str, list[str]] = {}
    for one in first_quotes(reading):
        by_quote.setdefault(clean(one.quote), []).append(plain(one.claim, one.value))
    return list(by_quote.items())


def first_quotes(reading: Reading) -> list[Evidence]:
    """Return one quote for each value of a reading, which is enough for a study in a list."""
    first: dict[tuple[str, str], Evidence] = {}
    for evidence in reading.evidence:
        first.setdefault((evidence.claim, evidence.value), evidence)
    return list(first.values())


def _notice(signals: Iterable[Signal]) -> Iterator[Fact]:
    """Yield what a careful reader would notice: serious facts first, then by how rare they are."""
    for signal in by_weight(signals):
        kind = find_kind(signal.id)
        rate = "" if kind is None or kind.share is None else words("record.rate", share=kind.share)
        text = clean(signal.text)
        if signal.id in entry_of("signals.value") and not signal.quote:  # a value in words
            text = f"{text} ({clean(signal.value)})"
        yield Fact("", text, rate, clean(signal.quote))


def by_weight(signals: Iterable[Signal]) -> list[Signal]:
    """Return signals by weight, heaviest first. A kind that this version does not know counts as neutral."""

    def weight(signal: Signal) -> tuple[int, int]:
        kind = find_kind(signal.id)
        share = 100 if kind is None or kind.share is None else kind.share
        return _TONES.index(kind.tone if kind else "neutral"), share

    return sorted(signals, key=weight)


def _design(trial: Trial) -> Iterator[Fact]:
    entries = [entry for phase in trial.phases if (entry := find_entry("phase", phase))]
    meaning = " ".join(entry.meaning for entry in entries)
    yield _fact("phase", phase_of(trial) if trial.phases else words("record.not_given"), meaning)
    design = trial.design
    topics = {
        "allocation": design.allocation,
        "masking": design.masking,
        "model": design.intervention_model or design.observational_model,
    }
    for topic, value in topics.items():
        if value:
            entry = find_entry(topic, value)
            label = entry.label if entry else plain(topic, value)
            yield _fact(topic, clean(label), _meaning(entry))
    yield _fact("enrollment", people_of(trial))


def _oversight(trial: Trial) -> Iterator[Fact]:
    ticks = trial.oversight
    for name, value in (
        ("fda_regulated_drug", ticks.fda_regulated_drug),
        ("fda_regulated_device", ticks.fda_regulated_device),
        ("data_monitoring_committee", ticks.data_monitoring_committee),
    ):
        entry = find_entry("oversight", name)
        said = {True: "yes", False: "no", None: "unsaid"}[value]
        yield Fact(entry.label if entry else name, words(f"record.{said}"), _meaning(entry))


def _dates(trial: DetailedTrial, data_day: date) -> Iterator[Fact]:
    dates = trial.dates
    named = {
        "start": dates.start,
        "last_measurement": dates.primary_completion,
        "end": dates.completion,
        "first_listed": dates.first_submitted,
        "last_update": dates.last_update_posted,
        "results": dates.results_posted,
    }
    for name, value in named.items():
        told = day(value) or words("record.not_given")
        ahead = last_day(value)
        is_planned = ahead is not None and ahead > data_day
        yield _fact(name, words("record.planned", day=told) if is_planned else told)
    yield from (Fact("", line) for line in short_lines(trial, data_day))
    yield from (Fact("", line) for line in documents_of(trial))


def _fda_notice(notice: FdaNotice) -> Fact:
    told = (notice.type, day(notice.issued_on), notice.description)
    return Fact("", " · ".join(clean(part) for part in told if part))


def _meaning(entry: Entry | None) -> str:
    return entry.meaning if entry else ""


def by_reason(cautions: Iterable[AppliedCaution]) -> list[tuple[str, list[AppliedCaution]]]:
    """Return the cautions by reason. Those that always apply have none and come last."""
    groups: dict[str, list[AppliedCaution]] = {}
    for caution in cautions:
        groups.setdefault("" if caution.why == ALWAYS else caution.why, []).append(caution)
    return sorted(groups.items(), key=lambda item: not item[0])
