"""Signals: neutral facts of a record that a careful reader looks at, doubtful and good alike.

A signal is no verdict. Most of them are the norm in this field, which is why each kind knows how common it
is among such records. Rules are silent where the record is: a missing date or an empty list is never a
signal, unless the registry's own rules make the absence mean something.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from stemcheck.guidance.approvals import approved_name_in
from stemcheck.guidance.conditions import unrelated_systems_for
from stemcheck.guidance.dates import day_words, first_day, last_day, years_before
from stemcheck.guidance.payment import find_phrases, phrase_kinds
from stemcheck.guidance.places import has_us_site
from stemcheck.guidance.texts import read_texts, source_words
from stemcheck.trial.status import is_final, takes_people
from stemcheck.trial.study import Study
from stemcheck.trial.text import ArmText
from stemcheck.trial.trial import Facts, Signal, Trial
from stemcheck.words import entry_of, once_a_language, words, words_or_none

Tone = Literal["attention", "neutral", "strength"]


class SignalKind(Facts):
    """One kind of signal: its sentence, how common it is, and what it rests on."""

    id: str
    text: str
    then: str | None = None
    """Beside saved data, in place of ``text``: what was so on their ``{day}`` and may have changed."""
    early: str | None = None
    """Beside a study in an early phase, after ``text``: what is usual there and nowhere else."""
    field: str
    among: Literal["records", "trials", "ended"]
    mark: bool
    """It deserves a mark in the row of a table."""
    tone: Tone
    source: str
    base_rate: str | None
    """How common it is, in a sentence with its date. None: not counted."""
    share: int | None = None
    """The same as a number: how many in 100."""


class Finding(NamedTuple):
    """What a rule saw: the value, and where it differs from the signal's usual field, the field."""

    value: str
    quote: str | None = None
    field: str | None = None
    facts: Mapping[str, str] = {}
    """What the sentence names, where it names something of this record."""


Rule = Callable[[Study, date], Finding | None]


@once_a_language
def kinds() -> tuple[SignalKind, ...]:
    """Return every kind of signal, in the order in which they are shown: what deserves attention first."""
    return tuple(
        SignalKind.model_validate(
            {
                **{key: value for key, value in row.items() if key not in {"fact", "is"}},
                "text": entry_of(f"signals.text.{row['id']}"),
                "then": words_or_none(f"signals.then.{row['id']}"),
                "early": words_or_none(f"signals.early.{row['id']}"),
                "source": source_words(row["source"]),
                "base_rate": _base_rate_for(row),
                "share": _share_of(row["id"]),
            }
        )
        for row in read_texts("signals")["signal"]
    )


@once_a_language
def _kinds_by_id() -> dict[str, SignalKind]:
    return {kind.id: kind for kind in kinds()}


def find_kind(signal_id: str) -> SignalKind | None:
    """Return the kind of a signal; None for an id that this version does not know."""
    return _kinds_by_id().get(signal_id)


def signals_for(study: Study, *, today: date) -> tuple[Signal, ...]:
    """Return the signals of a study. ``today`` decides what is long ago: for saved data their day."""
    held = find_phrases(study.text)
    found = []
    for id_, rule in _rules():
        if rule is None:
            phrase = held.get(id_)
            finding = phrase and Finding(phrase.clause, phrase.clause, phrase.field)
        else:
            finding = rule(study, today)
        if finding:
            found.append(_signal(id_, finding, study.trial))
    return tuple(found)


def reworded(signals: Iterable[Signal], trial: Trial) -> tuple[Signal, ...]:
    """Return signals that were kept, in the words and the order of today.

    What the sentence names of the record itself is not kept: such signals are left as they are.
    """
    order = list(_kinds_by_id())
    known = [signal for signal in signals if signal.id in order]
    others = [signal for signal in signals if signal.id not in order]
    known.sort(key=lambda signal: order.index(signal.id))
    return (*(_with_todays_words(signal, trial) for signal in known), *others)


def _with_todays_words(signal: Signal, trial: Trial) -> Signal:
    if "{" in _kinds_by_id()[signal.id].text:
        return signal
    return _signal(signal.id, Finding(signal.value, signal.quote, signal.field), trial)


def _signal(signal_id: str, finding: Finding, trial: Trial) -> Signal:
    kind = _kinds_by_id()[signal_id]
    text = kind.text.format_map(finding.facts) if finding.facts else kind.text
    as_of = trial.status.as_of
    if kind.then and as_of:
        text = kind.then.format(day=day_words(as_of))
    elif kind.early and _is_early(trial):
        text = f"{text} {kind.early}"
    field = finding.field or kind.field
    return _shared_signal(signal_id, text, field, finding.value, finding.quote)


@once_a_language
def _shared_signal(id_: str, text: str, field: str, value: str, quote: str | None) -> Signal:
    """Return a signal; most are word for word the same beside hundreds of studies, and are one value."""
    return Signal(id=id_, text=text, field=field, value=value, quote=quote)


def _is_early(trial: Trial) -> bool:
    return not _EARLY_PHASES.isdisjoint(trial.phases)


@once_a_language
def day_bound_ids() -> frozenset[str]:
    """Return the ids of the signals that time or a new word of the sponsor can undo."""
    return frozenset(kind.id for kind in kinds() if kind.then)


def is_among(group: str, study: Study, today: date) -> bool:
    """Whether a record can have a signal at all: what its base rate is counted among."""
    if group == "ended":
        return _has_ended_long_ago(study, today)
    return group == "records" or study.trial.study_type == "INTERVENTIONAL"


@cache
def _rules() -> tuple[tuple[str, Rule | None], ...]:
    """Return the id of every signal with its rule; None where the phrases of a record decide."""
    rows = read_texts("signals")["signal"]
    return tuple((row["id"], _rule_for(row)) for row in rows)


def _rule_for(row: dict[str, Any]) -> Rule | None:
    if row["id"] in phrase_kinds():
        return None
    return _rule_for_fact(row) if "fact" in row else RULES[row["id"]]


def _rule_for_fact(row: dict[str, Any]) -> Rule:
    """Return the rule "this fact of the trial has one of these values"."""
    fact_of: Callable[[Trial], object] = attrgetter(row["fact"])
    findings = {value: Finding(_as_in_json(value)) for value in row["is"]}
    trials_only = row["among"] == "trials"

    def rule(study: Study, _today: date) -> Finding | None:
        if trials_only and study.trial.study_type != "INTERVENTIONAL":
            return None
        return findings.get(fact_of(study.trial))

    return rule


def _as_in_json(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _base_rate_for(row: dict[str, Any]) -> str | None:
    share = _share_of(row["id"])
    if share is None:
        return None
    return words(
        "signals.rate.about" if share else "signals.rate.rare",
        share=share,
        records=words(f"signals.among.{row['among']}"),
        day=counted_in(),
    )


def _share_of(signal_id: str) -> int | None:
    hits, asked = read_texts("signals")["base_rates"]["counts"].get(signal_id, (0, None))
    return None if asked is None else round(100 * hits / asked) if asked else 0


def counted_in() -> str:
    """Return of when the records are among which signals were counted."""
    return day_words(read_texts("signals")["base_rates"]["checked"])


# --- the rules that take more than one field -----------------------------------------------------------

_EARLY_PHASES = frozenset({"EARLY_PHASE1", "PHASE1"})
_MANY_SYSTEMS = 4
# At three, records on one disease with its usual company were among those found (October 2022).
_CONTROL_WORDS = ("placebo", "sham", "control", "standard", "conventional", "saline", "vehicle")
_LATE_DAYS = 21
_ENDED = frozenset({"COMPLETED", "TERMINATED"})
_LONGEST_QUOTE = 160


def _many_conditions(study: Study, _today: date) -> Finding | None:
    conditions = study.trial.conditions
    if len(conditions) < _MANY_SYSTEMS:
        return None
    systems = unrelated_systems_for(conditions)
    if len(systems) < _MANY_SYSTEMS:
        return None
    listed = "; ".join(conditions)
    return Finding(words("signals.value.many-conditions", count=len(systems), conditions=listed))


def _approved_product(study: Study, _today: date) -> Finding | None:
    """Find an approved product among what the study gives, by any name that it bears there."""
    named = [
        (f"interventions[{place}].name", item.name)
        for place, item in enumerate(study.trial.interventions)
    ]
    named += [
        (f"interventions[{place}].otherNames", other)
        for place, item in enumerate(study.text.interventions)
        for other in item.other_names
    ]
    for field, name in named:
        if approval := approved_name_in(name):
            quote = name[:_LONGEST_QUOTE]
            facts = {
                "product": approval.product,
                "day": day_words(approval.approved_on),
                "use": approval.used_for,
            }
            return Finding(approval.product, quote, field, facts)
    return None


def _status_not_verified(study: Study, today: date) -> Finding | None:
    status = study.trial.status
    verified = last_day(status.verified_on)
    is_old = verified is not None and verified < years_before(today, 2)
    if status.value == "UNKNOWN" or (_may_go_on(status.value) and is_old):
        return Finding(status.verified_on or "UNKNOWN")
    return None


def _has_ended_long_ago(study: Study, today: date) -> bool:
    trial = study.trial
    ended = last_day(trial.dates.primary_completion or trial.dates.completion)
    is_over = trial.study_type == "INTERVENTIONAL" and trial.status.value in _ENDED
    return is_over and ended is not None and ended < years_before(today, 1)


def _may_go_on(status: str | None) -> bool:
    """Return whether a study of this status has not ended yet, as far as the status tells."""
    return takes_people(status) is not None and not is_final(status)


def _no_results_posted(study: Study, today: date) -> Finding | None:
    is_sent = study.details is not None and study.details.results_submitted_not_posted
    if study.trial.has_results is not False or is_sent or not _has_ended_long_ago(study, today):
        return None
    return Finding("false")


def _results_under_review(study: Study, _today: date) -> Finding | None:
    details = study.details
    if study.trial.has_results or details is None or not details.results_submitted_not_posted:
        return None
    return Finding(details.results_first_submitted or "true")


def _no_us_site(study: Study, _today: date) -> Finding | None:
    countries = study.trial.countries
    if not countries or has_us_site(countries):
        return None
    return Finding(", ".join(countries))


def _is_named_control(arm: ArmText) -> bool:
    """Whether an arm is called a control, whatever type it was registered with."""
    name = f"{arm.label} {' '.join(arm.intervention_names)}".lower()
    return any(word in name for word in _CONTROL_WORDS)


def _no_control(study: Study, _today: date) -> Finding | None:
    design = study.trial.design
    if study.trial.study_type != "INTERVENTIONAL" or not design.arms or design.control_arms != 0:
        return None
    if design.allocation == "RANDOMIZED" or any(_is_named_control(arm) for arm in study.text.arms):
        return None
    return Finding(words("signals.value.no-control", count=design.arms))


def _registered_late(study: Study, _today: date) -> Finding | None:
    dates = study.trial.dates
    started, submitted = last_day(dates.start), first_day(dates.first_submitted)
    if study.trial.study_type != "INTERVENTIONAL" or started is None or submitted is None:
        return None
    if (submitted - started).days <= _LATE_DAYS:
        return None
    both = {"start": dates.start, "registered": dates.first_submitted}
    return Finding(words("signals.value.registered-late", **both))


def _us_site_no_fda_flag(study: Study, _today: date) -> Finding | None:
    oversight = study.trial.oversight
    flags = (oversight.fda_regulated_drug, oversight.fda_regulated_device)
    is_interventional = study.trial.study_type == "INTERVENTIONAL"
    if not is_interventional or flags != (False, False):
        return None
    return Finding("false") if has_us_site(study.trial.countries) else None


def _reason_for_stopping(study: Study, _today: date) -> Finding | None:
    reason = study.trial.status.why_stopped
    return Finding(reason, quote=reason[:_LONGEST_QUOTE]) if reason else None


def _fda_notice(study: Study, _today: date) -> Finding | None:
    details = study.details
    if details is None or not (details.fdaaa801_violation or details.fda_notices):
        return None
    if not details.fda_notices:
        return Finding("true", field="miscInfoModule.fdaaa801Violation")
    notice = details.fda_notices[0]
    return Finding(notice.type or words("signals.value.fda-notice"), quote=notice.description)


def _documents_posted(study: Study, _today: date) -> Finding | None:
    if study.details is None or not study.details.documents:
        return None
    labels = [item.label or words("signals.value.document") for item in study.details.documents]
    return Finding("; ".join(labels))


def _publications_linked(study: Study, _today: date) -> Finding | None:
    papers = study.details.publications if study.details else ()
    count = sum(paper.type in {"RESULT", "DERIVED"} for paper in papers)
    return Finding(str(count)) if count else None


RULES: dict[str, Rule] = {
    "many-conditions": _many_conditions,
    "approved-product": _approved_product,
    "status-not-verified": _status_not_verified,
    "fda-notice": _fda_notice,
    "no-results-posted": _no_results_posted,
    "results-under-review": _results_under_review,
    "no-us-site": _no_us_site,
    "no-control": _no_control,
    "registered-late": _registered_late,
    "us-site-no-fda-flag": _us_site_no_fda_flag,
    "reason-for-stopping": _reason_for_stopping,
    "documents-posted": _documents_posted,
    "publications-linked": _publications_linked,
}
"""By id of the signal, as in ``signals.toml``; those that rest on one fact or on phrases need no rule."""
