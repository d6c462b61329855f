"""Past answers of the registry on disk: to ask "still the same?" instead of everything again.

One file an address, in a private folder: a line of JSON about the answer, then its body, packed. An answer
is only as good as the registry's word: it counts as live when the registry has just confirmed it by its
``ETag`` (304); otherwise it is saved data, with the date on which it came.

Why not hishel: it brings a compiled package and two more, a second SQLite file and 37 ms at start; a full
disk surfaces as a failed request; and what is wanted here beyond ETag, the pages of one search with their
dates for the day when the registry cannot be asked, it does not keep. This is all there is to it instead.
"""

import json
import zlib
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.body import read_body
from stemcheck.registry.private_files import make_private_folder, replace_file

_FORMAT = 1
_SUFFIX = ".answer"
_MOST_HEADER_BYTES = 64 * 1024


class PastAnswer(NamedTuple):
    """What is known of one answer without reading its body."""

    url: str
    etag: str | None
    retrieved_at: str
    """When it came, or was last confirmed (UTC)."""
    data_date: str | None = None
    """The date of the registry's data, as far as it was known."""
    next_page_token: str | None = None
    """Leads to the next page of the same search."""
    encoding: str = "gzip"
    checksum: int = 0
    size: int = 0
    """Bytes of the packed body."""
    format: int = _FORMAT


class AnswerCache:
    """Keeps answers under a ceiling of bytes; the one not used for the longest time goes first.

    A cache is a convenience: nothing here raises for a disk that is full, read-only or damaged. What could
    not be written is said in ``problem``.
    """

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._held_bytes: int | None = None
        self.problem: str | None = None

    def find(self, url: str) -> PastAnswer | None:
        """Return what is known of the last answer to an address."""
        try:
            with self._path_for(url).open("rb") as stream:
                past = _read_header(stream.readline(_MOST_HEADER_BYTES))
        except OSError:
            return None
        return past if past is not None and past.url == url else None

    def is_whole(self, past: PastAnswer) -> bool:
        """Return whether the body is there and as it was written; it is not unpacked for that."""
        return self._packed_body(past) is not None

    def find_body(self, past: PastAnswer, *, most_bytes: int) -> bytes | None:
        """Return the body, or None when it is not there any more or damaged."""
        packed = self._packed_body(past)
        if packed is None:
            return None
        try:
            content, _ = read_body(
                (packed,), encoding=past.encoding, most_bytes=most_bytes, check_time=lambda: None
            )
        except AnswerUnreadableError:
            return None
        return content

    def save(self, past: PastAnswer, *, content: bytes, packed: bytes) -> None:
        """Keep an answer, packed as it came; what came unpacked is packed first."""
        encoding = past.encoding.strip().lower()
        if encoding != "gzip":
            import gzip

            packed, encoding = gzip.compress(content, compresslevel=1, mtime=0), "gzip"
        if len(packed) > self._most_bytes:
            return
        self._write(
            past._replace(encoding=encoding, checksum=zlib.crc32(packed), size=len(packed)), packed
        )

    def confirm(self, past: PastAnswer, *, retrieved_at: str, etag: str | None) -> None:
        """Note that the registry has just said that an answer still holds."""
        packed = self._packed_body(past)
        if packed is not None:
            self._write(past._replace(retrieved_at=retrieved_at, etag=etag or past.etag), packed)

    def _packed_body(self, past: PastAnswer) -> bytes | None:
        try:
            with self._path_for(past.url).open("rb") as stream:
                header = _read_header(stream.readline(_MOST_HEADER_BYTES))
                packed = stream.read(past.size + 1)
        except OSError:
            return None
        # Another process may have replaced the file since; what is read has to be what was found.
        is_same = header is not None and header.checksum == past.checksum
        is_whole = len(packed) == past.size and zlib.crc32(packed) == past.checksum
        return packed if is_same and is_whole else None

    def _write(self, past: PastAnswer, packed: bytes) -> None:
        if self.problem is not None:
            return
        header = json.dumps(past._asdict(), ensure_ascii=True).encode() + b"\n"
        if len(header) > _MOST_HEADER_BYTES:
            return
        try:
            make_private_folder(self._folder)
            replace_file(self._path_for(past.url), header + packed)
            self._trim(len(header) + len(packed))
        except OSError as error:
            self.problem = error.strerror or type(error).__name__

    def _trim(self, added: int) -> None:
        """Delete the oldest answers when there is too much. Looks at the folder only as needed."""
        if self._held_bytes is not None:
            self._held_bytes += added
            if self._held_bytes <= self._most_bytes:
                return
        files = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            with suppress(OSError):  # another process may have deleted it
                facts = path.stat()
                files.append((facts.st_mtime, facts.st_size, path))
        held = sum(size for _, size, _ in files)
        for _, size, path in sorted(files, key=lambda file: file[0]):
            if held <= self._most_bytes:
                break
            with suppress(OSError):
                path.unlink()
                held -= size
        self._held_bytes = held

    def _path_for(self, url: str) -> Path:
        # A file says whose answer it holds, so that two addresses of one name would only take turns: two
        # checksums do, and what the strong ones take (OpenSSL: 4 MB, 5 ms) is needed for nothing else.
        address = url.encode("utf-8", "surrogatepass")
        return self._folder / f"{zlib.crc32(address):08x}{zlib.adler32(address):08x}{_SUFFIX}"


def _read_header(line: bytes) -> PastAnswer | None:
    """Read the first line of a file; None when it is not one of ours, whatever else it is.

    By hand, because a pydantic validator costs more at start than all else here.
    """
    try:
        facts = json.loads(line)
        past = PastAnswer(**facts)
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (past.url, past.retrieved_at, past.encoding)
    maybe_texts = (past.etag, past.data_date, past.next_page_token)
    is_ours = (
        past.format == _FORMAT
        and all(isinstance(text, str) for text in texts)
        and all(text is None or isinstance(text, str) for text in maybe_texts)
        and all(type(number) is int and number >= 0 for number in (past.size, past.checksum))
    )
    return past if is_ours else None
