"""To paste into a letter, a wiki or an issue."""

import re
from typing import TextIO

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.plain import clean
from stemcheck.output.talk import Talk

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>&~$:@-])")


class Markdown(Writer):
    """Lines of markdown; nothing of a record is markup in them."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> None:  # noqa: ARG002 (it has no width)
        stream.writelines(f"{line}\n" for line in sheet.markdown())


def escaped(text: str) -> str:
    """Return text that markdown shows as it is: no markup, no links, no HTML."""
    return _SPECIAL.sub(r"\\\1", clean(text))


WRITER = Markdown()
