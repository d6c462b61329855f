"""The stand-in's answers satisfy the registry's published OpenAPI document.

The document is no part of this project: it is looked for in ``../shared`` beside the checkout, or
where STEMCHECK_SHARED points, and the tests are skipped without it.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml

from tests.standin import StandIn, read_fixtures
from tests.standin.endpoints import API_VERSION
from tests.standin.fields import enums, pieces
from tests.standin.parameters import LIST_PARAMETERS, STUDY_PARAMETERS

_BESIDE = Path(__file__).resolve().parents[3] / "shared"
SHARED = Path(os.environ.get("STEMCHECK_SHARED", _BESIDE))
DOCUMENT = SHARED / "ctg-oas-v2.yaml"
pytestmark = pytest.mark.skipif(
    not DOCUMENT.exists(), reason=f"the registry's OpenAPI document is not at {DOCUMENT}"
)
UNKNOWN_ON_PURPOSE = "NCT90000035"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    known = [study for study in read_fixtures() if UNKNOWN_ON_PURPOSE not in str(study)]
    with (
        StandIn(known) as registry,
        httpx.Client(base_url=registry.base_url, trust_env=False) as client,
    ):
        yield client


def checker_for(document: dict[str, Any], name: str) -> jsonschema.Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return jsonschema.Draft202012Validator(schema)


def names_in(document: dict[str, Any], path: str) -> frozenset[str]:
    parameters = document["paths"][path]["get"]["parameters"]
    return frozenset(p["name"] for p in parameters if p["in"] == "query")


@pytest.mark.parametrize(
    ("path", "parameters", "schema"),
    [
        ("/studies", {"pageSize": "1000", "countTotal": "true"}, "PagedStudies"),
        ("/studies", {"query.cond": "stroke", "fields": "NCTId|Phase|Location"}, "PagedStudies"),
        ("/studies", {"filter.ids": "NCT99999999", "countTotal": "true"}, "PagedStudies"),
        ("/studies", {"pageSize": "2"}, "PagedStudies"),
        ("/studies/NCT90000004", {}, "Study"),
        ("/studies/NCT90000004", {"fields": "ResultsSection"}, "Study"),
        ("/version", {}, "Version"),
        ("/stats/size", {}, "GzipStats"),
        ("/stats/field/values", {"fields": "Phase"}, "FieldValuesStatsList"),
        ("/stats/field/sizes", {"fields": "Phase"}, "ListSizesList"),
    ],
)
def test_an_answer_has_the_published_shape(
    document: dict[str, Any],
    client: httpx.Client,
    path: str,
    parameters: dict[str, str],
    schema: str,
) -> None:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    checker_for(document, schema).validate(answer.json())


def test_the_fixtures_have_the_published_shape_but_the_one_that_must_not(
    document: dict[str, Any],
) -> None:
    checker = checker_for(document, "Study")
    wrong = [study for study in read_fixtures() if not checker.is_valid(study)]
    ids = [s["protocolSection"]["identificationModule"]["nctId"] for s in wrong]
    assert ids == [UNKNOWN_ON_PURPOSE]


def test_exactly_the_documented_parameters_are_known(document: dict[str, Any]) -> None:
    assert names_in(document, "/studies") == LIST_PARAMETERS
    assert names_in(document, "/studies/{nctId}") == STUDY_PARAMETERS


def test_the_documented_examples_are_accepted(
    document: dict[str, Any], client: httpx.Client
) -> None:
    tried = 0
    for parameter in document["paths"]["/studies"]["get"]["parameters"]:
        for example in parameter.get("examples", {}).values():
            value = example["value"]
            written = "|".join(value) if isinstance(value, list) else str(value)
            answer = client.get("/studies", params={parameter["name"]: written})
            assert answer.status_code == 200, (parameter["name"], written, answer.text)
            tried += 1
    assert tried > 20


def test_the_version_is_the_documents(document: dict[str, Any], client: httpx.Client) -> None:
    assert client.get("/version").json()["apiVersion"] == document["info"]["version"] == API_VERSION


def test_enum_values_are_the_documents(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, values in enums().items():
        assert list(values) == schemas[name]["enum"], name


def test_pieces_are_the_published_ones() -> None:
    table = SHARED / "ctgov-piece-paths.tsv"
    rows = [line.split("\t")[:2] for line in table.read_text(encoding="utf-8").splitlines()[1:]]
    assert [[piece.name, piece.path] for piece in pieces().values()] == rows


def test_recorded_pages_differ_from_ours_in_content_only(
    document: dict[str, Any], client: httpx.Client
) -> None:
    ours = client.get("/studies", params={"countTotal": "true", "pageSize": "2"}).json()
    for path in sorted((SHARED / "data" / "responses").glob("list-*.json")):
        recorded = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert recorded.keys() <= ours.keys(), path.name
        checker_for(document, "PagedStudies").validate(recorded)
