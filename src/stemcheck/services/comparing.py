"""Compares two states of a study and reports what changed.

A state is a flat dictionary from the place of a fact in a trial (``status.value``) to its value. A place that
is missing is not compared; a null means that the record does not say.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from stemcheck import __version__
from stemcheck.guidance.glossary import plain
from stemcheck.trial.changes import Apart, Change, FieldChange, Kind
from stemcheck.trial.reading import Reading
from stemcheck.trial.status import is_final, label_for
from stemcheck.trial.study import Study
from stemcheck.trial.trial import Signal, Trial
from stemcheck.words import words, words_or_none

State = dict[str, Any]

PAY = "signals.participants-pay"
_READING = ("products", "tissue", "donor", "routes", "intravenous")
_ELIGIBILITY = ("sex", "minimum_age", "maximum_age", "healthy_volunteers")
_DATES = ("start", "primary_completion", "completion")
_BY_CALENDAR = frozenset({"status-not-verified", "no-results-posted"})
"""Signals that can appear just because time passes."""

FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.STATUS: ("status.value", "status.why_stopped", "status.last_known"),
    Kind.PAY: (PAY,),
    Kind.READING: tuple(f"reading.{name}" for name in _READING),
    Kind.SITES: ("sites.recruiting", "sites.total", "countries", "sites.near"),
    Kind.RESULTS: ("has_results", "dates.results_posted"),
    Kind.ENROLLMENT: ("enrollment.count", "enrollment.type"),
    Kind.DATES: tuple(f"dates.{name}" for name in _DATES),
    Kind.ELIGIBILITY: ("eligibility.text", *(f"eligibility.{name}" for name in _ELIGIBILITY)),
    Kind.PUBLICATIONS: ("publications",),
}
"""The places to compare, by kind of change. The dates of the last confirmation and update are left out,
because every change moves them."""
_BY_RULES = frozenset({Kind.PAY, Kind.READING})
_ORDER = {kind: place for place, kind in enumerate(Kind)}


class Difference(NamedTuple):
    """What changed in one study: real changes, and differences that are not changes of the record."""

    changes: tuple[Change, ...]
    apart: tuple[Apart, ...]


def state_of(trial: Trial, study: Study | None = None, *, with_near: bool = False) -> State:
    """Return the state of a trial. ``study``: its source, for the words and papers of the record."""
    state = state_from(trial.model_dump(mode="json", by_alias=True, include={*_TOLD}))
    if study is not None:
        state["eligibility.text"] = study.text.eligibility_criteria or None
        state["words"] = _digest_of_words(study)
        if study.papers is not None:
            papers = {paper.pmid or paper.doi or paper.citation or "" for paper in study.papers}
            state["publications"] = sorted(papers)
        if with_near and study.details is not None:
            state["sites.near"] = sorted(
                [site.facility or "", site.city or "", site.status or ""]
                for site in study.details.locations
            )
    return state


def as_it_was_read(study: Study, before: State) -> tuple[Reading, tuple[Signal, ...]] | None:
    """Return the reading of a state and its signal that quotes the record, if they still hold for a study.

    They do while its words are the same and are read by the same rules. None: it has to be read.
    """
    from stemcheck.reading.reader import RULES_VERSION

    is_held = before.get("rules") == _rules(RULES_VERSION) and "reading.products" in before
    if not is_held or before.get("words") != _digest_of_words(study):
        return None
    values = {name: before[f"reading.{name}"] for name in _READING}
    reading = Reading.model_validate({**values, "evidence": (), "rules_version": RULES_VERSION})
    pay = before[PAY]
    if pay is None:
        return reading, ()
    id_ = PAY.removeprefix("signals.")
    return reading, (Signal(id=id_, text="", value=pay["quote"], **pay),)


def _digest_of_words(study: Study) -> str:
    return hashlib.sha256(repr(study.text).encode()).hexdigest()[:16]


def _rules(version: str | None) -> str:
    return f"{version} {__version__}"


_TOLD = set(
    {
        "brief_title", "status", "study_type", "phases", "sponsor", "enrollment", "dates",
        "countries", "sites", "eligibility", "has_results", "reading", "signals",
    }
)  # fmt: skip


def state_from(trial: Mapping[str, Any]) -> State:
    """Return what is compared of a trial as its JSON tells it; of fewer fields, what they hold."""
    state: State = {"title": trial.get("brief_title")}
    state |= {name: trial[name] for name in ("study_type", "has_results") if name in trial}
    if "phases" in trial:
        state["phases"] = list(trial["phases"] or ())
    if "countries" in trial:
        state["countries"] = sorted(set(trial["countries"] or ()))
    for group, names in (
        ("status", ("value", "why_stopped", "last_known")),
        ("dates", (*_DATES, "results_posted")),
        ("enrollment", ("count", "type")),
        ("sites", ("total", "recruiting")),
        ("eligibility", _ELIGIBILITY),
        ("sponsor", ("class",)),
    ):
        if group in trial:
            held = trial[group] or dict.fromkeys(names)
            state |= {f"{group}.{name}": held[name] for name in names if name in held}
    if reading := trial.get("reading"):
        state["rules"] = _rules(reading.get("rules_version"))
        for name in _READING:
            if name in reading:
                value = reading[name]
                state[f"reading.{name}"] = value if isinstance(value, str) else sorted(value)
    if "signals" in trial:
        signals = {signal["id"]: signal for signal in trial["signals"] or ()}
        pay = signals.get(PAY.removeprefix("signals."))
        state[PAY] = pay and {"field": pay["field"], "quote": pay["quote"]}
        state["signals.calendar"] = sorted(_BY_CALENDAR & {*signals})
    return state


def packed(state: State) -> bytes:
    """Return a state as compressed bytes, for saving."""
    text = json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode(), 6)


def unpacked(data: bytes) -> State:
    """Return a saved state. Raises ValueError if it is damaged."""
    try:
        state: State = json.loads(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return state


def digest_of(state: State) -> bytes:
    """Return a 12-byte hash that tells states apart."""
    text = json.dumps(state, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).digest()[:12]


def compare(
    nct_id: str, before: State, after: State, *, since: str | None, search: str | None = None
) -> Difference:
    """Return what changed in a study, one row per kind, most serious first."""
    about = {"nct_id": nct_id, "search": search, "title": after.get("title")}
    changes, apart = [], []
    for kind, places in FIELDS.items():
        found = [place for place in places if _differs(place, before, after)]
        if not found:
            continue
        fields = [
            FieldChange(field=place, before=before[place], after=after[place]) for place in found
        ]
        if kind in _BY_RULES and _is_by_rules(before, after):
            apart += [
                Apart(**about, why="rules", **dict(field), text=words("follow.apart.rules"))
                for field in fields
            ]
            continue
        first, *others = fields
        changes.append(
            Change(
                **about,
                kind=kind,
                **dict(first),
                since=since,
                text=_sentence(kind, fields, after),
                also=tuple(others),
            )
        )
    if not changes:
        apart += _by_calendar(about, before, after)
    return Difference(tuple(changes), tuple(apart))


def new_study(nct_id: str, state: State, *, since: str | None, search: str | None) -> Change:
    """Return the row for a study that was not there before."""
    status = state.get("status.value")
    return Change(
        nct_id=nct_id,
        search=search,
        title=state.get("title"),
        kind=Kind.NEW,
        field=None,
        before=None,
        after=status,
        since=since,
        text=words("follow.new", status=_status(status)),
    )


def gone_study(  # noqa: PLR0913 (one parameter for each thing that the row tells)
    nct_id: str,
    state: State,
    *,
    since: str | None,
    search: str | None,
    gone_from: str | None,
    after: str | None = None,
    status: str | None = None,
) -> Change:
    """Return the row of a study that is gone, from ``answer`` or ``registry``; None: from a file.

    ``status``: that of today, where it is known.
    """
    key = f"{gone_from or 'file'}{'_now' if gone_from == 'registry' and after else ''}"
    why = ""
    if gone_from == "answer":
        why = words(f"filters.left_out.{after}") if after else words("follow.gone.search")
    text = words(f"follow.gone.{key}", why=why, number=after)
    if status and status != state.get("status.value"):
        text = f"{text} {words('follow.gone.status_now', status=_status(status))}"
    return Change(
        nct_id=nct_id,
        search=search,
        title=state.get("title"),
        kind=Kind.GONE,
        field=gone_from,
        before=state.get("status.value"),
        after=after,
        since=since,
        text=text,
    )


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes sorted by seriousness: studies gone or stopped, who pays, what is given."""
    return tuple(sorted(changes, key=lambda change: (_weight(change), change.nct_id)))


def _weight(change: Change) -> tuple[bool, int]:
    stops = change.kind is Kind.STATUS and is_final(str(change.after))
    return not (stops or change.kind is Kind.GONE), _ORDER[change.kind]


def _differs(place: str, before: State, after: State) -> bool:
    if place not in before or place not in after:
        return False
    if place == PAY:  # which words say it may change without a change of what they say
        return (before[place] is None) != (after[place] is None)
    if place == "eligibility.text":  # nor do line breaks say anything
        old, new = ((state[place] or "").split() for state in (before, after))
        return bool(old != new)
    return bool(before[place] != after[place])


def _is_by_rules(before: State, after: State) -> bool:
    """Return whether the record's words are the same, so that only our rules can have changed."""
    if "words" in before and "words" in after:
        return bool(before["words"] == after["words"])
    return bool(before.get("rules") != after.get("rules"))


def _by_calendar(about: Mapping[str, Any], before: State, after: State) -> list[Apart]:
    came = set[str]()
    if "signals.calendar" in before:
        came = set(after.get("signals.calendar", ())) - set(before["signals.calendar"])
    return [
        Apart(
            **about,
            why="calendar",
            field=f"signals.{signal}",
            before=None,
            after=signal,
            text=words(f"follow.apart.{signal}"),
        )
        for signal in sorted(came)
    ]


# --- As sentences -------------------------------------------------------------------------------------


def _sentence(kind: Kind, fields: list[FieldChange], after: State) -> str:
    told = [_told(field) for field in fields]
    if kind is Kind.STATUS and fields[0].field == "status.value":
        told = told[:1]
        if reason := after.get("status.why_stopped"):
            told.append(words("follow.why_stopped", reason=reason))
    return " ".join(told)


def _told(field: FieldChange) -> str:
    name = field.field
    if name == PAY:
        quote = (field.after or field.before or {}).get("quote") or ""
        quote = quote.rstrip(".")
        return words(f"follow.pay.{'appeared' if field.after else 'vanished'}", quote=quote)
    if name == "eligibility.text":
        return words("follow.eligibility_text")
    if name == "has_results":
        return words(f"follow.results.{'posted' if field.after else 'taken_away'}")
    if name == "sites.near":
        return _near_words(field)
    if name in {"publications", "countries"}:
        return _list_words(name, field)
    before, after = (_plain(name, value) for value in (field.before, field.after))
    return words(
        "follow.became", what=words(f"follow.fields.{name.replace('.', '_')}"),
        before=before, after=after,
    )  # fmt: skip


def _list_words(name: str, field: FieldChange) -> str:
    before, after = set(field.before or ()), set(field.after or ())
    parts = [
        words(f"follow.{name}.{way}", count=len(items), names=", ".join(items))
        for way, items in (("more", sorted(after - before)), ("fewer", sorted(before - after)))
        if items
    ]
    return " ".join(parts)


def _near_words(field: FieldChange) -> str:
    before, after = (Counter(map(tuple, sites)) for sites in (field.before, field.after))
    gone, come = (
        sorted((one - other).elements()) for one, other in ((before, after), (after, before))
    )
    parts = []
    for place in sorted({site[:2] for site in (*gone, *come)}):  # several sites may bear one name
        where = ", ".join(filter(None, place)) or words("follow.sites.somewhere")
        old, new = ([site[2] for site in sites if site[:2] == place] for sites in (gone, come))
        for before_, now in zip_longest(old, new):
            way = "opened" if before_ is None else "closed" if now is None else "status"
            status = _status(now) if now else words("follow.not_stated")
            parts.append(words(f"follow.sites.{way}", where=where, status=status))
    return " ".join(parts)


def _plain(name: str, value: Any) -> str:
    topics = {"products": "product", "routes": "route"}
    if value is None or value == []:
        return words("follow.not_stated")
    if name in {"status.value", "status.last_known"}:
        return _status(value)
    if name.startswith("reading."):
        field = name.removeprefix("reading.")
        values = [value] if isinstance(value, str) else value
        return ", ".join(plain(topics.get(field, field), one) for one in values)
    if name == "enrollment.type":
        return words_or_none(f"follow.number_of_people.{value}") or str(value)
    if isinstance(value, bool):
        return words(f"follow.{'yes' if value else 'no'}")
    return f"{value:,}" if isinstance(value, int) else str(value)


def _status(value: str | None) -> str:
    return label_for(value) if value else words("follow.not_stated")
