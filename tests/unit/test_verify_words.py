"""What a leaflet calls an illness or a place, held against what a record calls it."""

import pytest

from stemcheck.services.words import phrase


@pytest.mark.parametrize(
    ("claimed", "recorded"),
    [
        ("stroke", "Ischemic Stroke"),
        ("strokes", "Stroke, Subacute"),
        ("Parkinson's disease", "Parkinson Disease"),
        ("parkinsons", "Parkinson’s Disease"),
        ("spinal-cord injuries", "Spinal Cord Injury"),
        ("heart attack", "Acute Myocardial Infarction"),
        ("MS", "Relapsing-Remitting Multiple Sclerosis"),
        ("ALS", "Amyotrophic Lateral Sclerosis"),
        ("kidney disease", "Chronic Renal Diseases"),
        ("diabetes type 2", "Diabetes Mellitus, Type 2"),
        ("T1D", "Type1Diabetes"),
        ("Type I diabetes", "Diabetes Mellitus, Type 1"),
        ("graft-versus-host disease", "Graft Vs Host Disease"),
        ("GVHD", "Acute Graft-versus-Host-Disease"),
        ("ischaemic cardiomyopathy", "Ischemic Cardiomyopathy"),
        ("Crohn", "Crohn's Disease of Perianal Fistula"),
        ("covid", "COVID-19 Pneumonia"),
        ("Sjögren syndrome", "Sjogren's Syndrome"),
        ("osteoarthritis of the knee", "Knee Osteoarthritis"),
    ],
)
def test_an_illness_is_found_under_its_other_names(claimed: str, recorded: str) -> None:
    assert phrase(claimed, is_claim=True).stands_in(phrase(recorded))


@pytest.mark.parametrize(
    ("claimed", "recorded"),
    [
        ("kidney failure", "Heart Failure"),
        ("Hodgkin lymphoma", "Non-Hodgkin Lymphoma"),
        ("type 1 diabetes", "Diabetes Mellitus, Type 2"),
        ("arthritis", "Osteoarthritis"),
        ("hepatitis B", "Hepatitis C"),
        ("kidney failure", "Failure of the Left Heart Ventricle After a Transplant of a Kidney"),
        ("long covid", "COVID-19"),
        ("stroke", "Heat Stress"),
    ],
)
def test_another_illness_is_not_taken_for_it(claimed: str, recorded: str) -> None:
    assert not phrase(claimed, is_claim=True).stands_in(phrase(recorded))


def test_a_wider_word_is_told_from_another_one() -> None:
    assert phrase("Arthritis").is_wider_than(phrase("rheumatoid arthritis"))
    assert not phrase("Gout").is_wider_than(phrase("rheumatoid arthritis"))
