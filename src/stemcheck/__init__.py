"""What stem-cell trials does ClinicalTrials.gov list, what is given and how, and which cautions apply.

The public Python API: `search` asks the registry, `fetch` looks up numbers, `read_study` and `read_many` read
records that are already here. They return the same pydantic models that the command line prints as JSON, and
raise the errors below, all of them `StemcheckError`. Importing this package loads nothing heavy.

    import stemcheck

    answer = stemcheck.search("stroke", routes="iv", limit=20)
    print(len(answer), "of", answer.counts.fetched)
    for trial in answer:
        if trial.reading:
            print(trial.nct_id, trial.status.label, ", ".join(trial.reading.routes))
"""

from __future__ import annotations

# `stemcheck --version` imports this file alone: `typing` would be half of its time. Type checkers take
# this name for true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, Literal, overload

    from stemcheck.errors import (
        AnswerUnreadableError,
        ExitCode,
        QueryRejectedError,
        RegistryRefusedError,
        RegistryUnreachableError,
        StemcheckError,
        StoreError,
        TrialNotFoundError,
        UsageError,
    )
    from stemcheck.services.filters import Given
    from stemcheck.services.settings import Settings
    from stemcheck.trial.answer import (
        AppliedCaution,
        Counts,
        Notice,
        Source,
        TrialsAnswer,
        UnreadableRecord,
    )
    from stemcheck.trial.details import DetailedTrial, ShowAnswer
    from stemcheck.trial.reading import Evidence, Reading
    from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue
    from stemcheck.trial.trial import Signal, Status, Trial

    Progress = Callable[[int, int | None], object]
else:

    def overload(function: Any) -> Any:
        """Let a type checker alone see the kinds of calls."""
        return function


__version__ = "0.1.0"

_HOMES = {
    "stemcheck.errors": (
        "StemcheckError",
        "UsageError",
        "QueryRejectedError",
        "TrialNotFoundError",
        "RegistryUnreachableError",
        "RegistryRefusedError",
        "AnswerUnreadableError",
        "StoreError",
        "ExitCode",
    ),
    "stemcheck.trial.answer": (
        "TrialsAnswer",
        "Source",
        "Counts",
        "AppliedCaution",
        "Notice",
        "UnreadableRecord",
    ),
    "stemcheck.trial.details": ("ShowAnswer", "DetailedTrial"),
    "stemcheck.trial.trial": ("Trial", "Status", "Signal"),
    "stemcheck.trial.reading": ("Reading", "Evidence"),
    "stemcheck.trial.terms": ("Product", "Tissue", "Donor", "Route", "Intravenous"),
}
"""Where each public name lives; it is loaded when it is first used."""

__all__ = [  # noqa: RUF022 (in the order in which one reads of them)
    "search",
    "fetch",
    "read_study",
    "read_many",
    "StemcheckError",
    "UsageError",
    "QueryRejectedError",
    "TrialNotFoundError",
    "RegistryUnreachableError",
    "RegistryRefusedError",
    "AnswerUnreadableError",
    "StoreError",
    "ExitCode",
    "TrialsAnswer",
    "Source",
    "Counts",
    "AppliedCaution",
    "Notice",
    "UnreadableRecord",
    "ShowAnswer",
    "DetailedTrial",
    "Trial",
    "Status",
    "Signal",
    "Reading",
    "Evidence",
    "Product",
    "Tissue",
    "Donor",
    "Route",
    "Intravenous",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Load a model, an enum or an error when it is first asked for."""
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            globals()[name] = found = getattr(import_module(home), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@overload
def search(  # noqa: D103 (the last one says it)
    *conditions: str,
    stream: Literal[False] = False,
    offline: bool = False,
    timeout: float | None = None,
    on_progress: Progress | None = None,
    **filters: Given | int | None,
) -> TrialsAnswer: ...


@overload
def search(  # noqa: D103, F811
    *conditions: str,
    stream: Literal[True],
    offline: bool = False,
    timeout: float | None = None,
    on_progress: Progress | None = None,
    **filters: Given | int | None,
) -> Iterator[Trial]: ...


def search(  # noqa: F811 (the overloads are for type checkers)
    *conditions: str,
    stream: bool = False,
    offline: bool = False,
    timeout: float | None = None,
    on_progress: Progress | None = None,
    **filters: Given | int | None,
) -> TrialsAnswer | Iterator[Trial]:
    """Return the answer to a search: every page is read before it comes back.

    ``conditions`` are illnesses; several mean any of them, none means everything in scope.

    ``filters`` are those of the command line, by the names that they have in the JSON's ``query``:
    ``statuses="open"``, ``countries=["Spain", "Italy"]``, ``age="67"``, ``limit=20``, ``raw="AREA[...]..."``.
    They take the words of the command line (``open``, ``2``, ``iv``) and the values of the JSON
    (``RECRUITING``, ``PHASE2``, ``intravenous``). ``cells``: None is ``iv_or_mesenchymal``, an empty list
    leaves out nothing.

    With ``stream``, trials are yielded as pages arrive, in the registry's order and in constant memory; what
    an answer says beside its trials is then not to be had. With ``offline``, saved data answer; otherwise the
    registry does, and nothing steps in for it. ``timeout``: seconds that one request may take, retries
    included. ``on_progress`` is called with the number of studies so far and of all, or None.

    Raises `UsageError` for a word or a filter that is not known, `RegistryUnreachableError`,
    `RegistryRefusedError` or `AnswerUnreadableError` where the registry gives no answer, and `StoreError`
    where saved data cannot. An answer without trials means that there are none.
    """
    from stemcheck.services.filters import query_from
    from stemcheck.services.search import Ask, open_search

    query = query_from({"conditions": conditions, **filters})
    ask = Ask.SAVED_ONLY if offline else Ask.REGISTRY_ONLY
    found = open_search(query, ask, _settings(timeout), on_event=_hearing(on_progress))
    if stream:
        return _streamed(found)
    with found:
        return found.answer()


def _streamed(found: Any) -> Iterator[Trial]:
    with found:
        yield from found


def _settings(timeout: float | None) -> Settings:
    from dataclasses import replace

    from stemcheck.services.settings import seconds_from, settings_from

    settings = settings_from()
    if timeout is None:
        return settings
    seconds = seconds_from(str(timeout), "timeout")
    return replace(settings, timeout_seconds=seconds, is_timeout_given=True)


def _hearing(on_progress: Progress | None) -> Any:
    """Return what hears the events of the registry for a function that wants numbers alone."""
    if on_progress is None:
        return None

    def hear(event: Any) -> None:
        if hasattr(event, "studies"):
            on_progress(event.studies, event.total)

    return hear


def fetch(*nct_ids: str, offline: bool = False, timeout: float | None = None) -> ShowAnswer:
    """Return trials in full by their numbers; a number that the registry lacks stands in ``missing``.

    Raises `UsageError` for what is no NCT number, and the registry's errors as `search` does.
    """
    from stemcheck.services.filters import texts_in
    from stemcheck.services.search import Ask
    from stemcheck.services.show import checked_number, find_trials

    texts = texts_in(nct_ids, "nct_ids")
    numbers = tuple(dict.fromkeys(checked_number(nct_id) for nct_id in texts))
    ask = Ask.SAVED_ONLY if offline else Ask.REGISTRY_ONLY
    return find_trials(numbers, ask, _settings(timeout)).answer()


def read_study(record: Mapping[str, Any] | bytes | str) -> Trial:
    """Return one study record in the registry's v2 shape as a trial with its reading; nobody is asked.

    Raises `AnswerUnreadableError` when it is no such record.
    """
    from stemcheck.services.records import trial_from

    return trial_from(record)


def read_many(
    records: Iterable[Mapping[str, Any] | bytes | str],
) -> Iterator[Trial | UnreadableRecord]:
    """Yield each study record as a trial with its reading, in order and one at a time; nobody is asked.

    A record that cannot be read is yielded as `UnreadableRecord`, so that one of a million stops nothing. It
    suits functions that work on a part of the data at a time, as ``map_partitions`` of Dask and
    ``mapPartitions`` of Spark do: all that it needs is loaded once a process.
    """
    from stemcheck import errors
    from stemcheck.services.records import trial_from
    from stemcheck.trial import answer

    for record in records:
        try:
            yield trial_from(record)
        except errors.AnswerUnreadableError as error:
            yield answer.UnreadableRecord(nct_id=None, reason=error.message)
