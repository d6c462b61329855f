"""The account of a search, for whoever has to report how it was made (PRISMA-S): facts and one sentence."""

from collections.abc import Iterator
from typing import NamedTuple

from stemcheck.output.plain import clean
from stemcheck.trial.account import Account
from stemcheck.trial.answer import TrialsAnswer
from stemcheck.words import words


class Fact(NamedTuple):
    """One line of the account."""

    label: str
    value: str


def facts_of(answer: TrialsAnswer, account: Account, what: str) -> Iterator[Fact]:
    """Yield all that makes a search repeatable; ``what`` is what was asked, in words."""
    source, counts = answer.source, answer.counts
    announced = counts.registry_total
    told = {
        "what": what,
        "command": account.command,
        "asked_at": account.asked_at,
        "source": f"{source.registry} ({source.kind})",
        "why_not_live": source.why_not_live,
        "data": source.data_timestamp or words("exports.account.not_told"),
        "request": answer.request.url,
        "web": answer.request.web_url,
        "announced": words("exports.account.none_announced") if announced is None else announced,
        "fetched": counts.fetched,
        "shown": counts.shown,
        "unreadable": counts.unreadable,
        "complete": words(f"exports.account.{'yes' if counts.complete else 'no'}"),
        "stemcheck": account.stemcheck_version,
        "rules": account.rules_version,
    }
    for key, value in told.items():
        if value is not None:
            yield Fact(words(f"exports.account.labels.{key}"), clean(str(value)))
    reasons = {one.reason: one.why for one in account.left_out}
    for reason, count in counts.left_out.items():
        why = reasons.get(reason, reason)
        ids = " ".join(one.nct_id for one in account.left_out if one.reason == reason)
        label = words("exports.account.labels.left_out", why=clean(why))
        yield Fact(label, f"{count}: {clean(ids)}" if ids else str(count))
    for notice in answer.notices:
        yield Fact(words("exports.account.labels.notice"), clean(notice.text))


def sentence_of(answer: TrialsAnswer, account: Account) -> str:
    """Return the search in one paragraph, as a methods section wants it."""
    source, counts = answer.source, answer.counts
    is_live = source.kind in {"live", "file"}
    return words(
        f"exports.account.{'sentence' if is_live else 'saved_sentence'}",
        registry=clean(source.registry),
        day=account.asked_at.partition("T")[0],
        data_day=clean(source.data_timestamp).partition("T")[0]
        or words("exports.account.not_told"),
        version=account.stemcheck_version,
        rules=account.rules_version,
        fetched=counts.fetched,
        shown=counts.shown,
        left_out=sum(counts.left_out.values()),
        unreadable=counts.unreadable,
    )
