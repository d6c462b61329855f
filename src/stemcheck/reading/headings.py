"""Recognises the headings in a text of eligibility criteria, and the list that each one opens.

The words are in ``criteria.toml``; this module tells headings that contain them from other sentences.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from stemcheck.tables import read_table

Kind = Literal["inclusion", "exclusion", "other"]

LONGEST_NAME: Final = 160
"""The most characters in a heading with the name of a list."""
LONGEST_SENTENCE: Final = 300
"""The most characters in a sentence that opens a list."""
MOST_BEFORE: Final = 7
"""The most words before the name, as in "Asthmatic patient inclusion criteria"."""
MOST_BEFORE_ALONE: Final = 3
"""The most words before a name without "criteria", or before a name on a line with a bullet."""
MOST_BEHIND: Final = 14
LONGEST_TITLE: Final = 12
"""The most words in a line without a colon that heads the list below it."""

COLONS: Final = (":", "\uff1a")
_COLON = re.compile(r"[:\uff1a]")
_ESCAPE = re.compile(r"\\(?=[^\w\s])")
_HYPHEN = re.compile(r"(?<=\w)[-\u2010-\u2015](?=\w)|[\s\u00a0]+")
_EDGES: Final = " \t.:\uff1a*_#\\•–-"


class Heading(NamedTuple):
    """What a line, or its first part, is the heading of."""

    kind: Kind | None
    """None: part of the current list. ``other``: neither list."""
    length: int
    """The number of characters in the heading. The rest of the line is already part of the list."""
    says_more: bool
    """It says more than the list's name, as in "Inclusion criteria for controls"."""
    is_sentence: bool = False
    """It is a sentence, such as "Patients will be excluded if they:"."""


class Line(NamedTuple):
    """A line, with the facts that help to tell whether it is a heading."""

    words: str
    is_marked: bool
    """It has a bullet or a number."""
    is_indented: bool
    heads_list: bool
    """The next line has a bullet or a number and is not indented less."""


def heading_of(line: Line) -> Heading | None:
    """Return the heading that a line is or begins with, or None."""
    colon = _colon_of(line.words)
    if colon:
        head = _named(line.words[: colon - 1], line, has_colon=True)
        if head:
            return head._replace(length=colon)
    if len(line.words) <= LONGEST_NAME and colon in {0, len(line.words)}:
        head = _named(line.words, line, has_colon=False)
        if head:
            return head
    if line.is_marked or line.is_indented or len(line.words) > LONGEST_SENTENCE:
        return None
    if line.words.endswith(COLONS):
        return _sentence(line.words)
    is_title = line.heads_list and len(line.words.split()) <= LONGEST_TITLE
    if is_title and line.words[-1] not in ".;,":
        return Heading(None, len(line.words), says_more=True)
    return None


def _colon_of(words: str) -> int:
    """Return the offset after the first colon outside brackets; 0 if there is none near the start."""
    for colon in _COLON.finditer(words, 0, LONGEST_NAME):
        if words.count("(", 0, colon.start()) <= words.count(")", 0, colon.start()):
            return colon.end()
    return 0


def is_remark(words: str) -> bool:
    """Return whether a line mentions both lists, as remarks at the end of a text do."""
    plain = plainly(words[:LONGEST_SENTENCE])
    return bool(_pattern("remark").match(plain) and _pattern("both").search(plain))


def plainly(words: str) -> str:
    """Return words in the form of the tables: lower case, single spaces, no escapes, no hyphens."""
    return _HYPHEN.sub(" ", _ESCAPE.sub("", words).casefold()).strip(_EDGES)


def _named(words: str, line: Line, *, has_colon: bool) -> Heading | None:
    """Return a heading with the name of a list. ``words``: the text before the colon, if any."""
    head = plainly(words)
    if _pattern("both").search(head):
        return Heading("other", len(words), says_more=True) if has_colon else None
    if neutral := _pattern("neutral").fullmatch(head):
        return _kept("other", words, neutral["before"] + neutral["behind"])
    for kind in ("exclusion", "inclusion"):
        alone = _pattern(f"{kind}_alone").fullmatch(head)
        if alone and len(alone["before"].split()) <= (MOST_BEFORE_ALONE if has_colon else 1):
            is_fit = (has_colon or not line.is_marked) and _may_stand(alone["before"], "before")
            return _kept(kind, words, alone["before"]) if is_fit else None
        name = _pattern(kind).search(head)
        if name and _is_name(head[: name.start()], head[name.end() :], line, has_colon=has_colon):
            return _kept(kind, words, head[: name.start()] + head[name.end() :])
    return None


def _kept(kind: Any, words: str, more: str) -> Heading:
    return Heading(kind, len(words), says_more=bool(more.strip(_EDGES)))


def _is_name(before: str, behind: str, line: Line, *, has_colon: bool) -> bool:
    """Return whether "inclusion criteria" is the name of a list here, judging by the words around it."""
    most = MOST_BEFORE if has_colon or not line.is_marked else MOST_BEFORE_ALONE
    if len(before.split()) > most or len(behind.split()) > MOST_BEHIND:
        return False
    if not _may_stand(before, "before"):
        return False
    return has_colon or _may_stand(behind, "after")


def _may_stand(words: str, where: str) -> bool:
    return not _pattern(f"never_{where}").search(words)


def _sentence(words: str) -> Heading:
    """Return the list opened by a line that ends in a colon, from what it says about the people."""
    plain = plainly(words)
    for kind in ("exclusion", "inclusion"):
        if _pattern(f"sentence_{kind}").search(plain):
            return _kept(kind, words, plain)._replace(is_sentence=True)
    return Heading(None, len(words), says_more=True)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return one of the patterns built from the tables."""
    return re.compile(_expressions()[name])


@cache
def _expressions() -> dict[str, str]:
    tables = read_table(Path(__file__).with_name("criteria.toml"))
    names = {key: f"(?:{'|'.join(words)})" for key, words in tables["names"].items()}
    criteria = names["criteria"]
    made = {"neutral": rf"(?P<before>(?:\w+ ){{0,3}}){names['neutral']}(?P<behind>(?: .{{0,60}})?)"}
    for kind in ("inclusion", "exclusion"):
        named = rf"{names[kind]}\W{{0,3}}{criteria}|{criteria} of {names[kind]}"
        made[kind] = rf"\b(?:{names[kind + '_whole']}|{named})\b"
        made[f"{kind}_alone"] = rf"(?P<before>(?:\S+ ){{0,3}}){names[kind + '_alone']}"
        made[f"sentence_{kind}"] = rf"\b(?:{'|'.join(tables['sentences'][kind])})\b"
    made["both"] = (
        rf"(?<!non )(?<!no )\binclusion ?(?:/|and|or|&) ?exclusion ?{criteria}"
        rf"|\bexclusion ?(?:/|and|or|&) ?inclusion ?{criteria}"
        rf"|\binclusion {criteria} (?:and|or) exclusion {criteria}"
    )
    made["remark"] = rf"(?:{'|'.join(tables['remarks']['starts'])})\b"
    for where in ("before", "after"):
        made[f"never_{where}"] = rf"\b(?:{'|'.join(tables['never'][where])})\b"
    return made
