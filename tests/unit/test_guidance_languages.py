"""The language of a text is told by its small words; lists of names and prices are left alone."""

import pytest

from stemcheck.guidance.folding import Folded
from stemcheck.guidance.languages import language_of
from tests.conftest import PROJECT

BROCHURES = PROJECT / "fixtures" / "brochures"
GERMAN = {"deutsches-faltblatt"}

ENGLISH = (
    "We will ask you to come to the clinic four times. You can bring a friend. The nurse draws some "
    "blood from your arm, and the doctor tells you what was found. You do not have to take part."
)


def language(text: str) -> str:
    return language_of(Folded(text).text)


@pytest.mark.parametrize("path", sorted(BROCHURES.glob("*.txt")), ids=lambda path: path.stem)
def test_brochures_are_told_by_their_language(path) -> None:
    assert language(path.read_text(encoding="utf-8")) == ("de" if path.stem in GERMAN else "en")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Curamos el Parkinson y la diabetes con células madre. Sin efectos secundarios.", "es"),
        ("Wir heilen Krankheiten mit Stammzellen. Ohne jedes Risiko und ohne Operation.", "de"),
        (
            "Nous traitons la maladie avec des cellules pour vous. Sans aucun risque dans votre vie.",
            "other",
        ),
        (
            "Curiamo ictus e diabete con le cellule. Risultati per sempre che non sono mai visti nel mondo.",
            "other",
        ),
        (
            "Tratamos AVC e autismo com células. Resultados em poucas semanas, não há risco para você.",
            "other",
        ),
        (
            "Leczymy udar dla pacjentów bez skutków. Nie jest to na sprzedaż oraz przez nas.",
            "other",
        ),
        ("Мы лечим инсульт", "other"),
        ("幹細胞で脳卒中を治します。", "other"),
    ],
)
def test_languages_are_told_apart(text: str, wanted: str) -> None:
    assert language(text) == wanted
    assert language(f"{text} " * 10) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "NCT04506073",
        "café",
        ENGLISH,
        "stroke lupus autism diabetes COPD arthritis neuropathy glaucoma kidney failure",
        "Price list: Stroke $9,000, Autism $8,000. Hotel, airport transfer, lunch included",
        "S T R O K E   R E C O V E R Y   P R O G R A M",
        "".join(chr(ord(letter) + 0xFEE0) for letter in "WETREATYOU"),  # full-width
    ],
)
def test_english_lists_names_and_prices_are_left_alone(text: str) -> None:
    assert language(text) == "en"
