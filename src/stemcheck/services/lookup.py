"""Records of several numbers at once, each number answered by itself: there, not there, or not asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from stemcheck.errors import StemcheckError
from stemcheck.services.connecting import Events, connect
from stemcheck.services.review import review
from stemcheck.services.search import Ask, CannotAskError
from stemcheck.services.settings import Settings
from stemcheck.services.show import find_trials, in_full
from stemcheck.services.sources import REGISTRY_NAME, not_live_notices, today
from stemcheck.trial.answer import Notice, Source
from stemcheck.trial.details import DetailedTrial
from stemcheck.trial.study import Study, Unreadable


@dataclass(frozen=True, slots=True)
class Record:
    """What came for one number: a trial, or None when its record could not be read."""

    trial: DetailedTrial | None
    registry_terms: tuple[str, ...] = ()
    """The registry's own terms for the conditions; saved data have none."""
    problem: str | None = None
    exists: bool | None = True
    """None: what came could not be read and did not even name the number."""


@dataclass(slots=True)
class Records:
    """What came of asking for all the numbers."""

    by_number: dict[str, Record | None] = field(default_factory=dict)
    """None: the registry has no such number. A number that is not here could not be asked."""
    source: Source | None = None
    notices: list[Notice] = field(default_factory=list)
    error: StemcheckError | None = None
    """Why the registry could not be asked."""


def look_up(
    nct_ids: tuple[str, ...], ask: Ask, settings: Settings, on_event: Events | None
) -> Records:
    """Return the records: the registry's, or saved ones when it gave none and they may stand in."""
    zeros = [nct_id for nct_id in nct_ids if not nct_id.strip("NCT0")]
    possible = tuple(nct_id for nct_id in nct_ids if nct_id not in zeros)
    records = _answers(possible, ask, settings, on_event) if possible else Records()
    records.by_number |= dict.fromkeys(zeros)  # no registry gives out NCT00000000
    return records


def _answers(
    nct_ids: tuple[str, ...], ask: Ask, settings: Settings, on_event: Events | None
) -> Records:
    if ask is Ask.SAVED_ONLY:
        return _saved(nct_ids, settings, None)
    live = _live(nct_ids, ask, settings, on_event)
    if live.error is None or live.by_number or ask is Ask.REGISTRY_ONLY:
        return live
    saved = _saved(nct_ids, settings, live.error)
    return saved if saved.by_number else live


def _live(
    nct_ids: tuple[str, ...], ask: Ask, settings: Settings, on_event: Events | None
) -> Records:
    day = today()
    data_dates: list[str] = []
    records = Records()
    has_fallback = ask is not Ask.REGISTRY_ONLY
    try:
        with connect(settings, has_fallback=has_fallback, on_event=on_event) as registry:
            for nct_id, item in zip(nct_ids, registry.fetch(nct_ids), strict=True):
                if isinstance(item, Study):
                    trial = in_full(review(item, today=day), item.details)
                    records.by_number[nct_id] = Record(trial, item.condition_terms)
                    data_dates += [item.data_date] if item.data_date else []
                elif isinstance(item, Unreadable):
                    records.by_number[nct_id] = Record(
                        None, problem=item.reason, exists=bool(item.nct_id) or None
                    )
                else:
                    records.by_number[nct_id] = None
    except CannotAskError as error:
        records.error = error
        records.notices.append(Notice(id="not_asked", text=error.message))
    if records.by_number:
        records.source = Source(
            kind="live",
            registry=REGISTRY_NAME,
            data_timestamp=min(data_dates, default=None),
            retrieved_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
    return records


def _saved(
    nct_ids: tuple[str, ...], settings: Settings, why_not_live: StemcheckError | None
) -> Records:
    """Return the records as they were last fetched; those of the sample when none was kept.

    The two are not mixed: an answer has one source and one date.
    """
    each = {nct_id: find_trials((nct_id,), Ask.SAVED_ONLY, settings) for nct_id in nct_ids}
    found = {nct_id: one for nct_id, one in each.items() if one.trials}
    kept = {nct_id: one for nct_id, one in found.items() if one.source.kind == "saved"}
    used = kept or found
    records = Records({nct_id: Record(one.trials[0]) for nct_id, one in used.items()})
    if used or why_not_live is None:
        sources = [one.source for one in (used or each).values()]
        oldest = min(sources, key=lambda source: source.retrieved_at or "")
        why = why_not_live.message if why_not_live else None
        records.source = oldest.model_copy(update={"why_not_live": why})
        records.notices += not_live_notices(records.source)
    for nct_id in nct_ids:
        if nct_id not in used:
            text = f"{nct_id} is not in saved data. The registry may have it."
            records.notices.append(Notice(id="not_saved", text=text))
    return records
