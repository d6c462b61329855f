"""One record, prepared for reading: its passages with marks, its interventions and arms, its own names."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import islice
from typing import Final

from stemcheck.reading.arms import arms_of_interventions
from stemcheck.reading.lexicon import Term, term_of
from stemcheck.reading.passages import Part, Passage, Tier
from stemcheck.reading.scan import Mark, Scan, scan_passages
from stemcheck.trial.text import InterventionText, RecordText

CODE: Final = re.compile(
    r"\b[A-Z](?:(?=[^\WA-Z_]*+[A-Z])(?=[^\W_]*[a-z])[^\W_]*"  # MitoCell
    r"|[^\W\d_]*+\d[^\W_]*"  # HPCM01
    r"|[^\W\d_]{3,}+(?=\s?[®™]))"  # Alofisel®
)
"""A word not written like any ordinary word. It never backtracks ("*+"), so that plain words cost little."""
PLAIN_NAME: Final = re.compile(r"[A-Za-z]{6,40}")
"""One plain word, like the names of most drugs."""
SHORTEST_CODE: Final = 4
LONGEST_NAME: Final = 300
"""How many characters of a name are searched for codes."""
NAMES_LOOKED_AT: Final = 8
MOST_LISTED: Final = 10_000
"""How many interventions, arms, keywords or conditions are read. The most seen in the registry is 78."""
MOST_NAMED: Final = 100
"""How many interventions are searched for codes in their names."""

Owner = tuple[int | None, int | None]
"""The number of the intervention or of the arm to which a passage belongs; both None: the record itself."""


class Record:
    """The words of one record, ready to be judged."""

    def __init__(self, text: RecordText, passages: Iterable[Passage]) -> None:
        self.text: Final = text
        self.scans: Final = scan_passages(passages, _own_names(text.interventions))
        self.arms_of: Final = arms_of_interventions(text)
        """For each intervention, the arms that get it."""
        self._names_agent: dict[Owner, bool] = {}

    def parts(self, parts: Iterable[Part]) -> list[Scan]:
        """Return the passages of these parts, most trusted first."""
        return [scan for part in sorted(parts) for scan in self._by_part.get(part, ())]

    def marks(self, kind: str, parts: Iterable[Part]) -> Iterator[Mark]:
        """Yield the marks of a kind in these parts."""
        return (mark for scan in self.parts(parts) for mark in scan.of(kind))

    def names_agent_beside(self, passage: Passage) -> bool:
        """Return whether a drug is named by the same intervention, arm or (otherwise) the record itself."""
        owner = _owner_of(passage)
        known = self._names_agent.get(owner)
        if known is None:
            beside = self._by_owner[owner]
            known = self._names_agent[owner] = any(scan.holds("agent") for scan in beside)
        return known

    def tier(self, tier: Tier) -> list[Scan]:
        """Return the passages of one tier."""
        return [scan for scan in self.scans if scan.passage.tier is tier]

    @cached_property
    def _by_part(self) -> dict[Part, list[Scan]]:
        found: dict[Part, list[Scan]] = {}
        for scan in self.scans:
            found.setdefault(scan.passage.part, []).append(scan)
        return found

    @cached_property
    def _by_owner(self) -> dict[Owner, list[Scan]]:
        found: dict[Owner, list[Scan]] = {}
        for scan in self.scans:
            found.setdefault(_owner_of(scan.passage), []).append(scan)
        return found

    @cached_property
    def interventions(self) -> tuple[list[Scan], ...]:
        """The passages of each intervention."""
        numbers = range(len(self.text.interventions))
        return tuple(self._by_owner.get((number, None), []) for number in numbers)

    @cached_property
    def arms(self) -> tuple[list[Scan], ...]:
        """The passages of each arm."""
        numbers = range(len(self.text.arms))
        return tuple(self._by_owner.get((None, number), []) for number in numbers)


def _owner_of(passage: Passage) -> Owner:
    return passage.intervention, passage.arm


def without_endless_lists(text: RecordText) -> RecordText:
    """Shorten lists that are longer than any study's, to limit the memory that is needed."""
    lists = {
        name: getattr(text, name) for name in ("interventions", "arms", "keywords", "conditions")
    }
    return text._replace(**{name: some[:MOST_LISTED] for name, some in lists.items()})


def _own_names(interventions: Iterable[InterventionText]) -> dict[str, Term]:
    """Return the names that occur only in this record ("MitoCell", "CB-AC-02"), by first intervention.

    Plain names of its drugs ("Pentostatin") have their own kind: they only show which drug a route is for.
    """
    names: dict[str, Term] = {}
    for number, entry in enumerate(islice(interventions, MOST_NAMED)):
        for name in (entry.name, *entry.other_names[:NAMES_LOOKED_AT]):
            for match in CODE.finditer(name[:LONGEST_NAME]):
                if len(match[0]) >= SHORTEST_CODE:
                    names.setdefault(match[0], _own_name("code", number))
        if entry.type == "DRUG" and PLAIN_NAME.fullmatch(entry.name):
            for written in (entry.name, entry.name.lower(), entry.name.capitalize()):
                names.setdefault(written, _own_name("drug_name", number))
    return names


@cache
def _own_name(kind: str, number: int) -> Term:
    """Return the term for the names of one intervention. Records share these terms, so there are few."""
    return term_of(kind, str(number), "name", "own name")
