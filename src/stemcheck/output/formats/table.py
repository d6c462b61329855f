"""The table for a person at a terminal."""

from typing import TextIO

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.pager import paged
from stemcheck.output.talk import Talk


class Table(Writer):
    """Draws the sheet in the width of the terminal."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int | None:
        count = sheet.gather()
        talk.wipe()
        with paged(stream) as screen:
            sheet.draw(talk.console(screen, is_paged=screen is not stream))
        return count


WRITER = Table()
