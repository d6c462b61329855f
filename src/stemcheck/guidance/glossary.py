"""The registry's words and our reading's words, in plain language."""

from stemcheck.guidance.dates import day_words
from stemcheck.guidance.texts import read_texts, source_words
from stemcheck.trial.trial import Facts
from stemcheck.words import entry_of, once_a_language, words


class Entry(Facts):
    """One word of the registry or of our reading, and what it means."""

    topic: str
    """``status``, ``phase``, ``study_type``, ``product``, ``tissue``, ``donor``, ``route`` ..."""
    value: str
    """As it stands in the JSON."""
    label: str
    plain: str
    """A few words, for a table."""
    also: tuple[str, ...] = ()
    """Other words for it: short forms, and what people say."""
    meaning: str
    join: str = ""
    """Statuses only: what it means for somebody who wants to take part."""
    source: str


@once_a_language
def _entries_of(topic: str) -> dict[str, Entry]:
    sources: dict[str, list[str]] = read_texts("glossary").get(topic, {})
    return {
        value: Entry.model_validate(
            {
                **entry_of(f"glossary.{topic}.{value}"),
                "topic": topic,
                "value": value,
                "source": source_words(rests_on),
            }
        )
        for value, rests_on in sources.items()
    }


def topics() -> tuple[str, ...]:
    """Return the subjects of the glossary, in order."""
    return tuple(read_texts("glossary"))


def entries(topic: str | None = None) -> tuple[Entry, ...]:
    """Return the entries of a subject, or all; empty for a subject that the glossary lacks."""
    chosen = topics() if topic is None else (topic,)
    return tuple(entry for name in chosen for entry in _entries_of(name).values())


def words_of(entry: Entry) -> tuple[str, ...]:
    """Return the words under which somebody may look for an entry."""
    return (entry.value, entry.label, entry.plain, *entry.also)


def find_entry(topic: str, value: str | None) -> Entry | None:
    """Return the entry for a value; None for a value that came into use after this text."""
    return _entries_of(topic).get(value or "")


def plain(topic: str, value: str | None) -> str:
    """Return a few plain words for a table. An unknown value is shown as it is written."""
    if entry := find_entry(topic, value):
        return entry.plain
    return (value or words("glossary.not_stated")).replace("_", " ").lower()


def status_meaning(value: str | None) -> str:
    """Return what a status means for somebody who wants to join."""
    if value is None:
        return words("glossary.no_status")
    if entry := find_entry("status", value):
        return f"{entry.meaning} {entry.join}"
    return words("glossary.unknown_status")


def past_status_meaning(as_of: str | None) -> str:
    """Return what a status of a past day means for somebody who wants to join: a reason to ask."""
    if not as_of:
        return words("glossary.past_status_undated")
    return words("glossary.past_status", day=day_words(as_of))
