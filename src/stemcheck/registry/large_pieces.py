"""Large pieces of memory, given back to the system as soon as nobody needs them.

Each page comes as one piece of some six megabytes. The allocator of Linux (glibc) hands out a first piece of
that size apart from all small ones; when it is freed, it takes the size for a common one, and lays the next
among the small ones. There a few texts that are still needed keep it from being used again: over fifty
pages a crawl grew by an eighth.
"""

import sys
from functools import cache

_MMAP_THRESHOLD = -3
"""glibc's ``M_MMAP_THRESHOLD``. Once it is set, it is not moved any more."""
_BYTES = 128 * 1024
"""Its value when a program starts."""


@cache
def keep_large_pieces_apart() -> None:
    """Have large pieces kept apart from small ones for good. Elsewhere than with glibc nothing happens."""
    if sys.platform != "linux":
        return
    import ctypes  # some milliseconds that a search of one page does not need

    try:
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _BYTES)
    except (AttributeError, OSError):  # another C library
        return
