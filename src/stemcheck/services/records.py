"""Reads records that the user already has, from files, folders, zip archives or a pipe."""

import json
import lzma
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast
from zipfile import BadZipFile, ZipFile, is_zipfile

from stemcheck.errors import AnswerUnreadableError, UsageError
from stemcheck.guidance.illnesses import texts_on_illness
from stemcheck.services.connecting import Events
from stemcheck.services.nearby import with_nearest
from stemcheck.services.review import review_filed
from stemcheck.services.search import Search
from stemcheck.services.sources import (
    Item,
    Papers,
    names_notice,
    names_test_for,
    saved_statuses,
    today,
)
from stemcheck.services.spreading import spread
from stemcheck.trial.answer import Notice, Request, Source
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.trial import Trial
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.registry.files import Read
    from stemcheck.registry.splitter import Frame, Piece

STANDARD_INPUT = "-"
RECORDS_AN_EVENT = 500
"""The number of records between two progress events."""
_DAMAGE = (OSError, EOFError, BadZipFile, RuntimeError, zlib.error, lzma.LZMAError)
"""The errors of reading a damaged file or archive."""
_ENDINGS = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz", ".zip")
"""The endings of the files that are read in a folder or an archive."""


class Part(NamedTuple):
    """One stream of records, with a name for messages."""

    name: str
    stream: IO[bytes]


class Reviewed(NamedTuple):
    """A reviewed study from a file, made in this process or another."""

    nct_id: str
    data_date: str | None = None
    trial: Trial | None = None
    """None: its number has come before."""
    is_other_illness: bool = False
    study: Study | None = None
    """Kept only on request, because it holds all the words of the record."""


def review_pieces(
    query: TrialQuery,
    now: date,
    pieces: "list[tuple[Piece | Frame, str | None]]",
    *,
    keeps_study: bool = False,
) -> "list[Read]":
    """Read and review pieces of a file. With each piece comes its number if that has come before."""
    return [
        _review_piece(query, now, piece, number, keeps_study=keeps_study)
        for piece, number in pieces
    ]


def _review_piece(
    query: TrialQuery, now: date, piece: "Piece | Frame", number: str | None, *, keeps_study: bool
) -> "Read":
    from stemcheck.registry.files import read_one

    read = read_one(piece, with_details=query.near is not None, with_papers=keeps_study)
    study = read.item
    if isinstance(study, Unreadable):  # its facts must be able to travel between processes
        return read._replace(item=study._replace(facts=dict(study.facts)))
    if study is None:
        return read
    nct_id = study.trial.nct_id
    if nct_id == number:
        return read._replace(item=Reviewed(nct_id))
    trial = review_filed(study, today=now)
    is_named = _names_test(query)
    is_other = is_named is not None and not is_named(texts_on_illness(trial, study.condition_terms))
    sites = study.details.locations if study.details else ()
    trial = with_nearest(trial, sites, query)
    kept = study if keeps_study else None
    return read._replace(item=Reviewed(nct_id, study.data_date, trial, is_other, kept))


@lru_cache(maxsize=4)
def _names_test(query: TrialQuery) -> Callable[[Sequence[str]], bool] | None:
    return names_test_for(query)


class FileTrials:
    """The studies of some files, in order. A study that comes twice counts once."""

    judges_all = True
    papers: Papers | None = None
    keeps_study = False
    study: Study | None = None
    """The study of the trial yielded last, if ``keeps_study`` is set."""

    def __init__(
        self, paths: Sequence[Path | None], query: TrialQuery, on_event: Events | None = None
    ) -> None:
        self._paths = paths
        self._on_event = on_event
        self._query = query
        self._seen: set[str] = set()
        self._other_illness: set[str] = set()
        self._days: Counter[str | None] = Counter()
        self.request = Request(url=None, web_url=None)
        names = [STANDARD_INPUT if path is None else path.name for path in paths]
        called = names[0] if len(names) == 1 else words("read.several", count=len(names))
        self.source = Source(kind="file", registry=called)
        self.total: int | None = None
        self.is_complete = False
        self.notices: list[Notice] = names_notice(query)

    def items(self) -> Iterator[Item]:
        """Yield the studies, each one reviewed.

        Raises AnswerUnreadableError if the only file cannot be read. If there are several, an unreadable one
        is reported and skipped.
        """
        now = today()
        repeated = 0
        for number, item in enumerate(self._reviewed(now), start=1):
            if number % RECORDS_AN_EVENT == 0:
                self._tell(number)
            if isinstance(item, Unreadable):
                yield item
            elif item.trial is None or item.nct_id in self._seen:
                repeated += 1
            else:
                self._seen.add(item.nct_id)
                self._days[item.data_date] += 1
                if item.is_other_illness:
                    self._other_illness.add(item.nct_id)
                self.study = item.study
                yield item.trial
        self.is_complete = True
        self._tell_days(now)
        if repeated:
            text = words("answers.duplicates", count=repeated)
            self.notices.append(Notice(id="duplicates", text=text))

    def _tell(self, records: int) -> None:
        from stemcheck.registry.waiting import RecordsRead

        if self._on_event is not None:
            self._on_event(RecordsRead(records))

    def _read_all(self, pieces: "Iterator[Piece | Frame]", now: date) -> "Iterator[Read]":
        """Read pieces on all processors. A number that has come before is not reviewed again."""
        from stemcheck.registry.files import likely_number

        def with_numbers() -> "Iterator[tuple[Piece | Frame, str | None]]":
            for piece in pieces:
                number = likely_number(piece)
                yield piece, (number if number in self._seen else None)

        work = partial(review_pieces, self._query, now, keeps_study=self.keeps_study)
        return spread(work, with_numbers())

    def _reviewed(self, now: date) -> Iterator[Reviewed | Unreadable]:
        from stemcheck.registry.files import read_studies

        read_all = partial(self._read_all, now=now)
        files = [file for path in self._paths for file in _files_of(path)]
        is_alone = len(self._paths) == 1 and not any(map(_holds_several, self._paths))
        for file in files:
            try:
                for part in _parts_of(file):
                    try:
                        for item in read_studies(cast("Any", part.stream), read_all=read_all):
                            is_named = is_alone or not isinstance(item, Unreadable)
                            yield item if is_named else _named(item, part)
                    except AnswerUnreadableError as problem:
                        if is_alone:
                            raise
                        yield _named(Unreadable(None, problem.message), part)
                    except _DAMAGE:
                        if is_alone:
                            raise
                        yield Unreadable(None, words("read.broken_off", name=part.name))
            except _DAMAGE as problem:
                name = file.name if file else STANDARD_INPUT
                if is_alone:
                    raise AnswerUnreadableError(
                        words("read.broken_off", name=name), hint=words("read.again")
                    ) from problem
                reason = words("read.broken_off", name=name)
                yield Unreadable(nct_id=None, reason=reason)

    def leaves_out(self, trial: Trial) -> str | None:
        """Return the reason if a trial is not about the wanted illness, otherwise None."""
        return "condition" if trial.nct_id in self._other_illness else None

    def trials_for(self, query: TrialQuery) -> None:
        """Return None: every study of the files has been judged already."""

    def _tell_days(self, now: date) -> None:
        """Set the date of the records, and add a notice if it is not today."""
        undated = self._days.pop(None, 0)
        dated = sorted(day for day in self._days if day)
        if dated:
            self.source = self.source.model_copy(update={"data_timestamp": dated[0]})
        past = [day for day in dated if day != now.isoformat()]
        if past:
            self.notices.append(saved_statuses(past[0], past[-1]))
        if undated:
            text = words("answers.undated", count=undated)
            self.notices.append(Notice(id="undated", text=text))

    def close(self) -> None:
        """Do nothing: no file stays open."""


def open_records(
    names: Sequence[str],
    query: TrialQuery,
    *,
    explain: bool = False,
    on_event: Events | None = None,
) -> Search:
    """Return a search over the records of files, folders and archives; ``-`` is standard input.

    ``on_event`` receives the number of records read so far. Raises UsageError, before anything is read, if
    a file is missing or not readable.
    """
    paths = [None if name == STANDARD_INPUT else Path(name) for name in names]
    for path in paths:
        _check(path)
    return Search(query, FileTrials(paths, query, on_event), explain=explain)


def _check(path: Path | None) -> None:
    if path is None:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError(words("read.nothing"), hint=words("read.nothing_hint"))
        return
    try:
        if path.is_file() or not path.exists():  # a pipe can be opened only once
            path.open("rb").close()
        is_archive = _is_archive(path)
        if (is_archive and not _records_in(path)) or (path.is_dir() and not any(_files_in(path))):
            kind = "archive" if is_archive else "folder"
            raise UsageError(
                words(f"read.empty_{kind}", path=path), hint=words(f"read.empty_{kind}_hint")
            )
    except BadZipFile:
        return  # reported later, so that the other files are still read
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            words("read.unreadable", path=path, reason=reason), hint=words("read.unreadable_hint")
        ) from None


def _named(unreadable: Unreadable, part: Part) -> Unreadable:
    """Return an unreadable record with the name of its file in the reason."""
    reason = words("read.part", name=part.name, reason=unreadable.reason)
    return unreadable._replace(reason=reason)


def _holds_several(path: Path | None) -> bool:
    return path is not None and (path.is_dir() or _is_archive(path))


def _files_of(path: Path | None) -> Iterator[Path | None]:
    """Yield the files of a folder, or the path itself if it is not a folder; None is standard input."""
    if path is not None and path.is_dir():
        yield from _files_in(path)
    else:
        yield path


def _is_archive(path: Path) -> bool:
    return path.is_file() and is_zipfile(path)


def _parts_of(file: Path | None) -> Iterator[Part]:
    """Yield each stream of records in a file, an archive or standard input."""
    if file is None:
        yield Part(STANDARD_INPUT, sys.stdin.buffer)
    elif _is_archive(file):
        with ZipFile(file) as archive:
            for name in _records_in(file):
                with archive.open(name) as stream:
                    yield Part(f"{file.name}: {name}", stream)
    elif file.suffix.lower() == ".zip":
        raise BadZipFile(file)
    else:
        with file.open("rb") as stream:
            yield Part(file.name, stream)


def _records_in(archive: Path) -> list[str]:
    """Return the names of the files in an archive that may hold records, sorted."""
    with ZipFile(archive) as opened:
        return sorted(n for n in opened.namelist() if n.lower().endswith(_ENDINGS[:-1]))


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and its subfolders that may hold records, sorted by name."""
    for path in sorted(folder.rglob("*")):
        if path.name.lower().endswith(_ENDINGS) and path.is_file():
            yield path


def trial_from(record: Mapping[str, Any] | bytes | str) -> Trial:
    """Return one record in the API's v2 format as a reviewed trial. Raises AnswerUnreadableError."""
    from stemcheck.registry.files import read_studies

    document = record if isinstance(record, bytes | str) else json.dumps(record, default=str)
    stream = BytesIO(document.encode() if isinstance(document, str) else document)
    items = list(read_studies(stream))
    match items:
        case [Study() as study]:
            return review_filed(study, today=today())
        case [Unreadable() as unreadable]:
            raise AnswerUnreadableError(words("read.broken", reason=unreadable.reason))
        case _:
            raise AnswerUnreadableError(words("read.not_one", count=len(items)))
