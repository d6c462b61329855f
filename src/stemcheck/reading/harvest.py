"""Tissue and donor words that a record says only where it tells of the harvest."""

from collections.abc import Iterator, Sequence

from stemcheck.reading.attribution import Bound, trust_in
from stemcheck.reading.given import Given
from stemcheck.reading.scanner import Mark, Scan


def words_harvested(scans: Sequence[Scan], given: Given, kind: str) -> Iterator[Bound]:
    """Words of this kind beside a word for harvesting, wherever the record tells of it."""
    for number, scan in enumerate(scans):
        if number in given.controls:
            continue
        harvests, words = scan.of_kind("harvest"), scan.of_kind(kind)
        if not harvests or not words:
            continue
        doubtful = {mark.sentence for mark in scan.of_kind("background")}
        by_sentence: dict[int, Mark] = {}
        for harvest in harvests:
            by_sentence.setdefault(harvest.sentence, harvest)
        for word in words:
            beside = by_sentence.get(word.sentence)
            if beside is not None and word.sentence not in doubtful:
                yield Bound(number, word, beside, trust_in(scan.passage.part))
