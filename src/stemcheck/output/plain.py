r"""Makes registry text harmless and readable: one line, without anything that a reader cannot see.

Strangers write the text of records. Before it reaches a terminal, a spreadsheet, a page or a program, it
loses the characters that nobody can see but something would obey: for a terminal, control characters; for a
language model, Unicode tags, variation selectors and joiners that spell a hidden message.

The registry escapes some characters for markdown (``\>``, ``10\^6``) and some for HTML (``&#39;``). People
see them as they were meant; programs get the field as it is in the record.
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
"""Kept as text: few records have any, and `re` compiles it for the first one that does."""

_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters that no font draws (Unicode's default ignorables), except for the next two groups."""
_JOINERS = "\u200c\u200d"
_CHOOSERS = "\ufe0e\ufe0f"
_RUN = f"[{_UNSEEN}{_JOINERS}{_CHOOSERS}]+"
_CAN_MATTER = re.compile(rf"[{_CHOOSERS}]?[{_JOINERS}]?")
"""The longest sequence that can have a use. Anything more is a hidden message."""
_CHOSEN = frozenset("#*0123456789\xa9\xae")
"""The characters on every keyboard that can also be drawn as pictures."""
_LAST_LATIN = "\u02ff"
_CONTROLS = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
_BLANKS = re.compile(r"\s+")

_ROUNDS = 4
"""How many levels of escaping are undone."""
_ENTITY = r"\\?&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_BACKSLASHED = r"\\([!-/:-@\[\]-`{-~])"
"""A backslash before any mark other than a backslash."""


def clean(text: str | None) -> str:
    """Return the text for people: on one line, harmless, and with the registry's escapes undone."""
    if not text:
        return ""
    if "\\" in text or "&" in text:
        text = _unescaped(text)
    return harmless(text)


def harmless(text: str | None) -> str:
    """Return the text on one line, without anything that is not meant to be seen."""
    if not text:
        return ""
    if not (text.isascii() and text.isprintable()) and _suspect().search(text):
        text = re.sub(_ESCAPE_SEQUENCE, "", text)
        text = visible(re.sub(_CONTROLS, _blank_or_nothing, text))
    return _BLANKS.sub(" ", text).strip()


def visible(text: str) -> str:
    """Return the text without invisible characters; line breaks and control characters stay."""
    return text if text.isascii() else _unseen().sub(_needed, text)


def clean_lines(text: str | None) -> str:
    """Clean the text like `clean`, but keep its line breaks, with at most one blank line in a row."""
    if not text:
        return ""
    lines = [clean(line) for line in text.splitlines()]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip()


def shortened(text: str, width: int) -> str:
    """Return the text in at most ``width`` characters, cut between words and ended by an ellipsis."""
    if len(text) <= width:
        return text
    head = text[: max(width - 1, 1)]
    space = head.rfind(" ")
    return f"{head[:space] if space > width // 2 else head}…"


def _unescaped(text: str) -> str:
    for _ in range(_ROUNDS):
        before = text
        text = re.sub(_ENTITY, _character, text) if "&" in text else text
        text = re.sub(_BACKSLASHED, r"\1", text) if "\\" in text else text
        if text == before:
            break
    return text


def _character(match: re.Match[str]) -> str:
    """Return the character of an entity, or the entity itself if HTML has no such name."""
    from html import unescape
    from html.entities import html5

    name = match.group(1)
    return unescape(f"&{name};") if name[0] == "#" else html5.get(f"{name};", match.group())


def _needed(match: re.Match[str]) -> str:
    """Return the invisible characters in a sequence that are needed to read the text around it.

    A joiner can matter between letters of a script that joins them, such as Persian, and between emoji. A
    chooser can matter after a character that can be drawn in two ways.
    """
    run = re.sub(f"[{_UNSEEN}]", "", match.group())
    before = match.string[match.start() - 1] if match.start() else " "
    after = match.string[match.end()] if match.end() < len(match.string) else " "
    if not _CAN_MATTER.fullmatch(run):
        return ""
    chooser = run.rstrip(_JOINERS) if before > _LAST_LATIN or before in _CHOSEN else ""
    joiner = run.lstrip(_CHOOSERS) if before > _LAST_LATIN < after else ""
    return chooser + joiner


@cache
def _suspect() -> re.Pattern[str]:
    return re.compile(f"{_CONTROLS}|{_RUN}")


@cache
def _unseen() -> re.Pattern[str]:
    return re.compile(_RUN)


def _blank_or_nothing(match: re.Match[str]) -> str:
    return " " if unicodedata.category(match.group()) in {"Cc", "Zl", "Zp"} else ""
