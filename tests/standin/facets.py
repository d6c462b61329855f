"""The aggregation filters: short option keys for values of a few fields.

An unknown option silently matches nothing, as on the site.
"""

from tests.standin.records import Record

_STATUS = {
    "not": "NOT_YET_RECRUITING",
    "rec": "RECRUITING",
    "act": "ACTIVE_NOT_RECRUITING",
    "com": "COMPLETED",
    "ter": "TERMINATED",
    "enr": "ENROLLING_BY_INVITATION",
    "sus": "SUSPENDED",
    "wit": "WITHDRAWN",
    "unk": "UNKNOWN",
    "ava": "AVAILABLE",
    "nla": "NO_LONGER_AVAILABLE",
    "tna": "TEMPORARILY_NOT_AVAILABLE",
    "afm": "APPROVED_FOR_MARKETING",
}
_PHASE = {"0": "EARLY_PHASE1", "NA": "NA", **{n: f"PHASE{n}" for n in "1234"}}
_TYPE = {"int": "INTERVENTIONAL", "obs": "OBSERVATIONAL", "exp": "EXPANDED_ACCESS"}
_EXPANDED = {
    "exp_treat": "ExpAccTypeTreatment",
    "exp_indiv": "ExpAccTypeIndividual",
    "exp_inter": "ExpAccTypeIntermediate",
}
_SEX = {"f": "FEMALE", "m": "MALE"}
_AGES = {"child": "CHILD", "adult": "ADULT", "older": "OLDER_ADULT"}
_FUNDERS = {"nih": "NIH", "fed": "FED", "industry": "INDUSTRY"}
_DOCUMENTS = {"prot": "LargeDocHasProtocol", "sap": "LargeDocHasSAP", "icf": "LargeDocHasICF"}
_PLAIN = {
    "status": ("OverallStatus", _STATUS),
    "phase": ("Phase", _PHASE),
    "ages": ("StdAge", _AGES),
}


def is_in_facet(record: Record, facet: str, options: frozenset[str]) -> bool:
    """Whether the study has any of the ticked options of a facet."""
    return any(_has_option(record, facet, option) for option in options)


def _has_option(record: Record, facet: str, option: str) -> bool:  # noqa: PLR0911 - by facet
    match facet:
        case "status" | "phase" | "ages":
            piece, values = _PLAIN[facet]
            return values.get(option) in record.raw(piece)
        case "studyType" if option in _EXPANDED:
            return True in record.raw(_EXPANDED[option])
        case "studyType" if option == "obs_patreg":
            return True in record.raw("PatientRegistry")
        case "studyType":
            return _TYPE.get(option) in record.raw("StudyType")
        case "results":
            return (True in record.raw("HasResults")) == {"with": True, "without": False}.get(
                option
            )
        case "sex":
            return option in _SEX and any(sex in record.raw("Sex") for sex in (_SEX[option], "ALL"))
        case "healthy":
            return option == "y" and True in record.raw("HealthyVolunteers")
        case "violation":
            return option == "y" and True in record.raw("FDAAA801Violation")
        case "funderType":
            classes = [*record.raw("LeadSponsorClass"), *record.raw("CollaboratorClass")]
            known = set(_FUNDERS.values())
            return (
                any(c not in known for c in classes)
                if option == "other"
                else (_FUNDERS.get(option) in classes)
            )
        case _:
            return option in _DOCUMENTS and True in record.raw(_DOCUMENTS[option])
