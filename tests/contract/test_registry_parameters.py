"""What we ask is what the registry understands: parameter by parameter, and by what it finds."""

import csv
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlsplit
from urllib.request import urlopen

import pytest

from stemcheck.errors import QueryRejectedError
from stemcheck.registry.failures import error_for_400
from stemcheck.registry.question import Addresses, question_for
from stemcheck.registry.record import SEARCH_FIELDS, STUDY_FIELDS
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import WirePage, read_page, read_study
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.status import STATUSES
from stemcheck.trial.study import Unreadable
from stemcheck.trial.terms import Product
from tests.standin import StandIn, read_fixtures

PHASES = ("NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4")
TEXTS = ("stroke", "ALL", "AREA[Phase]PHASE2", 'a "b', "(a", "x, y", "a & b=c#d?e+f%20", "脳卒中")
QUERIES = [
    TrialQuery(),
    TrialQuery(statuses=tuple(STATUSES), phases=PHASES),
    TrialQuery(countries=("South Korea", "Turkey (Türkiye)", "Côte d'Ivoire")),
    TrialQuery(raw="AREA[LastUpdatePostDate]RANGE[2020-01-01,MAX] AND NOT mice"),
    TrialQuery(conditions=TEXTS[:4]),
    *(TrialQuery(conditions=(text,)) for text in TEXTS),
    *(TrialQuery(cells=(kind.value,)) for kind in Product),
    *(TrialQuery(statuses=(status,)) for status in STATUSES),
    *(TrialQuery(phases=(phase,)) for phase in PHASES),
]


@pytest.fixture(scope="module")
def registry() -> Iterator[StandIn]:
    with StandIn() as registry:
        yield registry


def addresses_of(registry: StandIn) -> Addresses:
    return Addresses(registry.base_url, page_size=1000)


def answer_of(address: str) -> bytes:
    with urlopen(address) as answer:
        body: bytes = answer.read()
    return body


def page_of(registry: StandIn, query: TrialQuery, token: str | None = None) -> WirePage:
    return read_page(answer_of(addresses_of(registry).page(question_for(query), token=token)))


def ids_of(registry: StandIn, query: TrialQuery) -> set[str]:
    page = page_of(registry, query)
    studies = list(page.studies)
    while page.next_page_token:
        page = page_of(registry, query, page.next_page_token)
        studies += page.studies
    readable = [study for study in studies if not isinstance(study, Unreadable)]
    assert len(readable) == len(studies)
    return {study.nct_id for study in readable}


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_every_question_is_understood(registry: StandIn, query: TrialQuery) -> None:
    assert page_of(registry, query).total_count is not None


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_typed_arrives_as_it_was_typed(registry: StandIn, text: str) -> None:
    page_of(registry, TrialQuery(conditions=(text,)))
    arrived = registry.pages_asked[-1].parameters["query.cond"]
    assert arrived.replace('\\"', '"').strip('"') == text.strip('"')


def test_the_fields_asked_for_give_the_same_trial_as_the_whole_record(registry: StandIn) -> None:
    whole = {
        record["protocolSection"]["identificationModule"]["nctId"]: record
        for record in read_fixtures()
    }
    page = page_of(registry, TrialQuery())
    assert page.studies
    for narrow in page.studies:
        assert not isinstance(narrow, Unreadable)
        study = study_for(narrow)
        full = read_study(json.dumps(whole[study.trial.nct_id]).encode())
        assert not isinstance(full, Unreadable)
        assert study == study_for(full)
        body = answer_of(addresses_of(registry).study(study.trial.nct_id))
        single = read_study(body)
        assert not isinstance(single, Unreadable)
        assert study_for(single, with_details=True) == study_for(full, with_details=True)
        assert b"centralContacts" not in body
        assert b"overallOfficials" not in body


def test_studies_are_fetched_by_number(registry: StandIn) -> None:
    numbers = sorted(ids_of(registry, TrialQuery()))[:3]
    page = read_page(answer_of(addresses_of(registry).studies(numbers)))
    assert len(page.studies) == 3
    assert page.next_page_token is None


def test_a_record_without_a_phase_is_not_hidden_by_the_registry(registry: StandIn) -> None:
    everything = page_of(registry, TrialQuery())
    phases = {
        study.trial.nct_id: study.trial.phases
        for study in (
            study_for(item) for item in everything.studies if not isinstance(item, Unreadable)
        )
    }
    expected = {number for number, values in phases.items() if not values or "PHASE2" in values}
    assert ids_of(registry, TrialQuery(phases=("PHASE2",))) == expected
    assert {number for number in expected if not phases[number]}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("AREA[Nowhere]x", "unknown_area"),
        ("(stroke", "unreadable_expression"),
        ("stroke]", "unreadable_expression"),
        ("AREA[Phase]PHASE9", "bad_enum_value"),
        ("a b c d e f g h i j k l m n", "too_complicated"),
    ],
)
def test_a_refusal_of_the_registry_is_told_in_our_words(
    registry: StandIn, raw: str, reason: str
) -> None:
    query = TrialQuery(raw=raw)
    with pytest.raises(HTTPError) as refused:
        page_of(registry, query)
    assert refused.value.code == 400
    error = error_for_400(refused.value.read().decode(), query)
    assert isinstance(error, QueryRejectedError)
    assert error.facts["reason"] == reason
    assert "--raw" in f"{error.message} {error.hint}"


def test_every_parameter_is_in_the_registrys_contract(shared: Path) -> None:
    yaml = pytest.importorskip("yaml")
    contract = yaml.safe_load((shared / "ctg-oas-v2.yaml").read_text(encoding="utf-8"))
    known: dict[str, Any] = {
        parameter["name"]: parameter["schema"]
        for parameter in contract["paths"]["/studies"]["get"]["parameters"]
    }
    statuses = contract["components"]["schemas"]["Status"]["enum"]
    assert set(statuses) == set(STATUSES)
    some = Addresses("https://registry.example", page_size=1000)
    asked = [
        some.page(question_for(query), token=token)
        for query, token in product(QUERIES, (None, "abc"))
    ]
    for address in (*asked, some.studies(["NCT00000001"])):
        for name, value in parse_qsl(urlsplit(address).query, strict_parsing=True):
            assert name in known, name
            items = known[name].get("items", {})
            for item in value.split("|") if items.get("pattern") else ():
                assert re.fullmatch(items["pattern"], item), (name, item)
    assert len(dict(question_for(QUERIES[0]).parameters)["sort"].split("|")) <= 2


def test_every_field_is_one_of_the_registrys(shared: Path) -> None:
    rows = (shared / "ctgov-piece-paths.tsv").read_text(encoding="utf-8").splitlines()
    pieces = {row.split("\t")[0] for row in rows[1:]}
    assert set(STUDY_FIELDS) <= pieces
    assert len(set(STUDY_FIELDS)) == len(STUDY_FIELDS)


def test_the_broad_question_finds_the_records_labelled_as_mesenchymal(
    shared: Path, record_property: Any
) -> None:
    with (shared / "data" / "gold_dev.tsv").open(encoding="utf-8", newline="") as table:
        labels = list(csv.DictReader(table, delimiter="\t"))
    labelled = {row["nct"] for row in labels if row["msc"] == "yes"}
    with StandIn(shared / "data" / "msc_records.jsonl") as registry:
        found = ids_of(registry, TrialQuery())
    recall = len(found & labelled) / len(labelled)
    record_property("recall", recall)
    assert recall >= 0.995, sorted(labelled - found)


def test_nothing_but_what_is_read_is_asked_for() -> None:
    assert not {"ResultsSection", "CentralContact", "OverallOfficial"} & {
        *SEARCH_FIELDS,
        *STUDY_FIELDS,
    }
