"""Answers made up for the pages, and a reader of pages for the tests."""

import io
from datetime import date
from html.parser import HTMLParser
from typing import Any

from stemcheck.guidance.cautions import cautions_for, cautions_for_search
from stemcheck.guidance.questions import Audience
from stemcheck.output.html.page import write_search_page, write_trials_page
from stemcheck.services.show import in_full
from stemcheck.trial.answer import Counts, Request, Source, TrialsAnswer
from stemcheck.trial.details import (
    DetailedTrial,
    Details,
    FdaNotice,
    LongForm,
    PostedDocument,
    ShowAnswer,
    Site,
)
from stemcheck.trial.protocol import InterventionInFull, Publication
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.trial import Signal, Trial
from tests.unit.trials_made_up import a_trial

TODAY = date(2026, 11, 22)
LIVE = Source(
    kind="live",
    registry="https://clinicaltrials.gov/api/v2",
    data_timestamp="2026-11-20T14:00:05",
    retrieved_at="2026-11-22T09:30:00Z",
)
SAMPLE = Source(
    kind="sample",
    registry="ClinicalTrials.gov",
    data_timestamp="2022-10-25",
    why_not_live="The registry did not answer.",
)
PAYS = Signal(
    id="participants-pay",
    text="The record says that participants pay.",
    field="detailedDescription",
    value="yes",
    quote="patient funded trial",
)


def with_cautions(trial: Trial) -> Trial:
    """The trial with the ids of the cautions that apply to it."""
    return trial.model_copy(update={"cautions": tuple(c.id for c in cautions_for(trial))})


def a_search(*trials: Trial, source: Source = LIVE, **changes: Any) -> TrialsAnswer:
    """The answer to a search for stroke that holds these trials."""
    shown = tuple(with_cautions(trial) for trial in trials)
    facts: dict[str, Any] = {
        "query": TrialQuery(conditions=("stroke",)),
        "request": Request(
            url="https://clinicaltrials.gov/api/v2/studies?query.cond=stroke",
            web_url="https://clinicaltrials.gov/search?cond=stroke",
        ),
        "source": source,
        "counts": Counts(
            registry_total=len(shown), fetched=len(shown), shown=len(shown), complete=True
        ),
        "trials": shown,
        "cautions": cautions_for_search(shown),
    }
    return TrialsAnswer(**(facts | changes))


PAPER = Publication(
    pmid="123",
    type="RESULT",
    citation="A. Writer, 2025",
    url="https://pubmed.ncbi.nlm.nih.gov/123/",
)


def in_detail(
    trial: Trial, *, publications: tuple[Publication, ...] = (PAPER,), **details: Any
) -> DetailedTrial:
    """The trial with two sites, a paper, a document and criteria, unless told otherwise."""
    facts: dict[str, Any] = {
        "eligibility_criteria": "Inclusion:\n\n* adults\n* stroke within a week",
        "locations": (
            Site(
                facility="A Clinic", city="Lyon", state=None, country="France", status="COMPLETED"
            ),
            Site(
                facility="B Clinic", city="Graz", state=None, country="Austria", status="RECRUITING"
            ),
        ),
        "documents": (
            PostedDocument(label="Protocol", date="2025-01-02", url="https://example.org/p.pdf"),
        ),
        "fda_notices": (
            FdaNotice(type="NOTICE", description="Sent.", issued_on="2025-05", posted_on=None),
        ),
    }
    long_form = LongForm(
        interventions=tuple(InterventionInFull(**dict(item)) for item in trial.interventions),
        publications=publications,
    )
    return in_full(with_cautions(trial), Details(**(facts | details)), long_form)


def an_answer(*trials: DetailedTrial, source: Source = LIVE, **changes: Any) -> ShowAnswer:
    """Trials in full, as an answer."""
    facts: dict[str, Any] = {
        "source": source, "trials": trials, "cautions": cautions_for_search(trials),
    }  # fmt: skip
    return ShowAnswer(**(facts | changes))


def typical_search() -> TrialsAnswer:
    """Three trials of different status, with marks and cautions."""
    return a_search(
        a_trial(1, signals=(PAYS,)), a_trial(2, status="COMPLETED"), a_trial(3, status="UNKNOWN")
    )


def typical_answer() -> ShowAnswer:
    """Two trials in full."""
    first = in_detail(a_trial(1, signals=(PAYS,)))
    return an_answer(first, in_detail(a_trial(2, status="TERMINATED")))


def search_page(
    answer: TrialsAnswer, questions: Audience | None = None, *, is_short: bool = False
) -> str:
    """The page of a search."""
    stream = io.StringIO()
    write_search_page(answer, stream, today=TODAY, questions=questions, is_short=is_short)
    return stream.getvalue()


def trials_page(
    answer: ShowAnswer, questions: Audience | None = None, *, is_short: bool = False
) -> str:
    """The page of trials in full."""
    stream = io.StringIO()
    write_trials_page(answer, stream, today=TODAY, questions=questions, is_short=is_short)
    return stream.getvalue()


def typical_pages() -> dict[str, str]:
    """Every kind of page by a name."""
    return {
        "search": search_page(typical_search()),
        "search with a sheet": search_page(typical_search(), "patient"),
        "sample": search_page(a_search(a_trial(), source=SAMPLE)),
        "short": search_page(typical_search(), is_short=True),
        "nothing found": search_page(a_search()),
        "trials": trials_page(typical_answer()),
        "trials with a sheet": trials_page(typical_answer(), "clinician"),
        "saved trial": trials_page(an_answer(in_detail(a_trial()), source=SAMPLE)),
    }


class PageReader(HTMLParser):
    """A page taken apart: its elements with their attributes in order, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.style = ""
        self.misnested: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag != "meta":
            self._open.append(tag)
        self._part(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)
        if not self._open or self._open.pop() != tag:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.words.append(data)

    def _part(self, tag: str) -> None:
        """Set words apart where an element does, as a reader sees it."""
        if tag not in {"a", "b", "bdi", "q", "span", "svg"}:
            self.words.append(" ")

    @property
    def text(self) -> str:
        """The words of the page, blanks made single."""
        return " ".join("".join(self.words).split())

    def attributes(self, name: str) -> list[str]:
        """Every value of an attribute, in order."""
        return [found[name] for _, found in self.elements if name in found]

    def all(self, *tags: str) -> list[tuple[str, dict[str, str]]]:
        """Every element of these kinds, in order."""
        return [element for element in self.elements if element[0] in tags]
