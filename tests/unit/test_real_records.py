"""Records with every oddity of real ones are read whole and without a loss; broken copies are reported.

The shapes are those of real records, their texts invented (``fixtures/MANIFEST.toml``). Where the real
records are at hand, they are read as well.
"""

import copy
import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stemcheck.registry.files import read_studies
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_page
from stemcheck.trial.study import Study, Unreadable
from tests.conftest import PROJECT
from tests.standin import read_fixtures, read_records
from tests.unit.records_made_up import page_of

Record = dict[str, Any]
SHAPES = read_records(PROJECT / "fixtures" / "shapes" / "records.jsonl")


@pytest.mark.parametrize(
    "oddity",
    [
        '"contactsLocationsModule":{}',
        '"responsibleParty":{}',
        r'"statusVerifiedDate":"\d{4}-\d\d-\d\d"',
        r'"uploadDate":"[\d-]+T\d\d:\d\d"',
        r'"startDateStruct":{"date":"\d{4}-\d\d"}',
        '"enrollmentInfo":{"count":0',
        r"\\\\>",
        "&[a-z]+;",
        "\ufffd",
        '"locations_nested":',
        '"unpostedAnnotation":',
        '"resultsSection":',
    ],
)
def test_the_oddities_of_real_records_are_there(oddity: str) -> None:
    records = [*SHAPES, *read_fixtures()]
    text = "\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in records)
    assert re.search(oddity, text)


def test_every_shape_is_read_without_loss() -> None:
    studies = read_without_loss(SHAPES)
    missing = (
        "armsInterventionsModule",
        "contactsLocationsModule",
        "outcomesModule",
        "oversightModule",
    )
    for module in missing:
        assert any(module not in record["protocolSection"] for record in SHAPES)
    assert len({*(study.trial.nct_id for study in studies)}) == len(SHAPES) > 50


def test_long_texts_and_many_sites_are_read_without_loss() -> None:
    studies = read_without_loss(read_fixtures())
    assert max(study.trial.sites.total for study in studies) > 100
    assert max(len(study.text.detailed_description) for study in studies) > 32_000


def test_every_real_record_is_read_without_loss(shared: Path) -> None:
    mesenchymal = (shared / "data" / "msc_records.jsonl").read_bytes()
    native = gzip.decompress((shared / "data" / "native_records.jsonl.gz").read_bytes())
    for lines, count in ((mesenchymal, 430), (native, 419)):
        records = [json.loads(line) for line in lines.splitlines()[::3]]
        assert len(read_without_loss(records)) == count
        assert all(isinstance(item, Study) for item in read_studies(io.BytesIO(lines)))


def read_without_loss(records: list[Record]) -> list[Study]:
    """The studies of a page of records, each compared with its record."""
    page = read_page(page_of(*records))
    studies: list[Study] = []
    for record, read in zip(records, page.studies, strict=True):
        assert not isinstance(read, Unreadable)
        study = study_for(read, with_details=True)
        texts = set(texts_in(record))
        for text in texts_of(study):
            assert not text or text in texts, f"{study.trial.nct_id}: {text!r} is not in the record"
        check_counts(study, record.get("protocolSection", {}))
        assert study.trial.has_results == record.get("hasResults")
        studies.append(study)
    return studies


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


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)


def texts_of(study: Study) -> Iterator[str]:
    text = study.text
    yield from (text.brief_title, text.official_title, text.brief_summary)
    yield from (text.detailed_description, text.eligibility_criteria)
    yield from (*text.conditions, *text.keywords)
    yield from study.condition_terms
    trial = study.trial.model_dump(exclude={"url": True, "status": {"label"}})
    yield from texts_in(json.loads(json.dumps(trial)))
    for arm in text.arms:
        yield from (arm.label, arm.type, arm.description, *arm.intervention_names)
    for item in text.interventions:
        yield from (item.name, item.type, item.description)
        yield from (*item.other_names, *item.arm_group_labels)


def test_recorded_answers_are_read(shared: Path) -> None:
    for path in sorted((shared / "data" / "responses").glob("list-*.json")):
        page = read_page(path.read_bytes())
        assert page.studies
        assert not [item for item in page.studies if isinstance(item, Unreadable)]
        assert page.next_page_token


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
def test_a_broken_copy_of_a_record_is_reported(broken: str) -> None:
    for original in (SHAPES[0], SHAPES[-1]):
        record = copy.deepcopy(original)
        BREAKS[broken](record)
        items = list(read_studies(io.BytesIO(page_of(original, record, original))))
        assert [type(item) for item in items] == [Study, Unreadable, Study]


def test_a_record_cut_anywhere_is_reported_and_never_read() -> None:
    whole = json.dumps(SHAPES[0]).encode()
    good = json.dumps(SHAPES[1]).encode()
    for length in range(1, len(whole), 97):
        content = b"\n".join((good, whole[:length], good))
        items = list(read_studies(io.BytesIO(content)))
        assert [type(item) for item in items] == [Study, Unreadable, Study]
