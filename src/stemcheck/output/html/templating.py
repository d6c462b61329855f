"""Turns templates into pages, in which every value is automatically cleaned and escaped.

Three walls protect the page from the text of a record. ``finalize`` passes every value through
`stemcheck.output.plain.clean`, autoescape turns what is left into plain text, and the page's own policy
(Content-Security-Policy) allows nothing but the one style sheet inside the file.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from stemcheck.guidance.glossary import plain
from stemcheck.guidance.signals import counted_in
from stemcheck.output import in_full, wording
from stemcheck.output.evidence import evidence_lines
from stemcheck.output.html import facts, shapes
from stemcheck.output.plain import clean, clean_lines
from stemcheck.output.posted_results import result_lines
from stemcheck.output.sections import by_reason, first_quotes
from stemcheck.output.summary import attribution, studies
from stemcheck.trial.status import label_for
from stemcheck.words import words

_TEMPLATES = Path(__file__).parent / "templates"

_A_SHEET = 4_000
"""How many letters of one part of a record a page shows: about a sheet."""
_DEEPEST = 4
"""The deepest indent that the style sheet has."""


@cache
def environment() -> Environment:
    """Return the environment of all pages, with the functions that templates may use."""
    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {
        "a_sheet_of_each": _a_sheet_of_each,
        "by_reason": by_reason,
        "day": wording.day,
        "depth": _depth,
        "paragraphs": _paragraphs,
        "secure": secure_address,
    }
    pages.globals |= {
        "apart": lambda text: Markup("<bdi>{}</bdi>").format(_harmless(text)),
        "attribution": attribution,
        "counted_in": counted_in,
        "bold": lambda text: Markup("<b>{}</b>").format(_harmless(text)),
        "facts": facts,
        "first_quotes": first_quotes,
        "evidence_lines": evidence_lines,
        "in_full": in_full,
        "label_for": label_for,
        "plain": plain,
        "policy": _policy(),
        "result_lines": result_lines,
        "say": _say,
        "shape_for": shapes.shape_for,
        "studies": studies,
        "style": Markup(_style()),  # noqa: S704 (our own file, with nothing of a record in it)
        "wording": wording,
    }
    return pages


def _a_sheet_of_each(lines: Iterable[str]) -> Iterator[str]:
    """Yield about a sheet of each part, then the number of lines left out. Parts begin without an indent."""
    used = left = 0
    for line in lines:
        if not line.startswith(in_full.INDENT):
            yield from _more_lines(left)
            used = left = 0
        used += len(line)
        if used <= _A_SHEET:
            yield line
        else:
            left += 1
    yield from _more_lines(left)


def _more_lines(left: int) -> Iterator[str]:
    if left:
        yield in_full.INDENT + words("page.trial.more_lines", count=left)


def _say(key: str, **facts: object) -> Markup:
    """Return a sentence of ours. Its facts are cleaned and escaped unless a template made them."""
    number = {"count": facts["count"]} if isinstance(facts.get("count"), int) else {}
    sentence = escape(words(key, **{**{name: f"{{{name}}}" for name in facts}, **number}))
    return sentence.format(**{name: _harmless(fact) for name, fact in facts.items()})


def _depth(line: str) -> int:
    """Return the indent level of a line."""
    return min((len(line) - len(line.lstrip(" "))) // len(in_full.INDENT), _DEEPEST)


def secure_address(text: str | None) -> str | None:
    """Return an address that a page may link to, which must be https; None for any other."""
    address = clean(text)
    return address if address.startswith("https://") and " " not in address else None


def _harmless(value: object) -> object:
    """Return a value, cleaned for a template. Markup that a template made stays as it is."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else clean(str(value))


def _paragraphs(text: str | None) -> list[str]:
    """Return the lines of a longer text, without the empty ones."""
    return [line for line in clean_lines(text).split("\n") if line]


@cache
def _style() -> str:
    return (_TEMPLATES / "page.css").read_text(encoding="utf-8")


def _policy() -> str:
    """Return what the page may load: only its own style sheet, identified by its hash."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
