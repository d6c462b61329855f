"""Signals: neutral facts of a record that a careful reader looks at, doubtful and good alike.

A signal is no verdict. Most of them are the norm in this field, which is why each kind knows how common it
is among such records.
"""

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Literal

from stemcheck.guidance.partial_dates import day_words
from stemcheck.guidance.payment import Phrase, find_phrases, phrase_kinds
from stemcheck.guidance.signal_rules import RULES, Finding, Rule
from stemcheck.guidance.texts import read_texts
from stemcheck.trial.study import Study
from stemcheck.trial.trial import Facts, Signal, Trial

Tone = Literal["attention", "neutral", "strength"]

_AMONG = {
    "records": "such records",
    "trials": "such trials",
    "ended": "such trials that are over",
}


class SignalKind(Facts):
    """One kind of signal: its sentence, how common it is, and what it rests on."""

    id: str
    text: str
    then: str | None = None
    """Beside saved data, in place of ``text``: what was so on their ``{day}`` and may have changed."""
    field: str
    among: Literal["records", "trials", "ended"]
    mark: bool
    """It deserves a mark in the row of a table."""
    tone: Tone
    source: str
    base_rate: str | None
    """How common it is, in a sentence with its date. None: not counted."""


@cache
def kinds() -> tuple[SignalKind, ...]:
    """Return every kind of signal, in the order in which they are shown."""
    texts = read_texts("signals")
    return tuple(
        SignalKind.model_validate(
            {key: value for key, value in row.items() if key not in {"fact", "is"}}
            | {"source": texts["sources"][row["source"]], "base_rate": _base_rate_for(row)}
        )
        for row in texts["signal"]
    )


def find_kind(signal_id: str) -> SignalKind | None:
    """Return the kind of a signal; None for an id that this version does not know."""
    return next((kind for kind in kinds() if kind.id == signal_id), None)


def signals_for(study: Study, *, today: date) -> tuple[Signal, ...]:
    """Return the signals of a study. ``today`` decides what is long ago: for saved data their day."""
    as_of = study.trial.status.as_of
    phrases = find_phrases(study.text)
    found = []
    for kind, rule in _rules():
        finding = _finding_of(phrases.get(kind.id)) if rule is None else rule(study, today)
        if finding is not None:
            text = kind.text if as_of is None else _text_of_day(kind, as_of)
            field = finding.field or kind.field
            found.append(_signal(kind.id, text, field, finding.value, finding.quote))
    return tuple(found)


@lru_cache(maxsize=1024)
def _signal(id_: str, text: str, field: str, value: str, quote: str | None) -> Signal:
    """Return a signal; most are word for word the same beside hundreds of studies, and are one value."""
    return Signal(id=id_, text=text, field=field, value=value, quote=quote)


def _finding_of(phrase: Phrase | None) -> Finding | None:
    return phrase and Finding(value=phrase.clause, quote=phrase.clause, field=phrase.field)


@cache
def day_bound_ids() -> frozenset[str]:
    """Return the ids of the signals that time or a new word of the sponsor can undo."""
    return frozenset(kind.id for kind in kinds() if kind.then)


def _text_of_day(kind: SignalKind, as_of: str) -> str:
    return kind.text if kind.then is None else kind.then.replace("{day}", day_words(as_of))


@cache
def _rules() -> tuple[tuple[SignalKind, Rule | None], ...]:
    """Return every kind with its rule; None where the phrases of a record decide."""
    rows = read_texts("signals")["signal"]
    return tuple((kind, _rule_for(kind.id, row)) for kind, row in zip(kinds(), rows, strict=True))


def _rule_for(signal_id: str, row: dict[str, Any]) -> Rule | None:
    if signal_id in phrase_kinds():
        return None
    return _rule_for_fact(row) if "fact" in row else RULES[signal_id]


def _rule_for_fact(row: dict[str, Any]) -> Rule:
    """Return the rule "this fact of the trial has one of these values"."""
    fact_of: Callable[[Trial], object] = attrgetter(row["fact"])
    findings = {value: Finding(value=_as_written(value)) for value in row["is"]}
    trials_only = row["among"] == "trials"

    def rule(study: Study, _today: date) -> Finding | None:
        if trials_only and study.trial.study_type != "INTERVENTIONAL":
            return None
        return findings.get(fact_of(study.trial))

    return rule


def _as_written(value: str | bool) -> str:
    """Return a value of the record as its JSON has it."""
    return str(value).lower() if isinstance(value, bool) else value


def _base_rate_for(row: dict[str, Any]) -> str | None:
    rates = read_texts("signals")["base_rates"]
    if row["id"] not in rates["counts"]:
        return None
    hits, asked = rates["counts"][row["id"]]
    share = round(100 * hits / asked) if asked else 0
    amount = f"About {share}" if share else "Fewer than 1"
    return f"{amount} in 100 {_AMONG[row['among']]} show this ({rates['checked']})."
