"""Compare the table of approved products with the FDA's own list of drugs, before each release.

usage: python tools/compare_approvals.py [--file ANSWER.json] [--address URL]

Asks openFDA's list (NDC) for every product of the type "cellular therapy", page by page, and prints what
differs: finished products that our table lacks and does not name as left out on purpose, products of ours
that the list lacks, and unfinished entries, which are no approval. The list has no approval dates: the day on
which marketing began stands beside each row to be looked up. ``--file`` reads an answer saved before.

Exit code 1 when a product is missing in our table: somebody has to look.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from stemcheck.guidance.approvals import Approval, approvals, not_listed

ADDRESS = "https://api.fda.gov/drug/ndc.json"
PAGE = 100
MOST_PAGES = 50
SECONDS = 30
NOT_STEM_CELLS = re.compile(
    r"leucel\b|sipuleucel|fibrocel|keratinocyte|chondrocyte|thymus|islet|donislecel|azficel|tabelecleucel"
)
"""Immune cells, skin, cartilage, thymus and islets by their generic names: no stem cells."""
_OTHER_CHARACTERS = re.compile(r"[\W_]+")


class Entry(NamedTuple):
    """One product of the FDA's list of drugs."""

    number: str
    brand: str
    generic: str
    maker: str
    is_finished: bool
    began: str
    """When marketing began, as in ``20241218``; empty where the entry does not say."""

    def __str__(self) -> str:
        names = " / ".join(filter(None, (self.brand, self.generic))) or "no name"
        return f"{names}, {self.maker or 'no maker'} (NDC {self.number}, began {self.began or '?'})"


def entries_in(answers: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    """Yield the products of some answers."""
    for answer in answers:
        for row in answer.get("results", ()):
            yield Entry(
                number=row.get("product_ndc", "?"),
                brand=row.get("brand_name") or "",
                generic=row.get("generic_name") or "",
                maker=row.get("labeler_name") or "",
                is_finished=row.get("finished") is True,
                began=row.get("marketing_start_date") or "",
            )


def answers_from(address: str) -> Iterator[dict[str, Any]]:
    """Yield the pages of openFDA's answer."""
    for page in range(MOST_PAGES):
        asked = {"search": 'product_type:"CELLULAR THERAPY"', "limit": PAGE, "skip": page * PAGE}
        request = Request(f"{address}?{urlencode(asked)}", headers={"Accept": "application/json"})  # noqa: S310 (an address of the maintainer's)
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            found = json.load(answer)
        yield found
        if (page + 1) * PAGE >= found["meta"]["results"]["total"]:
            return


def folded(words: str) -> str:
    """Return words for comparing: small letters, one space between."""
    return f" {_OTHER_CHARACTERS.sub(' ', words.casefold())} "


def names_of(approval: Approval) -> list[str]:
    """Return the words under which the FDA's list may hold a product of ours."""
    brand = approval.product.partition("(")[0].strip()
    if brand.startswith("HPC"):  # many makers share this name: the maker's own tells them apart
        return [folded(approval.maker.split()[0])]
    return [folded(brand), folded(approval.substance.partition("-rknd")[0])]


class Comparison(NamedTuple):
    """What differs between the FDA's list and ours."""

    missing: list[Entry]
    """Finished products that our table neither has nor names as left out on purpose."""
    only_ours: list[Approval]
    unfinished: list[Entry]
    left_out: list[Entry]
    """Finished products that are no stem cells, or are named as left out."""


def compare(entries: Iterable[Entry]) -> Comparison:
    """Compare the FDA's entries with our table."""
    found = Comparison([], [], [], [])
    seen: set[str] = set()
    named_apart = folded(" ".join(item.products for item in not_listed()))
    for entry in entries:
        words = folded(f"{entry.brand} {entry.generic} {entry.maker}")
        ours = {item.id for item in approvals() if any(name in words for name in names_of(item))}
        seen |= ours
        if not entry.is_finished:
            found.unfinished.append(entry)
        elif ours:
            continue
        elif NOT_STEM_CELLS.search(words) or folded(entry.brand) in named_apart:
            found.left_out.append(entry)
        else:
            found.missing.append(entry)
    found.only_ours.extend(item for item in approvals() if item.id not in seen)
    return found


def report(found: Comparison) -> Iterator[str]:
    """Yield what to print."""
    parts: dict[str, list[Any]] = {
        "Finished in the FDA's list, and not in our table: look each up": found.missing,
        "In our table, and not in the FDA's list": [item.product for item in found.only_ours],
        "Unfinished entries: no approval": found.unfinished,
        "Finished, and left out on purpose": found.left_out,
    }
    for heading, rows in parts.items():
        yield f"{heading} ({len(rows)})"
        yield from (f"  {row}" for row in rows)


def main(arguments: list[str] | None = None) -> int:
    """Compare, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--file", type=Path, help="an answer of openFDA that was saved before")
    parser.add_argument("--address", default=ADDRESS, help="where to ask")
    given = parser.parse_args(arguments)
    answers = (
        iter([json.loads(given.file.read_text(encoding="utf-8"))])
        if given.file
        else answers_from(given.address)
    )
    found = compare(entries_in(answers))
    sys.stdout.writelines(f"{line}\n" for line in report(found))
    return 1 if found.missing else 0


if __name__ == "__main__":
    sys.exit(main())
