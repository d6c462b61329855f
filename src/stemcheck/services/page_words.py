"""The words of a web page: what a reader sees, apart from what only the page's source holds."""

import re
from collections import Counter
from html.parser import HTMLParser

_NOT_WORDS = frozenset({"script", "style", "template", "svg"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "code", "em", "font", "i", "mark", "s", "small", "span", "strong",
     "sub", "sup", "u", "wbr"}
)  # fmt: skip
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
     "wbr"}
)  # fmt: skip
"""Elements that hold nothing, and so have no end."""
_UNCLOSED = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "option"})
"""Elements whose end is often left out: the next of them ends the one before."""
_HIDING_STYLE = re.compile(
    r"""display\s*:\s*none | visibility\s*:\s*hidden | opacity\s*:\s*0*\.?0+\s*(?:[;!]|$)
    | font-size\s*:\s*0*\.?0+[a-z%]*\s*(?:[;!]|$)""",
    re.VERBOSE | re.IGNORECASE,
)


class PageWords(HTMLParser):
    """Collects the words of a page, no scripts and no styles; a new block begins a new line.

    What a style sheet or a script hides or shows cannot be known here: only what an element says itself.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.unseen: list[str] = []
        self._not_words: str | None = None
        self._open: list[tuple[str, bool]] = []
        """The elements that are open, each with whether it hides what it holds."""
        self._open_counts: Counter[str] = Counter()
        self._hiding = 0
        """How many of the open elements hide."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._not_words is None and tag in _NOT_WORDS:
            self._not_words = tag
        if self._not_words is not None:
            return
        attributes = dict(attrs)
        if tag not in _EMPTY:
            self._enter(tag, is_hiding=_hides(attributes))
        if tag not in _INLINE:
            self._words.append("\n")
        target = attributes.get("href") or ""
        if tag == "img" and (said := attributes.get("alt")):
            self.unseen.append(f"\n{said}\n")
        elif tag == "a" and "NCT" in target.upper():
            self._words.append(f"{target} ")

    def handle_endtag(self, tag: str) -> None:
        if self._not_words is not None:
            self._not_words = None if tag == self._not_words else self._not_words
            return
        if tag not in _INLINE:
            self._words.append("\n")
        self._leave(tag)

    def handle_data(self, data: str) -> None:
        if self._not_words is None:
            self._words.append(data)

    @property
    def _words(self) -> list[str]:
        return self.unseen if self._hiding else self.seen

    def _enter(self, tag: str, *, is_hiding: bool) -> None:
        if tag in _UNCLOSED and self._open and self._open[-1][0] == tag:
            self._leave(tag)
        self._open.append((tag, is_hiding))
        self._open_counts[tag] += 1
        self._hiding += is_hiding
        if is_hiding:
            self.unseen.append("\n")

    def _leave(self, tag: str) -> None:
        """End the last open element of this name, and all that were left open in it."""
        if not self._open_counts[tag]:
            return
        left = ""
        while left != tag:
            left, was_hiding = self._open.pop()
            self._open_counts[left] -= 1
            self._hiding -= was_hiding


def _hides(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or bool(_HIDING_STYLE.search(attributes.get("style") or ""))
