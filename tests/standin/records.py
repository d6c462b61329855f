"""The studies the stand-in serves: read from files, indexed once, served many times over."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from tests.standin.fields import Cut, Study, areas, cut_study, pieces, values_at
from tests.standin.words import stem_of, words_of

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "studies"
LOCATIONS = "protocolSection.contactsLocationsModule.locations"
_FIRST_COPY = 95_000_000
UPDATE = "LastUpdatePostDate"
"""The only date in which a copy differs from its record."""
_DAYS_APART = 97
_UPDATED = re.compile(rb'(?<="lastUpdatePostDateStruct":\{"date":")\d{4}-\d\d-\d\d(?=")')
_NUMBER = re.compile(r"[Nn][Cc][Tt]0*([1-9]\d{0,7})")


class Value(NamedTuple):
    """A text value of a field, cut into words once."""

    raw: str
    words: tuple[str, ...]
    stems: tuple[str, ...]


def read_records(path: Path) -> list[Study]:
    """Studies of a file: one study, a list page, JSON lines; gzip too."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    if ".jsonl" in path.suffixes or path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    whole = json.loads(text)
    if isinstance(whole, list):
        return whole
    return list(whole["studies"]) if "studies" in whole else [whole]


def read_fixtures(folder: Path = FIXTURES) -> list[Study]:
    """The hand-written studies, in the order of their file names."""
    return [study for path in sorted(folder.glob("*.json")) for study in read_records(path)]


def read_broken(folder: Path = FIXTURES.parent / "answers") -> dict[str, Any]:
    """The deliberately broken records, by file name without its ending."""
    paths = sorted(folder.glob("broken-*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def canonical_id(written: str) -> str | None:
    """``NCT`` and eight digits from any form the registry takes; None for anything else."""
    found = _NUMBER.fullmatch(written)
    return f"NCT{int(found.group(1)):08d}" if found else None


def sites_of(study: Any) -> list[Any]:
    """The study's sites."""
    return list(values_at(study, tuple(LOCATIONS.split("."))))


class View:
    """What a query can ask of a study: the words of each piece. Values are kept once cut."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._values: dict[str, tuple[Value, ...]] = {}
        self._stems: dict[str, frozenset[str]] = {}

    def raw(self, piece: str) -> list[Any]:
        """The leaves of a piece as they stand in the JSON."""
        return list(values_at(self.study, pieces()[piece].steps))

    def values(self, piece: str) -> tuple[Value, ...]:
        """The leaves of a piece as words."""
        if piece not in self._values:
            texts = [_text(leaf) for leaf in self.raw(piece) if not isinstance(leaf, dict)]
            self._values[piece] = tuple(_value(text) for text in texts)
        return self._values[piece]

    def stems(self, area: str) -> frozenset[str]:
        """All stems of an area, or of one piece."""
        if area not in self._stems:
            names = areas().get(area, {area: 1.0})
            self._stems[area] = frozenset(s for n in names for v in self.values(n) for s in v.stems)
        return self._stems[area]


class SiteView(View):
    """A study seen from one of its sites: other sites' values are hidden."""

    def __init__(self, record: View, site: Any) -> None:
        super().__init__(record.study)
        self._record, self._site = record, site

    def raw(self, piece: str) -> list[Any]:
        path = pieces()[piece].path
        if not path.startswith(LOCATIONS):
            return self._record.raw(piece)
        steps = tuple(path.removeprefix(LOCATIONS + ".").split("."))
        return list(values_at(self._site, steps))


class Record(View):
    """One study with everything needed to find it and to serve it again and again."""

    def __init__(self, study: Study) -> None:
        super().__init__(study)
        self._lines: dict[str, bytes] = {}

    @cached_property
    def nct_id(self) -> str:
        """The study's number; empty in a broken record."""
        found = [leaf for leaf in self.raw("NCTId") if isinstance(leaf, str)]
        return found[0] if found else ""

    @cached_property
    def ids(self) -> frozenset[str]:
        """Its number and its older numbers, in canonical form."""
        written = [self.nct_id, *map(str, self.raw("NCTIdAlias"))]
        return frozenset(canonical_id(w) or w for w in written)

    @cached_property
    def sites(self) -> tuple[SiteView, ...]:
        """The study seen from each of its sites."""
        return tuple(SiteView(self, site) for site in sites_of(self.study))

    def line(self, key: str, cut: Cut) -> bytes:
        """The study as one line of JSON, limited to ``cut``; kept per ``key``."""
        if key not in self._lines:
            self._lines[key] = json_bytes(cut_study(self.study, cut))
        return self._lines[key]


class Corpus:
    """All records, each served ``repeat`` times: the further copies under fresh NCT numbers.

    Each copy was last updated some months before the copy before it. So a page in the order of updates,
    which is how searches ask, holds a thousand different studies, as the registry's pages do.
    """

    def __init__(self, studies: Iterable[Study], *, repeat: int = 1) -> None:
        self.records: Sequence[Record] = [Record(study) for study in studies]
        self.repeat = repeat
        self._by_id = {i: n for n, r in reversed([*enumerate(self.records)]) for i in r.ids}

    def __len__(self) -> int:
        return len(self.records) * self.repeat

    def copies_of(self, number: int) -> Iterator[int]:
        """The positions under which a record is served."""
        return iter(range(number * self.repeat, (number + 1) * self.repeat))

    def record_at(self, position: int) -> Record:
        """The record behind a position."""
        return self.records[position // self.repeat]

    def days_before(self, position: int) -> int:
        """How many days before its record the study at a position was last updated."""
        return position % self.repeat * _DAYS_APART

    def id_at(self, position: int) -> str:
        """The NCT number a position is served under."""
        if position % self.repeat == 0:
            return self.record_at(position).nct_id
        return f"NCT{_FIRST_COPY + position:08d}"

    def line_at(self, position: int, key: str, cut: Cut) -> bytes:
        """The study at a position as one line of JSON."""
        record = self.record_at(position)
        line = record.line(key, cut)
        if position % self.repeat == 0:
            return line
        line = line.replace(record.nct_id.encode(), self.id_at(position).encode())
        return _UPDATED.sub(lambda day: self._updated(position, day[0]), line)

    def _updated(self, position: int, day: bytes) -> bytes:
        updated = date.fromisoformat(day.decode()) - timedelta(days=self.days_before(position))
        return updated.isoformat().encode()

    def find(self, nct_id: str) -> int | None:
        """The position of a study by its number or an older number of it."""
        if nct_id in self._by_id:
            return self._by_id[nct_id] * self.repeat
        position = int(nct_id[3:]) - _FIRST_COPY
        return position if 0 <= position < len(self) and position % self.repeat else None


def json_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8; text that has no UTF-8 form (a lone surrogate) stays escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def _text(leaf: Any) -> str:
    if isinstance(leaf, bool):
        return "true" if leaf else "false"
    return str(leaf)


def _value(text: str) -> Value:
    words = words_of(text)
    return Value(text, words, tuple(stem_of(word) for word in words))
