"""Reading the bytes of an answer: which studies they hold, and which records cannot be read.

Each record is validated by pydantic's own JSON parser. One that does not fit is looked at again, to say what
is wrong with it. It stays in its place in the list as `Unreadable`; the others are not touched by it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, NoReturn, Required, final

from pydantic import TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.shapes import AS_WRITTEN, NCT_NUMBER, WireStudy
from stemcheck.trial.study import Unreadable

_TRY_AGAIN = "Try again in a few minutes. If it stays so, run `stemcheck doctor`."

_REASONS = {
    "bool_type": "should be true or false",
    "dict_type": "should be an object",
    "finite_number": "should be an ordinary number",
    "float_type": "should be a number",
    "int_type": "should be a whole number",
    "json_invalid": "is nested too deeply",
    "list_type": "should be a list",
    "missing": "is missing",
    "string_pattern_mismatch": "is not an NCT number",
    "string_type": "should be text",
}
"""What pydantic's error types mean, said after the name of the field."""


@final
@with_config(AS_WRITTEN)
class Frame(TypedDict, total=False):
    """A list answer's own fields."""

    studies: Required[list[Any]]
    nextPageToken: str | None
    totalCount: int | None


# Built when first used: each takes milliseconds, and a command needs one of them.
@cache
def study_reader() -> TypeAdapter[WireStudy]:
    """Return what reads one record."""
    return TypeAdapter(WireStudy)


@cache
def frame_reader() -> TypeAdapter[Frame]:
    """Return what reads a list answer's own fields."""
    return TypeAdapter(Frame)


class WirePage(NamedTuple):
    """One page of an answer, with its records in the order they came."""

    studies: list[WireStudy | Unreadable]
    next_page_token: str | None
    """None on the last page."""
    total_count: int | None
    """How many studies match, where the registry was asked to count them."""


def read_page(body: bytes) -> WirePage:
    """Read a list answer.

    Raises `AnswerUnreadableError` when it is no JSON object with a list ``studies``; never for a
    record, however broken.
    """
    value = parse(body, "The answer")
    if not isinstance(value, dict) or not isinstance(value.get("studies"), list):
        _refuse("The answer holds no list of studies.")
    try:
        frame = frame_reader().validate_json(json.dumps(value | {"studies": []}))
    except ValidationError as problem:
        _refuse("The answer's own fields cannot be read.", detail=_details_of(problem))
    except RecursionError:
        _refuse("The answer's own fields are nested too deeply.")
    return WirePage(
        [read_record(record) for record in value["studies"]],
        # An empty token would ask for the first page again.
        frame.get("nextPageToken") or None,
        frame.get("totalCount"),
    )


def read_study(body: bytes) -> WireStudy | Unreadable:
    """Read an answer that is one study.

    Raises `AnswerUnreadableError` when it is no JSON object; a record that does not fit is a value.
    """
    try:
        return study_reader().validate_json(body)
    except ValidationError:
        value = parse(body, "The answer")
    if not isinstance(value, dict):
        _refuse("The answer is not a study.")
    return read_record(value)


def read_document(body: bytes, subject: str) -> list[WireStudy | Unreadable]:
    """Read JSON that is one study, a list page or an array of studies.

    Raises `AnswerUnreadableError`, with ``subject`` as its first words, when it is none of them.
    """
    try:
        return [study_reader().validate_json(body)]
    except ValidationError:
        value = parse(body, subject)
    if isinstance(value, list):
        return [read_record(item) for item in value]
    if isinstance(value, dict) and isinstance(value.get("studies"), list):
        return [read_record(item) for item in value["studies"]]
    if not isinstance(value, dict) or "protocolSection" not in value:
        _refuse(f"{subject} is JSON, but holds no study record.")
    return [read_record(value)]


def read_record(value: object) -> WireStudy | Unreadable:
    """Read one record that has been parsed already.

    Half a surrogate pair, which no program could print, becomes U+FFFD; nothing else is changed.
    """
    try:
        # Back to JSON, so that a record is judged by the same rules wherever it comes from.
        return study_reader().validate_json(_without_halves(json.dumps(value, ensure_ascii=False)))
    except ValidationError as problem:
        return Unreadable(nct_id=nct_id_of(value), reason=_reason_for(value, problem))
    except RecursionError:
        return Unreadable(nct_id=nct_id_of(value), reason="The record is nested too deeply.")


def _without_halves(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def nct_id_of(value: object) -> str | None:
    """Return the number that a parsed record carries, when it is one at all."""
    for key in ("protocolSection", "identificationModule", "nctId"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) and re.fullmatch(NCT_NUMBER, value) else None


def data_date_of(record: Mapping[str, Any]) -> str | None:
    """Return the day of the data that a validated record is a copy of (``versionHolder``)."""
    misc = (record.get("derivedSection") or {}).get("miscInfoModule") or {}
    day: str | None = misc.get("versionHolder")
    return day


def parse(body: bytes, subject: str) -> object:
    """Return any JSON as plain values, with fewer rules than pydantic's parser has.

    Raises `AnswerUnreadableError`, with ``subject`` as its first words, when even these are broken.
    """
    try:
        return json.loads(body)
    except RecursionError:
        _refuse(f"{subject} is nested too deeply to be study records.")
    except UnicodeDecodeError as problem:
        _refuse(f"{subject} is not UTF-8 text.", detail=str(problem))
    except json.JSONDecodeError as problem:
        _refuse(f"{subject} {_syntax_problem_of(problem)}", detail=str(problem))
    except ValueError as problem:  # a whole number of thousands of digits
        _refuse(f"{subject} is not valid JSON.", detail=str(problem))


def _syntax_problem_of(problem: json.JSONDecodeError) -> str:
    text = problem.doc.strip()
    if not text:
        return "is empty."
    if text.startswith("<"):
        return "is a web page, not data."
    if problem.msg.startswith("Unterminated") or problem.pos >= len(problem.doc.rstrip()):
        return "breaks off before its end."
    return "is not valid JSON."


def _reason_for(value: object, problem: ValidationError) -> str:
    """Return in one line what is wrong with a record: the first fault, and how many more."""
    if not isinstance(value, dict):
        return "What stands in the place of a study is not an object."
    first, *others = problem.errors(include_url=False, include_context=False, include_input=False)
    path = _path_of(first["loc"]) or "The record"
    reason = _REASONS.get(first["type"], "cannot be read")
    more = f" (and {len(others)} more)" if others else ""
    return f"{path} {reason}{more}."


def _path_of(location: Iterable[int | str]) -> str:
    """Return a place in a record as in ``protocolSection.designModule.phases[0]``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


def _details_of(problem: ValidationError) -> str:
    errors = problem.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{_path_of(error['loc'])}: {error['type']}" for error in errors[:5])


def _refuse(message: str, **facts: object) -> NoReturn:
    raise AnswerUnreadableError(message, hint=_TRY_AGAIN, facts=facts)
