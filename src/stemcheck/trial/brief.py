"""A trial in short, quotes kept: for whoever reads many at once and pays for each character."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from stemcheck.trial.answer import (
    AppliedCaution,
    Counts,
    Notice,
    Request,
    Source,
    UnreadableRecord,
)
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.reading import Evidence, Reading
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue
from stemcheck.trial.trial import Facts, Trial

WHOLE = 10_000
"""More words than any quote or title has."""
_MORE_OF_TITLE = 2
"""Words that a title has more than a quote."""
_CUT = " ..."


class Quote(Facts):
    """The record's own words, and what they are the evidence of."""

    says: str
    """The values that rest on these words, as in ``mesenchymal, umbilical_cord``."""
    field: str
    """Where the words stand, in the registry's own path words."""
    quote: str
    """Verbatim words; an ellipsis at the end says that more follow in the record."""


class BriefReading(Facts):
    """What is given, from whom and how, as the record says, with a quote for each."""

    products: tuple[Product, ...]
    tissue: tuple[Tissue, ...]
    donor: tuple[Donor, ...]
    routes: tuple[Route, ...]
    intravenous: Intravenous
    quotes: tuple[Quote, ...]


class BriefTrial(Facts):
    """A trial in short. What it leaves out stands in the whole answer, and in ``stemcheck show``."""

    nct_id: str
    title: str | None
    status: str | None
    """The registry's word, as in ``RECRUITING``. None: the record gives none."""
    status_as_of: str | None
    """Saved data and files only: the day on which this was the status."""
    open_to_new_participants: bool | None
    """None: the overall status does not settle it."""
    phases: tuple[str, ...]
    countries: tuple[str, ...]
    enrollment: int | None
    """How many people take part, or were planned."""
    start: str | None
    has_results: bool | None
    reading: BriefReading | None
    signals: tuple[str, ...]
    """Ids of the signals; `stemcheck glossary signals` says what each means."""


def brief_trial(trial: Trial, *, most_words: int = WHOLE, all_quotes: bool = True) -> BriefTrial:
    """Return a trial in short; titles and quotes have at most so many words.

    Without ``all_quotes``, only what is given and how it is given keep a quote each.
    """
    reading = trial.reading
    title_words = most_words + _MORE_OF_TITLE
    return BriefTrial(
        nct_id=trial.nct_id,
        title=_first_words(trial.brief_title or trial.official_title, title_words),
        status=trial.status.value,
        status_as_of=trial.status.as_of,
        open_to_new_participants=trial.status.open_to_new_participants,
        phases=trial.phases,
        countries=trial.countries,
        enrollment=trial.enrollment.count if trial.enrollment else None,
        start=trial.dates.start,
        has_results=trial.has_results,
        reading=_brief_reading(reading, most_words, all_quotes=all_quotes) if reading else None,
        signals=tuple(signal.id for signal in trial.signals),
    )


def _brief_reading(reading: Reading, most_words: int, *, all_quotes: bool) -> BriefReading:
    evidence = reading.evidence if all_quotes else tuple(_shortest(reading.evidence))
    told: dict[tuple[str, str], list[str]] = {}
    for each in evidence:
        told.setdefault((each.field, each.quote), []).append(each.value)
    quotes = (
        Quote(
            says=", ".join(dict.fromkeys(values)),
            field=field,
            quote=_first_words(quote, most_words) or quote,
        )
        for (field, quote), values in told.items()
    )
    return BriefReading(
        products=reading.products,
        tissue=reading.tissue,
        donor=reading.donor,
        routes=reading.routes,
        intravenous=reading.intravenous,
        quotes=tuple(quotes),
    )


def _shortest(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    """Return the shortest words for each product and each route."""
    best: dict[tuple[str, str], Evidence] = {}
    for each in evidence:
        key = (each.claim, each.value)
        if each.claim in {"product", "route"} and (
            key not in best or len(each.quote) < len(best[key].quote)
        ):
            best[key] = each
    return best.values()


def _first_words(text: str | None, most: int) -> str | None:
    if text is None:
        return None
    parts = text.split()
    return text if len(parts) <= most else " ".join(parts[:most]) + _CUT


class _Envelope(Facts):
    """What every answer to a search says beside its trials."""

    schema_: str = Field(alias="schema")
    query: TrialQuery
    request: Request
    source: Source
    counts: Counts
    notices: tuple[Notice, ...] = ()


class CountAnswer(_Envelope):
    """The counts of a search alone (``--count``)."""

    schema_: Literal["stemcheck.count/1"] = Field("stemcheck.count/1", alias="schema")


class BriefAnswer(_Envelope):
    """The answer to a search, with its trials in short (``--brief``)."""

    schema_: Literal["stemcheck.brief/1"] = Field("stemcheck.brief/1", alias="schema")
    trials: tuple[BriefTrial, ...]
    cautions: tuple[AppliedCaution, ...]
    unreadable: tuple[UnreadableRecord, ...] = ()


class FieldsAnswer(_Envelope):
    """The answer to a search, with some fields of its trials (``--fields``)."""

    schema_: Literal["stemcheck.fields/1"] = Field("stemcheck.fields/1", alias="schema")
    trials: tuple[dict[str, Any], ...]
    """Of each trial the fields that were asked for, each at its place in the trial."""
    cautions: tuple[AppliedCaution, ...]
    unreadable: tuple[UnreadableRecord, ...] = ()


class Summary(Facts):
    """What the envelope of a whole answer would say."""

    source: Source
    counts: Counts
    cautions: tuple[AppliedCaution, ...]
    notices: tuple[Notice, ...]


class SummaryLine(Facts):
    """The last line of jsonl with ``--summary``."""

    summary: Summary
