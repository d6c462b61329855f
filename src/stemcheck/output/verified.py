"""What is shown about a verified number on the screen, in markdown and on the page. All text is clean."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stemcheck.guidance.cautions import leaflet_cautions
from stemcheck.guidance.glossary import find_entry, plain
from stemcheck.output.plain import clean, shortened
from stemcheck.output.sections import Fact, paying_of
from stemcheck.output.wording import (
    day,
    not_a_trial,
    people_of,
    phase_of,
    places_of,
    status_of,
)
from stemcheck.trial.answer import AppliedCaution
from stemcheck.trial.status import label_for
from stemcheck.trial.trial import STUDY_URL, Trial
from stemcheck.trial.verification import Check, ClaimFound, NumberChecked, VerifyAnswer
from stemcheck.words import words

ON_THE_TEXT = (
    "other_language",
    "no_number",
    "no_claim",
    "nothing_to_check",
    "numbers_cut",
    "several_numbers",
    "claims_cut",
    "text_cut",
)
"""Notices that are shown with the text."""
TOLD_IN_PLACE = frozenset({*ON_THE_TEXT, "not_asked", "not_live", "saved_statuses"})
"""Notices that are part of the answer and not separate messages."""
_TOPICS = {"route": ("route",), "cells": ("product", "tissue", "donor")}
_QUOTED = frozenset({"condition", "cells", "route", "sponsor", "payment"})
"""Checks for which the record's words say more than a value."""
_LONGEST_WORDS = 160
_MOST_ADDRESSES = 3
"""How many records' addresses are listed if the registry could not be asked."""
_NOT_VERIFIED = "status-not-verified"


class Row(NamedTuple):
    """One check in words."""

    what: str
    told: str
    told_quote: str
    """The words of the text. Empty: they are shown above, or the claim is from an option or from nobody."""
    result: str
    """A key of the words for results: matches, differs, not_settled, none."""
    record: str
    record_quote: str
    note: str

    @property
    def result_words(self) -> str:
        """The result in words, with its sign."""
        return words(f"verify.results.{self.result}")


def facts_of(number: NumberChecked, *, on_paper: bool = False) -> Iterator[Fact]:
    """Yield what people ask first: who runs it and where, how big, who pays, is it open, who offers it.

    ``on_paper`` leaves out commands.
    """
    trial = number.trial
    if trial is None:
        return
    yield _fact("runs", _who(trial))
    yield _fact("where", _where(number, trial))
    size = [] if not trial.phases else [words("screens.trial.phase", phase=phase_of(trial))]
    if trial.phases == ("NA",):
        size = [words("verify.head.no_phase")]
    kind = not_a_trial(trial)
    yield _fact("size", " · ".join([*([kind] if kind else []), *size, people_of(trial)]))
    paying = paying_of(trial)
    if paying:
        quote = shortened(clean(paying.quote or paying.value), _LONGEST_WORDS)
        yield _fact("pays", words("record.people_pay"), quote=quote)
    else:
        yield _fact("pays", words("record.unsaid"))
    yield _fact("status", _status(trial))
    if not number.offered_by and not on_paper:
        yield _fact("offer", words("verify.head.no_offer"))
    for offer in number.offered_by:
        key = {True: "named", False: "not_named", None: "unsettled"}[offer.named]
        told = words(f"verify.head.{key}", name=clean(offer.name))
        yield _fact("offer", told, quote=clean(offer.quote))


def _fact(name: str, text: str, *, quote: str = "") -> Fact:
    return Fact(words(f"verify.head.{name}"), text, quote=quote)


def _who(trial: Trial) -> str:
    if trial.sponsor is None:
        return words("record.unsaid")
    others = ", ".join(clean(one.name) for one in trial.collaborators)
    name = clean(trial.sponsor.name)
    return words("verify.with", sponsor=name, others=others) if others else name


def _where(number: NumberChecked, trial: Trial) -> str:
    if not number.where:
        return places_of(trial)
    named = "; ".join(clean(site) for site in number.where)
    more = trial.sites.total - len(number.where)
    return words("screens.trial.more_places", named=named, count=more) if more > 0 else named


def _status(trial: Trial) -> str:
    status = trial.status
    parts = [status_of(trial)]
    if status.as_of:
        parts.append(words("verify.head.on", day=day(status.as_of)))
    if status.last_known:
        parts.append(words("screens.trial.last_known", status=clean(label_for(status.last_known))))
    confirmed = day(status.verified_on)
    parts.append(
        words("verify.head.confirmed", day=confirmed)
        if confirmed
        else words("verify.head.never_confirmed")
    )
    old = " ".join(clean(s.text) for s in trial.signals if s.id == _NOT_VERIFIED)
    return f"{', '.join(parts)}. {old}" if old else ", ".join(parts)


def rows_of(number: NumberChecked) -> Iterator[Row]:
    """Yield the checks of a number in words. A sentence behind several checks is quoted once."""
    said = ""
    for check in number.checks:
        record, quote = _recorded(check)
        result = {"not_stated": "not_settled", None: "none"}.get(check.result, check.result)
        text_quote = clean(check.text_quote)
        is_said, said = text_quote == said, text_quote
        yield Row(
            words(f"verify.what.{check.what}"),
            _told(check),
            "" if is_said else text_quote,
            result or "none",
            record,
            quote,
            clean(check.note),
        )


def _told(check: Check) -> str:
    if check.claimed is None:
        return ""
    if check.what == "open":
        return words("verify.open_now")
    is_bare = check.what == "phase" and not any(map(str.isalpha, check.told or ""))
    if check.told is not None and check.claimed != "any" and not is_bare:
        return shortened(clean(check.told), _LONGEST_WORDS)
    if check.what == "people":
        return words("verify.people", count=check.claimed)
    if check.what == "payment":
        return words("verify.nothing_to_pay")
    return _in_plain_words(check, check.claimed)


def _recorded(check: Check) -> tuple[str, str]:
    """Return what the record says, and its own words if they say more."""
    if check.record is None and check.quote is None:
        return "" if check.note else words("verify.nothing"), ""
    record = shortened(_in_plain_words(check, check.record or ""), _LONGEST_WORDS)
    is_quoted = check.what in _QUOTED or (check.what == "site" and check.result == "matches")
    quote = shortened(clean(check.quote), _LONGEST_WORDS) if is_quoted else ""
    return record, "" if quote == record or quote in record.split("; ") else quote


def _in_plain_words(check: Check, told: str) -> str:
    if check.what == "phase":
        return _phases(told)
    topics = _TOPICS.get(check.what)
    if topics is None:
        return clean(told)
    return ", ".join(_plain(value, topics) for value in told.split(", "))


def _phases(told: str) -> str:
    if told == "NA":
        return words("verify.head.no_phase")
    short = "/".join(plain("phase", value) for value in told.split("/"))
    return words("screens.trial.phase", phase=short)


def _plain(value: str, topics: tuple[str, ...]) -> str:
    topic = next((topic for topic in topics if find_entry(topic, value)), None)
    if topic is None:
        return words("verify.any_cells") if value == "any" else clean(value.replace("_", " "))
    return plain(topic, value)


def claims_by_note(claims: Iterable[ClaimFound]) -> dict[str, list[ClaimFound]]:
    """Group the claims by the note about them, so that each note is printed once."""
    groups: dict[str, list[ClaimFound]] = {}
    for claim in claims:
        groups.setdefault(claim.note, []).append(claim)
    return groups


def told_cautions(answer: VerifyAnswer) -> list[AppliedCaution]:
    """Return the few cautions to show with an offer or a leaflet."""
    wanted = {caution.id for caution in leaflet_cautions()}
    return [caution for caution in answer.cautions if caution.id in wanted]


def not_asked_lines(answer: VerifyAnswer) -> list[str]:
    """Return the lines that must be above an answer if a number could not be asked for."""
    said = next((clean(one.text) for one in answer.notices if one.id == "not_asked"), None)
    if said is None:
        return []
    who = "nobody" if answer.source is None else "not_every"
    lines = [words(f"verify.not_asked.{who}"), words("verify.not_asked.nothing", why=said)]
    unanswered = [one.nct_id for one in answer.numbers if one.found is None and one.nct_id]
    urls = " ".join(f"{STUDY_URL}{nct_id}" for nct_id in unanswered[:_MOST_ADDRESSES])
    return [*lines, words("screens.not_live.ask", url=urls)] if urls else lines


def text_notices(answer: VerifyAnswer) -> list[str]:
    """Return the notices about the given text."""
    told = {notice.id: clean(notice.text) for notice in answer.notices}
    return [told[id_] for id_ in ON_THE_TEXT if id_ in told]


def other_notices(answer: VerifyAnswer) -> list[str]:
    """Return the other notices, for an answer that stands alone on paper."""
    return [clean(one.text) for one in answer.notices if one.id not in TOLD_IN_PLACE]
