"""Every real record at hand is read, whole and without a loss; broken copies of them are reported."""

import copy
import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stemcheck.registry.file import read_studies
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_page, read_study
from stemcheck.trial.study import Study, Unreadable
from tests.unit.records_made_up import page_of

Record = dict[str, Any]


@pytest.fixture(scope="module")
def msc_records(shared: Path) -> list[Record]:
    lines = (shared / "data" / "msc_records.jsonl").read_bytes().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def native_records(shared: Path) -> list[Record]:
    lines = gzip.decompress((shared / "data" / "native_records.jsonl.gz").read_bytes()).splitlines()
    return [json.loads(line) for line in lines]


def test_every_mesenchymal_record_is_read(msc_records: list[Record]) -> None:
    assert len(msc_records) == 1289
    check_read_without_loss(msc_records)


def test_every_record_as_the_registry_serves_it_is_read(native_records: list[Record]) -> None:
    assert len(native_records) == 1255
    check_read_without_loss(native_records)


def check_read_without_loss(records: list[Record]) -> None:
    page = read_page(page_of(*records))
    assert [item for item in page.studies if isinstance(item, Unreadable)] == []
    for record, read in zip(records, page.studies, strict=True):
        assert not isinstance(read, Unreadable)
        study = study_for(read, with_details=True)
        texts = set(texts_in(record))
        for text in texts_of(study):
            assert not text or text in texts, f"{study.trial.nct_id}: {text!r} is not in the record"
        check_counts(study, record["protocolSection"])


def check_counts(study: Study, protocol: Record) -> None:
    """Lists keep their length: nothing is dropped, nothing counted twice."""
    arms = protocol.get("armsInterventionsModule", {})
    assert len(study.text.interventions) == len(arms.get("interventions", []))
    assert len(study.trial.interventions) == len(arms.get("interventions", []))
    assert len(study.text.arms) == len(arms.get("armGroups", []))
    assert study.trial.phases == tuple(protocol.get("designModule", {}).get("phases", []))
    sites = protocol.get("contactsLocationsModule", {}).get("locations", [])
    assert study.trial.sites.total == len(sites)
    assert study.details is not None
    assert len(study.details.locations) == len(sites)
    references = protocol.get("referencesModule", {}).get("references", [])
    assert len(study.details.publications) == len(references)
    assert study.trial.has_results is not None


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)


def texts_of(study: Study) -> Iterator[str]:
    text = study.text
    yield from (text.brief_title, text.official_title, text.acronym, text.brief_summary)
    yield from (text.detailed_description, text.eligibility_criteria)
    yield from (*text.conditions, *text.keywords, *text.intervention_mesh_terms)
    yield from study.condition_terms
    trial = study.trial.model_dump(exclude={"url": True, "status": {"label"}})
    yield from texts_in(json.loads(json.dumps(trial)))
    for arm in text.arms:
        yield from (arm.label, arm.type, arm.description, *arm.intervention_names)
    for item in text.interventions:
        yield from (item.name, item.type, item.description)
        yield from (*item.other_names, *item.arm_group_labels)


def test_recorded_answers_are_read(shared: Path) -> None:
    answers = sorted((shared / "data" / "responses").glob("list-*.json"))
    assert answers
    for path in answers:
        body = path.read_bytes()
        page = read_page(body)
        assert page.studies
        assert not [item for item in page.studies if isinstance(item, Unreadable)]
        assert page.next_page_token
        assert (page.total_count is not None) == (b"totalCount" in body)
    assert not isinstance(
        read_study((shared / "data" / "responses" / "study.json").read_bytes()), Unreadable
    )


def test_the_files_themselves_are_read(shared: Path) -> None:
    for name, count in (("msc_records.jsonl", 1289), ("native_records.jsonl.gz", 1255)):
        with (shared / "data" / name).open("rb") as stream:
            studies = list(read_studies(stream))
        assert [item for item in studies if isinstance(item, Unreadable)] == []
        assert len(studies) == count


def in_module(name: str, **values: Any) -> Callable[[Record], object]:
    """A change of some keys of one module, made where it is missing."""
    return lambda record: record["protocolSection"].setdefault(name, {}).update(values)


BREAKS: dict[str, Callable[[Record], object]] = {
    "no protocol": lambda record: record.pop("protocolSection"),
    "protocol is text": lambda record: record.update(protocolSection="..."),
    "no identification": lambda record: record["protocolSection"].pop("identificationModule"),
    "no number": lambda record: record["protocolSection"].update(identificationModule={}),
    "number as digits": in_module("identificationModule", nctId=221130),
    "number in lower case": in_module("identificationModule", nctId="nct00221130"),
    "number is empty": in_module("identificationModule", nctId=""),
    "aliases are text": in_module("identificationModule", nctIdAliases="NCT00000001"),
    "title is a list": in_module("identificationModule", briefTitle=["x"]),
    "status module is a list": lambda record: record["protocolSection"].update(statusModule=[]),
    "status is true": in_module("statusModule", overallStatus=True),
    "date is bare": in_module("statusModule", startDateStruct="2021"),
    "sponsor is a list": in_module("sponsorCollaboratorsModule", leadSponsor=[]),
    "summary is a number": in_module("descriptionModule", briefSummary=1),
    "conditions are text": in_module("conditionsModule", conditions="Stroke"),
    "phases are text": in_module("designModule", phases="PHASE1"),
    "enrolment is bare": in_module("designModule", enrollmentInfo=10),
    "arms hold a null": in_module("armsInterventionsModule", armGroups=[None]),
    "ages are numbers": in_module("eligibilityModule", minimumAge=18),
    "flag is text": in_module("oversightModule", oversightHasDmc="Yes"),
    "places are an object": in_module("contactsLocationsModule", locations={}),
    "results flag is text": lambda record: record.update(hasResults="false"),
    "derived section is a list": lambda record: record.update(derivedSection=[]),
    "words in another kind of list": in_module("conditionsModule", keywords=[["cells"]]),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_copy_of_a_real_record_is_reported(broken: str, msc_records: list[Record]) -> None:
    for original in (msc_records[0], msc_records[-1]):
        record = copy.deepcopy(original)
        BREAKS[broken](record)
        items = list(read_studies(io.BytesIO(page_of(original, record, original))))
        assert [type(item) for item in items] == [Study, Unreadable, Study]


def test_a_record_cut_anywhere_is_reported_and_never_read(msc_records: list[Record]) -> None:
    whole = json.dumps(msc_records[0]).encode()
    good = json.dumps(msc_records[1]).encode()
    for length in range(1, len(whole), 97):
        content = b"\n".join((good, whole[:length], good))
        items = list(read_studies(io.BytesIO(content)))
        assert [type(item) for item in items] == [Study, Unreadable, Study]
