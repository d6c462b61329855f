"""From the bytes of a page to every shape of an answer: whatever comes in, nothing crashes or gets through.

``STEMCHECK_FUZZ_EXAMPLES`` makes it a long fuzzing run; its length for the gate is small.
"""

import csv
import io
import json
import os
import tempfile
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from stemcheck.errors import AnswerUnreadableError
from stemcheck.output.detail import SECTIONS, Parts, ShowSheet
from stemcheck.output.formats.csv import write_csv
from stemcheck.output.formats.json import json_text
from stemcheck.output.formats.jsonl import json_line
from stemcheck.output.html.page import write_search_page, write_trials_page
from stemcheck.output.listing import markdown_of
from stemcheck.output.table import print_table
from stemcheck.registry.files import read_studies
from stemcheck.services.records import FileTrials
from stemcheck.services.search import Search
from stemcheck.services.show import Found, Record, in_full
from stemcheck.trial.answer import TrialsAnswer
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Study
from tests.conftest import PROJECT

EXAMPLES = int(os.environ.get("STEMCHECK_FUZZ_EXAMPLES", "60"))
TODAY = date(2026, 11, 22)
OBEYED = {
    *map(chr, range(9)),
    *map(chr, range(0x0B, 0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u202a\u202e\u2066",
}
"""Characters that a terminal obeys; line feeds are ours."""

NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "\x1b]0;title\x07", "\x1b]8;;https://example.org\x1b\\x\x1b]8;;\x1b\\", "\x9b31m", "\u202eevil",
            "=cmd()|'/C calc'!A0", "@SUM(1)", "[/b][red]", "<script>alert(1)</script>", "{{7*7}}{% raw %}",
            "a" * 3000, "IV " * 500, "(" * 300, "i.v. " * 200, "\x00", "]]>", "&lt;", "NCT04506073", "|",
            "MSC given intravenously in phase IV, grade III/IV", "None", "\u0130\u0131", "\ufdfd" * 50,
        ]
    ),
)  # fmt: skip
ANYTHING = st.one_of(
    NASTY, st.none(), st.booleans(), st.integers(), st.floats(), st.just([]), st.just({})
)


@cache
def fixtures() -> list[dict[str, Any]]:
    folder: Path = PROJECT / "fixtures" / "studies"
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a document as its holder and its key."""
    pairs: list[tuple[Any, Any]] = []
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in items:
        pairs.append((value, key))
        pairs += places(item)
    return pairs


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """A page of a few hand-written studies, spoiled in a few places."""
    studies = deepcopy(draw(st.lists(st.sampled_from(fixtures()), min_size=1, max_size=3)))
    for study in studies:
        for _ in range(draw(st.integers(0, 6))):
            holder, key = draw(st.sampled_from(places(study)))
            if isinstance(holder[key], str) and draw(st.booleans()):
                at = draw(st.integers(0, len(holder[key])))
                holder[key] = f"{holder[key][:at]}{draw(NASTY)}{holder[key][at:]}"
            else:
                holder[key] = draw(ANYTHING)
    page = json.dumps({"studies": studies, "totalCount": len(studies)}).encode()
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(page)))
        page = page[:at] + draw(st.binary(max_size=4)) + page[at + draw(st.integers(0, 3)) :]
    return page


def answer_to(page: bytes) -> TrialsAnswer:
    query = TrialQuery(cells=())
    with tempfile.NamedTemporaryFile() as written:
        written.write(page)
        written.flush()
        with Search(query, FileTrials([Path(written.name)], query)) as search:
            return search.answer()


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(pages(), st.sampled_from([40, 80, 140]))
def test_every_writer_survives_every_page(page: bytes, width: int) -> None:
    check_every_writer(page, width)


def check_every_writer(page: bytes, width: int) -> None:
    try:
        answer = answer_to(page)
    except AnswerUnreadableError:
        return
    studies = read_studies(io.BytesIO(page), with_details=True)
    read = {s.trial.nct_id: s for s in studies if isinstance(s, Study)}
    counts = answer.counts
    assert counts.shown + counts.unreadable == counts.fetched
    assert json.loads(json_text(answer))["counts"]["shown"] == len(answer.trials)
    written = io.StringIO()
    write_csv(answer.trials, answer.source, written)
    rows = list(csv.reader(io.StringIO(written.getvalue())))
    assert len(rows) == len(answer.trials) + 1
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]
    written.writelines(f"{line}\n" for line in markdown_of(answer, TODAY))
    console = Console(file=written, width=width, markup=False, emoji=False, highlight=False)
    print_table(answer, console, today=TODAY, rows=None)
    for trial in answer.trials:
        written.write(json_line(trial, answer.source))
    records: dict[str, Record | None] = {
        t.nct_id: Record(in_full(t, read[t.nct_id].details, read[t.nct_id].long_form))
        for t in answer.trials
    }
    found = Found(records, answer.source)
    for parts in (Parts(sites=True, criteria=True), Parts(sections=tuple(SECTIONS))):
        ShowSheet(found.answer(), lambda _: None, parts, today=TODAY).draw(console)
    assert not OBEYED & set(written.getvalue())
    page_of_search, page_of_trials = io.StringIO(), io.StringIO()
    write_search_page(answer, page_of_search, today=TODAY, questions="patient")
    write_trials_page(found.answer(), page_of_trials, today=TODAY)
    for html in (page_of_search.getvalue(), page_of_trials.getvalue()):
        assert not OBEYED & set(html)
        assert "<script" not in html


def test_terminal_codes_in_every_field_reach_no_writer() -> None:
    for study in deepcopy(fixtures()):
        for holder, key in places(study):
            if isinstance(holder[key], str) and key != "nctId":
                holder[key] += "\x1b]0;title\x07\x9b31m\u202e"
        check_every_writer(json.dumps({"studies": [study]}).encode(), width=80)
