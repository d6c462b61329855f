"""Records spoiled in many places are still read: no error, every quote verbatim, every step explained.

``STEMCHECK_FUZZ_EXAMPLES`` makes it a long run; it then spoils the real records of ``../shared``, too,
where they are there (or in the folder that ``STEMCHECK_SHARED`` names).
"""

import os
from functools import cache
from itertools import islice
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemcheck.reading import explain, read
from stemcheck.registry.files import read_studies
from stemcheck.trial.study import Study
from stemcheck.trial.text import ArmText, InterventionText, RecordText
from tests.conftest import PROJECT
from tests.property.test_reading_any_text import SHORT, WILD, check_sense, string_at

USUAL = 100
EXAMPLES = int(os.environ.get("STEMCHECK_FUZZ_EXAMPLES", str(USUAL)))
SHARED = Path(os.environ.get("STEMCHECK_SHARED", PROJECT.parent / "shared"))
MOST_REAL = 400
"""Real records spoiled in a long run."""
LONG = [
    "MSC " * 400, "(" * 500, "BMAC containing MSC " * 120, "i.v. " * 300, "MSC (SVF) " * 200, "\n" * 300,
    "exosomes of MSC intravenously and MSC intrathecally " * 40, "collection of " * 200, "\u0301" * 400,
    "\ud800", "\0", "\u202e", "\ufeff", "if the cells were given ", "\u0130" * 60,
]  # fmt: skip
SPOILT = st.one_of(WILD, st.sampled_from(LONG))
"""What is put into a text."""


@cache
def sound_records() -> list[RecordText]:
    """Hand-written records; for a long run, real ones too."""
    paths = sorted((PROJECT / "fixtures" / "studies").glob("*.json"))
    records = SHARED / "data" / "msc_records.jsonl"
    texts: list[RecordText] = []
    for path in paths:
        with path.open("rb") as stream:
            texts += [study.text for study in read_studies(stream) if isinstance(study, Study)]
    if EXAMPLES > USUAL and records.is_file():
        with records.open("rb") as stream:
            studies = (one for one in read_studies(stream) if isinstance(one, Study))
            texts += [study.text for study in islice(studies, MOST_REAL)]
    return texts


@st.composite
def spoilt_text(draw: st.DrawFn, text: str) -> str:
    """Cut, doubled, turned round or with something foreign inside; often left as it is."""
    first, second = sorted(draw(st.integers(0, len(text))) for _ in range(2))
    piece = text[first:second]
    match draw(st.integers(0, 6)):
        case 0:
            piece = ""
        case 1:
            piece += piece
        case 2:
            piece = piece[::-1]
        case 3:
            piece = draw(SPOILT)
        case 4:
            piece = piece.swapcase()
        case _:
            pass
    return text[:first] + piece + text[second:]


@st.composite
def spoilt_records(draw: st.DrawFn) -> RecordText:
    """A sound record, spoiled; its fields may come from another one."""
    record = draw(st.sampled_from(sound_records()))
    other = draw(st.sampled_from(sound_records()))

    def spoil(text: str) -> str:
        return draw(spoilt_text(text))

    interventions = [
        entry._replace(name=spoil(entry.name), description=spoil(entry.description))
        for entry in (*record.interventions, *other.interventions)[: draw(st.integers(0, 4))]
    ]
    arms = [
        arm._replace(label=spoil(arm.label), description=spoil(arm.description))
        for arm in (*record.arms, *other.arms)[: draw(st.integers(0, 4))]
    ]
    return record._replace(
        study_type=draw(st.sampled_from([record.study_type, other.study_type, "", "?"])),
        brief_title=spoil(record.brief_title),
        official_title=spoil(other.official_title),
        keywords=draw(st.sampled_from([record.keywords, other.keywords, ()])),
        interventions=tuple(draw(st.permutations(interventions))),
        arms=tuple(draw(st.permutations(arms))),
        brief_summary=spoil(record.brief_summary),
        detailed_description=spoil(other.detailed_description),
    )


@settings(
    phases=SHORT, max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(spoilt_records())
def test_a_spoilt_record_is_read_and_makes_sense(record: RecordText) -> None:
    reading = read(record)
    check_sense(record, reading)
    traced, steps = explain(record)
    assert traced == reading
    for step in steps:
        assert any(step.quote in text for text in string_at(record, step.field)), step


def test_a_record_of_empty_parts_says_nothing() -> None:
    empty = InterventionText("", "", ("", ""), "", ("",))
    reading = read(RecordText("", "", interventions=(empty,), arms=(ArmText("", "", "", ("",)),)))
    assert [str(product) for product in reading.products] == ["not_stated"]
