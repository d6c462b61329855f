"""Make the fixture of shapes: what real records look like, without a word of them.

usage: python tools/build_shapes.py RECORDS [--most N] > fixtures/shapes/records.jsonl

RECORDS is a file of JSON lines (gzip too) as the registry serves them. Of all the oddities in it (fields,
their absence, empty modules, forms of dates, enum values, marks in texts, long lists) each is shown by one of
the few records that are kept. Structure, dates, counts, ages, countries and enum values are facts and stay;
in place of every text stands an invented one of the same form, letter for letter. Long texts and long lists
are cut to what shows an oddity. The same input gives the same bytes.
"""

import argparse
import gzip
import itertools
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
PIECES = (PROJECT / "fixtures" / "registry" / "pieces.tsv").read_text(encoding="utf-8").splitlines()
KINDS = {path: kind for _, path, kind in (line.split("\t") for line in PIECES)}
FACTS = ("LocationCountry", "MinimumAge", "MaximumAge", "StdAge", "VersionHolder", "NCTId")
"""Texts that are facts, beside enums and dates."""
KEPT = {path for name, path, _ in (line.split("\t") for line in PIECES) if name in FACTS}
MARKS = {
    "an entity": r"&[a-z]+;",
    "an escape": r"\\[^\w\s]",
    "a lost character": "\ufffd",
    "a carriage return": "\r",
    "a tab": "\t",
    "a list": r"(?m)^\s*\* ",
    "a space outside": r"^\s|\s$",
    "an invisible mark": "[\u200b-\u200f\ufeff]",
    "a control character": "[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f]",
    "a tag": r"<[a-z]",
    "Chinese": "[\u3000-\u9fff]",
    "Greek": "[\u0370-\u03ff]",
    "a raised number": "[\u2070-\u209f\u00b2\u00b3]",
    "curly quotes": "[\u201c\u201d\u2018\u2019]",
    "a dash": "[\u2013\u2014]",
    "a hard space": "\u00a0",
    "nothing": r"^\Z",
}
MOST_CHARACTERS = 40
LETTERS = "loremipsumdolorsitametconsecteturadipiscingelit"


def oddities(value: Any, path: str = "") -> Iterator[str]:
    """Yield what can be odd about a value and everything in it."""
    if isinstance(value, dict):
        yield f"{path} holds {len(value) and 'something'}"
        for key, held in value.items():
            yield from oddities(held, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield f"{path} holds {min(len(value), 2)}"
        for item in value:
            yield from oddities(item, path)
    elif isinstance(value, str):
        if KINDS.get(path, "").startswith("enum") and "results" not in path:
            yield f"{path} = {value}"
        yield f"{path} is {form_of(value, path)}"
        for name, mark in MARKS.items():
            if re.search(mark, value):
                yield f"a text holds {name}"
    else:
        yield f"{path} is {type(value).__name__}, {'0' if value == 0 else 'not 0'}"


def form_of(text: str, path: str) -> str:
    """Return the form of a date; all else is text."""
    is_date = KINDS.get(path) == "date" or re.fullmatch(r"\d{4}-\d\d(-\d\dT?.*)?", text)
    return re.sub(r"\d", "0", text) if is_date else "text"


def lacks(record: dict[str, Any], known: set[tuple[str, str]]) -> Iterator[str]:
    """Yield the modules and the fields of modules that a record does not have."""
    for module, key in known:
        if key not in record.get("protocolSection", {}).get(module, {}):
            yield f"{module} lacks {key}"


def cut(value: Any, path: str = "") -> Any:
    """Return a value with no more of a long text or list than what shows an oddity."""
    if isinstance(value, dict):
        return {key: cut(held, f"{path}.{key}" if path else key) for key, held in value.items()}
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        marked = [found for mark in MARKS.values() if (found := re.search(mark, value))]
        shown = [value[max(0, found.start() - 9) : found.end() + 9] for found in marked]
        return value[:MOST_CHARACTERS] + "".join(shown)
    if not isinstance(value, list):
        return value
    kept: list[Any] = []
    seen: set[str] = set()
    for item in value:
        new = {*oddities(item, path)} - seen
        if len(kept) < 2 or new:  # noqa: PLR2004 - one and many are what a list can be
            kept.append(cut(item, path))
            seen |= new
    return kept


def invent(value: Any, letters: Iterator[str], path: str = "") -> Any:
    """Return a value with every text replaced by an invented one of the same form."""
    if isinstance(value, dict):
        return {k: invent(v, letters, f"{path}.{k}" if path else k) for k, v in value.items()}
    if isinstance(value, list):
        return [invent(item, letters, path) for item in value]
    is_fact = not isinstance(value, str) or path in KEPT or form_of(value, path) != "text"
    if is_fact or KINDS.get(path, "").startswith("enum"):
        return value
    pieces = re.split(r"(&[a-z]+;|\\.)", value)  # marks of the registry's own stay whole
    return "".join(
        piece if number % 2 else "".join(instead_of(character, letters) for character in piece)
        for number, piece in enumerate(pieces)
    )


def instead_of(character: str, letters: Iterator[str]) -> str:
    """Return another character of the same make."""
    if character.isdigit() and character.isascii():
        return str(ord(next(letters)) % 10)
    if not character.isalpha():
        return character
    if character.isascii():
        letter = next(letters)
        return letter.upper() if character.isupper() else letter
    return "中" if character >= "\u3000" else "β" if "\u0370" <= character <= "\u03ff" else "é"


def chosen(records: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Return few records that together show every oddity, or as many as the most that are wanted."""
    bodies = [r["protocolSection"] for r in records]
    known = {(m, k) for body in bodies for m, held in body.items() for k in held}
    shown = [{*oddities(record), *lacks(record, known)} for record in records]
    sizes = [len(json.dumps(record)) for record in records]
    left, picked = set[str]().union(*shown), list[int]()
    while left and len(picked) < most:
        best = max(range(len(records)), key=lambda n: len(shown[n] & left) / (sizes[n] + 2000))
        picked.append(best)
        left -= shown[best]
    sys.stderr.write(f"{len(picked)} records; oddities that none of them shows: {len(left)}\n")
    return [records[number] for number in picked]


def main() -> None:
    """Write the chosen records, a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("--most", type=int, default=60)
    options = parser.parse_args()
    packed = options.records.read_bytes()
    text = gzip.decompress(packed) if options.records.suffix == ".gz" else packed
    records = [cut(json.loads(line)) for line in text.decode("utf-8").splitlines()]
    for number, record in enumerate(chosen(records, options.most), start=1):
        study = invent(record, itertools.cycle(LETTERS))
        module = study["protocolSection"]["identificationModule"]
        module["nctId"] = f"NCT{91_000_000 + number}"
        if "nctIdAliases" in module:
            module["nctIdAliases"] = [f"NCT{91_100_000 + number}" for _ in module["nctIdAliases"]]
        sys.stdout.write(json.dumps(study, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
