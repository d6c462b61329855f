"""Records that are already here: a file, or a pipe."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from stemcheck.errors import AnswerUnreadableError, UsageError
from stemcheck.services.review import review_filed
from stemcheck.services.search import Search
from stemcheck.services.sources import Item, saved_statuses, today
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
        from stemcheck.registry.files import read_studies

        now = today()
        days: Counter[str | None] = Counter()
        seen: set[str] = set()
        repeated = 0
        for item in read_studies(self._stream):
            if isinstance(item, Unreadable):
                yield item
                continue
            if item.trial.nct_id in seen:
                repeated += 1
                continue
            seen.add(item.trial.nct_id)
            days[item.data_date] += 1
            yield review_filed(item, today=now)
        self.is_complete = True
        self._tell_days(days, now)
        if repeated:
            text = words("answers.duplicates", count=repeated)
            self.notices.append(Notice(id="duplicates", text=text))

    def _tell_days(self, days: Counter[str | None], now: date) -> None:
        """Say of which days the records are, where that is not today."""
        undated = days.pop(None, 0)
        dated = sorted(day for day in days if day)
        if dated:
            self.source = self.source.model_copy(update={"data_timestamp": dated[0]})
        past = [day for day in dated if day != now.isoformat()]
        if past:
            self.notices.append(saved_statuses(past[0], past[-1]))
        if undated:
            text = words("answers.undated", count=undated)
            self.notices.append(Notice(id="undated", text=text))

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
    except IsADirectoryError:
        raise UsageError(words("read.folder", path=path), hint=words("read.folder_hint")) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            words("read.unreadable", path=path, reason=reason), hint=words("read.unreadable_hint")
        ) from None
    return Search(_EVERYTHING, FileTrials(stream, Source(kind="file", registry=path.name)))


_EVERYTHING = TrialQuery(cells=())


def trial_from(record: Mapping[str, Any] | bytes | str) -> Trial:
    """Return one record in v2 shape as a reviewed trial; raise AnswerUnreadableError when it is none."""
    from stemcheck.registry.files import read_studies

    document = json.dumps(record).encode() if isinstance(record, Mapping) else record
    stream = BytesIO(document.encode() if isinstance(document, str) else document)
    items = list(read_studies(stream))
    match items:
        case [Study() as study]:
            return review_filed(study, today=today())
        case [Unreadable() as unreadable]:
            raise AnswerUnreadableError(words("read.broken", reason=unreadable.reason))
        case _:
            raise AnswerUnreadableError(words("read.not_one", count=len(items)))
