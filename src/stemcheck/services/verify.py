"""What a clinic told somebody, held against the records of the numbers that it gave."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from stemcheck.errors import ExitCode, StemcheckError
from stemcheck.guidance.claims import claims_in
from stemcheck.guidance.numbers import NumberMention, numbers_in
from stemcheck.guidance.select import cautions_for_search, headline_cautions
from stemcheck.services.brochure import Brochure
from stemcheck.services.claim_checks import check_cells, check_condition, check_route
from stemcheck.services.connecting import Events
from stemcheck.services.lookup import Records, look_up
from stemcheck.services.place_checks import (
    as_of_then,
    check_country,
    check_open,
    check_site,
    standing_for,
)
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings
from stemcheck.services.show import checked_number
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
_MOST_PIECES = 4
"""Words of a command line that can be one number: NCT 04 506 073."""


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
    text = brochure.text if brochure else ""
    named: dict[str, NumberMention] = {}
    for mention in (*mentions, *numbers_in(text)):
        named.setdefault(mention.nct_id, mention)
    wanted = dict(islice(named.items(), MOST_NUMBERS))
    records = look_up(tuple(wanted), ask, settings, on_event) if wanted else Records()
    claims = tuple(_claims(text))
    numbers = tuple(_checked(mention, records, expected) for mention in wanted.values())
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
    return Verification(answer, _exit_code(numbers, records, ask), records.error)


def mentions_in(words: Sequence[str]) -> tuple[NumberMention, ...]:
    """Return the numbers of a command line, where one may be typed as several words.

    Raises UsageError that shows the right form for a word that is no number and no part of one.
    """
    found: list[NumberMention] = []
    start = 0
    while start < len(words):
        for pieces in range(1, _MOST_PIECES + 1):
            if mentions := numbers_in(" ".join(words[start : start + pieces])):
                found += mentions
                start += pieces
                break
        else:
            checked_number(words[start])
            start += 1
    return tuple(found)


def _checked(mention: NumberMention, records: Records, expected: Expectations) -> NumberChecked:
    nct_id = mention.nct_id
    record = records.by_number.get(nct_id)
    found = None if nct_id not in records.by_number else record is not None
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
    is_live = records.source is not None and records.source.kind == "live"
    standing = standing_for(trial, expected)
    standing = standing if is_live else as_of_then(standing)
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
        summary=summary_for(nct_id, trial, checks, standing, is_live=is_live),
    )


def _checks(
    trial: DetailedTrial, registry_terms: tuple[str, ...], expected: Expectations
) -> Iterator[Check]:
    yield from (check_condition(text, trial, registry_terms) for text in expected.conditions)
    yield from (check_cells(value, trial) for value in expected.cells)
    yield from (check_route(value, trial) for value in expected.routes)
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
    if len(brochure.text) > MOST_CLAIM_CHARACTERS:
        said = (
            f"Claims were looked for in the first {MOST_CLAIM_CHARACTERS:,} characters of the text."
        )
        yield Notice(id="claims_cut", text=said)
    if not numbers_in(brochure.text):
        yield Notice(id="no_number", text="The text names no NCT number.")
    if not claims:
        said = "The text makes no claim of the kinds that stemcheck looks for."
        yield Notice(id="no_claim", text=said)


def _number_notices(named: int, expected: Expectations) -> Iterator[Notice]:
    if not named and expected != Expectations():
        said = "Without a number, what you were told cannot be held against a record."
        yield Notice(id="nothing_to_check", text=said)
    if named > MOST_NUMBERS:
        said = f"{named:,} numbers are named. Only the first {MOST_NUMBERS} were looked up."
        yield Notice(id="numbers_cut", text=said)


def _cautions(records: Records) -> tuple[AppliedCaution, ...]:
    """Return the cautions of every table, then all that apply to a trial found."""
    trials = [record.trial for record in records.by_number.values() if record and record.trial]
    applying = cautions_for_search(trials) if trials else ()
    by_id = {caution.id: caution for caution in (*headline_cautions(), *applying)}
    return tuple(by_id.values())


def _exit_code(numbers: Sequence[NumberChecked], records: Records, ask: Ask) -> ExitCode:
    """Return the gravest thing that happened: what was not answered weighs more than what differs."""
    found = {number.found for number in numbers}
    if False in found:
        return ExitCode.NOT_FOUND
    if records.error:
        return records.error.exit_code
    if any(record and record.problem for record in records.by_number.values()):
        return ExitCode.UNREADABLE
    is_live = records.source is None or records.source.kind == "live"
    if None in found or not (is_live or ask is Ask.SAVED_ONLY):
        return ExitCode.SAVED_DATA
    differs = any(check.result == "differs" for n in numbers for check in n.checks)
    return ExitCode.DIFFERS if differs else ExitCode.DONE
