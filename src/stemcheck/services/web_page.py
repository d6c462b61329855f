"""Extracts the words of a web page as a reader sees them, line by line and row by row, without menus.

lxml reads the page as a stream of tags, never as a tree, so that the time depends only on its length, even
with unclosed tags. Tags that are nested too deeply are dropped, but their words are kept.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

_NOT_WORDS = frozenset({"script", "style", "template", "svg", "noscript"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "code", "em", "font", "i", "mark", "s", "small", "span", "strong",
     "sub", "sup", "u", "wbr"}
)  # fmt: skip
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)  # fmt: skip
"""Elements without content and so without an end tag."""
_LINES = frozenset({"br", "tr"})
"""Elements that begin a new line; every other block begins a new paragraph."""
_CELLS = frozenset({"td", "th"})
_MARGINS = frozenset({"nav", "footer", "menu"})
_MARGIN_NAMES = re.compile(
    r"\b(?:nav|navbar|navigation|menu|menubar|breadcrumbs?|cookies?|cookie-\w+|gdpr|consent-banner|footer)\b"
)
"""Classes, ids and roles of the parts around a page's content: menus, cookie notices."""
_HIDING_STYLE = re.compile(
    r"""display\s*:\s*none | visibility\s*:\s*hidden | opacity\s*:\s*0*\.?0+\s*(?:[;!]|$)
    | font-size\s*:\s*0*\.?0+[a-z%]*\s*(?:[;!]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)[^>]*>?", re.IGNORECASE)
_DEEPEST = 250
"""The most nested elements. At each end tag, lxml searches through all that are open."""
_CLOSED_BY_THE_NEXT = frozenset({"p", "li", "option", "td", "th", "tr", "tbody"})
"""Elements whose end tags are often left out."""


class PageText(NamedTuple):
    """The words of a page, divided by where they are."""

    text: str
    """What a reader sees."""
    margin: str
    """Menus, cookie notices and footers: they may contain numbers, but are not searched for claims."""
    unseen: str
    """What a reader may not see: hidden parts, and descriptions of pictures."""


class _Element(NamedTuple):
    tag: str
    is_hiding: bool
    is_margin: bool


class _Collector:
    """Receives the tags of a page in order and collects its words.

    It knows only what an element itself says, not what a style sheet or a script hides or shows.
    """

    def __init__(self) -> None:
        self.text: list[str] = []
        self.margin: list[str] = []
        self.unseen: list[str] = []
        self._not_words = 0
        self._open: list[_Element] = []
        self._counts: Counter[str] = Counter()
        self._hiding = 0
        self._in_margin = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        tag = tag.lower()
        if tag in _NOT_WORDS:
            self._not_words += 1
        if tag not in _EMPTY:
            self._enter(tag, attributes)
        if self._not_words:
            return
        if tag == "li":
            self._words.append("\n\n• ")
        elif tag in _CELLS:
            self._words.append(" | ")
        elif tag in _LINES:
            self._words.append("\n")
        elif tag not in _INLINE:
            self._words.append("\n\n")
        if tag == "img" and attributes.get("alt"):
            self.unseen.append(f"\n\n{attributes['alt']}\n\n")
        elif tag == "a" and re.search(
            "NCT|trial|registr|eudract", attributes.get("href", ""), re.IGNORECASE
        ):
            self._words.append(f" {attributes['href']} ")

    def end(self, tag: str) -> None:
        """End an element, and all elements inside it that are still open."""
        tag = tag.lower()
        if tag in _NOT_WORDS:
            self._not_words = max(0, self._not_words - 1)
        elif tag not in _INLINE and not self._not_words and tag not in _CELLS:
            self._words.append("\n" if tag in _LINES else "\n\n")
        if not self._counts[tag]:
            return
        left = None
        while left is None or left.tag != tag:
            left = self._open.pop()
            self._counts[left.tag] -= 1
            self._hiding -= left.is_hiding
            self._in_margin -= left.is_margin

    def data(self, words: str) -> None:
        """Collect some words."""
        if not self._not_words:
            self._words.append(_BLANKS.sub(" ", words))

    def close(self) -> "_Collector":
        """Return the collector itself, as lxml expects."""
        return self

    @property
    def _words(self) -> list[str]:
        if self._hiding:
            return self.unseen
        return self.margin if self._in_margin else self.text

    def _enter(self, tag: str, attributes: Mapping[str, str]) -> None:
        is_hiding = "hidden" in attributes or bool(
            _HIDING_STYLE.search(attributes.get("style", ""))
        )
        names = " ".join(attributes.get(name, "") for name in ("class", "id", "role"))
        is_menu = tag == "ul" and self._counts["header"] > 0
        is_margin = tag in _MARGINS or is_menu or bool(_MARGIN_NAMES.search(names.lower()))
        self._open.append(_Element(tag, is_hiding, is_margin and tag not in {"body", "html"}))
        self._counts[tag] += 1
        self._hiding += is_hiding
        self._in_margin += self._open[-1].is_margin


def read_page(page: str) -> PageText:
    """Return the words of a page, or of part of one."""
    from lxml import etree

    parser = etree.HTMLParser(target=_Collector(), huge_tree=True, remove_comments=True)
    parser.feed(_shallow(page.replace("\0", " ")) or " ")
    collected = parser.close()
    return PageText(*map(_tidy, (collected.text, collected.margin, collected.unseen)))


def _shallow(page: str) -> str:
    """Return a page with line breaks in place of elements that are nested too deeply."""
    kept: list[str] = []
    begun: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    depth = place = 0
    for tag in _TAG.finditer(page):
        name = tag[2].lower()
        if name in _EMPTY or name in _CLOSED_BY_THE_NEXT:
            continue
        is_end = bool(tag[1])
        is_kept = begun[name] > 0 and not dropped.get(name) if is_end else depth < _DEEPEST
        if is_kept:
            step = -1 if is_end else 1
            begun[name] += step
            depth += step
            continue
        if not is_end:
            dropped[name] += 1
        elif dropped.get(name):
            dropped[name] -= 1
        kept += (page[place : tag.start()], "<br>")
        place = tag.end()
    return "".join((*kept, page[place:])) if dropped else page


def _tidy(pieces: list[str]) -> str:
    text = re.sub(r" *\n *", "\n", re.sub(r"[ \xa0]+", " ", "".join(pieces)))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"\n• *(?=\n)", "\n", text)).strip()
