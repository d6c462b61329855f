"""The text on who may take part, divided into its lists: headings, nesting, and what cannot be divided."""

import pytest

from stemcheck.reading.criteria import divide_criteria
from stemcheck.trial.protocol import Criteria, Criterion


def quotes(criteria: tuple[Criterion, ...]) -> list[str]:
    return [criterion.quote for criterion in criteria]


def lists(text: str) -> tuple[list[str], list[str], list[str]]:
    found = divide_criteria(text)
    return quotes(found.inclusion), quotes(found.exclusion), quotes(found.other)


@pytest.mark.parametrize(
    ("inclusion", "exclusion"),
    [
        ("Inclusion Criteria:", "Exclusion Criteria:"),
        ("INCLUSION CRITERIA", "EXCLUSION CRITERIA"),
        ("* Inclusion Criteria:", "* Exclusion Criteria:"),
        ("1) Inclusion criteria", "2) Exclusion criteria"),
        ("4.1 Inclusion Criteria", "4.2 Exclusion Criteria"),
        ("[Inclusion Criteria]", "[Exclusion Criteria]"),
        ("**Inclusion Criteria**", "**Exclusion Criteria**"),
        ("Inclusion criteria\uff1a", "Exclusion criteria\uff1a"),
        ("Inclusion:", "Exclusions:"),
        ("Inclusion critieria:", "Exclusion critera"),
        ("Inclusion Criteria:", "Non-inclusion criteria :"),
        ("Inclusion Criteria:", "No inclusion / Exclusion Criteria:"),
        ("Inclusion Criteria:", "   Exclusion Criteria:"),
        ("Critères d'inclusion :", "Critères de non-inclusion :"),
        ("Criterios de inclusión:", "Criterios de exclusión:"),
        ("Critérios de inclusão:", "Critérios de exclusão:"),
        ("Criteri di inclusione:", "Criteri di esclusione:"),
        ("Einschlusskriterien:", "Ausschlusskriterien:"),
        ("Healthy volunteers:", "Volunteers will be excluded if they:"),
        ("To take part, people must meet all of these:", "People cannot take part if:"),
        ("", "Exclusion Criteria:"),  # what stands above the second list is the first
        ("Eligibility criteria:", "Exclusion criteria:"),
    ],
)
def test_the_two_lists_are_found_by_their_headings(inclusion: str, exclusion: str) -> None:
    text = f"{inclusion}\n\n* Adults\n* Stroke within a month\n\n{exclusion}\n\n* Pregnancy\n"
    found = divide_criteria(text)
    assert quotes(found.inclusion) == ["Adults", "Stroke within a month"]
    assert quotes(found.exclusion) == ["Pregnancy"]
    assert found.other == ()
    assert found.is_split


@pytest.mark.parametrize(
    "heading",
    [
        "Inclusion Criteria for controls:",
        "Key inclusion criteria:",
        "Healthy subjects inclusion criteria",
        "Inclusion criteria 1-4 for all parts plus:",
        "Inclusion Criteria (patients with diabetes):",
        "Inclusion Criteria for donors (note: tested twice):",
        "* Inclusion criteria for the large cohort",
    ],
)
def test_a_heading_that_says_more_than_its_list_stays_with_what_is_below(heading: str) -> None:
    found = divide_criteria(f"{heading}\n\n* Adults\n\nExclusion Criteria:\n\n* Pregnancy")
    assert [criterion.headings for criterion in found.inclusion] == [(heading.removeprefix("* "),)]
    assert [criterion.headings for criterion in found.exclusion] == [()]


def test_several_groups_with_two_lists_each() -> None:
    text = """\
Mother Inclusion Criteria:

* Adult

Mother Exclusion Criteria:

* Smokes

Child Inclusion Criteria:

* Born at term

Child Exclusion Criteria:

* Fever"""
    found = divide_criteria(text)
    under = {criterion.quote: criterion.headings for criterion in found.inclusion + found.exclusion}
    assert under == {
        "Adult": ("Mother Inclusion Criteria:",),
        "Smokes": ("Mother Exclusion Criteria:",),
        "Born at term": ("Child Inclusion Criteria:",),
        "Fever": ("Child Exclusion Criteria:",),
    }
    assert quotes(found.inclusion) == ["Adult", "Born at term"]


@pytest.mark.parametrize(
    "sentence",
    [
        "* Not meeting the inclusion criteria",
        "* Patient meets the inclusion criteria for trial entry",
        "* Any exclusion criteria of the drug's label",
        "* The pre-inclusion criteria are respected,",
        "* There are no exclusion criteria for siblings",
        "* Period of exclusion after another study",
        "* Failure to meet the inclusion/exclusion criteria of the sub-protocol",
        "* Ineligible for surgery: too frail",
    ],
)
def test_a_sentence_about_the_criteria_is_no_heading(sentence: str) -> None:
    text = f"Inclusion Criteria:\n\n* Adults\n\nExclusion Criteria:\n\n* Pregnancy\n{sentence}\n* Fever"
    found = divide_criteria(text)
    assert quotes(found.exclusion) == ["Pregnancy", sentence.removeprefix("* "), "Fever"]
    assert found.exclusion[2].headings == ()


def test_a_sentence_opens_no_list_where_a_heading_names_it() -> None:
    text = """\
Inclusion Criteria:

The tumour must be one of these, except the ones named in the exclusion criteria:

* Lymphoma

Exclusion Criteria:

People who meet any of these will be excluded:

* Pregnancy"""
    found = divide_criteria(text)
    assert quotes(found.inclusion) == ["Lymphoma"]
    assert quotes(found.exclusion) == ["Pregnancy"]
    assert found.exclusion[0].headings == ("People who meet any of these will be excluded:",)


@pytest.mark.parametrize(
    "remark",
    [
        "Other protocol-defined Inclusion/Exclusion criteria may apply.",
        "NOTE: Additional inclusion and exclusion criteria apply",
        "* Further inclusion / exclusion criteria apply.",
    ],
)
def test_a_remark_on_both_lists_belongs_to_neither(remark: str) -> None:
    text = f"Inclusion Criteria:\n\n* Adults\n\nExclusion Criteria:\n\n* Pregnancy\n\n{remark}"
    assert lists(text) == (["Adults"], ["Pregnancy"], [remark.removeprefix("* ")])


def test_what_is_nested_knows_how_deep() -> None:
    text = """\
Inclusion Criteria:

1. Adults with:

   1. Diabetes, or
   2. Asthma

      * on tablets
2. Consent given

Exclusion Criteria:

* Any of the following:
a) Fever
b) Cough
* Pregnancy"""
    found = divide_criteria(text)
    assert [(c.label, c.level, c.quote) for c in found.inclusion] == [
        ("1", 0, "Adults with:"),
        ("1", 1, "Diabetes, or"),
        ("2", 1, "Asthma"),
        (None, 2, "on tablets"),
        ("2", 0, "Consent given"),
    ]
    assert [(c.label, c.level, c.quote) for c in found.exclusion] == [
        (None, 0, "Any of the following:"),
        ("a", 1, "Fever"),
        ("b", 1, "Cough"),
        (None, 0, "Pregnancy"),
    ]


@pytest.mark.parametrize(
    ("line", "label", "words"),
    [
        ("* Adults", None, "Adults"),
        ("\\- Adults", None, "Adults"),
        ("• Adults", None, "Adults"),
        ("§Adults", None, "Adults"),
        ("12. Adults", "12", "Adults"),
        ("3\\. Adults", "3", "Adults"),
        ("(4) Adults", "4", "Adults"),
        ("\uff085\uff09Adults", "5", "Adults"),
        ("* 6\\. Adults", "6", "Adults"),
        ("b) Adults", "b", "Adults"),
        ("(iv) Adults", "iv", "Adults"),
        ("A. Adults", "A", "Adults"),
        ("2.5 to 18 years of age", None, "2.5 to 18 years of age"),
        ("18 years or older", None, "18 years or older"),
        ("-80 is too cold", None, "-80 is too cold"),
        ("E. coli in urine", None, "E. coli in urine"),
        ("\\> 5 cm", None, "\\> 5 cm"),
    ],
)
def test_bullets_and_numbers_are_no_part_of_the_words(line: str, label: str, words: str) -> None:
    (criterion,) = divide_criteria(f"Inclusion Criteria:\n\n{line}").inclusion
    assert (criterion.label, criterion.quote) == (label, words)


def test_lists_on_one_line_are_taken_apart() -> None:
    text = (
        "Inclusion Criteria:1. Men or women 2. Cancer of the breast (stage 2. or 3.) 3. Consent "
        "Exclusion Criteria: 1. Fever 2. Cough 3. Pregnancy"
    )
    inclusion, exclusion, other = lists(text)
    assert inclusion == ["Men or women", "Cancer of the breast (stage 2. or 3.)", "Consent"]
    assert exclusion == ["Fever", "Cough", "Pregnancy"]
    assert other == []


def test_a_heading_at_the_end_of_another_line_begins_its_list() -> None:
    text = "Inclusion Criteria:\n\n* Four weeks since immunotherapy. Exclusion Criteria\n* Fever"
    assert lists(text) == (["Four weeks since immunotherapy."], ["Fever"], [])


def test_lines_that_belong_together_stay_together() -> None:
    text = "Inclusion Criteria:\n\n* Cancer within 5 years\n\n  Skin cancer is allowed.\n* Adults\nof any sex"
    assert lists(text)[0] == [
        "Cancer within 5 years\n\n  Skin cancer is allowed.",
        "Adults\nof any sex",
    ]


def test_headings_below_the_name_of_the_list_are_kept_until_the_next_or_the_end_of_their_list() -> (
    None
):
    text = """\
Inclusion Criteria:

Mothers:

* Adult
* Healthy

Children:

* Born at term

All speak English

Exclusion Criteria:

General
* Fever"""
    found = divide_criteria(text)
    assert [(c.quote, c.headings) for c in found.inclusion] == [
        ("Adult", ("Mothers:",)),
        ("Healthy", ("Mothers:",)),
        ("Born at term", ("Children:",)),
        ("All speak English", ()),
    ]
    assert [(c.quote, c.headings) for c in found.exclusion] == [("Fever", ("General",))]


@pytest.mark.parametrize(
    "text",
    [
        "DISEASE CHARACTERISTICS:\n\n* Lung cancer\n\nPATIENT CHARACTERISTICS:\n\n* No fever",
        "Patients must be 14 or older.\n\nMust not have anaemia.",
        "Major Eligibility Criteria:\n\n* Age 4 to 8\n* Amblyopia",
        "Inclusion Criteria:\n\n* Adults",
        "Exclusion Criteria:\n\n* Fever",
        "There are no eligibility criteria.",
    ],
)
def test_a_text_without_two_lists_is_not_divided_into_two(text: str) -> None:
    found = divide_criteria(text)
    assert not found.is_split
    assert not (found.inclusion and found.exclusion)
    assert found.inclusion or found.exclusion or found.other


def test_a_second_list_under_a_neutral_heading_is_not_taken_for_the_first() -> None:
    text = "Inclusion Criteria:\n\n* Adults\n\nEligibility Criteria:\n\n* Fever"
    assert lists(text) == (["Adults"], [], ["Fever"])


def test_a_list_with_nothing_in_it_is_still_a_list() -> None:
    found = divide_criteria("Inclusion Criteria:\n\n* Adults\n\nExclusion Criteria:\n")
    assert (quotes(found.inclusion), found.exclusion, found.is_split) == (["Adults"], (), True)


@pytest.mark.parametrize("text", [None, "", " \n\n "])
def test_no_text_has_no_criteria(text: str | None) -> None:
    assert divide_criteria(text) == Criteria()
