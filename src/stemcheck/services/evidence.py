"""Counts what is known so far from the studies of a search, with a list behind each figure. No judgement."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from stemcheck.trial.evidence import Evidence, Figure, People, Stopped
from stemcheck.trial.protocol import Publication
from stemcheck.trial.terms import Intravenous
from stemcheck.trial.trial import Trial
from stemcheck.words import words

STATES: Final = {
    "completed": frozenset({"COMPLETED"}),
    "stopped": frozenset({"TERMINATED", "SUSPENDED", "WITHDRAWN"}),
    "under_way": frozenset(
        {"NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING"}
    ),
    "unknown": frozenset({"UNKNOWN"}),
}
"""The states of a study. Any other status, or none, is reported as such."""
ENDED: Final = frozenset({"COMPLETED", "TERMINATED"})
"""Studies in which people took part and no more will. A withdrawn study never had any."""
PHASES: Final = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA")
MOST_PEOPLE: Final = 1_000_000
"""A larger enrolment is a placeholder: sponsors write 99999999 for "not known"."""


CAUTIONS: Final = ("efficacy-not-established", "listed-is-not-proven")
"""What the source document says about evidence."""


class Weighed(NamedTuple):
    """A study, with the publications that its record names."""

    trial: Trial
    publications: Sequence[Publication] | None
    """None: the answer came without publications."""


def evidence_of(studies: Iterable[Weighed], *, is_by_vein: bool) -> Evidence:
    """Return what the registry shows about these studies. ``is_by_vein``: only those with cells by vein."""
    kept = [one for one in studies if not is_by_vein or _is_by_vein(one.trial)]
    ended = [one for one in kept if one.trial.status.value in ENDED]
    base = "by_vein" if is_by_vein else "all"
    limits = ["listed", "unseen", *(["reading"] if is_by_vein else [])]
    return Evidence(
        base="by_vein" if is_by_vein else "all",
        heading=words(f"evidence.heading_{base}", count=len(kept)),
        studies=len(kept),
        figures=(*_states(kept), *_comparisons(kept), *_outcomes(kept, ended)),
        phases=_phases(ended),
        people=_people(ended),
        stopped=tuple(
            Stopped(
                nct_id=trial.nct_id, status=trial.status.value or "", why=trial.status.why_stopped
            )
            for trial, _ in kept
            if trial.status.value in STATES["stopped"]
        ),
        limits=tuple(words(f"evidence.limits.{key}") for key in limits),
        cautions=CAUTIONS,
    )


def _is_by_vein(trial: Trial) -> bool:
    return trial.reading is not None and trial.reading.intravenous is Intravenous.YES


def _figure(id_: str, chosen: Iterable[Weighed], among: Sequence[Weighed]) -> Figure:
    ids = tuple(one.trial.nct_id for one in chosen)
    text = words(f"evidence.figures.{id_}", count=len(ids))
    return Figure(id=id_, text=text, count=len(ids), of=len(among), nct_ids=ids)


def _states(kept: Sequence[Weighed]) -> list[Figure]:
    """Return the figures by state. Every study is in exactly one of them."""
    figures = [
        _figure(id_, [one for one in kept if one.trial.status.value in statuses], kept)
        for id_, statuses in STATES.items()
    ]
    told = {nct_id for figure in figures for nct_id in figure.nct_ids}
    others = [one for one in kept if one.trial.nct_id not in told]
    return [*figures, _figure("other_status", others, kept)] if others else figures


def _comparisons(kept: Sequence[Weighed]) -> list[Figure]:
    return [
        _figure("controlled", (one for one in kept if one.trial.design.control_arms), kept),
        _figure("randomized", (o for o in kept if o.trial.design.allocation == "RANDOMIZED"), kept),
    ]


def _outcomes(kept: Sequence[Weighed], ended: Sequence[Weighed]) -> list[Figure]:
    """Return who has published results, and where. Without publications, some figures are missing."""
    posted = [one for one in kept if one.trial.has_results]
    figures = [_figure("results_posted", posted, kept)]
    if any(one.publications is None for one in kept):
        text = words("evidence.figures.not_counted")
        return [
            *figures,
            Figure(id="results_published", text=text, count=None, of=len(kept), nct_ids=()),
        ]
    published = [one for one in kept if _results_of(one)]
    retracted = [one for one in kept if any(paper.retracted for paper in _results_of(one))]
    silent = [one for one in ended if not one.trial.has_results and not _results_of(one)]
    figures.append(_figure("results_published", published, kept))
    figures += [_figure("retracted", retracted, kept)] if retracted else []
    return [*figures, _figure("ended_without_results", silent, ended)]


def _results_of(study: Weighed) -> list[Publication]:
    """Return the papers that, according to the sponsor, report the study's results."""
    return [paper for paper in study.publications or () if paper.type == "RESULT"]


def _phases(ended: Sequence[Weighed]) -> tuple[Figure, ...]:
    """Return the figures by phase, earliest first. A study in two phases counts in both."""
    by_phase: dict[str, list[str]] = {phase: [] for phase in PHASES}
    for trial, _ in ended:
        for phase in trial.phases or ("none",):
            by_phase.setdefault(phase, []).append(trial.nct_id)
    return tuple(
        Figure(
            id=phase,
            text=words(
                f"evidence.phases.{phase if phase in {*PHASES, 'none'} else 'other'}",
                count=len(ids),
                phase=phase,
            ),
            count=len(ids),
            of=len(ended),
            nct_ids=tuple(ids),
        )
        for phase, ids in by_phase.items()
        if ids
    )


def _people(ended: Sequence[Weighed]) -> People:
    """Add up the people in studies that have ended, using actual numbers, not planned ones."""
    counts = {
        trial.nct_id: trial.enrollment.count
        for trial, _ in ended
        if trial.enrollment
        and trial.enrollment.type == "ACTUAL"
        and trial.enrollment.count is not None
        and trial.enrollment.count < MOST_PEOPLE
    }
    total = sum(counts.values())
    key, shown = ("counted", f"{total:,}") if counts else ("nobody", "0")
    entry = f"evidence.people.{key}"
    return People(
        text=words(entry, count=1) if counts and total == 1 else words(entry, count=shown),
        count=total,
        nct_ids=tuple(counts),
        not_given=tuple(one.trial.nct_id for one in ended if one.trial.nct_id not in counts),
    )
