"""A stand-in for the registry: ClinicalTrials.gov's API v2 on loopback, with scripted faults."""

from tests.standin.essie import read_back
from tests.standin.faults import Family, Fault
from tests.standin.records import read_fixtures, read_records
from tests.standin.server import StandIn

__all__ = [
    "Family",
    "Fault",
    "StandIn",
    "read_back",
    "read_fixtures",
    "read_records",
]
