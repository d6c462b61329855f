"""Records that are already here: a file, or a pipe."""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from stemcheck.errors import AnswerUnreadableError, UsageError
from stemcheck.services.review import review
from stemcheck.services.search import Search
from stemcheck.services.sources import Item, today
from stemcheck.trial.answer import Notice, Request, Source
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.trial import Trial
from stemcheck.words import words


class FileTrials:
    """The studies of one file, in its own order."""

    judges_all = True

    def __init__(self, stream: BinaryIO, source: Source) -> None:
        self._stream = stream
        self.request = Request(url=None, web_url=None)
        self.source = source
        self.total: int | None = None
        self.is_complete = False
        self.notices: list[Notice] = []

    def items(self) -> Iterator[Item]:
        """Yield the studies, each one reviewed; raise AnswerUnreadableError when the file is no record."""
        from stemcheck.registry.file import read_studies

        day = today()
        for item in read_studies(self._stream):
            yield item if isinstance(item, Unreadable) else review(item, today=day)
        self.is_complete = True

    def trials_for(self, query: TrialQuery) -> None:
        """Return nothing: all that there is was judged."""

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._stream is not sys.stdin.buffer:
            self._stream.close()


def open_records(path: Path | None) -> Search:
    """Return a search over the records of a file, or of standard input when no file is named.

    Nothing is left out: every record is shown with its reading. Raises UsageError for a file that is
    not there or may not be read.
    """
    if path is None:
        if sys.stdin.isatty():
            raise UsageError(words("read.nothing"), hint=words("read.nothing_hint"))
        return Search(_EVERYTHING, FileTrials(sys.stdin.buffer, Source(kind="file", registry="-")))
    try:
        stream = path.open("rb")
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except IsADirectoryError:
        raise UsageError(words("read.folder", path=path), hint=words("read.folder_hint")) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            words("read.unreadable", path=path, reason=reason), hint=words("read.unreadable_hint")
        ) from None
    source = Source(kind="file", registry=path.name, retrieved_at=f"{written:%Y-%m-%dT%H:%M:%SZ}")
    return Search(_EVERYTHING, FileTrials(stream, source))


_EVERYTHING = TrialQuery(cells=())


def trial_from(record: Mapping[str, Any] | bytes | str) -> Trial:
    """Return one record in v2 shape as a reviewed trial; raise AnswerUnreadableError when it is none."""
    from stemcheck.registry.file import read_studies

    document = json.dumps(record).encode() if isinstance(record, Mapping) else record
    stream = BytesIO(document.encode() if isinstance(document, str) else document)
    items = list(read_studies(stream))
    match items:
        case [Study() as study]:
            return review(study, today=today())
        case [Unreadable() as unreadable]:
            raise AnswerUnreadableError(words("read.broken", reason=unreadable.reason))
        case _:
            raise AnswerUnreadableError(words("read.not_one", count=len(items)))
