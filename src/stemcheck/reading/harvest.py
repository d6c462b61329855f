"""Tissue and donor words that a record says only where it tells of the harvest."""

from collections.abc import Iterator

from stemcheck.reading.attribution import TRUST, Bound
from stemcheck.reading.given import Given
from stemcheck.reading.marking import Mark
from stemcheck.reading.scanner import Scans


def words_harvested(scans: Scans, given: Given, kind: str) -> Iterator[Bound]:
    """Words of this kind beside a word for harvesting, wherever the record tells of it."""
    for number, scan in scans.holding("harvest"):
        if number in given.controls or not (scan.may_tell("harvest") and scan.may_tell(kind)):
            continue
        harvests, words = scan.of_kind("harvest"), scan.of_kind(kind)
        doubtful = {mark.sentence for mark in scan.of_kind("background")}
        by_sentence: dict[int, Mark] = {}
        for harvest in harvests:
            by_sentence.setdefault(harvest.sentence, harvest)
        for word in words:
            beside = by_sentence.get(word.sentence)
            if beside is not None and word.sentence not in doubtful:
                yield Bound(number, word, beside, TRUST[scan.passage.part])
