"""Claims of a clinic's text: found in its own words, and not in texts that deny, doubt or warn."""

import tomllib

import pytest

from stemcheck.guidance.claims import LONGEST_QUOTE, claims_in, is_read
from stemcheck.guidance.numbers import mangled_numbers_in, numbers_in
from stemcheck.words import entry_of
from tests.conftest import PROJECT

BROCHURES = PROJECT / "fixtures" / "brochures"
EXPECTED = tomllib.loads((BROCHURES / "expected.toml").read_text(encoding="utf-8"))


FAMILIES = {
    "stop_treatment": "cure", "homing": "cure", "success_rate": "guarantee", "no_rejection": "no_risk",
    "no_approval_needed": "fda_status", "other_licence": "fda_status",
    "financing": "price", "celebrity": "testimonial",
}  # fmt: skip
"""Kinds that a reader may take for one another."""


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


def test_brochures_are_told_apart_by_their_claims():
    """Texts that the weights were not learnt from: claims of sellers are found, honest pages stay free."""
    wanted = found = flagged = honest = 0
    for name, expected in EXPECTED.items():
        text = (BROCHURES / f"{name}.txt").read_text(encoding="utf-8")
        claims = claims_in(text)
        kinds = {FAMILIES.get(claim.kind, claim.kind) for claim in claims}
        told = {FAMILIES.get(kind, kind) for kind in expected["claims"]}
        wanted, found = wanted + len(told), found + len(told & kinds)
        honest += not told
        flagged += not told and bool(kinds)
        for claim in claims:
            plain = " ".join(text.split())
            assert claim.quote in plain or len(claim.quote) <= LONGEST_QUOTE
            assert all((claim.note, claim.question, claim.source))
    assert found / wanted >= 0.8, (found, wanted)
    assert flagged / honest <= 0.1, (flagged, honest)


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
        ("other_licence", "You can get our cells under Right to Try."),
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
        ("success_rate", "90 % of our patients improve."),
        ("no_risk", "There are no side effects."),
        ("no_risk", "The infusion is completely safe."),
        ("no_risk", "A risk-free treatment."),
        ("price", "The treatment costs $14,900."),
        ("financing", "Ask about our payment plan."),
        ("testimonial", "\u201cI could walk again after my second infusion.\u201d"),
        ("testimonial", "It changed my life, says Maria."),
        ("testimonial", "Dozens of our patients have thrown away their crutches."),
        ("testimonial", "I lay in bed with an oxygen tube and now I golf, says Henry."),
        ("testimonial", "Today she walks."),
        ("testimonial", "I sleep better and my pain is gone, writes Tom from Ohio."),
        ("cure", "Other clinics say that it cannot be done, but we reverse the damage."),
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


@pytest.mark.parametrize(
    "denial",
    ["We cannot cure ALS.", "Stem cells cannot cure ALS.", "No podemos curar la ELA."],
)
def test_a_denial_on_a_sellers_page_ends_with_its_sentence(denial):
    assert kinds_in(f"{denial} It costs $900 a visit. Book now!") == {"price", "urgency"}


def test_a_heading_does_not_rule_out_what_stands_under_it():
    text = "A statement on what was said\n\nOur therapy is safe and effective. It costs $900."
    assert "no_risk" in kinds_in(text)


def test_a_warning_over_a_list_counts_for_its_items():
    items = "- It offers a guarantee.\n- It says that there are no risks.\n"
    assert kinds_in(f"Warning signs of a clinic\n{items}") == set()


def test_long_sentences_are_cut_around_the_claim():
    text = (
        "We know of many things, " * 8
        + "and our stem cells cure arthritis for good, "
        + "as you see, " * 8
    )
    claims = [claim for claim in claims_in(text) if claim.kind == "cure"]
    assert claims
    for claim in claims:
        assert "cure arthritis" in claim.quote
        assert len(claim.quote) <= 300


def test_lines_broken_in_the_middle_are_one_sentence():
    (claim,) = claims_in(
        "We have helped many people, and we can honestly say that stem\ncells cure arthritis."
    )
    assert claim.quote.startswith("We have helped")


def test_claims_come_in_the_order_of_the_text():
    claims = claims_in("It costs $900. It cures all. Call now!")
    kinds = [claim.kind for claim in claims]
    assert kinds.index("price") < kinds.index("cure") < kinds.index("urgency")
    assert [claim.start for claim in claims] == sorted(claim.start for claim in claims)


def test_every_kind_has_a_note_a_question_and_a_source_without_a_verdict():
    kinds = entry_of("claims")
    assert len(kinds) == 23
    for facts in kinds.values():
        assert facts["question"].endswith("?")
        assert entry_of(f"sources.{facts['source']}")
        assert not {"scam", "fraud", "legitimate", "illegal"} & set(facts["note"].lower().split())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("cure", "Las células reparan el cartílago y usted vuelve a caminar."),
        ("no_risk", "No tiene efectos secundarios ni riesgos."),
        ("price", "El paquete cuesta 9.500 dólares."),
        ("no_risk", "Die Behandlung ist völlig ungefährlich und hat keine Nebenwirkungen."),
        ("price", "Die Behandlung kostet bei uns 8.900 Euro."),
    ],
)
def test_claims_in_spanish_and_german_are_found(kind, text):
    assert kind in kinds_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "No hay cura para esta enfermedad, y nadie puede asegurar que sea seguro.",
        "El producto no está aprobado por la FDA.",
        "Das ist keine Heilung, und es ist nicht von der FDA zugelassen.",
    ],
)
def test_denials_in_spanish_and_german_are_no_claims(text):
    assert kinds_in(text) == set()


def test_another_language_is_not_searched():
    french = "Nos cellules guérissent toutes les maladies et sont sans danger pour vous et pour vos enfants. "
    assert not is_read(french * 3)
    assert claims_in(french * 3) == ()
    assert is_read("Our cells heal all diseases and they are safe for you and for your children.")


@pytest.mark.parametrize(
    "text",
    [
        "Our product is F.D.A. approved.",
        "Our product is F D A approved.",
        "Our product is FD\u0410 \u0430pproved.",
        "Our product is F\u200bDA app\u00adroved.",
        "Our product is \uff26\uff24\uff21 approved.",
    ],
)
def test_tricks_with_letters_do_not_hide_a_claim(text):
    assert "fda_status" in kinds_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Conditions we treat:\n- Multiple sclerosis\n- ALS\n- Parkinson\n- Autism\n- COPD\n- Lupus\n",
        "What we treat\n\n* Stroke\n\n* Autism\n\n* Lupus\n\n* Diabetes\n\n* Knee arthritis".replace(
            "*", "•"
        ),
    ],
)
def test_a_list_of_illnesses_one_a_line_is_one_claim(text):
    claims = [claim for claim in claims_in(text) if claim.kind == "many_conditions"]
    assert claims


def test_no_quote_is_longer_than_points():
    text = "Our cells cure arthritis and " + "our cells cure diabetes and " * 200 + "that is all."
    assert all(len(claim.quote) <= 500 for claim in claims_in(text))
