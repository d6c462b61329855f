"""The answer to a search as lines of markdown."""

from collections.abc import Iterator
from datetime import date

from stemcheck.guidance.cautions import headline_cautions
from stemcheck.output.formats.markdown import address_of, escaped
from stemcheck.output.marks import SERIOUS, Marks
from stemcheck.output.summary import (
    attribution,
    counts_line,
    gap_line,
    glance,
    headline,
    missing_by_place,
    next_step,
    none_found,
)
from stemcheck.output.wording import (
    given_by,
    nearest_of,
    not_live_lines,
    people_of,
    phase_of,
    places_of,
    source_line,
    status_of,
    title_of,
    way_of,
)
from stemcheck.trial.answer import TrialsAnswer
from stemcheck.trial.trial import Trial
from stemcheck.words import words

_COLUMNS = ("study", "given", "how", "phase", "notes")


def markdown_of(answer: TrialsAnswer, today: date) -> Iterator[str]:
    """Yield the whole answer, with one row per trial."""
    yield f"# {escaped(headline(answer.query))}"
    yield ""
    if warning := not_live_lines(answer.source, today):
        yield from (f"> **{escaped(line)}**  " for line in warning)
        if address := address_of(answer.request.web_url):
            yield f"> {escaped(words('screens.not_live.ask', url='').strip())} {address}"
    yield ""
    yield f"{escaped(source_line(answer.source))}  "
    gap = gap_line(answer.counts)
    yield f"{escaped(counts_line(answer.counts))}{'  ' if gap else ''}"
    if gap:
        yield f"**{escaped(gap)}**"
    yield ""
    if answer.trials:
        yield from _rows(answer)
    else:
        yield from (f"**{escaped(none_found(answer))}**", "", escaped(next_step(answer)))
    if answer.evidence:
        from stemcheck.output.evidence import evidence_lines

        heading, *lines = evidence_lines(answer.evidence)
        yield from ("", f"## {escaped(heading)}", "")
        for line in lines:
            deeper = len(line) - len(line.lstrip(" "))
            yield f"{' ' * deeper}- {escaped(line.lstrip(' •'))}"
    yield from ("", f"## {escaped(words('screens.before_you_decide'))}", "")
    yield from (f"- {escaped(caution.text)}" for caution in headline_cautions())
    yield from ("", escaped(attribution()))


def _rows(answer: TrialsAnswer) -> Iterator[str]:
    marks = Marks(answer.trials, answer.query)
    yield f"**{escaped(glance(answer.trials, answer.source, answer.query))}**"
    yield ""
    status = "status_then" if answer.source.saved_day else "status"
    heads = [escaped(words(f"screens.columns.{name}")) for name in (status, *_COLUMNS)]
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for trial in answer.trials:
        yield f"| {' | '.join(_cells(trial, marks))} |"
    yield ""
    for sign, sentence in marks.footnotes():
        yield f"- {f'**{sign}** ' if sign == SERIOUS else f'{sign} '}{escaped(sentence)}"
    if missing := missing_by_place(answer):
        yield from ("", escaped(missing))


def _cells(trial: Trial, marks: Marks) -> Iterator[str]:
    yield escaped("; ".join([status_of(trial), *marks.status_notes(trial)]))
    facts = [marks.kind(trial), people_of(trial), marks.who(trial)]
    facts.append(f"{nearest_of(trial) or places_of(trial)}{marks.place_sign(trial)}")
    told = " · ".join(filter(None, facts))
    yield f"[{trial.nct_id}]({trial.url}) {escaped(title_of(trial))} ({escaped(told)})"
    yield escaped(given_by(trial.reading))
    yield escaped(way_of(trial.reading))
    yield escaped(phase_of(trial))
    yield escaped(", ".join(marks.serious(trial)))
