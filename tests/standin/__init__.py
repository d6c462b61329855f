"""A stand-in for the registry: ClinicalTrials.gov's API v2 on loopback, with scripted faults."""

from tests.standin.essie_parse import parse_back
from tests.standin.faults import Family, Fault, Trouble
from tests.standin.records import read_broken, read_fixtures, read_records
from tests.standin.server import StandIn

__all__ = [
    "Family",
    "Fault",
    "StandIn",
    "Trouble",
    "parse_back",
    "read_broken",
    "read_fixtures",
    "read_records",
]
