"""The account of a search, for people who must report how it was made (PRISMA-S): facts and one paragraph."""

from collections.abc import Iterator
from typing import NamedTuple

from stemcheck.output.plain import clean
from stemcheck.output.summary import headline
from stemcheck.trial.account import Account
from stemcheck.trial.answer import Counts, TrialsAnswer
from stemcheck.trial.details import ShowAnswer
from stemcheck.words import words


class Fact(NamedTuple):
    """One line of the account."""

    label: str
    value: str


def what_of(answer: TrialsAnswer | ShowAnswer) -> str:
    """Return what was asked, in words."""
    if isinstance(answer, TrialsAnswer):
        return headline(answer.query)
    numbers = (*(trial.nct_id for trial in answer.trials), *answer.missing)
    return words("exports.account.by_number", numbers=", ".join(numbers))


def facts_of(answer: TrialsAnswer | ShowAnswer, account: Account) -> Iterator[Fact]:
    """Yield all facts that are needed to repeat a search."""
    source = answer.source
    told = {
        "what": what_of(answer),
        "command": account.command,
        "asked_at": account.asked_at,
        "source": f"{source.registry} ({source.kind})",
        "why_not_live": source.why_not_live,
        "data": source.data_timestamp or words("exports.account.not_told"),
        **(_request_of(answer) if isinstance(answer, TrialsAnswer) else _numbers_of(answer)),
        "stemcheck": account.stemcheck_version,
        "rules": account.rules_version,
    }
    for key, value in told.items():
        if value is not None:
            yield Fact(words(f"exports.account.labels.{key}"), clean(str(value)))
    if isinstance(answer, TrialsAnswer):
        yield from _left_out(answer.counts, account)
    for notice in answer.notices:
        yield Fact(words("exports.account.labels.notice"), clean(notice.text))


def _request_of(answer: TrialsAnswer) -> dict[str, object]:
    counts = answer.counts
    announced = counts.registry_total
    return {
        "request": answer.request.url,
        "web": answer.request.web_url,
        "announced": words("exports.account.none_announced") if announced is None else announced,
        "fetched": counts.fetched,
        "shown": counts.shown,
        "unreadable": counts.unreadable,
        "complete": words(f"exports.account.{'yes' if counts.complete else 'no'}"),
    }


def _numbers_of(answer: ShowAnswer) -> dict[str, object]:
    return {
        "shown": len(answer.trials),
        "missing": ", ".join(answer.missing) or None,
        "unreadable": len(answer.unreadable),
    }


def _left_out(counts: Counts, account: Account) -> Iterator[Fact]:
    for reason, count in counts.left_out.items():
        ids = " ".join(one.nct_id for one in account.left_out if one.reason == reason)
        label = words("exports.account.labels.left_out", why=words(f"filters.left_out.{reason}"))
        yield Fact(label, f"{count}: {clean(ids)}" if ids else str(count))


def sentence_of(answer: TrialsAnswer | ShowAnswer, account: Account) -> str:
    """Return the search as one paragraph for a methods section."""
    source = answer.source
    is_saved = source.kind in {"saved", "sample"}
    facts = {
        "registry": clean(source.registry),
        "day": account.asked_at.partition("T")[0],
        "data_day": clean(source.data_timestamp).partition("T")[0]
        or words("exports.account.not_told"),
        "version": account.stemcheck_version,
        "rules": account.rules_version,
        "shown": len(answer.trials),
    }
    if not isinstance(answer, TrialsAnswer):
        return words(f"exports.account.{'saved_numbers' if is_saved else 'numbers'}", **facts)
    counts = answer.counts
    return words(
        f"exports.account.{'saved_sentence' if is_saved else 'sentence'}",
        **facts,
        fetched=counts.fetched,
        left_out=sum(counts.left_out.values()),
        unreadable=counts.unreadable,
    )
