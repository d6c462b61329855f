"""Trials made up for tests of what comes after the registry: order, scope, tables, records."""

from typing import Any

from stemcheck.trial.reading import Evidence, Reading
from stemcheck.trial.status import label_for, takes_people
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue
from stemcheck.trial.trial import (
    Dates,
    Design,
    Eligibility,
    Enrollment,
    Intervention,
    Oversight,
    Signal,
    Sites,
    Sponsor,
    Status,
    Trial,
)


def a_reading(
    *,
    products: tuple[Product, ...] = (Product.MESENCHYMAL,),
    routes: tuple[Route, ...] = (Route.INTRAVENOUS,),
    intravenous: Intravenous = Intravenous.YES,
) -> Reading:
    """A reading of cord cells by vein, unless told otherwise."""
    return Reading(
        products=products,
        tissue=(Tissue.UMBILICAL_CORD,),
        donor=(Donor.ALLOGENEIC,),
        routes=routes,
        intravenous=intravenous,
        evidence=(
            Evidence(
                claim="route",
                value="intravenous",
                field="interventions[0].description",
                quote="given intravenously",
            ),
        ),
        rules_version="test",
    )


def a_trial(number: int = 1, *, status: str = "RECRUITING", **changes: Any) -> Trial:
    """A trial that no registry has; every fact can be changed by name."""
    facts: dict[str, Any] = {
        "nct_id": f"NCT9{number:07}",
        "url": f"https://clinicaltrials.gov/study/NCT9{number:07}",
        "brief_title": "Cord Cells for Stroke",
        "official_title": None,
        "acronym": None,
        "status": Status(
            value=status,
            label=label_for(status),
            verified_on="2026-03",
            open_to_new_participants=takes_people(status),
        ),
        "study_type": "INTERVENTIONAL",
        "phases": ("PHASE1", "PHASE2"),
        "conditions": ("Stroke",),
        "interventions": (Intervention(type="BIOLOGICAL", name="Cord cells"),),
        "sponsor": Sponsor(name="A Hospital", class_="OTHER"),
        "enrollment": Enrollment(count=20, type="ESTIMATED"),
        "dates": Dates(start="2025-05", last_update_posted="2026-03-04"),
        "countries": ("Spain",),
        "sites": Sites(total=1, recruiting=1),
        "eligibility": Eligibility(sex="ALL", minimum_age="18 Years"),
        "oversight": Oversight(),
        "design": Design(),
        "has_results": False,
        "reading": a_reading(),
    }
    return Trial(**(facts | changes))


STALE = Signal(
    id="status-not-verified",
    text="No one has confirmed this status for over two years.",
    field="statusVerifiedDate",
    value="2026-03",
    quote=None,
)


def of_day(trial: Trial, day: str = "2022-10-13") -> Trial:
    """The trial as saved data of a day have it, confirmed half a year before."""
    status = trial.status.model_copy(update={"as_of": day, "verified_on": "2022-03"})
    return trial.model_copy(update={"status": status})
