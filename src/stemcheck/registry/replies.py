"""What an answer to a question about one study, or about the registry itself, means."""

import json

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError
from stemcheck.registry.asker import BAD_REQUEST, NOT_FOUND, OK, Answer
from stemcheck.registry.failures import error_for_400, one_line, told
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_study
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Missing, Study, Unreadable
from stemcheck.words import words


def check_is_answered(
    answer: Answer, query: TrialQuery | None = None, *, is_first: bool = True
) -> None:
    """Raise for anything but 200: a rejected search, or an address that is not the API.

    ``is_first``: no page of the search has come yet. When one has, the words of the search are not at fault.
    """
    facts: dict[str, object] = {"status": answer.status}
    if answer.is_page and (answer.status == BAD_REQUEST or not is_first):
        raise told(AnswerUnreadableError, "reply.page", facts=facts)
    if answer.status != OK and not is_first:
        facts["registry_says"] = one_line(answer.sentence)
        raise told(RegistryRefusedError, "reply.half_way", facts=facts)
    if answer.status == BAD_REQUEST and not answer.says_why:
        raise told(AnswerUnreadableError, "reply.page", facts=facts)
    if answer.status == BAD_REQUEST:
        raise error_for_400(answer.sentence, query)
    if answer.status != OK:
        raise told(AnswerUnreadableError, "reply.no_api", facts=facts)


def read_one(
    answer: Answer, content: bytes, number: str, *, is_long: bool = False
) -> Study | Unreadable | Missing:
    """Read the answer to a question for one number. Raises like `check_is_answered`."""
    if answer.status == NOT_FOUND and _says_missing(answer.sentence, number):
        return Missing(number)
    check_is_answered(answer)
    record = read_study(content, is_long=is_long)
    if isinstance(record, Unreadable):
        return record
    if number != record.nct_id and number not in record.aliases:
        return Unreadable(number, words("registry.reply.another_study", number=record.nct_id))
    return study_for(record, with_details=True, is_long=is_long)


def read_version(answer: Answer) -> str | None:
    """Read from ``/version`` of when the data are (UTC). Raises AnswerUnreadableError."""
    check_is_answered(answer)
    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise told(AnswerUnreadableError, "reply.no_version")
    timestamp = document.get("dataTimestamp")
    return timestamp if isinstance(timestamp, str) else None


def _says_missing(sentence: str, number: str) -> bool:
    """Whether a 404 is the API's own word on a number, and not some web page's on an address."""
    said = sentence.casefold()
    return not said.startswith("<") and number.casefold() in said and "not found" in said
