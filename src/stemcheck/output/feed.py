"""Changes as an Atom feed (RFC 4287), and future dates as a calendar (RFC 5545), for other programs."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from lxml.builder import ElementMaker

from stemcheck import __version__
from stemcheck.errors import UsageError
from stemcheck.guidance.dates import first_day, last_day
from stemcheck.output.plain import clean
from stemcheck.trial.changes import Announced, Change
from stemcheck.trial.trial import STUDY_URL
from stemcheck.words import words

_ATOM = "http://www.w3.org/2005/Atom"
_GENERATOR = "stemcheck"
_PRODUCT = "-//stemcheck//changes//EN"
_LONGEST_LINE = 75
"""The most bytes in a line of a calendar."""


def check_feed(path: Path | None) -> None:
    """Raise UsageError if the path has a file that is not a feed of ours."""
    _check(path, f"<generator>{_GENERATOR}</generator>", "not_ours")


def check_calendar(path: Path | None) -> None:
    """Raise UsageError if the path has a file that is not a calendar of ours."""
    _check(path, _PRODUCT, "not_ours_calendar")


def _check(path: Path | None, sign: str, key: str) -> None:
    if path is None or not path.exists():
        return
    if not path.is_file() or sign not in path.read_text(encoding="utf-8", errors="replace")[:4096]:
        text = words(f"follow.feed.{key}", path=path)
        raise UsageError(text, hint=words("follow.feed.another"))


def feed_text(names: Iterable[str], told: Iterable[tuple[str, Change]], *, now: str) -> str:
    """Return the feed of some searches. ``told``: the time and the change of each entry, latest first."""
    make = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
    name = ", ".join(names)
    feed = make.feed(
        make.id(uuid5(NAMESPACE_URL, f"stemcheck:{name}").urn),
        make.title(_xml(words("follow.feed.title", name=name))),
        make.subtitle(words("follow.feed.subtitle")),
        make.updated(now),
        make.author(make.name(words("follow.feed.author"))),
        make.generator(_GENERATOR),
    )
    known: set[str] = set()
    for at, change in told:
        kind = words(f"follow.kinds.{change.kind}")
        key = f"stemcheck:{change.search}:{change.nct_id}:{change.kind}:{change.since}"
        if key in known:  # several runs at once report the same change
            continue
        known.add(key)
        title = words(
            "follow.feed.entry", number=change.nct_id, kind=kind, title=change.title or ""
        )
        feed.append(
            make.entry(
                make.id(uuid5(NAMESPACE_URL, key).urn),
                make.title(_xml(title)),
                make.link(href=STUDY_URL + change.nct_id),
                make.updated(at),
                make.category(term=str(change.kind)),
                make.summary(_xml(change.text)),
            )
        )
    document: bytes = etree.tostring(
        feed, xml_declaration=True, encoding="utf-8", pretty_print=True
    )
    return document.decode()


def _xml(text: str) -> str:
    """Return text without characters that XML forbids or that readers cannot see."""
    return "".join(sign for sign in clean(text) if sign not in "\ufffe\uffff")


def calendar_text(dates: Iterable[Announced], *, now: str, today: date) -> str:
    """Return a calendar of the future dates. A month without a day is put on its first, with a note."""
    stamp = now.replace("-", "").replace(":", "")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        f"X-GENERATOR:stemcheck {__version__}",
    ]
    for one in dates:
        first, last = first_day(one.written), last_day(one.written)
        if first is None or last is None or last < today or first == date.max:
            continue
        parts = [words("follow.calendar.notice", url=STUDY_URL + one.nct_id)]
        if first != last:
            unit = "month" if first.month == last.month else "year"
            parts.insert(0, words(f"follow.calendar.{unit}"))
        if title := clean(one.title):
            parts.insert(0, title)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.nct_id}-{one.name}@stemcheck",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{first + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_ical(words(f'follow.calendar.{one.name}', number=one.nct_id))}",
            f"DESCRIPTION:{_ical(' '.join(parts))}",
            f"URL:{STUDY_URL}{one.nct_id}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _ical(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Split a line into parts of at most 75 bytes, each after the first beginning with a space."""
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > _LONGEST_LINE:
            parts.append(part)
            part = " "
        part += sign
    return "\r\n".join([*parts, part])
