"""One trial per line as they arrive, for programs that do not wait for all or hold all in memory."""

import json
from functools import lru_cache
from typing import TextIO

from stemcheck.errors import StemcheckError
from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.formats.json import json_text
from stemcheck.output.shaping import Shaping
from stemcheck.output.talk import Talk
from stemcheck.trial.answer import Source
from stemcheck.trial.trial import Trial


class JsonLines(Writer):
    """A line for each trial. A failure midway says how many were written."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int:  # noqa: ARG002 (it has no width)
        written = 0
        try:
            for trial, source in sheet.trials():
                stream.write(json_line(trial, source, sheet.shaping))
                written += 1
        except StemcheckError as error:
            stream.flush()
            error.facts |= {"complete": False, "trials_written": written}
            raise
        if sheet.shaping and sheet.shaping.summary:
            stream.write(f"{json_text(sheet.summary())}\n")
        return written


def json_line(trial: Trial, source: Source, shaping: Shaping | None = None) -> str:
    """Return one trial as a line of JSON, with the source and date that the whole answer would give."""
    told = shaping.of_trial(trial) if shaping else trial
    return json_text(told)[:-1] + _line_end(source.kind, source.as_of_trial(trial))


@lru_cache(maxsize=8)
def _line_end(source: str, as_of: str | None) -> str:
    """Return the end that is added to each trial's line; it is the same for thousands of them."""
    return f",{json.dumps({'source': source, 'as_of': as_of})[1:]}\n"


WRITER = JsonLines()
