"""A text in another language is told from English, and English in whatever shape is left alone."""

import pytest

from stemcheck.guidance.languages import is_in_other_language
from tests.conftest import PROJECT

BROCHURES = PROJECT / "fixtures" / "brochures"
FOREIGN = {"deutsches-faltblatt"}

ENGLISH = (
    "We will ask you to come to the clinic four times. You can bring a friend. The nurse draws some "
    "blood from your arm, and the doctor tells you what was found. You do not have to take part."
)


@pytest.mark.parametrize("path", sorted(BROCHURES.glob("*.txt")), ids=lambda path: path.stem)
def test_brochures_are_told_by_their_language(path) -> None:
    assert is_in_other_language(path.read_text(encoding="utf-8")) is (path.stem in FOREIGN)


@pytest.mark.parametrize(
    "text",
    [
        "Nous traitons la maladie de Parkinson avec des cellules souches. Sans aucun risque.",
        "Curamos el Parkinson y la diabetes con c\u00e9lulas madre. Sin efectos secundarios.",
        "Curiamo ictus e diabete con le cellule staminali. Risultati garantiti per sempre.",
        "Tratamos AVC e autismo com c\u00e9lulas-tronco. Resultados garantidos em poucas semanas.",
        "Leczymy udar i cukrzyc\u0119 kom\u00f3rkami. Gwarantowane wyniki bez skutk\u00f3w ubocznych.",
        "\u041c\u044b \u043b\u0435\u0447\u0438\u043c \u0438\u043d\u0441\u0443\u043b\u044c\u0442",
        "\u5e79\u7d30\u80de\u3067\u8133\u5352\u4e2d\u3092\u6cbb\u3057\u307e\u3059\u3002",
    ],
)
def test_other_languages_are_noticed(text: str) -> None:
    assert is_in_other_language(text)
    assert is_in_other_language(f"{ENGLISH} " * 6 + f"{text} " * 8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "NCT04506073",
        "caf\u00e9",
        ENGLISH,
        "stroke lupus autism diabetes COPD arthritis neuropathy glaucoma kidney failure",
        "Price list: Stroke $9,000, Autism $8,000. Hotel, airport transfer, lunch included",
        f"{ENGLISH} Dr. Mar\u00eda Jos\u00e9 N\u00fa\u00f1ez, Cl\u00ednica de la Esperanza, Calle Paz 12",
        "S T R O K E   R E C O V E R Y   P R O G R A M",
        "\uff37\uff25 \uff34\uff32\uff25\uff21\uff34 \uff39\uff2f\uff35",
    ],
)
def test_english_lists_names_and_prices_are_left_alone(text: str) -> None:
    assert not is_in_other_language(text)
