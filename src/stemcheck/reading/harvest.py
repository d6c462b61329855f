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
        doubtful = {mark.sentence for mark in scan.marks if mark.kind == "background"}
        harvests = [mark for mark in scan.marks if mark.kind == "harvest"]
        by_sentence: dict[int, Mark] = {}
        for harvest in harvests:
            by_sentence.setdefault(harvest.sentence, harvest)
        for word in scan.marks:
            beside = by_sentence.get(word.sentence)
            if word.kind == kind and beside is not None and word.sentence not in doubtful:
                yield Bound(number, word, beside, trust_in(scan.passage.part))
