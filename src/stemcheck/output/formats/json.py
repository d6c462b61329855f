"""One JSON document, for programs."""

import re
from typing import Any, TextIO

from pydantic import BaseModel
from pydantic_core import to_json

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.plain import visible
from stemcheck.output.talk import Talk

_OBEYED = re.compile(r"[\x7f-\x9f\u2028\u2029]")
"""Characters that JSON allows but that could act on a terminal or an editor."""
_PIECE = 1 << 16


class Json(Writer):
    """The document, indented."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int | None:  # noqa: ARG002 (it has no width)
        count = sheet.gather()
        document, shaping = sheet.document(), sheet.shaping
        if shaping is None:
            write_json(document, stream)
        else:
            write_json(shaping.of_document(document), stream, is_compact=shaping.compact)
        return count


def json_text(document: BaseModel | dict[str, Any], *, indent: int | None = None) -> str:
    """Return a document, or JSON values, as JSON.

    Characters that could act on a terminal are escaped. Characters that no reader can see are left out: they
    could carry words to a language model without its user knowing.
    """
    if isinstance(document, BaseModel):
        text = document.model_dump_json(by_alias=True, indent=indent)
    else:
        text = to_json(document, indent=indent).decode()
    if text.isascii() and "\x7f" not in text:
        return text
    return _OBEYED.sub(lambda match: f"\\u{ord(match.group()):04x}", visible(text))


def write_json(document: BaseModel, stream: TextIO, *, is_compact: bool = False) -> None:
    """Write one document in pieces, so that a reader who leaves is noticed midway."""
    text = f"{json_text(document, indent=None if is_compact else 2)}\n"
    stream.writelines(text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


WRITER = Json()
