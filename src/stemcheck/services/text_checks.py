"""Checks the words of a leaflet about a study against that study's record.

These checks change no exit code, because nobody stated the claims and the words may be about something else.
If they may, a difference is reported as "not settled".
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stemcheck.services.claim_checks import (
    check_cells,
    check_condition,
    check_route,
    checks_as_typed,
)
from stemcheck.services.place_checks import Standing, check_country, check_open, check_site
from stemcheck.services.study_checks import (
    check_nothing_to_pay,
    check_people,
    check_phase,
    check_sponsor,
    is_same_name,
)
from stemcheck.services.text_claims import About, Claimed, Nearness
from stemcheck.services.words import phrase
from stemcheck.trial.details import DetailedTrial
from stemcheck.trial.verification import Check, People, Told
from stemcheck.words import words

_TOPICS = (
    "condition", "phase", "people", "product", "tissue", "donor", "route", "country", "site", "sponsor",
    "payment", "open",
)  # fmt: skip
"""The order in which topics are reported."""
_ONE_VALUE = frozenset({"phase", "people", "sponsor", "country", "site", "payment"})
"""Topics of which one fitting claim is enough: the others are about something else."""
_MOST_OF_A_TOPIC = 3
_LONG_LIST = 2
"""More different values than this are a list of everything that is offered."""
_ANY = "any"


class _Made(NamedTuple):
    claimed: Claimed
    check: Check


def checks_from_text(
    about: About, trial: DetailedTrial, registry_terms: tuple[str, ...], standing: Standing
) -> Iterator[Check]:
    """Yield the claims of a text about a study, each checked against the record."""
    for topic in _TOPICS:
        claims = _nearest([claim for claim in about.claims if claim.topic == topic])
        made = [
            _Made(claim, _check(claim, trial, registry_terms, standing))
            for claim in _each_once(claims)
        ]
        if topic == "condition":
            made += _in_the_records_words(about, trial, registry_terms, made)
        yield from (one for one in _settled(topic, made) if not _says_nothing(one, about))


def _nearest(claims: Sequence[Claimed]) -> list[Claimed]:
    """Return the claims nearest to the number: those further away are less likely about the study."""
    specific = [claim for claim in claims if not _is_any(claim)] or list(claims)
    nearest = min((claim.nearness for claim in specific), default=None)
    return [claim for claim in specific if claim.nearness == nearest]


def _says_nothing(check: Check, about: About) -> bool:
    """Return whether a check only confirms "stem cells" although the text says which ones."""
    is_more_told = any(claim.topic in {"tissue", "donor"} for claim in about.claims)
    return check.claimed == _ANY and check.result == "matches" and is_more_told


def _is_any(claim: Claimed) -> bool:
    return isinstance(claim.value, Told) and claim.value.values == (_ANY,)


def _each_once(claims: Sequence[Claimed]) -> list[Claimed]:
    found: dict[object, Claimed] = {}
    for claim in claims:
        found.setdefault(_key(claim), claim)
    return list(found.values())


def _key(claim: Claimed) -> object:
    """Return the meaning of a claim, independent of its wording."""
    match claim.value:
        case Told(values=values):
            return values
        case People(count=count):
            return count
        case str() as name if claim.topic == "condition":
            return phrase(name, is_claim=True).named
        case _ if claim.topic == "payment":
            return claim.topic
        case name:
            return name.casefold()


def _check(
    claim: Claimed, trial: DetailedTrial, registry_terms: tuple[str, ...], standing: Standing
) -> Check:
    check = _held_against(claim, trial, registry_terms, standing)
    return check.model_copy(update={"text_quote": claim.quote})


def _held_against(
    claim: Claimed, trial: DetailedTrial, registry_terms: tuple[str, ...], standing: Standing
) -> Check:
    match claim.value:
        case People() as people:
            return check_people(people, trial)
        case Told() as told if claim.topic == "phase":
            return check_phase(told, trial)
        case Told() as told:
            check_one = check_route if claim.topic == "route" else check_cells
            made = next(checks_as_typed((told,), check_one, trial))
            return made.model_copy(update={"told": told.words})
        case str() as name if claim.topic == "condition":
            return check_condition(name, trial, registry_terms)
        case str() as name if claim.topic in _BY_NAME:
            return _BY_NAME[claim.topic](name, trial)
        case _:
            return check_open(standing, is_claimed=True)


def _check_site(name: str, trial: DetailedTrial) -> Check:
    """Check a place against the sites. The sponsor of a study need not be one of its sites."""
    check = check_site(name, trial)
    names = [one.name for one in (trial.sponsor, *trial.collaborators) if one]
    if check.result == "differs" and any(is_same_name(name, other) for other in names):
        return check_sponsor(name, trial)
    return check


def _in_the_records_words(
    about: About,
    trial: DetailedTrial,
    registry_terms: tuple[str, ...],
    made: Sequence[_Made],
) -> Iterator[_Made]:
    """Yield the record's illness if the text near the number names it, even if stemcheck does not know it."""
    if any(one.check.result == "matches" for one in made):
        return
    for condition in trial.conditions:
        for sentence in about.near:
            if phrase(condition).stands_in(phrase(sentence)):
                claim = Claimed("condition", condition, sentence, Nearness.SAME_SENTENCE, True)
                yield _Made(claim, _check(claim, trial, registry_terms, _NO_STANDING))
                return


_BY_NAME = {
    "country": check_country, "site": _check_site, "sponsor": check_sponsor,
    "payment": check_nothing_to_pay,
}  # fmt: skip
_NO_STANDING = Standing(None, "", "", None)


def _is_of_its_own(claimed: Claimed, quotes: set[str]) -> bool:
    """Return whether a claim is in the number's sentence, but in another sentence than those that fit."""
    return claimed.nearness is Nearness.SAME_SENTENCE and claimed.quote not in quotes


def _settled(topic: str, made: Sequence[_Made]) -> Iterator[Check]:
    """Yield the checks of a topic, those that fit first. Differences in unclear claims are "not settled"."""
    fitting = [one for one in made if one.check.result == "matches"]
    others = [one for one in made if one.check.result != "matches"]
    if fitting and topic in _ONE_VALUE:
        quotes = {one.claimed.quote for one in fitting}
        others = [one for one in others if _is_of_its_own(one.claimed, quotes)]
    told = [one.check for one in fitting]
    for claimed, check in others:
        is_far = claimed.nearness is Nearness.ELSEWHERE
        is_unclear = (
            not claimed.is_sure
            or (bool(fitting) and claimed.nearness > Nearness.SAME_SENTENCE)
            or (len(others) > _LONG_LIST and claimed.nearness > Nearness.SAME_SENTENCE)
        )
        if check.result == "differs" and is_unclear:
            note = words("verify.note.unclear")
            told.append(check.model_copy(update={"result": "not_settled", "note": note}))
        elif check.result == "differs" or claimed.is_sure or not is_far:
            told.append(check)
    yield from told[:_MOST_OF_A_TOPIC]
