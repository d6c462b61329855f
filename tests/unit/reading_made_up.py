"""Made-up records for the tests of the reading."""

from stemcheck.trial.text import InterventionText, RecordText

SPELLED_OUT = (
    "Short forms are mesenchymal stem cells (MSC), hematopoietic stem cells (HSC), mononuclear cells "
    "(MNC), stromal vascular fraction (SVF) and platelet-rich plasma (PRP)."
)
"""A summary without which bare letters would be no cells."""


def record_of(*entries: InterventionText, **parts: object) -> RecordText:
    """Make an interventional record that spells its short forms out."""
    return RecordText(
        study_type="INTERVENTIONAL",
        interventions=entries,
        **{"brief_summary": SPELLED_OUT, **parts},  # type: ignore[arg-type]
    )


def record_named(name: str, told: str = "", /, **parts: object) -> RecordText:
    """Make such a record of one product."""
    return record_of(InterventionText("BIOLOGICAL", name, (), told), **parts)
