"""Sentences by key: facts, plural forms, another language, and what it lacks."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from stemcheck import words as room
from stemcheck.cli.boundary import run as run_command_line
from stemcheck.errors import ExitCode
from stemcheck.guidance import glossary
from stemcheck.guidance.approvals import approval_notes, not_listed
from stemcheck.guidance.cautions import ALWAYS, cautions_for, headline_cautions
from stemcheck.guidance.dates import day_words
from stemcheck.guidance.questions import questions_for
from stemcheck.guidance.signals import signals_for
from stemcheck.tables import read_table
from stemcheck.trial.study import Study
from stemcheck.trial.text import RecordText
from stemcheck.words import entry_of, use_language, words
from tests.unit.test_guidance_cautions import saved, status

TODAY = date(2026, 11, 30)


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


ROOM = Path(room.__file__).parent
"""Where the real tables stand."""


def shouted(entry: object) -> object:
    """Return an entry of a table in the test language, which shouts; the names of facts stay as they are."""
    if isinstance(entry, dict):
        return {key: shouted(value) for key, value in entry.items()}
    if isinstance(entry, list):
        return [shouted(item) for item in entry]
    if isinstance(entry, str):
        return "".join(part if part.startswith("{") else part.upper() for part in FACT.split(entry))
    return entry


FACT = re.compile(r"(\{[^}]*\})")


def as_toml(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a table as lines of TOML; JSON writes strings and lists as TOML has them."""
    if path:
        yield f"[{'.'.join(map(json.dumps, path))}]"
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    for key, value in table.items():
        if key not in inner:
            yield f"{json.dumps(key)} = {json.dumps(value, ensure_ascii=False)}"
    for key, value in inner.items():
        yield from as_toml(value, (*path, key))


@pytest.fixture
def shouting(tmp_path: Path) -> Iterator[None]:
    """A language made of files alone: every English table, shouted."""
    folder = tmp_path / "xx"
    folder.mkdir()
    for written in (ROOM / "en").glob("*.toml"):
        table = cast("dict[str, Any]", shouted(read_table(written)))
        folder.joinpath(written.name).write_text("\n".join(as_toml(table)), encoding="utf-8")
    use_language("xx", tmp_path)
    yield
    use_language("en")


@pytest.mark.parametrize("command", ["cautions", "approved", "glossary", "questions"])
@pytest.mark.usefixtures("shouting")
def test_files_alone_translate_a_screen(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line([command]) == ExitCode.DONE
    screen = capsys.readouterr().out
    assert "CELLS" in screen
    assert re.search(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", screen) is None


@pytest.mark.usefixtures("shouting")
def test_files_alone_translate_what_is_said_of_a_trial() -> None:
    trial = saved(status("WITHDRAWN"))
    told = [f"{caution.text} {caution.why}" for caution in cautions_for(trial)]
    told = [text.removesuffix(f" {ALWAYS}") for text in told]
    told += [question.text for question in questions_for(trial)]
    told += [signal.text for signal in signals_for(Study(trial, RecordText()), today=TODAY)]
    told += [glossary.status_meaning(value) for value in ("COMPLETED", "NEW_WORD", None)]
    told += [item.why for item in not_listed()] + [approval_notes().lead, day_words("2022-10-13")]
    assert [text for text in told if text != text.upper()] == []


def test_after_another_language_all_is_english_again(shouting: None) -> None:
    assert day_words("2022-10") == "OCT 2022"
    use_language("en")
    assert day_words("2022-10") == "Oct 2022"
    assert any(caution.text.startswith("For most") for caution in headline_cautions())
