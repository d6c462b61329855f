"""Applies the rows of `vocabulary/context.toml`: the effects of words on the words around them.

A row says: if a ``trigger`` occurs on a given side of a ``target``, at most ``reach`` words away and with
none of the ``stops`` between, it has this ``effect`` on the target. Other modules decide what an effect
means; ``why`` is the key of the explanation for people.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from stemcheck.reading.lexicon import Term, load_tables
from stemcheck.reading.scan import FIRST, Mark, Sentence

FILE: Final = "context.toml"
PAUSES: Final = {",": 4, ";": 9, "\n": 9}
"""How many words these marks count for when a distance is measured."""
HYPHENS: Final = " -\u2010\u2011\u2013\u00a0"
PLURALS: Final = ("s", "S")
LONGEST: Final = 12
"""The number of words in the longest phrases."""
CLAUSE_APART: Final = 8
"""How many words the border of a clause counts for."""
LISTS: Final = ("trigger", "target", "stops", "via", "words", "not_words", "unless")
Side = Literal["before", "after", "beside", "inside", "sentence", "clause"]
WHOLE: Final = frozenset({"sentence", "clause"})
"""Sides of rows without a distance."""
ANYWHERE: Final = -1
"""Stands for the whole sentence, in place of a clause number."""


class Row(NamedTuple):
    """One row of the table."""

    id: str
    trigger: frozenset[str]
    """Sorts of words: ``kind``, ``kind.value`` or ``kind.value.key``."""
    target: frozenset[str]
    side: Side
    """Where the trigger is: before or after the target, on either side, inside it, or anywhere around it."""
    effect: str
    why: str = ""
    reach: int = 0
    """The most words between the two."""
    same_clause: bool = True
    stops: frozenset[str] = frozenset()
    """If a word of one of these sorts lies between, the row does not apply."""
    via: frozenset[str] = frozenset()
    """If given, a word of one of these sorts must lie between."""
    words: frozenset[str] = frozenset()
    """If given, one of these words must lie between."""
    not_words: frozenset[str] = frozenset()
    """None of these words may lie between."""
    direct: bool = False
    """Only a space or a hyphen may lie between, and the first word must not be a plural."""
    unless: frozenset[str] = frozenset()
    """Sorts of targets to which the row does not apply."""
    trigger_kinds: frozenset[str] = frozenset()
    """The kinds of the triggers."""

    @property
    def rule(self) -> str:
        """The id of the row, in the form of other rules."""
        return f"{FILE} {self.id}"


class Effect(NamedTuple):
    """The effect of a row through one trigger."""

    row: Row
    trigger: Mark

    @property
    def why(self) -> str:
        """The key of the explanation for people."""
        return self.row.why


Effects = Mapping[str, Sequence[Effect]]
"""By effect name: first those of the clause or sentence, then those of nearby marks, as found."""


@cache
def load_rows() -> tuple[Row, ...]:
    """Read the table, once. ``@name`` stands for the sorts listed under that name."""
    table: Mapping[str, Any] = load_tables()[FILE]
    sorts: Mapping[str, Sequence[str]] = table["sorts"]

    def named(words: Sequence[str]) -> frozenset[str]:
        listed = (sorts[word[1:]] if word.startswith("@") else (word,) for word in words)
        return frozenset(sort for some in listed for sort in some)

    rows: list[Row] = []
    for written in table["context"]:
        row: dict[str, Any] = {**written, **{name: named(written.get(name, ())) for name in LISTS}}
        row["trigger_kinds"] = frozenset(sort.partition(".")[0] for sort in row["trigger"])
        rows.append(Row(**row))
    return tuple(rows)


class _Rows(dict[Term, tuple[Row, ...]]):
    """The rows for targets of one term. As a dict: the rows for each trigger that is nearby."""

    def __init__(self, target: Term) -> None:
        super().__init__()
        rows = [
            row
            for row in load_rows()
            if not row.target.isdisjoint(target.sorts) and row.unless.isdisjoint(target.sorts)
        ]
        self.around: Final = [row for row in rows if row.side in WHOLE]
        """The rows on the whole sentence or clause."""
        self._beside = [row for row in rows if row.side not in WHOLE]
        self.reach: Final = max((row.reach for row in self._beside), default=-1)
        """The longest reach of the other rows."""

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __missing__(self, trigger: Term) -> tuple[Row, ...]:
        rows = tuple(row for row in self._beside if not row.trigger.isdisjoint(trigger.sorts))
        self[trigger] = rows
        return rows


_rows_for = cache(_Rows)


def effects_on(mark: Mark) -> Effects:
    """Return the effects that the words of its sentence have on a mark. The result is cached on the mark."""
    effects = mark.effects
    if effects is None:
        effects = mark.effects = _effects_on(mark)
    return effects


def _effects_on(mark: Mark) -> Effects:
    rows = _rows_for(mark.term)
    sentence = mark.sentence
    found = sentence.said.get((rows, mark.clause))
    if found is None:
        found = sentence.said[rows, mark.clause] = dict(_effects_around(mark, rows))
    beside = [*_effects_beside(mark, rows)] if len(sentence.marks) > 1 else []
    if beside:
        found = dict(found)
        for effect in beside:
            found[effect.row.effect] = (*found.get(effect.row.effect, ()), effect)
    return found


def _effects_around(mark: Mark, rows: "_Rows") -> Iterator[tuple[str, Sequence[Effect]]]:
    """Yield the effects of its clause and sentence on a mark: the same for all marks of its term there."""
    sentence = mark.sentence
    for row in rows.around:
        if row.trigger_kinds.isdisjoint(sentence.by_kind):
            continue
        firsts = sentence.said.get(row.id)
        if firsts is None:
            firsts = sentence.said[row.id] = _first_triggers(sentence, row)
        if trigger := firsts.get(ANYWHERE if row.side == "sentence" else mark.clause):
            yield row.effect, (Effect(row, trigger),)


def _first_triggers(sentence: Sentence, row: Row) -> dict[int, Mark]:
    """Return the first trigger of a row in each clause that has one, or in the whole sentence."""
    firsts: dict[int, Mark] = {}
    for one in _in_order(sentence, row.trigger_kinds):
        if not row.trigger.isdisjoint(one.term.sorts):
            firsts.setdefault(ANYWHERE if row.side == "sentence" else one.clause, one)
    return firsts


def _in_order(sentence: Sentence, kinds: AbstractSet[str]) -> Iterator[Mark]:
    return (one for kind, marks in sentence.by_kind.items() if kind in kinds for one in marks)


def _effects_beside(mark: Mark, rows: "_Rows") -> Iterator[Effect]:
    """Yield the effects of nearby marks, first those before (nearest first), then those after."""
    sentence = mark.sentence
    triggers = sentence.said.get(rows)
    if triggers is None:
        triggers = sentence.said[rows] = [one for one in sentence.marks if rows[one.term]]
    low = bisect_left(triggers, mark.first - rows.reach - LONGEST, key=FIRST)
    place = bisect_left(triggers, mark.first, low, key=FIRST)
    high = bisect_left(triggers, mark.last + rows.reach + 3, place, key=FIRST)
    for other in (*triggers[low:place][::-1], *triggers[place:high]):
        if other is mark:
            continue
        side, gap = _side_and_gap(mark, other)
        for row in rows[other.term]:
            if gap <= row.reach and _is_on(row, side) and _applies(row, mark, other):
                yield Effect(row, other)


def _is_on(row: Row, side: Side) -> bool:
    return row.side == side or (row.side == "beside" and side != "inside")


def _side_and_gap(mark: Mark, other: Mark) -> tuple[Side, int]:
    """Return on which side of a mark another one is, and the number of words between them."""
    if other.last < mark.first:
        return "before", words_between(other, mark)
    if other.first > mark.last:
        return "after", words_between(mark, other)
    return "inside", 0


def _applies(row: Row, mark: Mark, other: Mark) -> bool:
    """Return whether a row applies to two marks that are close enough."""
    if row.side == "inside":
        return True
    first, second = (other, mark) if other.first < mark.first else (mark, other)
    if row.direct and not _modifies(first, second):
        return False
    if row.words or row.not_words:
        words = [*map(str.lower, mark.sentence.words[first.last + 1 : second.first])]
        if (row.words and row.words.isdisjoint(words)) or not row.not_words.isdisjoint(words):
            return False
    clauses = {mark.clause, other.clause}
    if row.same_clause and len(clauses) > 1 and not _is_in_brackets_behind(mark, other):
        return False
    if not (row.stops or row.via):
        return True
    marks = mark.sentence.marks
    low = bisect_left(marks, first.last + 1 - LONGEST, key=FIRST)
    high = bisect_left(marks, second.first, low, key=FIRST)
    between = [
        one
        for one in marks[low:high]
        if first.last < one.last < second.first
        # text in brackets between them does not separate them
        and (not row.same_clause or one.clause in clauses)
    ]
    if first is other:  # a word inside another term belongs to that term
        between += [
            one
            for one in marks[low:high]
            if one.kind == "cell" and one is not other and one.last == other.last
        ]
    return not _is_among(row.stops, between) and (not row.via or _is_among(row.via, between))


def _is_among(sorts: AbstractSet[str], marks: Sequence[Mark]) -> bool:
    return bool(sorts) and any(not sorts.isdisjoint(mark.term.sorts) for mark in marks)


def _is_in_brackets_behind(mark: Mark, other: Mark) -> bool:
    """Return whether the other words are in brackets right after it: "MSC (from a healthy donor)"."""
    words = mark.sentence.words
    return (
        other.first > mark.last + 1
        and words[mark.last + 1] == "("
        and mark.sentence.clauses[mark.last + 1] == other.clause
    )


def _modifies(first: Mark, second: Mark) -> bool:
    return not first.words.endswith(PLURALS) and not joint(first, second).strip(HYPHENS)


def joint(first: Mark, second: Mark) -> str:
    """Return the text between two marks of a sentence, signs included."""
    sentence = first.sentence
    _, end = sentence.span(first.last, first.last)
    start, _ = sentence.span(second.first, second.first)
    return sentence.passage.verbatim[end:start]


def words_between(first: Mark, second: Mark) -> int:
    """Return the number of words between two marks of a sentence; a closing bracket does not count."""
    gap = second.first - first.last - 1
    return gap - 1 if gap > 0 and first.sentence.words[first.last + 1] == ")" else gap


def distance(one: Mark, other: Mark) -> int:
    """Return the number of words between two marks, with extra for commas and clause borders."""
    first, second = (one, other) if one.first <= other.first else (other, one)
    words = one.sentence.words[first.last + 1 : second.first]
    far = len(words) + sum(PAUSES[word] - 1 for word in words if word in PAUSES)
    return far if one.clause == other.clause else far + CLAUSE_APART
