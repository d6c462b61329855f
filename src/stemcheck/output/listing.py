"""The answer to a search as lines of markdown."""

from collections.abc import Iterator
from datetime import date

from stemcheck.guidance.cautions import headline_cautions
from stemcheck.output.formats.markdown import escaped
from stemcheck.output.marks import Marks
from stemcheck.output.summary import ATTRIBUTION, counts_line, gap_line, headline, none_found
from stemcheck.output.wording import (
    NOT_A_TRIAL,
    given_by,
    not_live_lines,
    people_of,
    phase_of,
    places_of,
    source_line,
    status_notes,
    status_of,
    title_of,
    way_of,
)
from stemcheck.trial.answer import TrialsAnswer
from stemcheck.trial.trial import Trial


def markdown_of(answer: TrialsAnswer, today: date) -> Iterator[str]:
    """Yield the whole answer; every trial is one row."""
    marks = Marks(answer.trials)
    yield f"# {escaped(headline(answer.query))}"
    yield ""
    for line in not_live_lines(answer.source, today):
        yield f"> **{escaped(line)}**  "
    yield ""
    yield f"{escaped(source_line(answer.source))}  "
    gap = gap_line(answer.counts)
    yield f"{escaped(counts_line(answer.counts))}{'  ' if gap else ''}"
    if gap:
        yield f"**{escaped(gap)}**"
    yield ""
    if answer.trials:
        status = "Status then" if answer.source.saved_day else "Status"
        yield f"| {status} | Study | What is given | How | Phase | ! |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for trial in answer.trials:
            yield f"| {' | '.join(_cells(trial, marks))} |"
        yield ""
        for number, sentence in marks.footnotes():
            yield f"- \\! {number}: {escaped(sentence)}"
    else:
        yield f"**{escaped(none_found(answer))}**"
    yield ""
    yield "## Before you decide"
    yield ""
    for caution in headline_cautions():
        yield f"- {escaped(caution.text)}"
    yield ""
    yield f"{escaped(ATTRIBUTION)}"


def _cells(trial: Trial, marks: Marks) -> Iterator[str]:
    yield escaped("; ".join([status_of(trial), *status_notes(trial)]))
    facts = [NOT_A_TRIAL[trial.study_type]] if trial.study_type in NOT_A_TRIAL else []
    facts += [people_of(trial), places_of(trial)]
    link = f"[{trial.nct_id}]({trial.url})"
    yield f"{link} {escaped(title_of(trial))} ({escaped(' · '.join(facts))})"
    yield escaped(given_by(trial.reading))
    yield escaped(way_of(trial.reading))
    yield escaped(phase_of(trial))
    yield marks.row(trial)
