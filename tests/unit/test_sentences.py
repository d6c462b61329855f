"""Sentences stand in tables and not in code, none is long, and one thing has one name."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

SOURCE = PROJECT / "src" / "stemcheck"
MOST_WORDS = 25
NOT_YET: set[str] = set()

PROSE = re.compile(r"(?<![\w.`/-])(?:[A-Za-z][a-z'’]*[,;:.]? ){3,}[A-Za-z][a-z'’]+")
"""Four words in a row, as no key, pattern, address or query has them."""
FEWEST_WORDS = 3
FACT = "Fact"
"""Stands for a fact that is put into a sentence: it is no word of ours."""

NOT_FOR_READERS = (
    # What others say, to be recognised: an error of the system, of Typer, of the registry's parameters.
    "failed to map segment", "can't start new thread", "Got unexpected extra argument",
    "contains invalid field name", "is unknown parameter", "Unsupported sort field type",
    "has incorrect format", "Invalid value in parameter", "Error parsing query in",
    "Allowed values for enum field",
    # Mistakes of a programmer who uses our functions wrongly.
    "numbers at a time", "takes no fixed words", "has no attribute",
    # Said before the words can be loaded: there is no memory left to load them.
    "This machine has too little memory left",
)  # fmt: skip


def strings_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module with their lines: no docstrings, a string with facts as one."""
    said_about = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    } | {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    }  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in said_about:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else FACT for part in node.values)
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def prose_in(text: str) -> str | None:
    """Return the first line that is a sentence or a good part of one; commands and patterns are none."""
    if "(?" in text:
        return None
    for line in text.splitlines():
        said = not line.strip().startswith(
            ("stemcheck ", "curl ", "claude ", "SELECT ", "REPLACE ", "DELETE ")
        )
        runs = (run[0].split() for run in PROSE.finditer(line)) if said else ()
        is_prose = any(sum(FACT not in word for word in run) >= FEWEST_WORDS for run in runs)
        if is_prose and not any(known in line for known in NOT_FOR_READERS):
            return line
    return None


@pytest.mark.parametrize(
    ("text", "is_prose"),
    [
        ("Ask the registry once more.", True),
        ("said of the given cells", True),
        ("The PDF is locked with a password", True),
        ("cli.options.format_flag", False),
        ("AREA[Phase]RANGE[MIN,MAX]", False),
        (r"(?:the|a) cells? (?:is|are) given", False),
        ("Examples:\n  stemcheck show NCT04506073 --section results", False),
    ],
)
def test_what_counts_as_prose(text: str, is_prose: bool) -> None:
    assert bool(prose_in(text)) == is_prose


@pytest.mark.parametrize(
    "room", sorted(path.name for path in SOURCE.iterdir() if path.suffix != ".toml")
)
def test_no_sentence_stands_in_code(room: str) -> None:
    if room in NOT_YET:
        pytest.xfail("its sentences have not been moved yet")
    home = SOURCE / room
    modules = home.rglob("*.py") if home.is_dir() else [home]
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {prose}"
        for path in modules
        for line, text in strings_in(ast.parse(path.read_text(encoding="utf-8")))
        if (prose := prose_in(text))
    ]
    assert not found, "\n".join(found)


def entries_in(table: object, key: str) -> Iterator[tuple[str, str]]:
    """Yield every string of a table with its key."""
    if isinstance(table, str):
        yield key, table
    for name, inner in table.items() if isinstance(table, dict) else ():
        yield from entries_in(inner, f"{key}.{name}")
    for inner in table if isinstance(table, list) else ():
        yield from entries_in(inner, key)


TABLES = sorted((SOURCE / "words" / "en").glob("*.toml"))


def said_in(path: Path) -> list[tuple[str, str]]:
    return list(entries_in(tomllib.loads(path.read_text(encoding="utf-8")), path.stem))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_no_sentence_of_the_tables_is_long(path: Path) -> None:
    long = [
        (key, sentence)
        for key, text in said_in(path)
        for sentence in re.split(r"(?<=[.?!])\s+|\n", text)
        if len(sentence.split()) > MOST_WORDS
    ]
    assert not long


NAMES_IN_CAPITALS = re.compile(r"\b[A-Z_]{3,}\b")
"""The registry's own words, in its own spelling."""
OTHER_WORDS = {
    r"\bleave from\b": "permission from",
    r"\bplays? down\b": "says there is little or no",
    r"\btak(?:es?|ing) (?:new )?people\b|\bnew people\b": "open to new participants",
    r"\b(?:drug|health) offices?\b": "authority",
    r"\b(?:is|are) no approval\b|\bno approvals?: ": "is not approval",
    r"\blooked over\b": "checked",
    r"\b(?:stranger|another person's)\b": "donor",
    r"\bproducts? (?:made by|without) cells\b": "cell-free product",
    r"\b(?:tumor|randomiz|pediatric\b|hematolog|anemia|color)": "British spelling",
    r"\bresults expected\b": "last main measurement",
}
"""What our sentences once said, and what stands in its place: see CONTRIBUTING."""


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_one_thing_has_one_name(path: Path) -> None:
    if path.stem in NOT_YET:
        pytest.xfail("its sentences have not been reworded yet")
    names = {"also", "label", "value"}  # what people and the registry say, whatever we say
    found = [
        (key, wrong.pattern, text)
        for key, text in said_in(path)
        for wrong in map(re.compile, OTHER_WORDS)
        if names.isdisjoint(key.split("."))
        and wrong.search(NAMES_IN_CAPITALS.sub("", text).lower())
    ]
    assert not found
