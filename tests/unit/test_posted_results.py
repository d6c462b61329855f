"""Posted results as people read them: the record's numbers, in its order, and no word more."""

from stemcheck.output.posted_results import harm_lines, harms_in_short, result_lines
from stemcheck.trial.results import AdverseEvent, AdverseEvents, EventCount, EventGroup, Results


def a_group(letter: str, deaths: int | None = 0) -> EventGroup:
    return EventGroup(
        id=f"EG{letter}", title=f"Group {letter} of a long name", deaths=deaths, deaths_at_risk=9,
        serious_affected=1, serious_at_risk=9, other_affected=None, other_at_risk=None,
    )  # fmt: skip


def an_event(term: str, *affected: int | None, letters: str = "ABCDEFGHIJ") -> AdverseEvent:
    counts = (
        EventCount(
            id=f"EG{letter}", group=f"Group {letter} of a long name", affected=number, at_risk=9,
            events=None,
        )
        for letter, number in zip(letters, affected, strict=False)
    )  # fmt: skip
    return AdverseEvent(
        term=term, organ_system=None, assessment=None, notes=None, groups=tuple(counts)
    )


def some_results(letters: str, *serious: AdverseEvent, deaths: int | None = 0) -> Results:
    harms = AdverseEvents(
        time_frame="6 months", description=None, threshold_percent="5", deaths_comment=None,
        groups=tuple(a_group(letter, deaths) for letter in letters), serious=serious, other=(),
    )  # fmt: skip
    return Results(participants=None, outcomes=(), adverse_events=harms, limitations=None)


def test_each_group_tells_its_deaths_and_harms_and_what_is_missing_is_not_nought() -> None:
    told = "\n".join(harm_lines(some_results("AB", an_event("Fever", 2, None), deaths=None)))
    assert told.count("deaths not given; people with a serious harm 1 of 9") == 2
    assert "people with another harm not given" in told
    assert "Fever: Group A of a long name 2 of 9; Group B of a long name not given" in told
    assert "Whether the treatment caused them is not said here." in told


def test_many_groups_are_named_once_and_have_a_letter_from_then_on() -> None:
    told = "\n".join(harm_lines(some_results("ABC", an_event("Fever", 2, 0, 1))))
    assert "A: Group A of a long name: deaths 0 of 9" in told
    assert "Fever: A 2 of 9; B 0 of 9; C 1 of 9" in told


def test_the_ten_most_frequent_serious_harms_are_named_and_the_others_counted() -> None:
    events = [an_event(f"Harm {number}", number, 0) for number in range(13)]
    lines = list(harm_lines(some_results("AB", *events)))
    named = [line.strip(" •").partition(":")[0] for line in lines if "Harm " in line]
    assert named == [f"Harm {number}" for number in range(12, 2, -1)]
    assert any("3 more kinds of serious harm: --json" in line for line in lines)


def test_the_first_screen_has_the_harms_of_few_groups_in_one_line() -> None:
    assert harms_in_short(some_results("AB")).count("deaths 0 of 9, serious harms 1 of 9") == 2
    assert harms_in_short(some_results("ABCD")) == "They cover 4 groups."


def test_results_that_say_nothing_on_harms_are_no_all_clear() -> None:
    silent = Results(participants=None, outcomes=(), adverse_events=None, limitations="Too few")
    told = "\n".join(result_lines(silent))
    assert "The results say nothing" in told
    assert 'Limits, in the sponsor\'s words: "Too few"' in told
    assert "prove that a treatment works or is safe" in told
