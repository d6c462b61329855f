"""Every id that a document may hold, with what it means: signals, notices, cautions, reasons, errors."""

from collections.abc import Callable

from stemcheck.errors import StemcheckError
from stemcheck.guidance.cautions import catalogue
from stemcheck.guidance.glossary import Entry
from stemcheck.guidance.signals import kinds
from stemcheck.trial.status import STATUSES
from stemcheck.words import entry_of, words

_OURS = "dictionary.ours"


def _signals() -> tuple[Entry, ...]:
    return tuple(
        _entry("signal", kind.id, kind.text, source=kind.source, rate=kind.base_rate)
        for kind in kinds()
    )


def _cautions() -> tuple[Entry, ...]:
    return tuple(
        _entry("caution", caution.id, caution.text, source=caution.source)
        for caution in catalogue()
    )


def _told(topic: str, key: str) -> Callable[[], tuple[Entry, ...]]:
    def entries() -> tuple[Entry, ...]:
        texts: dict[str, str] = entry_of(key)
        return tuple(_entry(topic, id_, text) for id_, text in texts.items())

    return entries


def _errors() -> tuple[Entry, ...]:
    """Return the codes of errors, each with its exit code."""
    meanings = {"bug": "bug", **{kind.code: kind.exit_code.name.lower() for kind in _kinds()}}
    return tuple(
        _entry("error", code, words(f"cli.meanings.{meaning}"))
        for code, meaning in meanings.items()
    )


def _kinds(above: type[StemcheckError] = StemcheckError) -> list[type[StemcheckError]]:
    found = []
    for kind in above.__subclasses__():
        found += [kind, *_kinds(kind)]
    return found


def _entry(
    topic: str, id_: str, text: str, *, source: str | None = None, rate: str | None = None
) -> Entry:
    meaning = f"{text} {rate}" if rate else text
    label = id_.replace("_", " ").replace("-", " ")
    return Entry(
        topic=topic,
        value=id_,
        label=label,
        plain=label,
        meaning=meaning,
        source=source or words(_OURS),
    )


_TOPICS: dict[str, Callable[[], tuple[Entry, ...]]] = {
    "signal": _signals,
    "caution": _cautions,
    "notice": _told("notice", "dictionary.notices"),
    "left_out": _told("left_out", "filters.left_out"),
    "error": _errors,
}


def id_topics() -> tuple[str, ...]:
    """Return the kinds of ids."""
    return tuple(_TOPICS)


def id_entries(topic: str) -> tuple[Entry, ...]:
    """Return every id of a kind with its meaning."""
    return _TOPICS[topic]()


def ids_of(topic: str) -> list[str]:
    """Return every id of a kind; of ``status`` the registry's own words, as far as they are known."""
    if topic == "status":
        return list(STATUSES)
    return [entry.value for entry in id_entries(topic)]
