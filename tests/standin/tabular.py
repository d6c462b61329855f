"""The CSV and RIS forms of an answer, as far as a client can check them."""

import csv
from collections.abc import Sequence
from io import StringIO

from tests.standin.answers import RefusedError
from tests.standin.records import Record

COLUMNS = {
    "NCT Number": "NCTId",
    "Study Title": "BriefTitle",
    "Study URL": "",
    "Acronym": "Acronym",
    "Study Status": "OverallStatus",
    "Brief Summary": "BriefSummary",
    "Study Results": "HasResults",
    "Conditions": "Condition",
    "Interventions": "InterventionName",
    "Primary Outcome Measures": "PrimaryOutcomeMeasure",
    "Secondary Outcome Measures": "SecondaryOutcomeMeasure",
    "Other Outcome Measures": "OtherOutcomeMeasure",
    "Sponsor": "LeadSponsorName",
    "Collaborators": "CollaboratorName",
    "Sex": "Sex",
    "Age": "StdAge",
    "Phases": "Phase",
    "Enrollment": "EnrollmentCount",
    "Funder Type": "LeadSponsorClass",
    "Study Type": "StudyType",
    "Study Design": "DesignAllocation",
    "Other IDs": "OrgStudyId",
    "Start Date": "StartDate",
    "Primary Completion Date": "PrimaryCompletionDate",
    "Completion Date": "CompletionDate",
    "First Posted": "StudyFirstPostDate",
    "Results First Posted": "ResultsFirstPostDate",
    "Last Update Posted": "LastUpdatePostDate",
    "Locations": "LocationFacility",
    "Study Documents": "LargeDocLabel",
}


def csv_bytes(
    rows: Sequence[tuple[str, Record]], columns: tuple[str, ...], *, header: bool
) -> bytes:
    """One page as CSV, columns in the registry's order whatever the order asked."""
    for name in columns:
        if name not in COLUMNS:
            raise RefusedError(f"Parameter 'fields' contains invalid CSV column name: '{name}'")
    shown = [name for name in COLUMNS if not columns or name in columns]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(shown)
    for nct_id, record in rows:
        writer.writerow([_cell(name, nct_id, record) for name in shown])
    return text.getvalue().encode("utf-8", "replace")


def ris_bytes(nct_id: str, record: Record) -> bytes:
    """One study as a RIS record of a few tags."""
    title = "".join(str(leaf) for leaf in record.raw("BriefTitle"))
    lines = ["TY  - DBASE", f"ID  - {nct_id}", f"TI  - {title}", "ER  - ", ""]
    return "\n".join(lines).encode("utf-8", "replace")


def _cell(name: str, nct_id: str, record: Record) -> str:
    if name == "NCT Number":
        return nct_id
    if name == "Study URL":
        return f"https://clinicaltrials.gov/study/{nct_id}"
    return "|".join(str(leaf) for leaf in record.raw(COLUMNS[name]))
