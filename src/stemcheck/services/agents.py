"""Answers for agents: the same facts as everywhere, short enough for their limited attention.

Every answer has its source, counts and cautions, and says that the registry's words in it are data. A failure
is raised as an error; no answer here stands for one.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from stemcheck.errors import UsageError
from stemcheck.guidance.cautions import (
    cautions_for_search,
    cautions_that_fit_best,
    headline_cautions,
)
from stemcheck.guidance.numbers import NumberMention
from stemcheck.guidance.signals import find_kind
from stemcheck.services.leaflet import Leaflet
from stemcheck.services.search import Ask, open_search
from stemcheck.services.settings import Settings
from stemcheck.services.show import checked_number, find_trials
from stemcheck.services.verify import Verification, verify
from stemcheck.trial.answer import AppliedCaution, Source
from stemcheck.trial.brief import WHOLE, brief_trial
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import Expectations
from stemcheck.words import words

USUAL_TRIALS = 40
"""How many trials a search returns unless the agent asks for another number."""
MOST_TRIALS = 200
CHARACTERS_A_TRIAL = 980
"""Characters of JSON per trial, in text and structured content together; a short list may use more."""
_LEVELS = (
    (WHOLE, True),
    (WHOLE, False),
    (16, False),
    (12, False),
    (10, False),
    (8, False),
    (6, False),
    (4, False),
    (3, False),
)
"""How much to tell about each trial, most first: words per quote, and whether to give all quotes."""
_MOST_SITES = 60
_MOST_CAUTIONS = 8
"""How many cautions are given in words with one trial; the others only by id."""
_NOT_TOLD: tuple[Any, ...] = (None, [], ["not_stated"])
"""Values that are left out of a short trial: the record does not say."""
_TOLD_BY_QUOTES = frozenset({"products", "routes"})
"""Facts that a line gives through their quotes, if every value has one."""
_SPEAK_FOR_THEMSELVES = frozenset(
    {"title", "status", "phases", "countries", "products", "tissue", "donor", "routes", "quotes"}
)
"""Facts whose values need no name in a line."""

Document = dict[str, Any]
"""JSON values only."""


class Whom(NamedTuple):
    """Whom to ask, and with which settings."""

    ask: Ask
    settings: Settings


def search_for_agents(query: TrialQuery, whom: Whom) -> Document:
    """Return a search in short form, open trials first, with as many of the records' words as fit."""
    with open_search(query, whom.ask, whom.settings) as search:
        answer = search.answer()
        notices = [notice.text for notice in search.closing_notices()]
    frame: Document = {
        "source": _source(answer.source),
        "counts": _dumped(answer.counts),
        "notices": notices,
        "about_this": words("agents.about_list"),
        "trials": [],
        **_cautions_beside(answer.trials),
        "web_url": answer.request.web_url,
    }
    return _fitted(frame, answer.trials)


def trial_for_agents(nct_id: str, whom: Whom, *, with_text: bool = False) -> Document:
    """Return one trial with all quotes and signals. Raises an error if there is none."""
    found = find_trials((checked_number(nct_id),), whom.ask, whom.settings, is_long=False)
    found.raise_if_no_trial()
    answer = found.answer()
    (trial,) = answer.trials
    details = trial.details
    short = Trial(**{name: getattr(trial, name) for name in Trial.model_fields})
    told = _dumped(short)
    told["sites"]["names"] = [
        ", ".join(filter(None, (site.facility, site.city, site.country, site.status)))
        for site in details.locations[:_MOST_SITES]
    ]
    if with_text:
        told["brief_summary"] = details.brief_summary
        told["eligibility_criteria"] = details.eligibility_criteria
    return {
        "source": _source(answer.source),
        "counts": {"fetched": 1, "shown": 1, "left_out": {}, "unreadable": 0},
        "notices": [notice.text for notice in answer.notices],
        "about_this": words("agents.about_one"),
        "trials": [told],
        **_cautions_beside((short,), cautions_that_fit_best(short, _MOST_CAUTIONS)),
    }


def verification_for_agents(
    mentions: Sequence[NumberMention],
    leaflet: Leaflet | None,
    expected: Expectations,
    whom: Whom,
) -> Document:
    """Return what records say about claims. Raises the registry's error if it gave no answer at all."""
    verification = verify(mentions, leaflet, expected, whom.ask, whom.settings)
    _raise_if_unanswered(verification)
    answer = verification.answer
    trials = [number.trial for number in answer.numbers if number.trial]
    frame: Document = {
        "source": _source(answer.source) if answer.source else None,
        "counts": {
            "numbers": len(answer.numbers),
            "found": sum(number.found is True for number in answer.numbers),
            "not_in_registry": sum(number.found is False for number in answer.numbers),
            "not_asked": sum(number.found is None for number in answer.numbers),
            "claims": len(answer.claims),
        },
        "notices": [notice.text for notice in answer.notices],
        "about_this": words("agents.about_claims"),
        "numbers": [
            _dumped(number) | {"trial": number.trial.nct_id if number.trial else None}
            for number in answer.numbers
        ],
        "other_numbers": [_dumped(number) for number in answer.other_numbers],
        "claims": [_dumped(claim) for claim in answer.claims],
        "trials": [],
        **_cautions_beside(trials),
    }
    return _fitted(frame, tuple({trial.nct_id: trial for trial in trials}.values()))


def changes_for_agents(name: str, since: date | None, whom: Whom) -> Document:
    """Return what changed in a saved search since a day, or since its last run.

    Nothing is saved, so the user's own next question still gets the full answer. Raises UsageError if no
    search has that name, or if the settings rule out asking the registry.
    """
    from stemcheck.services.following import Follower, changes_answer

    if whom.ask is Ask.SAVED_ONLY:
        raise UsageError(words("agents.changes_offline"))
    follower = Follower(whom.settings)
    compared, changes, apart, notices, told = follower.changes(follower.found(name), since)
    told.outcome.spool.close()
    answer = changes_answer([(compared, changes, apart, notices)])
    return {
        "source": _source(compared.source),
        "counts": {
            "studies_before": compared.studies_before,
            "studies_now": compared.studies_now,
            "changed": compared.changed,
        },
        "notices": [notice.text for notice in answer.notices],
        "about_this": words("agents.about_changes"),
        "since": compared.since,
        "changes": [_dumped(change) for change in answer.changes],
        **_cautions_beside(()),
    }


def _raise_if_unanswered(verification: Verification) -> None:
    """Raise the error that kept the registry from answering: an agent must not take it for an answer."""
    error = verification.error
    if error is not None and verification.exit_code == error.exit_code:
        raise error


def _fitted(frame: Document, trials: Sequence[Trial]) -> Document:
    """Return an answer with its trials in short form, in as many words as fit."""
    room = CHARACTERS_A_TRIAL * max(len(trials), USUAL_TRIALS)
    document = frame
    for level, (most_words, all_quotes) in enumerate(_LEVELS):
        told = [_in_short(each, most_words, all_quotes=all_quotes) for each in trials]
        document = frame | {"trials": told}
        if level:
            document["notices"] = [*frame["notices"], words("agents.shortened")]
        if characters(document) <= room:
            break
    return document


def characters(document: Document) -> int:
    """Return the length of an answer in characters of JSON, text and structured content together."""
    return len(json.dumps(document)) + len(json.dumps(as_text(document)))


def _in_short(trial: Trial, most_words: int, *, all_quotes: bool) -> Document:
    """Return a trial in short form; a fact that the record does not state has no key."""
    brief = brief_trial(trial, most_words=most_words, all_quotes=all_quotes)
    not_told = {"reading", "signals", "status_as_of", "open_to_new_participants", "has_results"}
    told = brief.model_dump(mode="json", exclude=not_told)
    if brief.reading:
        told |= brief.reading.model_dump(mode="json", exclude={"quotes", "intravenous"})
        told["quotes"] = {each.says: f"{each.field}: {each.quote}" for each in brief.reading.quotes}
    told["has_results"] = brief.has_results or None
    told["signals"] = [one for one in brief.signals if (kind := find_kind(one)) and kind.mark]
    return {key: value for key, value in told.items() if value not in _NOT_TOLD}


def _source(source: Source) -> Document:
    return {key: value for key, value in _dumped(source).items() if value is not None}


def _cautions_beside(
    trials: Sequence[Trial], told: Sequence[AppliedCaution] | None = None
) -> Document:
    """Return a few cautions in words (by default those of every list), and the ids of the others."""
    told = headline_cautions() if told is None else told
    known = {caution.id for caution in told}
    others = [one.id for one in cautions_for_search(trials) if one.id not in known]
    return {
        "cautions": [{"id": each.id, "text": each.text} for each in told],
        "more_cautions": others,
    }


def _dumped(model: Any) -> Document:
    """Return a model as JSON values."""
    document: Document = model.model_dump(mode="json", by_alias=True)
    return document


# --- The same in lines, for agents that read text ---------------------------------------------------


def as_text(document: Document) -> str:
    """Return an answer as lines with exactly the facts of the document."""
    return "\n".join(_lines(document))


def _lines(document: Document) -> Iterator[str]:
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{key}:"
            yield from (f"- {_line(each)}" for each in value)
        else:
            yield f"{key}: {_value(value)}"


def _line(facts: Mapping[str, Any]) -> str:
    """Return the facts of one item in a row; the first needs no name."""
    first = next(iter(facts))
    quoted = {one for says in facts.get("quotes", ()) for one in says.split(", ")}
    named = (
        _value(value) if key == first or key in _SPEAK_FOR_THEMSELVES else f"{key} {_value(value)}"
        for key, value in facts.items()
        if not (key in _TOLD_BY_QUOTES and quoted.issuperset(value))
    )
    return " | ".join(named)


def _value(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "; ".join(f"{key}={_value(each)}" for key, each in value.items()) or "none"
        case list():
            return ", ".join(map(_value, value)) or "none"
        case _:
            return str(value)
