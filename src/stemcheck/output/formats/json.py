"""One document, for a program."""

import re
from typing import TextIO

from pydantic import BaseModel

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.plain import visible
from stemcheck.output.talk import Talk

_OBEYED = re.compile(r"[\x7f-\x9f\u2028\u2029]")
"""What JSON may hold as it is, but a terminal or an editor would obey."""
_PIECE = 1 << 16


class Json(Writer):
    """The document, indented."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int | None:  # noqa: ARG002 (it has no width)
        count = sheet.gather()
        write_json(sheet.document(), stream)
        return count


def json_text(document: BaseModel, *, indent: int | None = None) -> str:
    """Return a document as JSON.

    Characters that could act on a terminal stand as escapes. What no reader can see is left out: it could
    carry words to a language model that its user does not know of.
    """
    text = document.model_dump_json(by_alias=True, indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return _OBEYED.sub(lambda match: f"\\u{ord(match.group()):04x}", visible(text))


def write_json(document: BaseModel, stream: TextIO) -> None:
    """Write one document in pieces, so that a reader who leaves is noticed half-way."""
    text = f"{json_text(document, indent=2)}\n"
    stream.writelines(text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


WRITER = Json()
