"""Claims on cells and route, true ones and false ones, held against labelled records.

For each labelled record every true value is claimed, and three values drawn from the others. What the check
must say follows from the label alone. The records are those written by hand and, where they are at hand, the
real labelled ones. A test that fails shows its figures; they are kept in the JUnit report (``--junit-xml``).
"""

import csv
import itertools
import json
import random
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_study
from stemcheck.services.claim_checks import check_cells, check_condition, check_route
from stemcheck.services.place_checks import check_country, check_site
from stemcheck.services.review import review
from stemcheck.services.show import in_full
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.terms import Product, Route
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import Check
from tests.conftest import PROJECT, SHARED
from tests.standin import read_records

LEAST_AGREEMENT = 0.97
MOST_MISLEADING = 0.01
"""Share of claims on which the check says the contrary of the label: matches for differs, or the reverse."""

ROUTES = [r.value for r in Route if r.value not in {"none", "not_stated", "infusion_unspecified"}]
PRODUCTS = [p.value for p in Product if p not in {Product.NONE, Product.NOT_STATED}]
AT_THE_PLACE = {"local_injection", "topical", "implant"}
STEM_CELLS = {"mesenchymal", "mixed_tissue", "hematopoietic", "other_stem", "unspecified_stem"}


def expected_route(claimed: str, label: set[str]) -> str:
    if claimed in label:
        return "matches"
    is_shade = claimed in AT_THE_PLACE and label & AT_THE_PLACE
    return "not_stated" if label & {"not_stated", "infusion_unspecified"} or is_shade else "differs"


def expected_cells(claimed: str, label: set[str]) -> str:
    if claimed in label or (claimed == "unspecified_stem" and label & STEM_CELLS):
        return "matches"
    return "not_stated" if "unspecified_stem" in label and claimed in STEM_CELLS else "differs"


Labelled = tuple[dict[str, Any], dict[str, str]]
"""A record and its row of labels."""


def made_up() -> list[Labelled]:
    """The records written by hand for the reading."""
    cases = (Path(__file__).parent / "reading.toml").read_text(encoding="utf-8")
    labelled: list[Labelled] = []
    for number, case in enumerate(tomllib.loads(cases)["record"]):
        record = {
            "protocolSection": {
                "identificationModule": {
                    "nctId": f"NCT{90_000_900 + number}",
                    "briefTitle": case["title"],
                },
                "designModule": {"studyType": "INTERVENTIONAL"},
                "armsInterventionsModule": {
                    "interventions": [
                        {"type": kind, "name": name, "description": told}
                        for kind, name, told in case["interventions"]
                    ]
                },
            }
        }
        labelled.append((record, case | {"ambiguous": ""}))
    return labelled


def real() -> list[Labelled]:
    """The real records with labels, where they are at hand."""
    with (SHARED / "data" / "gold_dev.tsv").open(encoding="utf-8") as stream:
        rows = {row["nct"]: row for row in csv.DictReader(stream, delimiter="\t")}
    records = read_records(SHARED / "data" / "msc_records.jsonl")
    numbers = (r["protocolSection"]["identificationModule"]["nctId"] for r in records)
    return [(r, rows[n]) for n, r in zip(numbers, records, strict=True) if n in rows]


SETS = [made_up, *([real] if (SHARED / "data").is_dir() else [])]


def study_of(record: dict[str, Any]) -> Study:
    read = read_study(json.dumps(record).encode())
    assert not isinstance(read, Unreadable)
    return study_for(read, with_details=True)


def claims_of(
    labelled: list[Labelled], column: str, values: list[str]
) -> Iterator[tuple[Trial, str, set[str]]]:
    """Yield trial, claim and label; claims drawn by a fixed seed."""
    draw = random.Random(20221025)
    for record, row in labelled:
        if column in row["ambiguous"].split(","):
            continue
        trial = review(study_of(record), today=date(2022, 10, 25))
        label = {value.strip() for value in row[column].split(",")}
        others = draw.sample([value for value in values if value not in label], 3)
        for claimed in (*(value for value in values if value in label), *others):
            yield trial, claimed, label


@pytest.mark.parametrize("labelled", SETS, ids=lambda labelled: labelled.__name__)
@pytest.mark.parametrize(
    ("column", "values", "check", "expected"),
    [
        ("routes", ROUTES, check_route, expected_route),
        ("products", PRODUCTS, check_cells, expected_cells),
    ],
    ids=["routes", "products"],
)
def test_checks_agree_with_the_labels(
    labelled: Callable[[], list[Labelled]],
    column: str,
    values: list[str],
    check: Callable[[str, Trial], Check],
    expected: Callable[[str, set[str]], str],
    record_property: Callable[[str, object], None],
) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    for trial, claimed, label in claims_of(labelled(), column, values):
        said = check(claimed, trial)
        outcomes[expected(claimed, label), said.result or ""] += 1
        assert said.result != "matches" or said.quote, (trial.nct_id, claimed)
    total = sum(outcomes.values())
    agreed = sum(count for (wanted, said), count in outcomes.items() if wanted == said)
    contrary = outcomes["matches", "differs"] + outcomes["differs", "matches"]
    record_property(
        "agreement",
        f"{column}: {agreed} of {total} checks agree, {contrary} say the contrary: {outcomes}",
    )
    assert agreed / total >= LEAST_AGREEMENT, outcomes
    assert contrary / total <= MOST_MISLEADING, outcomes


SOURCES = [
    *(PROJECT / "fixtures" / "studies").glob("*.json"),
    PROJECT / "fixtures" / "shapes" / "records.jsonl",
    *(SHARED / "data").glob("msc_records.jsonl"),
]


def test_a_record_agrees_with_what_it_says_itself() -> None:
    """Every condition, country and site that a record names is found in it again, written otherwise."""
    compared, disagreeing = 0, []
    for record in itertools.chain.from_iterable(map(read_records, SOURCES)):
        study = study_of(record)
        trial = in_full(study.trial, study.details)
        checks = [check_condition(c.upper().replace("-", " "), trial) for c in trial.conditions]
        for site in trial.details.locations[:4]:
            checks += [check_country(site.country.lower(), trial)] if site.country else []
            name = " ".join(part for part in (site.city, site.facility) if part)
            checks += [check_site(name, trial)] if name else []
        compared += len(checks)
        disagreeing += [(trial.nct_id, c) for c in checks if c.result != "matches"]
    assert disagreeing == []
    assert compared > 300
