"""Finds what a leaflet says about a study whose number it gives: illness, phase, people, cells, route, place.

Words count only if they are plausibly about the study: in the sentence or table row with its number, or else
in its paragraph, or else in a text that names no other study. Each claim says how near it is to the number,
because distant words may be about something else.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.guidance.folding import Folded
from stemcheck.guidance.illnesses import names_in
from stemcheck.guidance.numbers import mangled_numbers_in, numbers_in, other_numbers_in
from stemcheck.guidance.quotes import Clause, shortened
from stemcheck.guidance.sentences import Sentence, sentences_in
from stemcheck.services.study_checks import people_in, phases_in
from stemcheck.tables import read_table
from stemcheck.trial.countries import countries_in
from stemcheck.trial.places import cities_called
from stemcheck.trial.verification import People, Told

LONGEST_QUOTE = 160
_DENIAL_REACHES = 4
"""How many words before a statement are searched for a denial."""
_BARE_LABEL = 9
"""The most words in a sentence that does little more than give the number."""
_LONGEST_SHORT_FORM = 4
_LONGEST_ROW = 500
"""How many characters on either side of a cell are searched for the ends of its table row."""
_FEWEST_MENTIONS = 2
_FEWEST_OF_A_BRANCH = 2
_PHASE = re.compile(
    r"(?:early[ -]+)?\b(?:phase|fase)s?[ :\n-]{0,4}"
    r"(?:iv|i{1,3}|[0-4]|one|two|three|four|uno|dos|tres|eins|zwei|drei)[abc]?\b"
    r"(?:\s?(?:/|-|and|to|y|und|&)\s?(?:(?:phase|fase)\s)?(?:iv|i{1,3}|[1-4])[abc]?\b)?(?!\s*[.,]\d)",
    re.IGNORECASE,
)
_WITH_LEAD = frozenset({"more", "about"})
"""Bounds that include the words before a number."""
_TABLE_LINE = re.compile(r"^[^|\n]*\|.*$", re.MULTILINE)
_COUNT = r"(?<![\d.,-])(?:\d{1,3}(?:[.,]\d{3})+|\d{1,6})(?![\d%])"
_CITY = re.compile(
    r"\b(?:in|at|near|en|cerca de|bei)\s+((?:[A-Z][\w.'-]+)(?:[ ](?:de|of|la|do|del)?[ ]?[A-Z][\w'-]+){0,2})"
)
_NAMED_WORD = r"[A-Z][\w.'&-]*"


class Nearness(IntEnum):
    """How near words are to a study's number."""

    SAME_SENTENCE = 0
    """Or the same row of a table."""
    SHARED_SENTENCE = 1
    """The sentence also has the number of another study."""
    PARAGRAPH = 2
    ELSEWHERE = 3


class Claimed(NamedTuple):
    """One claim in a text about a study."""

    topic: str
    value: Told | People | str
    quote: str
    nearness: Nearness
    is_sure: bool
    """The words are about this study. False: they may be about something else."""


@dataclass(frozen=True, slots=True)
class About:
    """What a text says about one study."""

    claims: tuple[Claimed, ...] = ()
    near: tuple[str, ...] = ()
    """The sentences and paragraphs with its number, as written."""


class _Found(NamedTuple):
    """A claim and its position in the folded text."""

    topic: str
    value: Told | People | str
    start: int
    end: int


class TextClaims:
    """A text as sentences, with the study that each of them is about."""

    def __init__(self, text: str) -> None:
        text = _TABLE_LINE.sub(r"\n\g<0>\n", text)  # each table row becomes a paragraph
        self._folded = Folded(text)
        self._plain = self._folded.text
        self._lower = self._plain.lower()
        if len(self._lower) != len(self._plain):
            self._lower = self._plain
        self._sentences = sentences_in(self._folded)
        self._named = self._studies_by_sentence(text)
        self._rows = [self._row_of(sentence) for sentence in self._sentences]

    def about(self, nct_id: str) -> About:
        """Return what the text says about a study."""
        near = dict(self._near(nct_id))
        claims = [
            self._claimed(found, self._sentences[number], nearness, is_sure=is_sure)
            for number, (nearness, is_sure) in near.items()
            for found in self._found_in(self._sentences[number], nearness)
        ]
        close = [n for n, (nearness, _) in near.items() if nearness is not Nearness.ELSEWHERE]
        return About(tuple(claims), tuple(self._source(self._sentences[n]) for n in close))

    def offering(self) -> tuple[tuple[str, str], ...]:
        """Return the name that most likely makes the offer, with a quote, as one pair; nothing if unclear."""
        weights: Counter[str] = Counter()
        quotes: dict[str, str] = {}
        for number, sentence in enumerate(self._sentences):
            apart = self._spans(sentence, "sponsor", "named") + self._spans(
                sentence, "sponsor", "run"
            )
            for start, end in self._organisations(sentence):
                if any(0 <= start - last <= len(" the ") for _, last in apart):
                    continue
                name = self._quote_of(start, end)
                weights[name] += 1 + self._is_senders(number, start, end)
                quotes.setdefault(name, self._quote(sentence, start, end))
        told = [name for name, weight in weights.most_common() if weight >= _FEWEST_MENTIONS]
        return tuple((name, quotes[name]) for name in told[:1])

    def _is_senders(self, number: int, start: int, end: int) -> bool:
        """Return whether a name looks like the sender's: at the top, alone on its line, or with "we"."""
        sentence = self._sentences[number]
        is_alone = end - start >= len(self._piece(sentence).strip()) - 1
        if number == 0 or sentence.is_heading or is_alone:
            return True
        told = ("own", "offers")
        return not sentence.is_speech and any(
            self._has(sentence, "organisation", row) for row in told
        )

    # --- which sentences are about a study ------------------------------------------------------------

    def _studies_by_sentence(self, text: str) -> list[frozenset[str]]:
        """Return the studies named in each sentence, including those of other registers."""
        ends = [self._folded.end_of(sentence.end) for sentence in self._sentences]
        named: list[set[str]] = [
            {mention.nct_id for mention in numbers_in(self._source(sentence))}
            for sentence in self._sentences
        ]
        placed = [(mention.start, mention.nct_id) for mention in numbers_in(text)]
        placed += [(mention.start, mention.as_written) for mention in mangled_numbers_in(text)]
        placed += [(mention.start, mention.as_written) for mention in other_numbers_in(text)]
        for start, study in placed:
            number = min(bisect_right(ends, start), len(ends) - 1)
            if number >= 0:
                named[number].add(study)
        return [frozenset(studies) for studies in named]

    def _row_of(self, sentence: Sentence) -> int:
        """Return a key that is equal for all cells of a table row, which share a line."""
        first = self._plain.rfind("\n", max(0, sentence.start - _LONGEST_ROW), sentence.start) + 1
        last = self._plain.find("\n", sentence.end, sentence.end + _LONGEST_ROW)
        line = self._plain[first : last if last >= 0 else sentence.end]
        return first if "|" in line else -1 - sentence.start

    def _near(self, nct_id: str) -> Iterator[tuple[int, tuple[Nearness, bool]]]:
        """Yield each sentence that may be about a study: its number, how near it is, whether that is sure."""
        rows: dict[int, set[str]] = {}
        blocks: dict[int, set[str]] = {}
        for sentence, row, studies in zip(self._sentences, self._rows, self._named, strict=True):
            rows.setdefault(row, set()).update(studies)
            blocks.setdefault(sentence.block, set()).update(studies)
        own = [n for n, studies in enumerate(self._named) if studies == {nct_id}]
        is_apart = any(self._has(self._sentences[n], "frame", "apart") for n in own)
        is_own = any(self._frames_as_own(self._sentences[n]) for n in own)
        is_only = {nct_id} == {study for studies in self._named for study in studies}
        last: frozenset[str] = frozenset()
        last_block = -1
        for number, sentence in enumerate(self._sentences):
            if sentence.block != last_block and last_block not in {sentence.block - 1, -1}:
                last = frozenset()
            studies, last_block = self._named[number] or last, sentence.block
            last = studies
            here, around = rows[self._rows[number]], blocks[sentence.block]
            if nct_id in here:
                nearness = Nearness.SAME_SENTENCE if len(here) == 1 else Nearness.SHARED_SENTENCE
                yield number, (nearness, len(here) == 1)
            elif here or is_apart:
                continue
            elif around == {nct_id}:
                yield number, (Nearness.PARAGRAPH, True)
            elif is_only:
                yield number, (Nearness.ELSEWHERE, is_own)
            elif studies == {nct_id}:
                yield number, (Nearness.ELSEWHERE, False)

    def _frames_as_own(self, sentence: Sentence) -> bool:
        words = [word for word in sentence.words if word.isalpha()]
        return len(words) <= _BARE_LABEL or self._has(sentence, "frame", "own")

    # --- what a sentence says -------------------------------------------------------------------------

    def _found_in(self, sentence: Sentence, nearness: Nearness) -> Iterator[_Found]:
        if self._source(sentence).rstrip(" .\"')").endswith("?"):
            return
        if self._has(sentence, "denied", "sentence"):
            return
        is_far = nearness is Nearness.ELSEWHERE
        if is_far and not _denials("before").isdisjoint(sentence.words):
            return  # far from the number, any denial rules the sentence out
        yield from self._phases(sentence)
        yield from self._people(sentence)
        yield from self._of_reading(sentence)
        for start, end in self._spans(sentence, "open", "open"):
            if not self._is_denied(sentence, start):
                yield _Found("open", "open", start, end)
        for start, end in self._spans(sentence, "payment", "free"):
            if not self._is_denied(sentence, start):
                yield _Found("payment", self._quote_of(start, end), start, end)
        yield from self._names(sentence)
        yield from self._sponsors(sentence)
        if not is_far:
            yield from self._places(sentence)

    def _phases(self, sentence: Sentence) -> Iterator[_Found]:
        for match in _PHASE.finditer(self._plain, sentence.start, sentence.end):
            written = " ".join(match[0].split())
            before = self._words_before(sentence, match.start())[-2:]
            is_about = _denials("phase").isdisjoint(before)
            values = phases_in(written)
            if values and is_about and not self._is_denied(sentence, match.start()):
                yield _Found("phase", Told(written, values), *match.span())

    def _people(self, sentence: Sentence) -> Iterator[_Found]:
        if self._has(sentence, "denied", "people"):
            return
        if self._has(sentence, "people", "of_a_study"):
            is_so_far = self._has(sentence, "people", "so_far")
        elif ":" in sentence.words or re.search(r"\bn ?= ?\d", self._piece(sentence)):
            is_so_far = False
        else:
            return
        for match in _people_pattern().finditer(self._lower, sentence.start, sentence.end):
            before = self._lower[max(sentence.start, match.start() - 20) : match.start()]
            if re.search(r"\b(?:\d+|one) in $|[$€£]\s?$|\bphase ?$", before):
                continue
            lead = re.search(r"[^\W\d]+(?: [^\W\d]+)?\W$|>\s?$", before)
            count = match["count"] or match["count_after"]
            people = people_in(f"{lead[0] if lead else ''}{count}")
            if people is not None:
                if is_so_far and people.bound == "exactly":
                    people = People(people.words, people.count, "so_far")
                start = match.start() - (len(lead[0]) if lead and people.bound in _WITH_LEAD else 0)
                told = People(self._quote_of(start, match.end()), people.count, people.bound)
                yield _Found("people", told, start, match.end())

    def _of_reading(self, sentence: Sentence) -> Iterator[_Found]:
        for topic in ("product", "tissue", "donor", "route"):
            for values in _table()[topic]:
                for start, end in self._spans(sentence, topic, values):
                    if not self._is_denied(sentence, start):
                        told = Told(self._quote_of(start, end), tuple(values.split(", ")))
                        yield _Found(topic, told, start, end)
                        break

    def _names(self, sentence: Sentence) -> Iterator[_Found]:
        """Yield illnesses and countries. In a sentence in capitals, short forms are taken for plain words."""
        piece = self._piece(sentence)
        is_loud = piece.isupper()
        for topic, names in (("condition", names_in), ("country", countries_in)):
            for first, last in names(piece):
                start, end = sentence.start + first, sentence.start + last
                is_short = is_loud and last - first <= _LONGEST_SHORT_FORM
                is_about = topic == "condition" or self._is_place(sentence, start, end)
                if is_about and not is_short and not self._is_denied(sentence, start):
                    yield _Found(topic, self._quote_of(start, end), start, end)

    def _is_place(self, sentence: Sentence, start: int, end: int) -> bool:
        """Return whether a country's name states a place: "in Spain", "Madrid, Spain", a cell, a line."""
        if self._plain[end : end + 1] in {"$", "-"} or self._plain[end : end + 2] == " $":
            return False
        if end - start >= len(self._piece(sentence).strip()) - 1:
            return True
        before = [w for w, at in zip(sentence.words, sentence.places, strict=True) if at < start]
        while before and before[-1] in _table()["place"]["articles"]:
            before.pop()
        return bool(before) and (
            before[-1] in {",", ":", "("} or before[-1] in _table()["place"]["before"]
        )

    def _sponsors(self, sentence: Sentence) -> Iterator[_Found]:
        for row in ("named", "run"):
            for _, lead_end in self._spans(sentence, "sponsor", row):
                match = _name_pattern().match(self._plain, lead_end, sentence.end)
                if match is None or match["name"].split()[0].rstrip(".") in _titles():
                    continue
                name = match["name"].rstrip(".,' ")
                if row == "named" or _kinds() & set(name.split()):
                    yield _Found("sponsor", name, *match.span("name"))

    def _places(self, sentence: Sentence) -> Iterator[_Found]:
        organisations = list(self._organisations(sentence))
        sponsors = [found.start for found in self._sponsors(sentence)]
        for start, end in organisations:
            if start not in sponsors:
                yield _Found("site", self._quote_of(start, end), start, end)
        for match in _CITY.finditer(self._plain, sentence.start, sentence.end):
            inside = any(start <= match.start(1) < end for start, end in organisations)
            name = match[1].rstrip(".")
            if next(countries_in(name), None):  # reported as a country instead
                continue
            while name and not inside:
                if cities_called(name):
                    start = match.start(1)
                    yield _Found("site", name, start, start + len(name))
                    break
                name = name.rpartition(" ")[0]

    def _organisations(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        for match in _organisation_pattern().finditer(self._plain, sentence.start, sentence.end):
            written = match[0].rstrip(" .,'")
            first = match.start()
            while (word := written.partition(" ")[0]) in _leads():
                written = written[len(word) + 1 :]
                first += len(word) + 1
            least = _FEWEST_OF_A_BRANCH if _branches() & set(written.split()[-1:]) else 1
            if len(written.split()) > least and "\n\n" not in written:
                yield first, first + len(written)

    # --- small questions to a sentence ----------------------------------------------------------------

    def _has(self, sentence: Sentence, group: str, row: str) -> bool:
        return bool(self._spans(sentence, group, row))

    def _spans(self, sentence: Sentence, group: str, row: str) -> list[tuple[int, int]]:
        found = _phrases(group, row).finditer(self._lower, sentence.start, sentence.end)
        return [match.span() for match in found]

    def _is_denied(self, sentence: Sentence, place: int) -> bool:
        return not _denials("before").isdisjoint(self._words_before(sentence, place))

    def _words_before(self, sentence: Sentence, place: int) -> list[str]:
        """Return the last few words before a position, within its part of the sentence."""
        before = [w for w, at in zip(sentence.words, sentence.places, strict=True) if at < place]
        for mark in (",", ";", ":", "(", ")"):
            if mark in before:
                before = before[len(before) - before[::-1].index(mark) :]
        return before[-_DENIAL_REACHES:]

    def _piece(self, sentence: Sentence) -> str:
        return self._plain[sentence.start : sentence.end]

    def _source(self, sentence: Sentence) -> str:
        return self._quote_of(sentence.start, sentence.end)

    def _quote(self, sentence: Sentence, start: int, end: int) -> str:
        clause = Clause(sentence.start, sentence.end, start, end)
        return self._quote_of(*shortened(self._plain, clause, LONGEST_QUOTE)).strip(" •|")

    def _quote_of(self, start: int, end: int) -> str:
        return " ".join(self._folded.quote(start, end).split())

    def _claimed(
        self, found: _Found, sentence: Sentence, nearness: Nearness, *, is_sure: bool
    ) -> Claimed:
        if sentence.is_speech and nearness is not Nearness.SAME_SENTENCE:
            is_sure = False  # people who speak about themselves
        if found.topic in {"country", "site"} and nearness is Nearness.PARAGRAPH:
            is_sure = is_sure and self._has(sentence, "frame", "place")
        quote = self._quote(sentence, found.start, found.end)
        return Claimed(found.topic, found.value, quote, nearness, is_sure)


@cache
def _table() -> dict[str, Any]:
    return read_table(Path(__file__).with_name("text_words.toml"))


@cache
def _denials(row: str) -> frozenset[str]:
    return frozenset(_table()["denied"][row])


@cache
def _titles() -> frozenset[str]:
    return frozenset(_table()["organisation"]["titles"])


@cache
def _kinds() -> frozenset[str]:
    return frozenset(_table()["organisation"]["kinds"])


@cache
def _leads() -> frozenset[str]:
    return frozenset(_table()["organisation"]["leads"])


@cache
def _branches() -> frozenset[str]:
    """Return words that need several others to name an organisation: not "Rehabilitation Medicine" alone."""
    return frozenset(_table()["organisation"]["branches"])


@cache
def _phrases(group: str, row: str) -> re.Pattern[str]:
    """Return a pattern for all phrases of a row, with any separator between their words."""
    phrases: Iterable[str] = sorted(_table()[group][row], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern_of, phrases))})(?!\w)")


def _pattern_of(phrase: str) -> str:
    told = (re.escape(word).replace(r"\*", r"\w*") for word in phrase.split())
    pattern = r"[\s'-]+".join(told).replace(r"[\s'-]+:", r"\s*:")
    return pattern.replace(r"_[\s'-]+", r"(?:\w+[\s'-]+){0,3}?")


@cache
def _people_pattern() -> re.Pattern[str]:
    nouns, heads = ("|".join(_table()["people"][row]) for row in ("nouns", "heads"))
    after = rf"(?P<count>{_COUNT})\s+(?:[a-z-]+\s+){{0,3}}?(?:{nouns})\b"
    before = rf"\b(?:{heads}|n)\s?[:=]\s?(?:[a-z]+\s+){{0,2}}(?P<count_after>{_COUNT})"
    return re.compile(rf"{after}|{before}")


@cache
def _organisation_pattern() -> re.Pattern[str]:
    links, kinds = (
        "|".join(map(re.escape, _table()["organisation"][row])) for row in ("links", "kinds")
    )
    kinds = f"{kinds}|{kinds.upper()}"
    word = rf"(?:{_NAMED_WORD}|{links})"
    before = rf"{_NAMED_WORD}[ \n](?:{word}[ \n]){{0,6}}"
    after = rf"(?:[ \n](?:(?:{links})[ \n]){{0,2}}{_NAMED_WORD}){{0,5}}"
    return re.compile(rf"(?<!\w)(?:{before})?(?:{kinds})(?!\w){after}")


@cache
def _name_pattern() -> re.Pattern[str]:
    links = "|".join(map(re.escape, _table()["organisation"]["links"]))
    return re.compile(
        rf"\s*:?\s*(?:the|el|la|los|der|die|das|dem)?\s?"
        rf"(?P<name>{_NAMED_WORD}(?:,?[ \n](?:(?:{links})[ \n]){{0,2}}{_NAMED_WORD}){{0,7}})"
    )
