"""NCT numbers are found in whatever state they come, also broken ones; nothing else is taken for one."""

import pytest

from stemcheck.guidance.numbers import mangled_numbers_in, numbers_in

NUMBER = "NCT04506073"


@pytest.mark.parametrize(
    "written",
    [
        "NCT04506073", "nct04506073", "nct-04506073", "NCT 04506073", "NCT 0450 6073", "NCT 045-060-73",
        "NCT#04506073", "NCT: 04506073", "NCT No. 04506073", "NCT number: 04506073", "NCT (04506073)",
        "N C T 04506073", "N.C.T. 04506073", "NCT 0 4 5 0 6 0 7 3", "NCT_04506073", "NCT–04506073",
        "NCTO45O6O73", "NCT0450\n6073", "NCT0450-\n   6073", "NCT\r\n04506073", "NCT0450\u200b6073",
        "NCT0450\u00ad6073", "N\u2060CT04506073",
        "NCT\u0660\u0664\u0665\u0660\u0666\u0660\u0667\u0663", "NCT0450607\u0417",
        "\uff2e\uff23\uff34\uff10\uff14\uff15\uff10\uff16\uff10\uff17\uff13",
        "ClinicalTrials.gov Identifier: 04506073", "clinicaltrials.gov/study/NCT04506073?tab=table",
        "trial_NCT04506073.pdf", "(NCT04506073)", "NCT04506073.", "NCT04506073.2 sites", "NCT04506073v1",
        "NCT0450 6073 1234", "NCT04506073, 12 people",
    ],
)  # fmt: skip
def test_number_is_read(written):
    text = f"See {written} for more."
    (mention,) = numbers_in(text)
    assert mention.nct_id == NUMBER
    assert text[mention.start :].startswith(mention.as_written)


@pytest.mark.parametrize(
    "written",
    [
        "04506073", "phone 0450 6073", "+1 (555) 0450-6073", "EudraCT 2014-002130-30", "ISRCTN04506073",
        "ISRCTN 04506073", "IRB 04506073", "$04,506,073", "NCT0450607", "NCT045060734", "NCT0450607 3 sites",
        "NCT 2021-2022", "ACTRN12604506073", "JPRN-04506073", "function 04506073", "NCT", "NCT number", "",
        "NCT of 04506073 people", "NCTOOOOOOOO", "order no. 04506073", "ClinicalTrials.gov",
    ],
)  # fmt: skip
def test_other_numbers_are_not_read(written):
    assert numbers_in(f"See {written} for more.") == ()


def test_each_number_comes_once_in_the_order_of_the_text():
    text = "NCT09990202 / nct-0999 0203, and again NCT09990202."
    assert [mention.nct_id for mention in numbers_in(text)] == ["NCT09990202", "NCT09990203"]


def test_numbers_that_stand_together_are_kept_apart():
    assert [mention.nct_id for mention in numbers_in("NCT04506073NCT04506074")] == [
        "NCT04506073",
        "NCT04506074",
    ]


def test_a_number_that_does_not_exist_yet_is_read_too():
    assert [mention.nct_id for mention in numbers_in("NCT98765432")] == ["NCT98765432"]


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("NCT0437132", 7), ("NCT045060731", 9), ("NCT 0450 607", 7), ("NCT0450-60734", 9), ("NCTO437132", 7),
        ("NCT No. 0450607", 7), ("NCT045\n0607", 7), ("nct12345", 5), ("ClinicalTrials.gov 0450607", 7),
        ("NCT No. 450607", 6), ("NCT 4506073", 7), ("NCT045060", 6),
        ("NCT0450607312", 10), ("NCT_0450607", 7),
    ],
)  # fmt: skip
def test_a_number_with_too_few_or_too_many_digits_is_found_as_one(
    written: str, digits: int
) -> None:
    text = f"See {written} (12 sites), +1 555 0100."
    (mangled,) = mangled_numbers_in(text)
    assert (mangled.as_written, mangled.digits) == (written, digits)
    assert text[mangled.start :].startswith(written)
    assert numbers_in(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "NCT04506073", "NCT04506073 12 people", "NCT 2021-2022", "phone 0450 607", "function 0450607",
        "ISRCTN 0450607", "clinicaltrials.gov 2022101", "NCT of 0450607 people", "NCT", "NCTOOOOOOO", "",
        "NCT 555-0199-23", "NCT045060734567890",
    ],
)  # fmt: skip
def test_other_numbers_are_no_mangled_ones(text: str) -> None:
    assert mangled_numbers_in(text) == ()


def test_digits_of_the_next_word_do_not_belong_to_a_mangled_number() -> None:
    assert [m.as_written for m in mangled_numbers_in("NCT0450607 12 sites")] == ["NCT0450607"]


def test_each_mangled_number_comes_once_beside_good_ones() -> None:
    text = "NCT0450607, NCT04506073 and again NCT0450607"
    assert [m.as_written for m in mangled_numbers_in(text)] == ["NCT0450607"]
    assert [m.nct_id for m in numbers_in(text)] == [NUMBER]
