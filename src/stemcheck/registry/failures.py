"""Turns failures into the errors of `stemcheck.errors`: on the way, by HTTP status, or in the query.

A failure that may pass by itself becomes a TransientError, and the request is repeated. The exit code follows
from what happened: no answer (unreachable, 4), a refusal (refused, 5), or an answer that cannot be read
(unreadable, 6). The messages for people are in ``words/en/registry.toml``.
"""

import math
import re
from difflib import get_close_matches
from typing import Literal, TypeVar

from stemcheck.errors import (
    AnswerUnreadableError,
    QueryRejectedError,
    RegistryRefusedError,
    RegistryUnreachableError,
    StemcheckError,
)
from stemcheck.registry.record import STUDY_FIELDS
from stemcheck.registry.waiting import TransientError, read_retry_after
from stemcheck.trial.query import TrialQuery
from stemcheck.words import entry_of, words

BUSY = 429
HEALING_STATUSES = frozenset({408, 425, BUSY, *range(500, 600)} - {501, 505, 506, 508, 510, 511})
"""These say "not now"; the other 5xx statuses say "never"."""
LOGIN_STATUSES = frozenset({407, 511})
"""A proxy or a network wants a login: the request has not reached the registry."""
_MOST_LETTERS = 300
"""How much of a registry message is kept: its parser lists every token that it would accept."""

Way = Literal[
    "slow_connect",
    "slow",
    "name",
    "connect",
    "tls",
    "certificate",
    "broken_off",
    "not_http",
    "address",
    "proxy_slow",
    "proxy_name",
    "proxy_connect",
    "proxy_refused",
    "proxy_settings",
    "proxy_kind",
    "authorities",
    "other",
]
"""What can go wrong on the way. These are the keys of ``[way]``."""
_HEALING_WAYS = frozenset(
    {
        *("slow_connect", "slow", "name", "connect", "tls", "broken_off", "not_http"),
        *("proxy_slow", "proxy_name", "proxy_connect"),
    }
)
E = TypeVar("E", bound=StemcheckError)


class WayError(Exception):
    """The request failed on the way: no answer came, or not all of it. Raised by transports."""

    def __init__(
        self, way: Way, detail: str = "", *, hint: str = "", facts: dict[str, object] | None = None
    ) -> None:
        super().__init__(detail)
        self.way: Way = way
        self.detail = " ".join(detail.split())[:200].rstrip(".")
        self.hint = hint
        self.facts = facts or {}


def told(kind: type[E], key: str, *, facts: dict[str, object] | None = None, **named: object) -> E:
    """Return an error of this kind with the message and advice stored under a key."""
    says, advice = (words(f"registry.{key}.{part}", **named) for part in ("says", "advice"))
    return kind(says, hint=advice, facts=facts)


def time_error(seconds: float, *, is_proxied: bool = False) -> RegistryUnreachableError:
    """Return the error for an answer that did not come within ``seconds``."""
    facts: dict[str, object] = {"seconds": seconds}
    error = told(RegistryUnreachableError, "way.slow", facts=facts, seconds=f"{seconds:g}")
    return _through_a_proxy(error) if is_proxied else error


def error_on_the_way(
    failure: WayError, *, seconds: float, is_proxied: bool
) -> TransientError | StemcheckError:
    """Return the error for a failure on the way. ``seconds``: the time the request was given."""
    if failure.way == "slow":
        return TransientError(time_error(seconds, is_proxied=is_proxied))
    facts = {**failure.facts, **({"detail": failure.detail} if failure.detail else {})}
    error = told(RegistryUnreachableError, f"way.{failure.way}", facts=facts, detail=failure.detail)
    error.hint = failure.hint or error.hint
    if is_proxied and not failure.way.startswith("proxy"):
        error = _through_a_proxy(error)
    return TransientError(error) if failure.way in _HEALING_WAYS else error


def _through_a_proxy(error: RegistryUnreachableError) -> RegistryUnreachableError:
    message = words("registry.through_a_proxy", message=error.message)
    return RegistryUnreachableError(message, hint=error.hint, facts=error.facts)


def error_for_status(
    status: int, *, sentence: str, retry_after: str | None
) -> TransientError | StemcheckError:
    """Return the error for a status other than 200, 304, 400, 403 or 404."""
    facts: dict[str, object] = {"status": status}
    if status in LOGIN_STATUSES:
        return told(AnswerUnreadableError, "reply.page", facts=facts)
    if status in HEALING_STATUSES:
        seconds = read_retry_after(retry_after)
        key = "busy" if status == BUSY else "down"
        facts["retry_after_seconds"] = seconds
        error = told(RegistryRefusedError, f"status.{key}", facts=facts, status=status)
        if seconds:
            whole = math.ceil(seconds)
            error.hint = words("registry.status.asks_to_wait", count=whole)
        return TransientError(error, retry_after_seconds=seconds)
    if status >= 400:  # noqa: PLR2004
        return _refusal(status, sentence, facts)
    return told(AnswerUnreadableError, "status.unexpected", facts=facts, status=status)


def _refusal(status: int, sentence: str, facts: dict[str, object]) -> RegistryRefusedError:
    sentence = _first_line(sentence)
    key = "refused_saying" if sentence else "refused"
    return told(
        RegistryRefusedError, f"status.{key}", facts=facts, status=status, sentence=sentence
    )


def _first_line(text: str) -> str:
    """Return the first line of an error's body; empty if the body is a web page or JSON."""
    line = text.strip().split("\n", 1)[0].strip()
    return "" if line.startswith(("<", "{")) else line[:200].rstrip(".")


_REFUSALS = {
    "unknown_parameter": r"`(?P<what>[^`]*)` is unknown parameter",
    "unknown_field": r"contains invalid field name: '(?P<what>[^']*)'",
    "unsortable": r"Unsupported sort field type",
    "not_a_number": r"Parameter `nctId` has incorrect format",
    "not_a_number_in_list": r"Item (?P<what>\d+) in parameter `filter.ids` has incorrect format",
    "bad_item": r"Item (?P<item>\d+) in parameter `(?P<what>[^`]*)` has incorrect format",
    "unknown_status": r"Invalid value in parameter `overallStatus`: `(?P<what>[^`]*)`",
    "unknown_value": r"Invalid value in parameter `(?P<field>[^`]*)`: `(?P<what>[^`]*)`",
    "too_complicated": r"Too complicated query",
    "bad_distance": r"java\.|Exception",
    "unreadable_expression": r"Error parsing query in (?P<label>[^:]*):",
    "unknown_area": r"Unknown area name: `(?P<what>[^`]*)`",
    "bad_enum_value": (
        r"Allowed values for enum field `(?:[^`]*\.)?(?P<what>[^`.]*)` are (?P<values>.*)"
    ),
    "bad_coverage": r"Invalid coverage: (?P<what>\S*)",
    "bad_expansion": r"Invalid expansion: (?P<what>\S*)",
    "not_understood": r"",
}
"""Our reason for each message that the registry sends with a 400. The first match counts."""
_NOT_TYPED = frozenset({"unknown_parameter", "unknown_field", "unsortable", "bad_item"})
"""Refusals of settings that only stemcheck chooses."""
_BOXES = {"Conditions or disease": "--condition", "Other terms": "--raw"}
"""The registry names its search boxes by the labels of its web site."""


def error_for_400(sentence: str, query: TrialQuery | None = None) -> StemcheckError:
    """Return the error for a search that the registry refused, with a suggestion.

    ``sentence`` is the body of the answer; it is kept, cut, in the error's facts. A setting that nobody typed
    is refused to stemcheck, and so is what is not understood unless it was typed as it is sent (``--raw``).
    """
    sentence = one_line(sentence)
    reason, found = next(
        (reason, found)
        for reason, pattern in _REFUSALS.items()
        if (found := re.search(pattern, sentence))
    )
    said: dict[str, object] = {"reason": reason, "registry_says": sentence}
    if reason == "not_understood" and (query is None or not query.raw):
        return _refusal(400, sentence, said | {"status": 400})
    named = {name: text.replace("`", "") for name, text in found.groupdict(default="").items()}
    if reason in _NOT_TYPED:
        facts = said | {"status": 400}
        return told(RegistryRefusedError, f"refused.{reason}", facts=facts, **named)
    # What was typed as it is sent goes wrong most easily.
    likely = "--raw" if query is not None and query.raw else "--condition"
    option = _BOXES.get(named.get("label", ""), likely)
    return told(
        QueryRejectedError,
        f"refused.{reason}",
        facts=said,
        **named,
        option=option,
        reading_hint=entry_of("registry.reading_hints")[option],
        field_hint=_field_hint_for(named.get("what", "")),
    )


def one_line(sentence: str) -> str:
    """Return the registry's message as one line of at most 300 printable letters."""
    printable = "".join(char if char.isprintable() else " " for char in sentence)
    return " ".join(printable.split())[:_MOST_LETTERS]


def _field_hint_for(name: str) -> str:
    near = get_close_matches(name, STUDY_FIELDS, n=1)
    return words("registry.near_field", name=near[0]) if near else words("registry.fields")
