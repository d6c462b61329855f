"""The page of `stemcheck verify`: a sheet to print and take to a doctor."""

from datetime import date
from typing import NamedTuple, TextIO

from stemcheck import __version__
from stemcheck.output.html.templating import environment
from stemcheck.output.plain import clean, shortened
from stemcheck.output.sections import Fact
from stemcheck.output.verification import heading_of
from stemcheck.output.verified import (
    Row,
    claims_by_note,
    facts_of,
    not_asked_lines,
    other_notices,
    rows_of,
    text_notices,
    told_cautions,
)
from stemcheck.output.wording import not_live_lines, source_line
from stemcheck.trial.verification import NumberChecked, VerifyAnswer
from stemcheck.words import words

_NOBODY = {"kind": "none"}
"""Stands for the source if nobody was asked, or nobody could answer."""


class _Number(NamedTuple):
    """One number, prepared for the page."""

    checked: NumberChecked
    heading: str
    written: str
    facts: list[Fact]
    rows: list[Row]


def write_verification_page(answer: VerifyAnswer, stream: TextIO, *, today: date) -> None:
    """Write one page with the numbers and their checks, the claims of the text, and the cautions."""
    source = answer.source
    above = not_live_lines(source, today) if source else []
    page = environment().get_template("verification.html.j2")
    stream.writelines(
        page.generate(
            title=words("verify.sheet.title"),
            source=source or _NOBODY,
            source_line=source_line(source) if source else words("verify.sheet.nobody_asked"),
            not_live=above or not_asked_lines(answer),
            ask_at=None,
            today=today.isoformat(),
            version=__version__,
            answer=answer,
            numbers=[_told(number) for number in answer.numbers],
            claims=claims_by_note(answer.claims),
            text_notices=text_notices(answer),
            notices=[*(not_asked_lines(answer)[1:] if above else ()), *other_notices(answer)],
            cautions=told_cautions(answer),
        )
    )


def _told(number: NumberChecked) -> _Number:
    written = shortened(clean(number.as_written), 60)
    return _Number(
        number,
        heading_of(number),
        words("verify.written", written=written) if written != number.nct_id else "",
        list(facts_of(number, on_paper=True)),
        list(rows_of(number)),
    )
