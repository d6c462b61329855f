"""Reads the text of a leaflet, a web page or a letter from a file of many kinds, without trusting it."""

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from stemcheck.errors import AnswerUnreadableError, StoreError, UsageError
from stemcheck.services.web_page import read_page
from stemcheck.trial.answer import Notice
from stemcheck.words import words

if TYPE_CHECKING:
    from pypdf import PageObject

MOST_BYTES = 20_000_000
MOST_CHARACTERS = 1_000_000
"""How many characters are searched for numbers and claims: about 300 printed pages."""
MOST_PAGES = 300
_HEAD = 1024
_SAMPLE = 20_000

_OTHER_MAKES = {
    b"PK\x03\x04": "packed",
    b"\xd0\xcf\x11\xe0": "old_word",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"II*\x00": "picture",
    b"MM\x00*": "picture",
    b"\x1f\x8b": "archive",
}
"""The first bytes of files that are not plain text, with their names in the table of words."""
_HTML = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|div|p|table|ul|ol|li|h[1-6]|br|a|b|strong|em|span|section|article|td|tr)\b[^<>]{0,300}>)",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"</[a-z][a-z0-9]*\s*>", re.IGNORECASE)
_HTML_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_LEAST_READABLE = 0.85
"""The least share of letters, digits, marks and spaces in a text; random bytes have fewer."""
_SOFT_BREAK = re.compile(r"(?<=\w)-\n(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The words of a file, and notices about reading it."""

    text: str
    """What a reader sees."""
    notices: tuple[Notice, ...] = ()
    unseen: str = ""
    """Words of a web page that a reader may not see: hidden parts, and descriptions of pictures."""
    margin: str = ""
    """Menus and cookie notices of a web page: searched for numbers, but not for claims."""

    @property
    def words(self) -> str:
        """The words to search for claims, with those that a reader may not see at the end."""
        return f"{self.text}\n\n|\n\n{self.unseen}" if self.unseen else self.text

    @property
    def all_words(self) -> str:
        """The words to search for numbers."""
        return f"{self.words}\n\n|\n\n{self.margin}" if self.margin else self.words


def open_leaflet(path: Path | None) -> Leaflet:
    """Return the text of a file, or of standard input if no file is named.

    Raises UsageError for a file that is missing, too large or of an unsupported kind, StoreError for one
    without readable text, and AnswerUnreadableError for a PDF that is damaged or locked.
    """
    name = "standard input" if path is None else str(path)
    try:
        if path is None:
            if sys.stdin is None:
                raise StoreError(words("verify.file.no_input"))
            content = _read(sys.stdin.buffer, name)
        else:
            with path.open("rb") as stream:
                content = _read(stream, name)
    except FileNotFoundError:
        hint = words(
            "verify.file.is_address" if re.match(r"https?:", name) else "verify.file.check_name"
        )
        raise UsageError(words("verify.file.missing", name=name), hint=hint) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(words("verify.file.not_opened", name=name, why=why)) from error
    return read_leaflet(content)


def read_leaflet(content: bytes) -> Leaflet:
    """Return the words of plain text, HTML or PDF, recognised by its first bytes and not by its name."""
    head = content[:_HEAD]
    if b"%PDF-" in head:
        return _shortened(_read_pdf(content))
    for mark, make in _OTHER_MAKES.items():
        if head.startswith(mark):
            what = words(f"verify.file.{make}")
            raise StoreError(
                words("verify.file.not_read", what=what), hint=words("verify.file.own_hint")
            )
    text = _decoded(content)
    if is_html(text):
        page = read_page(text)
        leaflet = Leaflet(page.text, unseen=page.unseen, margin=page.margin)
    else:
        leaflet = Leaflet(text if not text.strip() or _is_readable(text) else "")
    if not any(map(str.isalnum, leaflet.all_words)):
        raise StoreError(words("verify.file.no_text"), hint=words("verify.file.own_hint"))
    return _shortened(leaflet)


def is_html(text: str) -> bool:
    """Return whether a text is a web page, or part of one without its head."""
    begin = text.lstrip("\ufeff \t\r\n")[: 20 * _HEAD]
    first = _HTML.search(begin)
    return (
        first is not None
        and (first.start() < _HEAD)
        and bool(first[0].startswith("<!") or _CLOSED.search(begin) or first.start() == 0)
    )


def _is_readable(text: str) -> bool:
    sample = text[:_SAMPLE]
    odd = sum(
        char == "\ufffd" or (not char.isprintable() and not char.isspace()) for char in sample
    )
    strange = sum("\x80" <= char <= "\xbf" for char in sample)
    return 1 - (odd + strange / 2) / len(sample) >= _LEAST_READABLE


def _read(stream: BinaryIO, name: str) -> bytes:
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        said = words("verify.file.too_big", name=name, megabytes=MOST_BYTES // 1_000_000)
        raise UsageError(said, hint=words("verify.file.only_a_part"))
    return content


def _shortened(leaflet: Leaflet) -> Leaflet:
    parts = (leaflet.text, leaflet.unseen, leaflet.margin)
    if max(map(len, parts)) <= MOST_CHARACTERS:
        return leaflet
    notice = Notice(id="text_cut", text=words("verify.file.cut", characters=f"{MOST_CHARACTERS:,}"))
    text, unseen, margin = (part[:MOST_CHARACTERS] for part in parts)
    return Leaflet(text, (*leaflet.notices, notice), unseen, margin)


def _decoded(content: bytes) -> str:
    """Return the text of bytes in any encoding; every byte gives some character, a NUL a space."""
    named = _HTML_CHARSET.search(content[:_HEAD])
    for encoding in (*_by_mark(content), "utf-8", named[1].decode() if named else "cp1252"):
        try:
            return content.decode(encoding).replace("\0", " ")
        except (UnicodeError, LookupError):
            continue
    return content.decode("cp1252", errors="replace").replace("\0", " ")


def _by_mark(content: bytes) -> tuple[str, ...]:
    """Return the encoding shown by the first bytes, or by zeros between the others."""
    if content.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return ("utf-32",)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    sample = content[: _HEAD - _HEAD % 4]
    quarter = len(sample) // 4
    zeros = [sample[place::4].count(0) > quarter * 0.6 for place in range(4)]
    marks: dict[tuple[bool, ...], str] = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    found = marks.get(tuple(zeros)) if quarter else None
    return (found,) if found else ()


def _read_pdf(content: bytes) -> Leaflet:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every oddity of a file
    try:
        reader = pypdf.PdfReader(BytesIO(content))
        is_locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if is_locked else reader.pages
        text = "\n\n".join(_page_texts(pages))
        has_more = len(pages) > MOST_PAGES
    except Exception as error:  # a hostile file can break the parser in any way
        raise AnswerUnreadableError(
            words("verify.file.pdf_damaged"), hint=words("verify.file.own_hint")
        ) from error
    if is_locked:
        raise AnswerUnreadableError(
            words("verify.file.pdf_locked"), hint=words("verify.file.own_hint")
        )
    if not text.strip():
        raise StoreError(
            words("verify.file.pdf_without_text"), hint=words("verify.file.type_the_number")
        )
    notice = Notice(id="text_cut", text=words("verify.file.pages_cut", pages=MOST_PAGES))
    return Leaflet(text, (notice,) if has_more else ())


def _page_texts(pages: "Iterable[PageObject]") -> Iterator[str]:
    room = MOST_CHARACTERS
    for page in islice(pages, MOST_PAGES):
        if room <= 0:
            return
        text = "\n".join((_SOFT_BREAK.sub("", page.extract_text()), *_links(page)))
        room -= len(text)
        yield text


def _links(page: "PageObject") -> Iterator[str]:
    """Yield the addresses behind the links of a page."""
    for annotation in page.annotations or ():
        action = annotation.get_object().get("/A")
        address = action.get_object().get("/URI") if action is not None else None
        if address:
            yield str(address)
