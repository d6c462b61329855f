"""Registry text made harmless: no control or escape characters, no hidden direction changes, one line.

Text of a record is written by strangers. Before it meets a terminal, a spreadsheet or a page it loses
everything that a reader cannot see but a program would obey.
"""

import re
import unicodedata
from functools import cache

_ESCAPE_SEQUENCE = (
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)?"  # OSC: titles, links
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]{0,4096}(?:\x1b\\|\x9c)?"  # device and private strings
    r"|(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]?"  # CSI: colours, cursor
    r"|\x1b[ -/]{0,16}[0-~]?"  # all other escapes
)
"""A text: few records hold any, and `re` compiles it for the first that does."""
_SUSPECT = (
    r"[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"\s+")
_KEPT_INVISIBLE = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""Joiners and variation selectors: some scripts and emoji are not readable without them."""


def clean(text: str | None) -> str:
    """Return the text on one line, without anything that is not meant to be seen."""
    if not text:
        return ""
    suspect = _suspect()
    if suspect.search(text):
        text = suspect.sub(_visible_or_blank, re.sub(_ESCAPE_SEQUENCE, "", text))
    return _BLANKS.sub(" ", text).strip()


def clean_lines(text: str | None) -> str:
    """Return the text as `clean` does, with its line breaks kept and blank lines at most single."""
    if not text:
        return ""
    lines = [clean(line) for line in text.splitlines()]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip()


def shortened(text: str, width: int) -> str:
    """Return the text in at most ``width`` characters, cut at a word with an ellipsis."""
    if len(text) <= width:
        return text
    head = text[: max(width - 1, 1)]
    space = head.rfind(" ")
    return f"{head[:space] if space > width // 2 else head}…"


@cache
def _suspect() -> re.Pattern[str]:
    """Compile it when it is first needed: an answer in JSON lines holds nothing to clean."""
    return re.compile(_SUSPECT)


def _visible_or_blank(match: re.Match[str]) -> str:
    character = match.group()
    if character in _KEPT_INVISIBLE:
        return character
    return " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else ""
