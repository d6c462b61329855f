"""The text of a leaflet, a web page or a letter: a file of whatever make, read without trusting it."""

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from stemcheck.errors import AnswerUnreadableError, UsageError
from stemcheck.services.page_words import PageWords
from stemcheck.trial.answer import Notice

if TYPE_CHECKING:
    from pypdf import PageObject

MOST_BYTES = 20_000_000
MOST_CHARACTERS = 1_000_000
"""Of the text that is searched for numbers and claims: some 300 printed pages."""
MOST_PAGES = 300
_HEAD = 1024

_OTHER_MAKES = {
    b"PK\x03\x04": "a Word file or another packed file",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"\x1f\x8b": "a packed file",
}
_OWN_HINT = "Save it as text or PDF, or copy the words and use: stemcheck verify --text -"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|table)\b", re.IGNORECASE)
_HTML_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Brochure:
    """The words of a file, with what has to be said about reading it."""

    text: str
    """What a reader sees."""
    notices: tuple[Notice, ...] = ()
    unseen: str = ""
    """The words of a web page that a reader may not see: hidden parts, and what stands for a picture."""

    @property
    def words(self) -> str:
        """All words, those that a reader may not see at the end and set apart."""
        return f"{self.text}\n\n|\n\n{self.unseen}" if self.unseen else self.text


def open_brochure(path: Path | None) -> Brochure:
    """Return the text of a file, or of standard input when no file is named.

    Raises UsageError for a file that is not there, too big or of a make that is not read, and
    AnswerUnreadableError for one that is damaged, locked, or a picture of text.
    """
    if path is None:
        if sys.stdin.isatty():
            raise UsageError(
                "There is no text to read.",
                hint="Pipe it in, or name a file: stemcheck verify --text leaflet.txt",
            )
        return read_brochure(_read(sys.stdin.buffer, "The text"))
    try:
        with path.open("rb") as stream:
            content = _read(stream, str(path))
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder.", hint="Name a file in it.") from None
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise UsageError(f"{path} cannot be read: {reason}.", hint="Check the name.") from None
    return read_brochure(content)


def read_brochure(content: bytes) -> Brochure:
    """Return the text of plain text, HTML or PDF; what it is shows in its first bytes, not its name."""
    head = content[:_HEAD]
    if b"%PDF-" in head:
        return _shortened(_read_pdf(content))
    for mark, make in _OTHER_MAKES.items():
        if head.startswith(mark):
            raise UsageError(f"This is {make}, which stemcheck cannot read.", hint=_OWN_HINT)
    text = _decoded(content)
    if _HTML.search(text[:_HEAD].lstrip("\ufeff \t\r\n").encode(errors="ignore")):
        return _shortened(_read_html(text))
    return _shortened(Brochure(text))


def _read(stream: BinaryIO, name: str) -> bytes:
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UsageError(
            f"{name} is too big: more than {MOST_BYTES // 1_000_000} MB.",
            hint="Give only the part that names the trial.",
        )
    return content


def _shortened(brochure: Brochure) -> Brochure:
    if max(len(brochure.text), len(brochure.unseen)) <= MOST_CHARACTERS:
        return brochure
    said = f"Only the first {MOST_CHARACTERS:,} characters of the text were read."
    notice = Notice(id="text_cut", text=said)
    return Brochure(
        brochure.text[:MOST_CHARACTERS],
        (*brochure.notices, notice),
        brochure.unseen[:MOST_CHARACTERS],
    )


def _decoded(content: bytes) -> str:
    """Return the text of bytes in whatever encoding; every byte gives some character, NUL a blank."""
    named = _HTML_CHARSET.search(content[:_HEAD])
    for encoding in (*_by_mark(content), "utf-8", named[1].decode() if named else "cp1252"):
        try:
            return content.decode(encoding).replace("\0", " ")
        except (UnicodeError, LookupError):
            continue
    return content.decode("cp1252", errors="replace").replace("\0", " ")


def _by_mark(content: bytes) -> tuple[str, ...]:
    if content.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    sample = content[:_HEAD]
    if sample[1::2].count(0) > len(sample) * 0.4:
        return ("utf-16-le",)
    return ("utf-16-be",) if sample[::2].count(0) > len(sample) * 0.4 else ()


def _read_html(page: str) -> Brochure:
    reader = PageWords()
    reader.feed(page)
    reader.close()
    text, unseen = (re.sub(r"\n{3,}", "\n\n", "".join(p)) for p in (reader.seen, reader.unseen))
    return Brochure(text, unseen=unseen.strip())


def _read_pdf(content: bytes) -> Brochure:
    try:
        import pypdf
    except ImportError:
        raise UsageError(
            "Reading PDF needs an extra that is not installed.",
            hint="Install it: pip install 'stemcheck[documents]'. Or copy the words out of the "
            "PDF and use: stemcheck verify --text -",
        ) from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every oddity of a file
    try:
        reader = pypdf.PdfReader(BytesIO(content))
        is_locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if is_locked else reader.pages
        text = "\n".join(_page_texts(pages))
        has_more = len(pages) > MOST_PAGES
    except Exception as error:  # a hostile file can break the parser in any way
        raise AnswerUnreadableError(
            "The PDF cannot be read: it is damaged, or locked in a way that is not known here.",
            hint=_OWN_HINT,
        ) from error
    if is_locked:
        raise AnswerUnreadableError("The PDF is locked with a password.", hint=_OWN_HINT)
    if not text.strip():
        raise AnswerUnreadableError(
            "The PDF holds no text: it may be a scan, that is a picture of a page.",
            hint="Type the NCT number from it: stemcheck verify NCT...",
        )
    said = f"Only the first {MOST_PAGES} pages of the PDF were read."
    return Brochure(text, (Notice(id="text_cut", text=said),) if has_more else ())


def _page_texts(pages: "Iterable[PageObject]") -> Iterator[str]:
    room = MOST_CHARACTERS
    for page in islice(pages, MOST_PAGES):
        if room <= 0:
            return
        text = page.extract_text()
        room -= len(text)
        yield text
