"""Markdown, to paste into a letter, a wiki or an issue."""

import re
from typing import TextIO

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.plain import clean
from stemcheck.output.talk import Talk

_ANYWHERE = (
    r"[\\`*|]|\](?=[(\[:])|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~(?=[^~]*~)|\$(?=[^$]*\$)"
)
"""Characters that make markup, links, table cells, formulas or entities anywhere in a line."""
_AT_THE_START = r"^(?:[#+=>-]|\d{1,9}(?=[.)]))"
"""Characters that turn a whole line into a heading, a list or a rule."""
_LIVE = r":(?=//)|(?<=www)\.|@(?=\w)|(?<=\w):(?=\w+:)|(?<=\s):(?=\w+:)|^:(?=\w+:)"
"""Text that some readers turn into a link, a mention or a picture: addresses, ``@name``, ``:name:``."""
_SPECIAL = re.compile(f"({_ANYWHERE}|{_LIVE})|{_AT_THE_START}")


_ADDRESS = re.compile(r"https://[^\s<>]+")


class Markdown(Writer):
    """Lines of markdown in which nothing from a record acts as markup."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int | None:
        count = sheet.gather()
        talk.wipe()
        stream.writelines(f"{line}\n" for line in sheet.markdown())
        return count


def escaped(text: str) -> str:
    """Return text that markdown shows unchanged: no markup, no links, no HTML."""
    return _SPECIAL.sub(_with_backslash, clean(text))


def address_of(url: str | None) -> str:
    """Return an address that we made as a link; empty if it is not a plain address."""
    return f"<{url}>" if url and _ADDRESS.fullmatch(url) else ""


def _with_backslash(match: re.Match[str]) -> str:
    found = match.group()
    return f"{found}\\" if found[0].isdecimal() else f"\\{found}"


WRITER = Markdown()
