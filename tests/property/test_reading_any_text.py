"""Whatever a record says, it is read: no error, quotes verbatim, time in step with length."""

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stemcheck.reading import explain, read
from stemcheck.reading.lexicon import load_lexicon
from stemcheck.reading.passages import LONGEST_PASSAGE, Part, Passage
from stemcheck.reading.record import MOST_LISTED
from stemcheck.reading.scan import LONGEST_SENTENCE, scan_passages
from stemcheck.trial.reading import Reading
from stemcheck.trial.terms import Intravenous, Product, Route
from stemcheck.trial.text import ArmText, InterventionText, RecordText

TEXT = (
    "mesenchymal stem cells MSC UC-MSC bone marrow derived from of adipose umbilical cord blood "
    "autologous allogeneic donor patients receive infused injected intravenous IV i.v. ( ) [ ] ; : , . "
    "\n \u2022 and plus with + exosomes placebo control after HSCT rats were given not without number of "
    "expanded on MitoCell AB-12 12% Wharton\u00b4s \u0301 \ud800 \u00a0 \u0130 \u00df _ - intrathecal knee"
)
WORDS = st.sampled_from(TEXT.split(" "))
WILD = st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=60))
NAMES = st.lists(WILD, max_size=3).map(tuple)
INTERVENTIONS = st.builds(InterventionText, WILD, WILD, NAMES, WILD, NAMES)
ARMS = st.builds(
    ArmText,
    WILD,
    st.sampled_from(["EXPERIMENTAL", "PLACEBO_COMPARATOR", "ACTIVE_COMPARATOR", ""]),
    WILD,
    NAMES,
)
RECORDS = st.builds(
    RecordText,
    study_type=st.sampled_from(["INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS", "", "?"]),
    brief_title=WILD,
    official_title=WILD,
    conditions=NAMES,
    keywords=NAMES,
    interventions=st.lists(INTERVENTIONS, max_size=3).map(tuple),
    arms=st.lists(ARMS, max_size=3).map(tuple),
    brief_summary=WILD,
    detailed_description=WILD,
    eligibility_criteria=WILD,
)
SHORT = [phase for phase in Phase if phase is not Phase.shrink]
"""A failing record is long anyway, and making it smaller takes minutes."""
PATIENT = settings(phases=SHORT, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def string_at(record: RecordText, path: str) -> list[str]:
    """The strings of the record that a field path of ours names."""
    head, _, rest = path.partition("[")
    if not rest:
        return [
            getattr(
                record,
                {
                    "briefTitle": "brief_title",
                    "officialTitle": "official_title",
                    "briefSummary": "brief_summary",
                    "detailedDescription": "detailed_description",
                }[head],
            )
        ]
    number, _, part = rest.partition("]")
    if head in {"keywords", "conditions"}:
        return [getattr(record, head)[int(number)]]
    if head == "armGroups":
        return [getattr(record.arms[int(number)], part.lstrip("."))]
    entry = record.interventions[int(number)]
    part = part.lstrip(".")
    return list(entry.other_names) if part == "otherNames" else [getattr(entry, part)]


def check_sense(record: RecordText, reading: Reading) -> None:
    assert reading.products
    assert (reading.products == (Product.NONE,)) == (Product.NONE in reading.products)
    assert (Route.INTRAVENOUS in reading.routes) == (reading.intravenous is Intravenous.YES)
    told = {(one.claim, one.value) for one in reading.evidence}
    for claim, values in (
        ("product", reading.products),
        ("tissue", reading.tissue),
        ("donor", reading.donor),
        ("route", reading.routes),
    ):
        assert values
        for value in values:
            assert str(value) in {"none", "not_stated"} or (claim, str(value)) in told
    for one in reading.evidence:
        assert any(one.quote in text for text in string_at(record, one.field)), one
        assert one.quote
        assert len(one.quote.split()) <= 20


@PATIENT
@given(RECORDS)
def test_any_record_is_read_and_makes_sense(record: RecordText) -> None:
    reading = read(record)
    check_sense(record, reading)
    traced, steps = explain(record)
    assert traced == reading
    for step in steps:
        assert any(step.quote in text for text in string_at(record, step.field)), step


@PATIENT
@given(RECORDS)
def test_reading_twice_gives_the_same(record: RecordText) -> None:
    assert read(record) == read(record)


REPEATS = (
    "MSC ",
    "mesenchymal ",
    "stem ",
    "bone marrow ",
    "(",
    "((MSC)",
    "and ",
    "patients ",
    "into the ",
    "intravenous ",
    "MSC and ",
    "derived from ",
    "of ",
    "M.S.C.",
    "IV.",
    "x",
    "\n",
    ". ",
    "exosomes of ",
    "autologous allogeneic ",
    "AB12 ",
    "MSC injection, ",
    "number of ",
    "\u0301",
    "-",
    "MSC,HSC;",
    "BMAC containing MSC ",
    "given MSC (SVF) ",
    "exosomes intravenously ",
    "MSC into the knee, secretome intravenously; ",
    "supernatant ",
    "if the ",
    "receive the lung ",
    "collection of ",
    "given MSC (SVF) ",
)


def seconds_to_read(text: str) -> float:
    entry = InterventionText("BIOLOGICAL", "MSC", (), text)
    record = RecordText("", "INTERVENTIONAL", brief_summary=text, interventions=(entry,))
    best = 9.0
    for _ in range(2):
        start = time.process_time()
        read(record)
        best = min(best, time.process_time() - start)
    return best


def test_long_repeats_cost_no_more_than_their_length() -> None:
    for repeat in REPEATS:
        short, long = repeat * (1_000 // len(repeat)), repeat * (8_000 // len(repeat))
        assert seconds_to_read(long) < 8 * 4 * seconds_to_read(short) + 0.1, repeat


def test_a_list_without_end_is_read_in_part() -> None:
    many = (InterventionText("DRUG", "Saline"),) * (MOST_LISTED + 1)
    cells = InterventionText("BIOLOGICAL", "Mesenchymal stem cells")
    assert read(RecordText(interventions=(cells, *many))).products == (Product.MESENCHYMAL,)
    assert read(RecordText(interventions=(*many, cells))).products == (Product.NOT_STATED,)


def test_a_field_of_ten_million_characters_is_read_in_part() -> None:
    words = "mesenchymal stem cells by vein. "
    text = words * (10_000_000 // len(words))
    record = RecordText("", "INTERVENTIONAL", detailed_description=text)
    reading = read(record)
    assert len(text) > LONGEST_PASSAGE
    assert reading.products[0] in {Product.MESENCHYMAL, Product.NONE, Product.NOT_STATED}


def steps_to_read(record: RecordText) -> int:
    """Count the lines of the program that run while a record is explained: the same on any machine."""
    steps = 0

    def count(_frame: object, event: str, _argument: object) -> Any:
        nonlocal steps
        steps += event == "line"
        return count

    explain(record)  # the words are known by now
    before = sys.gettrace()
    sys.settrace(count)
    try:
        explain(record)
    finally:
        sys.settrace(before)
    return steps


def many_interventions(number: int) -> RecordText:
    entry = InterventionText("DRUG", "Saline", (), "Given by vein.", ("Cells", "Control"))
    cells = InterventionText("BIOLOGICAL", "MSC", (), "", ("Cells",))
    return RecordText(interventions=(cells, *[entry] * number))


def many_arms(number: int) -> RecordText:
    arm = ArmText("Cells", "EXPERIMENTAL", "MSC are given intravenously.", ("Biological: MSC",))
    return RecordText(interventions=(InterventionText("BIOLOGICAL", "MSC"),), arms=(arm,) * number)


def many_arms_of_many_interventions(number: int) -> RecordText:
    arms = tuple(ArmText(f"Arm {n}", "EXPERIMENTAL", "", ("MSC",)) for n in range(number))
    entries = [InterventionText("BIOLOGICAL", "MSC", (), "", (arm.label,)) for arm in arms]
    return RecordText(interventions=tuple(entries), arms=arms)


def many_unspelled_keywords(number: int) -> RecordText:
    cells = InterventionText("BIOLOGICAL", "MSC", (), "By local injection.")
    return RecordText(interventions=(cells,), keywords=("ASC injection IV",) * number)


def many_other_names(number: int) -> RecordText:
    return RecordText(interventions=(InterventionText("BIOLOGICAL", "MSC", ("no MSC",) * number),))


def many_definitions(number: int) -> RecordText:
    text = "Mindful self compassion (MSC) beside HSC, ASC and EPC. " * number
    return RecordText(brief_summary=text, interventions=(InterventionText("BIOLOGICAL", "MSC"),))


def one_long_sentence(number: int) -> RecordText:
    text = "given MSC (SVF) in the knee, IV, " * number
    return RecordText(interventions=(InterventionText("BIOLOGICAL", "MSC", (), text),))


@pytest.mark.parametrize(
    ("record_of", "few"),
    [
        (many_interventions, 40),
        (many_arms, 40),
        (many_arms_of_many_interventions, 40),
        (many_unspelled_keywords, 40),
        (many_other_names, 100),
        (many_definitions, 20),
        (one_long_sentence, 125),
    ],
)
def test_a_record_of_many_parts_takes_steps_as_it_is_long(
    record_of: Callable[[int], RecordText], few: int
) -> None:
    assert steps_to_read(record_of(4 * few)) < 4 * 1.3 * steps_to_read(record_of(few))


def test_a_sentence_of_any_length_is_parted_between_words() -> None:
    long_word = "x" * (2 * LONGEST_SENTENCE)
    text = f"{'stem cell ' * LONGEST_SENTENCE}{long_word} MSC"
    (scan,) = scan_passages([Passage("briefSummary", text, Part.BRIEF_SUMMARY)])
    pieces = [sentence.text for sentence in scan.sentences]
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= LONGEST_SENTENCE
    assert all(piece.endswith(" ") for piece in pieces if "stem" in piece)


def test_a_word_without_end_is_looked_up_in_linear_time() -> None:
    start = time.process_time()
    load_lexicon().look_up("x" * 1_000_000 + "MSC")
    assert time.process_time() - start < 1
