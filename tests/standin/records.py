"""The studies the stand-in serves, and the facts of the registry that it holds requests against."""

import gzip
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CONTRACT = tomllib.loads((FIXTURES / "registry" / "contract.toml").read_text(encoding="utf-8"))
Study = dict[str, Any]
_FIRST_COPY = 95_000_000
_NUMBER = re.compile(r"[Nn][Cc][Tt]0*([1-9]\d{0,7})", re.ASCII)


class RefusedError(Exception):
    """The registry refuses: a status and one plain sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


class Piece(NamedTuple):
    """A field of the registry: the name it is asked by, where it stands in the JSON, what it holds."""

    name: str
    path: str
    kind: str
    """text, markup, date, number, boolean, time, geopoint, struct, or ``enum:<type>``."""

    @property
    def enum(self) -> list[str]:
        """The values it may hold; none where they are not known here."""
        values: list[str] = CONTRACT["enums"].get(self.kind.removeprefix("enum:"), [])
        return values


_LINES = (FIXTURES / "registry" / "pieces.tsv").read_text(encoding="utf-8").splitlines()[1:]
PIECES = {piece.name: piece for piece in (Piece(*line.split("\t")) for line in _LINES)}


def read_records(path: Path) -> list[Study]:
    """Studies of a file: one study, a list page, JSON lines; gzip too."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    if ".jsonl" in path.suffixes:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    whole = json.loads(text)
    return list(whole["studies"]) if "studies" in whole else [whole]


def read_fixtures() -> list[Study]:
    """The hand-written studies, in the order of their file names."""
    paths = sorted((FIXTURES / "studies").glob("*.json"))
    return [study for path in paths for study in read_records(path)]


def canonical_id(written: str) -> str | None:
    """``NCT`` and eight digits from any form the registry takes; None for anything else."""
    found = _NUMBER.fullmatch(written)
    return f"NCT{int(found[1]):08d}" if found else None


@lru_cache(maxsize=65_536)
def words_of(text: str) -> tuple[str, ...]:
    """Words without case, accents and plural. How the site itself cuts words is not published."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    singular = re.sub(r"(?<=\w\w)ies\b", "y", plain)
    return tuple(re.findall(r"[^\W_]+", re.sub(r"(?<=\w\w[^\Wsui])s\b", "", singular)))


class Record:
    """A study, with what a search asks of it."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._values: dict[str, tuple[str, ...]] = {}
        self._lines: dict[tuple[str, ...], bytes] = {}
        self.nct_id = next(iter(self.values("NCTId")), "")  # none in a broken record
        written = (*self.values("NCTId"), *self.values("NCTIdAlias"))
        self.ids = frozenset(canonical_id(number) or number for number in written)

    def leaves(self, piece: str) -> Iterator[Any]:
        """The values of a field as they stand in the JSON."""
        return _leaves(self.study, PIECES[piece].path.split("."))

    def values(self, piece: str) -> tuple[str, ...]:
        """The values of a field as text."""
        if piece not in self._values:
            self._values[piece] = tuple(str(leaf) for leaf in self.leaves(piece))
        return self._values[piece]

    def texts(self, piece: str) -> Iterator[str]:
        """Their words, each between blanks."""
        return (f" {' '.join(words_of(value))} " for value in self.values(piece))

    def line(self, paths: tuple[str, ...]) -> bytes:
        """The study as one line of JSON, cut to some branches; kept, for it is asked for again."""
        if paths not in self._lines:
            self._lines[paths] = json_bytes(_cut(self.study, _tree(paths)))
        return self._lines[paths]


class Copy(Record):
    """The same study under another number: a few files make a registry of any size."""

    def __init__(self, original: Record, number: int) -> None:
        self.original = original
        self.nct_id = f"NCT{_FIRST_COPY + number:08d}"
        self.ids = frozenset([self.nct_id])

    def line(self, paths: tuple[str, ...]) -> bytes:
        number = f'"{self.original.nct_id}"'.encode()
        return self.original.line(paths).replace(number, f'"{self.nct_id}"'.encode())


def json_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8; text that has no UTF-8 form (a lone surrogate) stays escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def _leaves(value: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item, steps)
    elif not steps:
        if value is not None:
            yield value
    elif isinstance(value, dict) and steps[0] in value:
        yield from _leaves(value[steps[0]], steps[1:])


@cache
def _tree(paths: tuple[str, ...]) -> dict[str, Any]:
    """The paths as a tree of the keys to keep; below an empty one everything is kept."""
    root: dict[str, Any] = {}
    for path in sorted(paths, key=len, reverse=True):
        at = root
        *above, last = path.split(".")
        for step in above:
            at = at.setdefault(step, {})
        at[last] = {}  # also where parts of it are asked for: the shorter path comes later
    return root


def _cut(value: Any, tree: dict[str, Any]) -> Any:
    """The study with the named branches only; a branch that holds nothing is left out."""
    if not tree or not isinstance(value, dict | list):
        return value  # a broken record stays broken
    if isinstance(value, list):
        return [kept for item in value if (kept := _cut(item, tree)) not in ({}, [])]
    cut = ((key, held, _cut(held, tree[key])) for key, held in value.items() if key in tree)
    return {key: kept for key, held, kept in cut if kept not in ({}, []) or held == kept}
