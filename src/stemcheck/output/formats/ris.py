"""RIS, for reference managers and screening tools (Zotero, EndNote, Covidence, Rayyan).

There is one record for the search and one for each study. A study's number is in ``AN`` and ``ID``, so that
tools find copies from other exports. A line is a tag, two spaces, a hyphen, a space and the value. A value
has no line break, so nothing in a record can begin a tag of its own.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from stemcheck.output.account import facts_of, sentence_of, what_of
from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.plain import clean
from stemcheck.output.talk import Talk
from stemcheck.output.wording import given_by, way_of
from stemcheck.trial.account import Account
from stemcheck.trial.answer import Source, TrialsAnswer
from stemcheck.trial.details import DetailedTrial, ShowAnswer
from stemcheck.trial.trial import Trial
from stemcheck.words import words

LINE_END: Final = "\r\n"
DATABASE: Final = "ClinicalTrials.gov"
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


class Ris(Writer):
    """A record for the search, and one for each study."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int:  # noqa: ARG002 (it has no width)
        answer = sheet.document()
        if not isinstance(answer, TrialsAnswer | ShowAnswer):
            raise NotImplementedError
        stream.writelines(ris_of(answer))
        return len(answer.trials)


def ris_of(answer: TrialsAnswer | ShowAnswer) -> Iterator[str]:
    """Yield an answer line by line: the search first, then every study."""
    if answer.explain:
        yield from _record(_search_tags(answer, answer.explain))
    for trial in answer.trials:
        yield from _record(_trial_tags(trial, answer.source))


Tag = tuple[str, str | None]


def _record(tags: Iterable[Tag]) -> Iterator[str]:
    for tag, value in tags:
        if text := clean(value):
            yield f"{tag}  - {text}{LINE_END}"
    yield f"ER  - {LINE_END}{LINE_END}"


def _search_tags(answer: TrialsAnswer | ShowAnswer, account: Account) -> Iterator[Tag]:
    yield "TY", "GEN"
    yield "TI", words("exports.ris.search_title", what=what_of(answer))
    yield "AU", f"stemcheck {account.stemcheck_version}"
    yield from _dates(account.asked_at)
    yield "DB", DATABASE
    yield "UR", answer.request.web_url if isinstance(answer, TrialsAnswer) else None
    yield "AB", sentence_of(answer, account)
    yield "KW", words("exports.ris.search_keyword")
    for label, value in facts_of(answer, account):
        yield "N1", f"{label}: {value}"
    yield "N1", words("exports.account.unlisted")


def _trial_tags(trial: Trial, source: Source) -> Iterator[Tag]:
    yield "TY", "DBASE"
    yield "TI", trial.brief_title or trial.official_title or words("exports.ris.no_title")
    yield "TT", trial.official_title
    if trial.sponsor:
        yield "AU", trial.sponsor.name
    for collaborator in trial.collaborators:
        yield "A2", collaborator.name
    yield from _dates(trial.dates.first_submitted or trial.dates.start)
    yield "AN", trial.nct_id
    yield "ID", trial.nct_id
    yield "DB", DATABASE
    yield "DP", words("exports.ris.provider")
    yield "M3", words("exports.ris.kind")
    yield "UR", trial.url
    yield "Y2", _date(source.retrieved_at)
    yield "AB", trial.details.brief_summary if isinstance(trial, DetailedTrial) else None
    for keyword in dict.fromkeys((*trial.conditions, *trial.keywords, *_names(trial))):
        yield "KW", keyword
    yield "N1", ". ".join(dict.fromkeys(_notes(trial)))  # one quote can support several facts


def _names(trial: Trial) -> list[str]:
    return [intervention.name for intervention in trial.interventions]


def _dates(text: str | None) -> Iterator[Tag]:
    yield "PY", (_date(text) or "").partition("/")[0]
    yield "DA", _date(text)


def _date(text: str | None) -> str | None:
    """Return a date in the form of RIS, ``2021/05/17``, or as much of it as is known."""
    match = _DATE.match(text or "")
    return "/".join(filter(None, match.groups())) if match else None


def _notes(trial: Trial) -> Iterator[str]:
    """Yield notes for people who screen studies, each with the record's words."""
    yield words("exports.ris.status", status=trial.status.label)
    if trial.phases:
        yield words("exports.ris.phase", phases=", ".join(trial.phases))
    if trial.enrollment and trial.enrollment.count is not None:
        kind = trial.enrollment.type or words("exports.account.not_told")
        yield words("exports.ris.people", count=trial.enrollment.count, type=kind)
    if trial.dates.results_posted:
        yield words("exports.ris.results", day=trial.dates.results_posted)
    if trial.reading:
        yield words("exports.ris.given", products=given_by(trial.reading))
        yield words("exports.ris.how", routes=way_of(trial.reading))
        for evidence in trial.reading.evidence:
            yield words("exports.ris.quote", field=evidence.field, quote=evidence.quote)


WRITER = Ris()
