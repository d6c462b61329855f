"""Claims on cells and route, true ones and false ones, held against real labelled records.

For each labelled record every true value is claimed, and three values drawn from the others. What the check
must say follows from the label alone. A test that fails shows its
figures; they are kept in the JUnit report (``--junit-xml``).
"""

import csv
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from stemcheck.services.claim_checks import check_cells, check_condition, check_route
from stemcheck.services.place_checks import check_country, check_site
from stemcheck.services.review import review
from stemcheck.services.show import in_full
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.terms import Product, Route
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import Check

LEAST_AGREEMENT = 0.97
MOST_MISLEADING = 0.01
"""Share of claims on which the check says the contrary of the label: matches for differs, or the reverse."""

ROUTES = [r.value for r in Route if r.value not in {"none", "not_stated", "infusion_unspecified"}]
PRODUCTS = [p.value for p in Product if p is not Product.NONE]
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


@pytest.fixture(scope="module")
def trials(shared: Path) -> dict[str, Trial]:
    from stemcheck.registry.file import read_studies

    with (shared / "data" / "msc_records.jsonl").open("rb") as stream:
        studies = [item for item in read_studies(stream) if isinstance(item, Study)]
    day = date(2022, 10, 25)
    return {study.trial.nct_id: review(study, today=day) for study in studies}


def claims_of(shared: Path, column: str, values: list[str]) -> Iterator[tuple[str, str, set[str]]]:
    """Yield number, claim and label; claims drawn by a fixed seed."""
    draw = random.Random(20221025)
    with (shared / "data" / "gold_dev.tsv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if column in row["ambiguous"].split(","):
                continue
            label = set(row[column].replace(";", ",").replace("|", ",").split(","))
            others = draw.sample([value for value in values if value not in label], 3)
            for claimed in (*(value for value in values if value in label), *others):
                yield row["nct"], claimed, label


@pytest.mark.parametrize(
    ("column", "values", "check", "expected"),
    [
        ("routes", ROUTES, check_route, expected_route),
        ("products", PRODUCTS, check_cells, expected_cells),
    ],
    ids=["routes", "products"],
)
def test_checks_agree_with_the_labels(
    shared: Path,
    trials: dict[str, Trial],
    column: str,
    values: list[str],
    check: Callable[[str, Trial], Check],
    expected: Callable[[str, set[str]], str],
    record_property: Callable[[str, object], None],
) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    for nct_id, claimed, label in claims_of(shared, column, values):
        said = check(claimed, trials[nct_id])
        outcomes[expected(claimed, label), said.result or ""] += 1
        assert said.result != "matches" or said.quote, (nct_id, claimed)
    total = sum(outcomes.values())
    agreed = sum(count for (wanted, said), count in outcomes.items() if wanted == said)
    contrary = outcomes["matches", "differs"] + outcomes["differs", "matches"]
    record_property(
        "agreement",
        f"{column}: {agreed} of {total} checks agree, {contrary} say the contrary: {outcomes}",
    )
    assert agreed / total >= LEAST_AGREEMENT, outcomes
    assert contrary / total <= MOST_MISLEADING, outcomes


def test_a_record_agrees_with_what_it_says_itself(shared: Path) -> None:
    """Every condition, country and site that a record names is found in it again, written otherwise."""
    from stemcheck.registry.translate import study_for
    from stemcheck.registry.wire import read_study

    disagreeing = []
    with (shared / "data" / "msc_records.jsonl").open("rb") as lines:
        for line in lines:
            record = read_study(line)
            if isinstance(record, Unreadable):
                continue
            study = study_for(record, with_details=True)
            trial = in_full(study.trial, study.details)
            checks = [check_condition(c.upper().replace("-", " "), trial) for c in trial.conditions]
            for site in trial.details.locations[:4]:
                checks += [check_country(site.country.lower(), trial)] if site.country else []
                name = " ".join(part for part in (site.city, site.facility) if part)
                checks += [check_site(name, trial)] if name else []
            disagreeing += [(trial.nct_id, c) for c in checks if c.result != "matches"]
    assert disagreeing == []
