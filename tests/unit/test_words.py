"""Sentences by key: facts, plural forms, another language, and what it lacks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stemcheck import words as room
from stemcheck.words import entry_of, use_language, words


@pytest.fixture
def test_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    english, other = tmp_path / "en", tmp_path / "xx"
    for folder in (english, other):
        folder.mkdir()
    english.joinpath("room.toml").write_text(
        'plain = "Nothing {here}."\n[count.studies]\none = "1 study"\nother = "{count:,} studies"\n'
        'only = "English alone"\n',
        encoding="utf-8",
    )
    other.joinpath("room.toml").write_text('plain = "Ninx {here}."\n', encoding="utf-8")
    monkeypatch.setattr(room, "_HERE", tmp_path)
    use_language("en", tmp_path)
    yield
    use_language("en")


@pytest.mark.usefixtures("test_language")
def test_a_sentence_has_its_facts_and_its_number() -> None:
    assert words("room.plain", here="there") == "Nothing there."
    assert words("room.count.studies", count=1) == "1 study"
    assert words("room.count.studies", count=1200) == "1,200 studies"
    assert entry_of("room.count.studies")["only"] == "English alone"


@pytest.mark.usefixtures("test_language")
def test_another_language_stands_in_files_alone_and_english_fills_its_gaps(tmp_path: Path) -> None:
    use_language("xx", tmp_path)
    assert words("room.plain", here="there") == "Ninx there."
    assert words("room.count.studies", count=2) == "2 studies"


@pytest.mark.usefixtures("test_language")
def test_a_key_that_no_table_holds_is_a_mistake_of_ours() -> None:
    for key in ("room.no_such", "no_room.plain", "room.plain.deeper"):
        with pytest.raises(KeyError):
            words(key)
