"""What a reply to a question about one study, or about the registry itself, means."""

import json

from stemcheck.errors import AnswerUnreadableError, StemcheckError
from stemcheck.registry.asking import BAD_REQUEST, NOT_FOUND, OK, PAGE_HINT, Reply
from stemcheck.registry.crawl import Version
from stemcheck.registry.refusals import error_for_400
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_study
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Missing, Study, Unreadable


def check_is_answered(reply: Reply, query: TrialQuery | None = None) -> None:
    """Raise for anything but 200: a rejected search, or an address that is not the API."""
    if reply.status == BAD_REQUEST:
        raise error_for_400(reply.sentence, query)
    if reply.status != OK:
        raise _no_api_error(reply)


def read_one(reply: Reply, number: str) -> Study | Unreadable | Missing:
    """Read the reply to a question for one number. Raises like `check_is_answered`."""
    if reply.status == NOT_FOUND and _says_missing(reply.sentence, number):
        return Missing(number)
    check_is_answered(reply)
    record = read_study(reply.content)
    if isinstance(record, Unreadable):
        return record
    return _under_number(study_for(record, with_details=True), number, url=reply.url)


def read_version(reply: Reply) -> Version:
    """Read ``/version``. Raises AnswerUnreadableError when it is something else."""
    check_is_answered(reply)
    try:
        document = json.loads(reply.content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise AnswerUnreadableError(
            "The registry's version cannot be read: the answer is not what it should be.",
            hint="Try again in a while.",
        )
    told = (document.get("apiVersion"), document.get("dataTimestamp"))
    return Version(*(text if isinstance(text, str) else None for text in told))


def _says_missing(sentence: str, number: str) -> bool:
    """Whether a 404 is the API's own word on a number, and not some web page's on an address."""
    words = sentence.casefold()
    return not words.startswith("<") and number.casefold() in words and "not found" in words


def _under_number(study: Study, number: str, *, url: str) -> Study | Unreadable:
    """Return a study as the answer to a number: its own, or one of its older ones."""
    named = with_number(study, number)
    # A redirect from the number to this study makes it an older number of it, even if it does not say so.
    if named is study or f"/studies/{study.trial.nct_id}" in url:
        return named
    return Unreadable(number, f"The registry answered with another study, {study.trial.nct_id}.")


def with_number(study: Study, number: str) -> Study:
    """Return a study that has this number, as its own or among its older ones."""
    trial = study.trial
    if number == trial.nct_id or number in trial.aliases:
        return study
    return study._replace(trial=trial.model_copy(update={"aliases": (*trial.aliases, number)}))


def _no_api_error(reply: Reply) -> StemcheckError:
    return AnswerUnreadableError(
        "The address asked is not the registry's: it knows nothing there (404).",
        hint=f"Check STEMCHECK_REGISTRY_URL if it is set. {PAGE_HINT}",
        facts={"status": reply.status},
    )
