"""One document, for a program."""

import re
from typing import TextIO

from pydantic import BaseModel

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.talk import Talk

_INVISIBLE = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What JSON may hold as it is, but a terminal or an editor would obey."""
_PIECE = 1 << 16


class Json(Writer):
    """The document, indented."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> None:  # noqa: ARG002 (it has no width)
        write_json(sheet.document(), stream)


def json_text(document: BaseModel, *, indent: int | None = None) -> str:
    """Return a document as JSON; characters that could act on a terminal stand as escapes."""
    text = document.model_dump_json(by_alias=True, indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def write_json(document: BaseModel, stream: TextIO) -> None:
    """Write one document in pieces, so that a reader who leaves is noticed half-way."""
    text = f"{json_text(document, indent=2)}\n"
    stream.writelines(text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


WRITER = Json()
