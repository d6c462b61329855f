"""Checks what a clinic told someone against the records of the numbers that it gave."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from stemcheck.errors import ExitCode, StemcheckError
from stemcheck.guidance.cautions import cautions_for_search, headline_cautions, leaflet_cautions
from stemcheck.guidance.claims import claims_in, is_read
from stemcheck.guidance.numbers import (
    NumberMention,
    mangled_numbers_in,
    numbers_in,
    other_numbers_in,
)
from stemcheck.services.claim_checks import (
    check_cells,
    check_condition,
    check_route,
    checks_as_typed,
)
from stemcheck.services.connecting import Events
from stemcheck.services.leaflet import Leaflet
from stemcheck.services.mentions import mangled_number
from stemcheck.services.offers import offers_in, sites_in
from stemcheck.services.place_checks import (
    check_country,
    check_open,
    check_site,
    standing_for,
)
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings
from stemcheck.services.show import Found, look_up
from stemcheck.services.study_checks import check_people, check_phase, check_sponsor
from stemcheck.services.summing_up import summary_for, summary_without_record
from stemcheck.services.text_checks import checks_from_text
from stemcheck.services.text_claims import About, TextClaims
from stemcheck.trial.answer import AppliedCaution, Notice
from stemcheck.trial.details import DetailedTrial
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import (
    Check,
    ClaimFound,
    Expectations,
    NumberChecked,
    OtherNumberFound,
    VerifyAnswer,
)
from stemcheck.words import words

MOST_CLAIM_CHARACTERS = 200_000
"""How many characters are searched for claims: some 60 pages, a few seconds. Numbers are found in all."""
MOST_NUMBERS = 50
"""How many numbers are looked up at once, so that a text with thousands does not send as many requests."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, with the exit code."""

    answer: VerifyAnswer
    exit_code: ExitCode
    error: StemcheckError | None
    """The registry's failure, if saved data could not answer either."""


def verify(  # noqa: PLR0913 (what was claimed of what, and whom to ask)
    mentions: Sequence[NumberMention],
    leaflet: Leaflet | None,
    expected: Expectations,
    ask: Ask,
    settings: Settings,
    *,
    on_event: Events | None = None,
) -> Verification:
    """Check the claims against the records of the given numbers and of those in the text."""
    text = leaflet.all_words if leaflet else ""
    named: dict[str, NumberMention] = {}
    for mention in (*mentions, *numbers_in(text)):
        named.setdefault(mention.nct_id, mention)
    wanted = dict(islice(named.items(), MOST_NUMBERS))
    records = look_up(tuple(wanted), ask, settings, on_event) if wanted else Found()
    claims = tuple(_claims(leaflet.words)) if leaflet else ()
    told = _Told(expected, TextClaims(_told_in(leaflet, mentions)) if wanted and leaflet else None)
    numbers = (
        *(_checked(mention, records, told) for mention in wanted.values()),
        *(mangled_number(mention) for mention in mangled_numbers_in(text)[:MOST_NUMBERS]),
    )
    if leaflet and leaflet.unseen:
        numbers = _with_unseen(numbers, leaflet, {mention.as_written for mention in mentions})
    answer = VerifyAnswer(
        numbers=numbers,
        other_numbers=_other_numbers(text),
        claims=claims,
        source=records.source,
        cautions=_cautions(records),
        notices=(
            *_text_notices(leaflet, claims),
            *_number_notices(len(named), expected),
            *records.notices,
        ),
    )
    return Verification(answer, _exit_code(numbers, records, ask), records.failure)


def _told_in(leaflet: Leaflet, mentions: Sequence[NumberMention]) -> str:
    """Return the words that may be about a study, with the numbers that are separate from them.

    These are the numbers in menus and footers, and the one typed number if the text itself has none.
    """
    apart = [mention.nct_id for mention in numbers_in(leaflet.margin)]
    text = leaflet.all_words
    if not (numbers_in(text) or mangled_numbers_in(text) or other_numbers_in(text)):
        apart += [mention.nct_id for mention in mentions] if len(mentions) == 1 else []
    return "\n\n".join((leaflet.words[:MOST_CLAIM_CHARACTERS], *apart))


class _Told:
    """All claims: those from options, and those in the words of a text."""

    def __init__(self, expected: Expectations, text: TextClaims | None) -> None:
        self.expected = expected
        self._text = text
        self._offering = text.offering() if text else ()

    @property
    def offering(self) -> tuple[tuple[str, str | None], ...]:
        """The names of those who make the offer, with the words of the text that say so."""
        return tuple((site, None) for site in self.expected.sites) or self._offering

    def about(self, nct_id: str) -> About:
        """Return what the text says about a study."""
        return self._text.about(nct_id) if self._text else About()


def _with_unseen(
    numbers: Iterable[NumberChecked], leaflet: Leaflet, typed: set[str]
) -> tuple[NumberChecked, ...]:
    """Return the numbers, marking those that occur only where a reader may not see them."""
    visible = f"{leaflet.text}\n\n{leaflet.margin}"
    seen = {mention.nct_id for mention in numbers_in(visible)}
    seen |= {mention.as_written for mention in mangled_numbers_in(visible)} | typed
    return tuple(
        number.model_copy(update={"unseen": seen.isdisjoint({number.nct_id, number.as_written})})
        for number in numbers
    )


def _checked(mention: NumberMention, records: Found, told: _Told) -> NumberChecked:
    nct_id = mention.nct_id
    record = records.by_number.get(nct_id)
    found = record.exists if record else (None if nct_id not in records.by_number else False)
    if record is None or record.trial is None:
        if record and record.problem:
            text = words("verify.unreadable", number=nct_id, why=record.problem)
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
        text = words("verify.alias", old=nct_id, number=trial.nct_id)
        records.notices.append(Notice(id="alias", text=text))
    standing = standing_for(trial, told.expected)
    stated = tuple(_checks(trial, record.registry_terms, told.expected))
    read = checks_from_text(told.about(nct_id), trial, record.registry_terms, standing)
    checks = _in_order(stated, tuple(read), check_open(standing, is_claimed=told.expected.is_open))
    return NumberChecked(
        as_written=mention.as_written,
        nct_id=nct_id,
        found=True,
        where=sites_in(trial),
        offered_by=offers_in(told.offering, trial),
        trial=Trial(**{name: getattr(trial, name) for name in Trial.model_fields}),
        checks=checks,
        summary=summary_for(nct_id, trial, checks, standing),
    )


def _in_order(stated: Sequence[Check], read: Sequence[Check], is_open: Check) -> tuple[Check, ...]:
    """Return the claims from options, then those from the text, each once; "is it open" comes last.

    If only the text says that the study is open, its check replaces the one without a claim.
    """
    there = {(check.what, check.claimed) for check in (*stated, is_open)}
    more = [check for check in read if (check.what, check.claimed) not in there]
    is_told = any(check.what == "open" for check in more)
    last = () if is_told and is_open.claimed is None else (is_open,)
    return (*stated, *more, *last)


def _checks(
    trial: DetailedTrial, registry_terms: tuple[str, ...], expected: Expectations
) -> Iterator[Check]:
    yield from (check_condition(text, trial, registry_terms) for text in expected.conditions)
    yield from (check_phase(told, trial) for told in expected.phases)
    yield from (check_people(people, trial) for people in expected.people)
    yield from checks_as_typed(expected.cells, check_cells, trial)
    yield from checks_as_typed(expected.routes, check_route, trial)
    yield from (check_country(text, trial) for text in expected.countries)
    yield from (check_site(text, trial) for text in expected.sites)
    yield from (check_sponsor(text, trial) for text in expected.sponsors)


def _claims(text: str) -> Iterator[ClaimFound]:
    """Yield the claims of a text, each once."""
    for claim in claims_in(text[:MOST_CLAIM_CHARACTERS]):
        yield ClaimFound(
            kind=claim.kind,
            quote=claim.quote,
            note=claim.note,
            question=claim.question,
            source=claim.source,
        )


def _other_numbers(text: str) -> tuple[OtherNumberFound, ...]:
    """Return the numbers of other registers, which are listed but not looked up."""
    return tuple(
        OtherNumberFound(
            as_written=" ".join(number.as_written.split()),
            registry=number.registry,
            url=number.url,
            note=words("verify.other_number", registry=number.registry),
        )
        for number in other_numbers_in(text)[:MOST_NUMBERS]
    )


def _text_notices(leaflet: Leaflet | None, claims: Sequence[ClaimFound]) -> Iterator[Notice]:
    """Yield notices about a text: how it was read, and what it lacks."""
    if leaflet is None:
        return
    yield from leaflet.notices
    if len(leaflet.words) > MOST_CLAIM_CHARACTERS:
        said = words("verify.claims_cut", characters=f"{MOST_CLAIM_CHARACTERS:,}")
        yield Notice(id="claims_cut", text=said)
    named = {mention.nct_id for mention in numbers_in(leaflet.all_words)}
    if not (named or mangled_numbers_in(leaflet.all_words)):
        yield Notice(id="no_number", text=words("verify.no_number"))
    if len(named) > 1:
        yield Notice(id="several_numbers", text=words("verify.several_numbers"))
    if not is_read(leaflet.words[:MOST_CLAIM_CHARACTERS]):
        yield Notice(id="other_language", text=words("verify.other_language"))
    elif not claims:
        yield Notice(id="no_claim", text=words("verify.no_claim"))


def _number_notices(named: int, expected: Expectations) -> Iterator[Notice]:
    if not named and expected != Expectations():
        yield Notice(id="nothing_to_check", text=words("verify.nothing_to_check"))
    if named > MOST_NUMBERS:
        said = words("verify.numbers_cut", named=f"{named:,}", most=MOST_NUMBERS)
        yield Notice(id="numbers_cut", text=said)


def _cautions(records: Found) -> tuple[AppliedCaution, ...]:
    """Return the few cautions that fit an offer or leaflet, then all that apply to a trial that was found."""
    trials = [record.trial for record in records.by_number.values() if record and record.trial]
    applying = cautions_for_search(trials) if trials else headline_cautions()
    by_id = {caution.id: caution for caution in (*leaflet_cautions(), *applying)}
    return tuple(by_id.values())


def _exit_code(numbers: Sequence[NumberChecked], records: Found, ask: Ask) -> ExitCode:
    """Return the exit code of the most serious result: no answer weighs more than a difference.

    A number with too few or too many digits is in no registry, although the registry was not asked. Claims
    from a text that differ change nothing: the text may be about something else.
    """
    found = {number.found for number in numbers if number.nct_id is not None}
    if False in found:
        return ExitCode.NOT_FOUND
    if records.failure:
        return records.failure.exit_code
    if any(number.nct_id is None for number in numbers):
        return ExitCode.NOT_FOUND
    if any(record and record.problem for record in records.by_number.values()):
        return ExitCode.UNREADABLE
    is_answered = records.source is None or ask.is_answered_by(records.source)
    if None in found or not is_answered:
        return ExitCode.SAVED_DATA
    differs = any(
        check.result == "differs" and check.text_quote is None
        for number in numbers
        for check in number.checks
    )
    return ExitCode.DIFFERS if differs else ExitCode.DONE
