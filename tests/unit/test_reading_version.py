"""The version of the rules that every reading bears."""

import hashlib
from importlib.resources import files

from stemcheck.reading.reader import RULES_VERSION

KNOWN = {"2026-12-01": "5522ba1750bc5543", "2026-12-01.2": "305c4a8995c84933"}
"""Versions and the hash of the vocabularies that they were given for."""


def hash_of_vocabularies() -> str:
    folder = files("stemcheck.reading") / "vocabulary"
    digest = hashlib.sha256()
    for table in sorted(folder.iterdir(), key=lambda entry: entry.name):
        digest.update(table.name.encode() + table.read_bytes())
    return digest.hexdigest()[:16]


def test_who_changes_a_vocabulary_raises_the_version_of_the_rules() -> None:
    found = hash_of_vocabularies()
    assert KNOWN.get(RULES_VERSION) == found, (
        "The vocabularies are not those of this RULES_VERSION (stemcheck/reading/reader.py): raise it to "
        f'today and write "{found}" beside it here. Readings that were kept bear the old one.'
    )
