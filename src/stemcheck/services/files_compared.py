"""Compares two files of studies: stemcheck's own JSON or JSON lines, or records of the registry."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from stemcheck.errors import AnswerUnreadableError, StemcheckError
from stemcheck.services.comparing import (
    FIELDS,
    State,
    compare,
    digest_of,
    gone_study,
    in_order,
    new_study,
    packed,
    state_from,
    state_of,
    unpacked,
)
from stemcheck.services.records import FileTrials
from stemcheck.trial.answer import Notice, Source
from stemcheck.trial.changes import Apart, Change, ChangesAnswer, Compared
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Unreadable
from stemcheck.words import words

_HEAD_BYTES = 1 << 16
_GZIP = b"\x1f\x8b"


class _FiledTrials(FileTrials):
    """The studies of a file. ``study`` holds the record of the one yielded last."""

    keeps_study = True


def compare_files(old: Path, new: Path) -> ChangesAnswer:
    """Return what changed between two files. Raises AnswerUnreadableError if one of them cannot be used."""
    before: dict[str, bytes] = {}
    since = _As()
    for number, state in _states_in(old, since):
        before[number] = packed(state)
    now = _As()
    changes: list[Change] = []
    apart: list[Apart] = []
    seen: set[str] = set()
    held: set[str] | None = None
    for number, state in _states_in(new, now):
        if number in seen:
            continue
        seen.add(number)
        if number not in before:
            changes.append(new_study(number, state, since=since.day, search=None))
            continue
        earlier = unpacked(before[number])
        held = {*earlier} & {*state} if held is None else held & {*earlier} & {*state}
        if digest_of(earlier) != digest_of(state):
            difference = compare(number, earlier, state, since=since.day)
            changes += difference.changes
            apart += difference.apart
    if before and not seen:
        raise _unreadable(new, words("follow.changes.empty_file"))
    gone = sorted({*before} - seen - now.unreadable)
    changes += [
        gone_study(number, unpacked(before[number]), since=since.day, search=None, gone_from=None)
        for number in gone
    ]
    compared = Compared(
        name=None,
        query=None,
        since=since.day,
        source=Source(kind="file", registry=new.name, data_timestamp=now.day),
        studies_before=len(before),
        studies_now=len(seen),
        changed=len({change.nct_id for change in changes}),
        unreadable=tuple(sorted(now.unreadable & {*before})),
    )
    return ChangesAnswer(
        searches=(compared,),
        changes=in_order(changes),
        apart=tuple(apart),
        notices=tuple(_not_held(held)),
    )


class _As:
    """Facts about a file, collected while it is read."""

    def __init__(self) -> None:
        self.day: str | None = None
        """The latest date of its data."""
        self.unreadable: set[str] = set()

    def note(self, day: str | None) -> None:
        """Note the date of one of its studies."""
        if day and day > (self.day or ""):
            self.day = day


def _not_held(held: set[str] | None) -> Iterator[Notice]:
    """Yield a notice with the kinds of changes that cannot be found because the files lack the facts."""
    if held is None:
        return
    kinds = [kind for kind, places in FIELDS.items() if places[0] not in held]
    if kinds:
        names = ", ".join(words(f"follow.kinds.{kind}") for kind in kinds)
        text = words("follow.changes.not_compared", kinds=names)
        yield Notice(id="not_compared", text=text)


class FileStates(dict[str, State]):
    """The studies of one file by number, and the date of its data."""

    day: str | None = None


def states_of(path: Path) -> FileStates:
    """Return the studies of a file. Raises AnswerUnreadableError if the file cannot be used."""
    about = _As()
    states = FileStates(_states_in(path, about))
    states.day = about.day
    return states


def is_of_ours(path: Path) -> bool:
    """Return whether a file was written by stemcheck, and is not a file of records."""
    if not path.is_file():
        return False
    head, _ = _head_of(path)
    return b'"protocolSection"' not in head and b'"nct_id"' in head


def _states_in(path: Path, about: _As) -> Iterator[tuple[str, State]]:
    head, is_packed = _head_of(path)
    if b'"protocolSection"' in head or head.startswith(b"PK"):
        yield from _states_of_records(path, about)
    else:
        yield from _states_of_ours(path, about, is_packed=is_packed)


def _head_of(path: Path) -> tuple[bytes, bool]:
    """Return the start of a file, unpacked, and whether the file is gzipped."""
    try:
        with path.open("rb") as stream:
            is_packed = stream.read(2) == _GZIP
        with gzip.open(path, "rb") if is_packed else path.open("rb") as stream:
            return stream.read(_HEAD_BYTES), is_packed
    except (OSError, EOFError) as error:
        raise _unreadable(path, str(getattr(error, "strerror", None) or error)) from error


def _states_of_records(path: Path, about: _As) -> Iterator[tuple[str, State]]:
    with closing(_FiledTrials([path], TrialQuery(cells=()))) as origin:
        for item in origin.items():
            if isinstance(item, Unreadable):
                if item.nct_id is None:  # it could be any study
                    raise _unreadable(path, item.reason)
                about.unreadable.add(item.nct_id)
                continue
            about.note(item.status.as_of)
            yield item.nct_id, state_of(item, origin.study)
        about.note(origin.source.data_timestamp)


def _states_of_ours(path: Path, about: _As, *, is_packed: bool) -> Iterator[tuple[str, State]]:
    """Yield the studies in a file that stemcheck wrote: one document, or one study per line."""
    packed_or_not = gzip.open if is_packed else open
    try:
        with packed_or_not(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    item = json.loads(line)
                except json.JSONDecodeError:
                    if number > 1:
                        raise _unreadable(
                            path, words("follow.changes.line", number=number)
                        ) from None
                    item = _document(path, line + lines.read())
                for trial in _trials_in(item, path, about):
                    yield _state_in(trial, path, number, about)
    except UnicodeDecodeError as error:
        raise _unreadable(path, words("follow.changes.not_text")) from error
    except (OSError, EOFError) as error:
        raise _unreadable(path, str(getattr(error, "strerror", None) or error)) from error


def _document(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _unreadable(path, words("follow.changes.line", number=error.lineno)) from None


def _trials_in(item: Any, path: Path, about: _As) -> list[Any]:
    if isinstance(item, dict) and "trials" in item:
        if item.get("counts", {}).get("complete") is False:
            raise AnswerUnreadableError(
                words("follow.changes.file_incomplete", path=path),
                hint=words("follow.changes.file_incomplete_hint"),
            )
        source = item.get("source") or {}
        about.note(source.get("data_timestamp") or source.get("retrieved_at"))
        about.unreadable.update(
            one["nct_id"] for one in item.get("unreadable", ()) if one.get("nct_id")
        )
        return list(item["trials"])
    if isinstance(item, dict) and "summary" in item and "nct_id" not in item:
        return []
    return item if isinstance(item, list) else [item]


def _state_in(trial: Any, path: Path, number: int, about: _As) -> tuple[str, State]:
    try:
        state = state_from(trial)
        about.note(trial.get("as_of"))
        return str(trial["nct_id"]), state
    except (KeyError, TypeError, AttributeError):
        reason = words("follow.changes.no_study", number=number)
        raise _unreadable(path, reason) from None


def _unreadable(path: Path, reason: str) -> StemcheckError:
    return AnswerUnreadableError(
        words("follow.changes.file_unreadable", path=path, reason=reason.rstrip(".")),
        hint=words("follow.changes.file_hint"),
    )
