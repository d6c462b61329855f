"""Claims of a clinic's text: found in its own words, and not in texts that deny, doubt or warn."""

import tomllib

import pytest

from stemcheck.guidance.claims import claims_in
from stemcheck.guidance.numbers import mangled_numbers_in, numbers_in
from stemcheck.guidance.texts import read_texts
from tests.conftest import PROJECT

BROCHURES = PROJECT / "fixtures" / "brochures"
EXPECTED = tomllib.loads((BROCHURES / "expected.toml").read_text(encoding="utf-8"))


def kinds_in(text: str) -> set[str]:
    return {claim.kind for claim in claims_in(text)}


def test_every_brochure_is_expected_and_every_expectation_has_its_brochure():
    assert {path.stem for path in BROCHURES.glob("*.txt")} == set(EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_brochure_numbers_are_all_found_and_no_wrong_one(name):
    text = (BROCHURES / f"{name}.txt").read_text(encoding="utf-8")
    assert [mention.nct_id for mention in numbers_in(text)] == EXPECTED[name]["numbers"]
    mangled = [mention.as_written for mention in mangled_numbers_in(text)]
    assert mangled == EXPECTED[name].get("mangled", [])


@pytest.mark.parametrize("name", EXPECTED)
def test_brochure_claims_are_found_in_its_own_words(name):
    text = (BROCHURES / f"{name}.txt").read_text(encoding="utf-8")
    claims = claims_in(text)
    assert {claim.kind for claim in claims} == set(EXPECTED[name]["claims"])
    for claim in claims:
        assert text[claim.start : claim.start + len(claim.quote)] == claim.quote
        assert claim.note
        assert claim.source


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("cure", "Stem cells cure arthritis."),
        ("cure", "There is no disease we cannot cure!"),
        ("cure", "Our cells not only ease pain, they reverse the damage."),
        ("cure", "Say goodbye to pain: our cells regenerate your joints."),
        ("many_conditions", "Our drip helps with over 60 diseases."),
        ("many_conditions", "We treat stroke, lupus, hair loss, COPD, autism and liver failure."),
        ("many_conditions", "Our cells help with asthma, arthritis, hair loss and heart failure."),
        (
            "many_conditions",
            "It works for stroke, lupus, gout and glaucoma. There are no side effects.",
        ),
        ("many_conditions", "We have treated asthma, epilepsy, arthritis, infertility and burns."),
        ("fda_status", "You can get our cells under Right to Try."),
        ("fda_status", "All products are FDA-registered."),
        ("fda_status", "Our process is approved by the FDA."),
        ("fda_status", "Did you know that our cells are FDA approved?"),
        ("registry_as_approval", "We are listed on ClinicalTrials.gov, so it must be safe."),
        (
            "registry_as_approval",
            "Our trial is on ClinicalTrials.gov. This proves that it is legal.",
        ),
        ("registry_as_approval", "An NIH-approved therapy."),
        ("guarantee", "Results are guaranteed."),
        ("guarantee", "It works for everyone."),
        ("guarantee", "90 % of our patients improve."),
        ("no_risk", "There are no side effects."),
        ("no_risk", "The infusion is completely safe."),
        ("no_risk", "A risk-free treatment."),
        ("price", "The treatment costs $14,900."),
        ("price", "Ask about our payment plan."),
        ("testimonial", "\u201cI could walk again after my second infusion.\u201d"),
        ("testimonial", "It changed my life, says Maria."),
        ("testimonial", "Dozens of our patients have thrown away their crutches."),
        ("testimonial", "I lay in bed with an oxygen tube and now I golf, says Henry."),
        ("testimonial", "Today she walks."),
        ("testimonial", "I sleep better and my pain is gone, writes Tom from Ohio."),
        ("cure", "Other clinics say that it cannot be done, but we reverse the damage."),
        ("no_risk", "Are there any risks? None."),
        ("cure", "Can arthritis be cured? Yes. Call us to learn more."),
        ("urgency", "Only 5 places left!"),
        ("urgency", "Act now, before it is too late."),
    ],
)
def test_claim_is_found(kind, text):
    assert kind in kinds_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "This is not a cure.",
        "There is no known cure.",
        "A cure has not been found.",
        "We look for a cure.",
        "It is not FDA approved.",
        "The FDA has not approved this product.",
        "Ask whether it is FDA approved.",
        "Not a cure, a miracle or a guarantee.",
        "We cannot guarantee that you will benefit.",
        "We guarantee nothing.",
        "It is not risk-free.",
        "We cannot say that there are no risks.",
        "We want to learn if it is safe and effective.",
        "Be wary of clinics that promise cures and guaranteed results.",
        "Beware of anyone who says that there are no side effects.",
        "Being listed on ClinicalTrials.gov does not mean that it is approved.",
        "The study is registered on ClinicalTrials.gov under NCT04506073.",
        "You will be paid $50 for each visit.",
        "There is no charge for the cells.",
        "You cannot take part if you have cancer, HIV, kidney failure or a heart disease.",
        "Do not rely on testimonials.",
        "Do not let anyone press you to act now.",
        "Is there a cure for stroke?",
        "Some clinics say \u201cour cells cure ALS\u201d.",
        "These websites write that it has no side effects.",
        "\u201cA cure for all\u201d: you should not believe it.",
        "We do not offer cells under Right to Try.",
        "You have the right to try again later.",
        "Researchers treat asthma, arthritis, hair loss and heart failure with it in mice.",
        "The hospital treats stroke, epilepsy, Parkinson disease and multiple sclerosis.",
        "We do not know if it helps with asthma, arthritis, hair loss and heart failure.",
        "Bring your cane, your glasses and your pills.",
        "Patients left their glasses at the desk.",
        "I cannot walk, I told the nurse.",
        "Now I walk you through the form.",
        "Please tell us about any side effects and any risk that worries you.",
        "Your data are safe with us.",
        "We promise to keep your name secret.",
        "I recommend that you see a neurologist.",
        "Thank you for your question.",
        "You were treated for 12 months for the disease.",
        "You will get the results of your tests.",
        "Do I have to pay? You pay nothing.",
        "Are there risks? Yes. Fever and infection are known.",
        "Are there risks? No treatment is without them.",
        "Will it help me? We do not know.",
        "The trial is approved by our ethics committee and listed on ClinicalTrials.gov.",
        "",
        "?!",
    ],
)
def test_denial_doubt_and_warning_are_no_claim(text):
    assert kinds_in(text) == set()


def test_a_warning_over_a_list_counts_for_its_items():
    items = "- It offers a guarantee.\n- It says that there are no risks.\n"
    assert kinds_in(f"Our promise\n{items}") == {"guarantee", "no_risk"}
    assert kinds_in(f"Warning signs of a clinic\n{items}") == set()


def test_long_sentences_are_cut_around_the_claim():
    text = "word " * 100 + "our cells cure arthritis " + "word " * 100
    (claim,) = claims_in(text)
    assert "cure arthritis" in claim.quote
    assert len(claim.quote) <= 300
    assert text[claim.start : claim.start + len(claim.quote)] == claim.quote


def test_lines_broken_in_the_middle_are_one_sentence():
    (claim,) = claims_in(
        "We have helped many people, and we can honestly say that stem\ncells cure arthritis."
    )
    assert claim.quote.startswith("We have helped")


def test_claims_come_in_the_order_of_the_text():
    claims = claims_in("It costs $900. It cures all. Call now!")
    assert [claim.kind for claim in claims] == ["price", "cure", "urgency"]


def test_every_kind_of_claim_is_expected_in_some_brochure():
    kinds = {row["id"] for row in read_texts("claims")["kind"]}
    assert kinds == {kind for expected in EXPECTED.values() for kind in expected["claims"]}


def test_notes_pass_no_verdict():
    for row in read_texts("claims")["kind"]:
        assert not {"scam", "fraud", "legitimate", "illegal"} & set(row["note"].lower().split())
