"""Checks claims about the study itself against one record: its phase, how many people, who runs it."""

import re
from functools import cache

from stemcheck.guidance.illnesses import words_of
from stemcheck.services.place_checks import initials_of, is_name
from stemcheck.services.said import Said, check
from stemcheck.services.words import read_claim_words, without
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import Bound, Check, People, Result, Told
from stemcheck.words import words

_COUNT = re.compile(r"\d{1,3}(?:[,.' ]\d{3})+(?!\d)|\d+")
FREE = "free"
"""The claim that a study costs nothing."""
PARTICIPANTS_PAY = "participants-pay"
"""The signal for a record that says that participants pay."""
_NEAR = 0.1
"""The share of a number within which "about" still fits."""


def phases_in(text: str) -> tuple[str, ...]:
    """Return the registry's names of the phases in a text: ``2/3`` is both."""
    found = []
    for match in _phase_pattern().finditer(text.casefold()):
        number = _numerals()[match["number"]]
        is_early = match["early"] or not number
        found.append("EARLY_PHASE1" if is_early else f"PHASE{number}")
    return tuple(dict.fromkeys(found))


def people_in(text: str) -> People | None:
    """Return the number of people in a text such as ``over 1,200``; None if it has no number."""
    match = _COUNT.search(text)
    if match is None:
        return None
    count = int(re.sub(r"\D", "", match[0]))
    before = text[: match.start()].casefold()
    return People(" ".join(text.split()), count, _bound_of(before))


def _bound_of(before: str) -> Bound:
    """Return how exact a number is, from the words before it."""
    bounds: dict[Bound, list[str]] = read_claim_words()["bounds"]
    for bound, told in bounds.items():
        if re.search(rf"(?:^|\W)(?:{'|'.join(map(re.escape, told))})\W*$", before):
            return bound
    return "exactly"


@cache
def _numerals() -> dict[str, int]:
    told: dict[str, list[str]] = read_claim_words()["numerals"]
    return {word: int(number) for number, row in told.items() for word in (number, *row)}


@cache
def _phase_pattern() -> re.Pattern[str]:
    numerals = "|".join(sorted(_numerals(), key=len, reverse=True))
    return re.compile(
        rf"(?P<early>early\s+(?:phase\s+)?)?(?<![^\W\d_])(?P<number>{numerals})[abc]?(?![^\W_])"
    )


def check_phase(claimed: Told, trial: Trial) -> Check:
    """Check a phase against the record's. A claim of phase 2 does not settle a study in phase 2/3."""
    wanted, said = set(claimed.values), set(trial.phases)
    value = "/".join(claimed.values)
    if not said:
        result: Result = "not_stated"
    elif wanted == said:
        result = "matches"
    elif wanted < said or {*wanted, *said} == {"PHASE1", "EARLY_PHASE1"}:
        result = "not_stated"
    else:
        result = "differs"
    record = "/".join(trial.phases) or None
    found = Said(record, "phases[0]" if record else None, trial.phases[0] if record else None)
    told = None if claimed.words == value else claimed.words
    return check("phase", value, result, found).model_copy(update={"told": told})


def check_people(claimed: People, trial: Trial) -> Check:
    """Check a number of people against the record's, which is actual or planned."""
    told = None if claimed.words == str(claimed.count) else claimed.words
    enrolled = trial.enrollment
    if enrolled is None or enrolled.count is None:
        made = check("people", str(claimed.count), "not_stated")
        return made.model_copy(update={"told": told})
    is_planned = enrolled.type == "ESTIMATED"
    result = _people_result(claimed, enrolled.count, is_planned=is_planned)
    record = words(f"screens.trial.{'planned' if is_planned else 'people'}", count=enrolled.count)
    said = Said(record, "enrollmentInfo.count", str(enrolled.count))
    return check("people", str(claimed.count), result, said).model_copy(update={"told": told})


def _people_result(claimed: People, recorded: int, *, is_planned: bool) -> Result:
    if claimed.count == recorded:
        return "matches"
    if claimed.bound == "about" and abs(claimed.count - recorded) <= recorded * _NEAR:
        return "matches"
    if claimed.bound == "more" and claimed.count < recorded <= claimed.count * (1 + 2 * _NEAR):
        return "matches"
    is_part = claimed.bound in {"so_far", "more"} and claimed.count < recorded
    return "not_stated" if is_part and (is_planned or claimed.bound == "more") else "differs"


def check_nothing_to_pay(claimed: str, trial: Trial) -> Check:
    """Check the claim that a study costs nothing against what the record says about payment."""
    paying = next((signal for signal in trial.signals if signal.id == PARTICIPANTS_PAY), None)
    if paying is None:
        made = check("payment", FREE, "not_stated")
    else:
        said = Said(words("record.people_pay"), paying.field, paying.quote or paying.value)
        made = check("payment", FREE, "differs", said)
    return made.model_copy(update={"told": claimed})


def check_sponsor(claimed: str, trial: Trial) -> Check:
    """Check a name against the record's sponsor. The name of a collaborator settles nothing."""
    sponsor = trial.sponsor
    if sponsor is None:
        return check("sponsor", claimed, "not_stated")
    names = [one.name for one in trial.collaborators]
    record = sponsor.name
    if names:
        record = words("verify.with", sponsor=record, others=", ".join(names))
    said = Said(record, "leadSponsor.name", sponsor.name)
    if is_same_name(claimed, sponsor.name):
        return check("sponsor", claimed, "matches", said)
    for number, name in enumerate(names):
        if is_same_name(claimed, name):
            helper = Said(record, f"collaborators[{number}].name", name)
            note = words("verify.note.collaborator")
            return check("sponsor", claimed, "not_stated", helper, note=note)
    if _is_alike(claimed, sponsor.name):
        return check("sponsor", claimed, "not_stated", said)
    if why := _why_not_understood(claimed, sponsor.name):
        note = words(f"verify.note.{why}")
        return check("sponsor", claimed, "not_settled", said, note=note)
    return check("sponsor", claimed, "differs", said)


def _why_not_understood(claimed: str, recorded: str) -> str | None:
    """Return why two different names may still mean the same, as a key of the words; None if they do not."""
    if not is_name(claimed) or not _telling(claimed) - _kinds():
        return "unknown_name"
    return "translation" if is_translation(claimed, recorded) else None


def is_same_name(claimed: str, recorded: str) -> bool:
    """Return whether a recorded name has the main words of a claimed one, or the claim as its initials."""
    here, there = (_telling(name) for name in (claimed, recorded))
    if here <= there and here - _kinds():
        return True
    return claimed.replace(".", "").strip().upper() in initials_of(recorded)


def is_translation(claimed: str, recorded: str) -> bool:
    """Return whether just one of two names has a word that is often translated: Universidad, Stiftung."""
    often = {word for kind in read_claim_words()["translated"] for word in words_of(kind)}
    return often.isdisjoint(words_of(claimed)) is not often.isdisjoint(words_of(recorded))


def _is_alike(claimed: str, recorded: str) -> bool:
    """Return whether two names share a distinctive word: "University of X" and "X Hospital"."""
    here, there = (_telling(name) - _kinds() for name in (claimed, recorded))
    return bool(here & there)


def _telling(name: str) -> frozenset[str]:
    return without(without(words_of(name), "generic"), "firms")


def _kinds() -> frozenset[str]:
    return frozenset(word for kind in read_claim_words()["place_kinds"] for word in words_of(kind))
