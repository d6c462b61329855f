"""The terms in which it is told what is given, from whom, and how it gets into the body."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class Product(StrEnum):
    """Kinds of cell or cell-derived product. Words: MeSH and ISCT (see `stemcheck glossary`)."""

    MESENCHYMAL = "mesenchymal"
    MIXED_TISSUE = "mixed_tissue"
    HEMATOPOIETIC = "hematopoietic"
    OTHER_STEM = "other_stem"
    UNSPECIFIED_STEM = "unspecified_stem"
    CELL_FREE = "cell_free"
    OTHER_CELLS = "other_cells"
    NOT_STATED = "not_stated"
    """The record came without any words about what is given."""
    NONE = "none"


class Tissue(StrEnum):
    """Where the cells come from."""

    BONE_MARROW = "bone_marrow"
    ADIPOSE = "adipose"
    UMBILICAL_CORD = "umbilical_cord"
    CORD_BLOOD = "cord_blood"
    PLACENTA = "placenta"
    DENTAL = "dental"
    ENDOMETRIUM = "endometrium"
    PERIPHERAL_BLOOD = "peripheral_blood"
    OTHER = "other"
    NOT_STATED = "not_stated"
    NONE = "none"


class Donor(StrEnum):
    """Whose cells they are."""

    AUTOLOGOUS = "autologous"
    ALLOGENEIC = "allogeneic"
    NOT_STATED = "not_stated"
    NONE = "none"


class Route(StrEnum):
    """By which way the cells reach the participant."""

    INTRAVENOUS = "intravenous"
    INTRA_ARTERIAL = "intra_arterial"
    INTRACORONARY = "intracoronary"
    INTRAMYOCARDIAL = "intramyocardial"
    INTRATHECAL = "intrathecal"
    INTRACEREBRAL = "intracerebral"
    INTRASPINAL = "intraspinal"
    INTRA_ARTICULAR = "intra_articular"
    INTRADISCAL = "intradiscal"
    INTRAMUSCULAR = "intramuscular"
    SUBCUTANEOUS = "subcutaneous"
    OCULAR = "ocular"
    INTRANASAL = "intranasal"
    AIRWAY = "airway"
    INTRAPERITONEAL = "intraperitoneal"
    PORTAL_VEIN = "portal_vein"
    INTRAOSSEOUS = "intraosseous"
    LOCAL_INJECTION = "local_injection"
    TOPICAL = "topical"
    IMPLANT = "implant"
    EXTRACORPOREAL = "extracorporeal"
    INFUSION_UNSPECIFIED = "infusion_unspecified"
    NOT_STATED = "not_stated"
    NONE = "none"


class Intravenous(StrEnum):
    """Whether the record says that the cells go into a vein."""

    YES = "yes"
    NO = "no"
    NOT_STATED = "not_stated"


NONE = ("none",)
NOT_STATED = ("not_stated",)
VALUES = {
    claim: tuple(term.value for term in terms)
    for claim, terms in (
        ("product", Product),
        ("tissue", Tissue),
        ("donor", Donor),
        ("route", Route),
    )
}
"""What can be claimed, in the order in which it is told."""
UNTOLD = (Route.INFUSION_UNSPECIFIED, Route.NOT_STATED)


def intravenous_for(routes: Sequence[str]) -> Intravenous:
    """Say whether the routes hold a vein; a bare "infusion" or no route at all leaves it open."""
    if Route.INTRAVENOUS in routes:
        return Intravenous.YES
    return Intravenous.NOT_STATED if all(route in UNTOLD for route in routes) else Intravenous.NO


class Found(NamedTuple):
    """A reading before it is made into its model (`stemcheck.trial.reading.Reading`)."""

    products: Sequence[str]
    tissue: Sequence[str]
    donor: Sequence[str]
    routes: Sequence[str]
    intravenous: str
    evidence: Sequence[tuple[str, str, str, str]]
    """Claim, value, field and quote."""
    rules_version: str
