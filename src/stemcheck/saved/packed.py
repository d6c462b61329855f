"""The file of the built-in sample, unpacked beside other work.

Python goes on while lzma works. So whoever knows early that the sample will be needed starts it, and another
processor does it while the rest of the program is loaded: 15 ms that nobody waits for.
"""

import lzma
from functools import cache
from pathlib import Path
from threading import Thread

FILE_NAME = "sample.jsonl.xz"
ROOM = Path(__file__).parent


class _Unpacking(Thread):
    """Reads and unpacks the file; what goes wrong is kept for who asks for the text."""

    def __init__(self) -> None:
        super().__init__(name="stemcheck-sample", daemon=True)
        self.text = b""
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.text = lzma.decompress((ROOM / FILE_NAME).read_bytes())
        except Exception as error:  # noqa: BLE001 (raised again where the text is asked for)
            self.error = error


@cache
def begin_unpacking() -> _Unpacking:
    """Start unpacking, once."""
    unpacking = _Unpacking()
    unpacking.start()
    return unpacking


def unpacked_sample() -> bytes:
    """Return the unpacked file. Raises OSError, EOFError or LZMAError for a damaged one."""
    unpacking = begin_unpacking()
    unpacking.join()
    begin_unpacking.cache_clear()  # who needs the text again keeps it
    if unpacking.error is not None:
        raise unpacking.error
    return unpacking.text
