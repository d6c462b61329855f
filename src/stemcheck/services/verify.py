"""What a clinic told somebody, held against the records of the numbers that it gave."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from stemcheck.errors import ExitCode, StemcheckError
from stemcheck.guidance.cautions import cautions_for_search, headline_cautions
from stemcheck.guidance.claims import claims_in
from stemcheck.guidance.languages import is_in_other_language
from stemcheck.guidance.numbers import NumberMention, mangled_numbers_in, numbers_in
from stemcheck.services.brochure import Brochure
from stemcheck.services.claim_checks import (
    check_cells,
    check_condition,
    check_route,
    checks_as_typed,
)
from stemcheck.services.connecting import Events
from stemcheck.services.mentions import mangled_number
from stemcheck.services.place_checks import (
    check_country,
    check_open,
    check_site,
    standing_for,
)
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings
from stemcheck.services.show import Found, look_up
from stemcheck.services.summing_up import summary_for, summary_without_record
from stemcheck.trial.answer import AppliedCaution, Notice
from stemcheck.trial.details import DetailedTrial
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import (
    Check,
    ClaimFound,
    Expectations,
    NumberChecked,
    VerifyAnswer,
)

MOST_CLAIM_CHARACTERS = 200_000
"""Of a text that is searched for claims: some 60 printed pages, a few seconds. Numbers are found in all."""
MOST_NUMBERS = 50
"""Numbers that are looked up at once: a text of thousands must not send thousands of requests."""
_NO_CLAIM = (
    "stemcheck found none of the words it looks for. That is not a good sign and not a bad one: it "
    "misses much of what clinics say. It reads English only and does not see pictures. "
    "Read the text with your doctor."
)
_ENGLISH_ONLY = (
    "stemcheck reads claims in English only. This text, or a part of it, seems to be in another "
    "language, so claims may be missed."
)


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, and what the process should tell its caller."""

    answer: VerifyAnswer
    exit_code: ExitCode
    error: StemcheckError | None
    """The registry's failure, when not even saved data could answer."""


def verify(  # noqa: PLR0913 (what was claimed of what, and whom to ask)
    mentions: Sequence[NumberMention],
    brochure: Brochure | None,
    expected: Expectations,
    ask: Ask,
    settings: Settings,
    *,
    on_event: Events | None = None,
) -> Verification:
    """Hold what was claimed against the records of some numbers and of those that a text names."""
    text = brochure.words if brochure else ""
    named: dict[str, NumberMention] = {}
    for mention in (*mentions, *numbers_in(text)):
        named.setdefault(mention.nct_id, mention)
    wanted = dict(islice(named.items(), MOST_NUMBERS))
    records = look_up(tuple(wanted), ask, settings, on_event) if wanted else Found()
    claims = tuple(_claims(text))
    numbers = (
        *(_checked(mention, records, expected) for mention in wanted.values()),
        *(mangled_number(mention) for mention in mangled_numbers_in(text)[:MOST_NUMBERS]),
    )
    if brochure and brochure.unseen:
        numbers = _with_unseen(numbers, brochure, {mention.as_written for mention in mentions})
    answer = VerifyAnswer(
        numbers=numbers,
        claims=claims,
        source=records.source,
        cautions=_cautions(records),
        notices=(
            *_text_notices(brochure, claims),
            *_number_notices(len(named), expected),
            *records.notices,
        ),
    )
    return Verification(answer, _exit_code(numbers, records, ask), records.failure)


def _with_unseen(
    numbers: Iterable[NumberChecked], brochure: Brochure, typed: set[str]
) -> tuple[NumberChecked, ...]:
    """Return the numbers with a mark at those that stand only where a reader may not see them."""
    seen = {mention.nct_id for mention in numbers_in(brochure.text)}
    seen |= {mention.as_written for mention in mangled_numbers_in(brochure.text)} | typed
    return tuple(
        number.model_copy(update={"unseen": seen.isdisjoint({number.nct_id, number.as_written})})
        for number in numbers
    )


def _checked(mention: NumberMention, records: Found, expected: Expectations) -> NumberChecked:
    nct_id = mention.nct_id
    record = records.by_number.get(nct_id)
    found = record.exists if record else (None if nct_id not in records.by_number else False)
    if record is None or record.trial is None:
        if record and record.problem:
            text = f"{nct_id} could not be read: {record.problem}"
            records.notices.append(Notice(id="unreadable", text=text))
        return NumberChecked(
            as_written=mention.as_written,
            nct_id=nct_id,
            found=found,
            trial=None,
            checks=(),
            summary=summary_without_record(nct_id, found=found),
        )
    trial = record.trial
    if nct_id != trial.nct_id:
        text = f"{nct_id} is an older number of {trial.nct_id}."
        records.notices.append(Notice(id="alias", text=text))
    standing = standing_for(trial, expected)
    checks = (
        *_checks(trial, record.registry_terms, expected),
        check_open(standing, is_claimed=expected.is_open),
    )
    return NumberChecked(
        as_written=mention.as_written,
        nct_id=nct_id,
        found=True,
        trial=Trial(**{name: getattr(trial, name) for name in Trial.model_fields}),
        checks=checks,
        summary=summary_for(nct_id, trial, checks, standing),
    )


def _checks(
    trial: DetailedTrial, registry_terms: tuple[str, ...], expected: Expectations
) -> Iterator[Check]:
    yield from (check_condition(text, trial, registry_terms) for text in expected.conditions)
    yield from checks_as_typed(expected.cells, check_cells, trial)
    yield from checks_as_typed(expected.routes, check_route, trial)
    yield from (check_country(text, trial) for text in expected.countries)
    yield from (check_site(text, trial) for text in expected.sites)


def _claims(text: str) -> Iterator[ClaimFound]:
    """Yield the claims of a text; one that stands there twice comes once."""
    claims = {(c.kind, c.quote): c for c in reversed(claims_in(text[:MOST_CLAIM_CHARACTERS]))}
    for claim in sorted(claims.values(), key=lambda claim: claim.start):
        yield ClaimFound(kind=claim.kind, quote=claim.quote, note=claim.note, source=claim.source)


def _text_notices(brochure: Brochure | None, claims: Sequence[ClaimFound]) -> Iterator[Notice]:
    """Yield what has to be said about a text: how it was read, and what it does not hold."""
    if brochure is None:
        return
    yield from brochure.notices
    if len(brochure.words) > MOST_CLAIM_CHARACTERS:
        said = (
            f"Claims were looked for in the first {MOST_CLAIM_CHARACTERS:,} characters of the text."
        )
        yield Notice(id="claims_cut", text=said)
    if is_in_other_language(brochure.words[:MOST_CLAIM_CHARACTERS]):
        yield Notice(id="other_language", text=_ENGLISH_ONLY)
    if not (numbers_in(brochure.words) or mangled_numbers_in(brochure.words)):
        yield Notice(id="no_number", text="The text names no NCT number.")
    if not claims:
        yield Notice(id="no_claim", text=_NO_CLAIM)


def _number_notices(named: int, expected: Expectations) -> Iterator[Notice]:
    if not named and expected != Expectations():
        said = "Without a number, what you were told cannot be held against a record."
        yield Notice(id="nothing_to_check", text=said)
    if named > MOST_NUMBERS:
        said = f"{named:,} numbers are named. Only the first {MOST_NUMBERS} were looked up."
        yield Notice(id="numbers_cut", text=said)


def _cautions(records: Found) -> tuple[AppliedCaution, ...]:
    """Return the cautions of every table, then all that apply to a trial found."""
    trials = [record.trial for record in records.by_number.values() if record and record.trial]
    applying = cautions_for_search(trials) if trials else ()
    by_id = {caution.id: caution for caution in (*headline_cautions(), *applying)}
    return tuple(by_id.values())


def _exit_code(numbers: Sequence[NumberChecked], records: Found, ask: Ask) -> ExitCode:
    """Return the gravest thing that happened: what was not answered weighs more than what differs."""
    found = {number.found for number in numbers}
    if False in found:
        return ExitCode.NOT_FOUND
    if records.failure:
        return records.failure.exit_code
    if any(record and record.problem for record in records.by_number.values()):
        return ExitCode.UNREADABLE
    is_answered = records.source is None or ask.is_answered_by(records.source)
    if None in found or not is_answered:
        return ExitCode.SAVED_DATA
    differs = any(check.result == "differs" for n in numbers for check in n.checks)
    return ExitCode.DIFFERS if differs else ExitCode.DONE
