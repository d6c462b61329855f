"""Reading a part of a record that may be anything: what fits is taken, what does not is noted.

The results of a record are many thousand numbers typed by hand. One that is broken is no reason to
withhold the others, so nothing here raises: a value of the wrong kind reads as missing, and its path is
noted, so that the answer can say what it could not read.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Self

MOST_NOTED: Final = 20
"""Paths noted at most of one record: enough to find the fault."""
LONGEST_NUMBER: Final = 18
"""Digits of a whole number at most; what is longer counts no people."""


class Part:
    """An object of the record's JSON, with its path and the notes on what could not be read.

    An object that is missing, or is none, is an empty one: its texts and numbers are missing, too.
    """

    def __init__(self, value: object, path: str, unread: list[str] | None = None) -> None:
        self.path = path
        self.unread: list[str] = [] if unread is None else unread
        """Shared by all parts of one record."""
        self.is_given = isinstance(value, Mapping) and bool(value)
        if value is not None and not isinstance(value, Mapping):
            self.note(path)
        self._value: Mapping[str, object] = value if isinstance(value, Mapping) else {}

    def note(self, path: str) -> None:
        """Note that what stands at this path could not be read."""
        if len(self.unread) < MOST_NOTED:
            self.unread.append(path)

    def part(self, key: str) -> Self:
        """Return the object under a key."""
        return type(self)(self._value.get(key), self._path_of(key), self.unread)

    def parts(self, key: str) -> Iterator[Self]:
        """Iterate over the objects of the list under a key; what is no object is noted and passed."""
        for number, item in enumerate(self._list(key)):
            if isinstance(item, Mapping):
                yield type(self)(item, f"{self._path_of(key)}[{number}]", self.unread)
            elif item is not None:
                self.note(f"{self._path_of(key)}[{number}]")

    def text(self, key: str) -> str | None:
        """Return the text under a key."""
        value = self._value.get(key)
        if value is None or isinstance(value, str):
            return None if value is None else _printable(value)
        self.note(self._path_of(key))
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of the list under a key."""
        items = list(self._list(key))
        for number, item in enumerate(items):
            if not isinstance(item, str | None):
                self.note(f"{self._path_of(key)}[{number}]")
        return tuple(_printable(item) for item in items if isinstance(item, str))

    def count(self, key: str) -> int | None:
        """Return the whole number under a key. The registry writes some as text, ``"12"``."""
        value = self._value.get(key)
        if value is None:
            return None
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and abs(value) < 10**LONGEST_NUMBER
        ):
            return value
        if (
            isinstance(value, str)
            and value.isascii()
            and value.isdigit()
            and len(value) <= LONGEST_NUMBER
        ):
            return int(value)
        self.note(self._path_of(key))
        return None

    def _list(self, key: str) -> list[object]:
        value = self._value.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.note(self._path_of(key))
        return []

    def _path_of(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _printable(text: str) -> str:
    """Return the text with half a surrogate pair, which no program could print, as U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
