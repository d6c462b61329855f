"""Sums up, in a few plain sentences, what a record says about everything that was claimed."""

from collections.abc import Iterator, Sequence

from stemcheck.services.place_checks import Standing
from stemcheck.trial.status import takes_people
from stemcheck.trial.terms import Product
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import Check, Result
from stemcheck.words import entry_of, words

_ORDER: tuple[Result, ...] = ("matches", "differs", "not_stated", "not_settled")
_NO_CELLS = (Product.NONE,)


def summary_for(nct_id: str, trial: Trial, checks: Sequence[Check], standing: Standing) -> str:
    """Return a summary of the checks against one record, without a verdict."""
    where = "saved" if trial.status.as_of else "registry"
    stated = [check for check in checks if check.text_quote is None]
    read = [check for check in checks if check.text_quote is not None]
    sentences = [
        words(f"verify.summary.in_{where}", number=nct_id),
        *_stated(stated),
        *_read(read, stated),
        *_no_cells(trial),
        _capital(_open_words(trial, standing)),
    ]
    return " ".join(sentences)


def summary_without_record(nct_id: str, *, found: bool | None) -> str:
    """Return a summary for a number whose record is not available."""
    key = {None: "not_asked", True: "unreadable", False: "missing"}[found]
    return words(f"verify.summary.{key}", number=nct_id)


def _stated(checks: Sequence[Check]) -> Iterator[str]:
    """Yield one sentence for each result among the claims from options."""
    for result in _ORDER:
        told = [_subject(check, checks) for check in checks if check.result == result]
        if told := list(dict.fromkeys(filter(None, told))):
            yield words(f"verify.summary.stated.{result}", subjects=_joined(told))


def _read(checks: Sequence[Check], stated: Sequence[Check]) -> Iterator[str]:
    """Yield one sentence for each result among the claims from the text; the table shows each of them.

    A claim from an option with the same result has been named already and is left out.
    """
    settled: set[str] = set()
    named = {(check.what, check.result) for check in stated}
    for name, results in (
        ("differs", {"differs"}),
        ("matches", {"matches"}),
        ("not_settled", {"not_stated", "not_settled"}),
    ):
        told = [
            _name_of(check)
            for check in checks
            if check.result in results and (check.what, check.result) not in named
        ]
        told = [name for name in dict.fromkeys(told) if name and name not in settled]
        settled |= {*told}
        if told:
            yield words(f"verify.summary.read.{name}", subjects=_joined(told))


def _name_of(check: Check) -> str:
    subjects: dict[str, str] = entry_of("verify.summary.subjects")
    return subjects.get(check.what, "")


def _subject(check: Check, checks: Sequence[Check]) -> str:
    """Return the subject of a check, with its claims if several checks are about the same subject."""
    subject = _name_of(check)
    alike = [other for other in checks if other.what == check.what]
    if not subject or len(alike) == 1:
        return subject
    claims = [one.told or one.claimed or "" for one in alike if one.result == check.result]
    listed = ", ".join(f'"{claim.replace("_", " ")}"' for claim in claims)
    return f"{subject} ({listed})"


def _no_cells(trial: Trial) -> Iterator[str]:
    if trial.reading is not None and trial.reading.products == _NO_CELLS:
        yield words("verify.summary.no_cells")


def _open_words(trial: Trial, standing: Standing) -> str:
    facts = {"record": standing.record, "when": standing.when}
    there = "_there" if _is_of_a_place(standing) else ""
    can_ask = trial.status.value == "AVAILABLE"
    if standing.when:
        key = {None: "unknown", True: "asked_for" if can_ask else "open", False: f"closed{there}"}
        return words(f"verify.summary.then.{key[standing.was_open]}", **facts)
    key = {None: "unknown", True: "asked_for" if can_ask else "open", False: f"closed{there}"}
    return words(f"verify.summary.now.{key[standing.is_open]}", **facts)


def _is_of_a_place(standing: Standing) -> bool:
    """Return whether the study is closed only at the claimed place, not as a whole."""
    return standing.field != "overallStatus" or takes_people(standing.value) is not False


def _joined(parts: Sequence[str]) -> str:
    *first, last = parts
    return words("verify.summary.and", first=", ".join(first), last=last) if first else last


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
