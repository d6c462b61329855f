"""Reads the bytes of an answer: the studies in it, and the records that cannot be read.

pydantic's JSON parser checks each record against the shape given by `stemcheck.registry.record`. A record
that does not fit is replaced by an `Unreadable` with the reason in one line; the others are not affected.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import islice
from typing import Annotated, Any, NamedTuple, Required, cast, final, get_args, get_origin

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict  # before Python 3.12, pydantic accepts no other

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.record import Record, items_in, places_in
from stemcheck.registry.splitter import (
    BYTE_ORDER_MARK,
    Fault,
    Frame,
    Piece,
    SplitError,
    count_parts,
    split,
)
from stemcheck.trial.study import Unreadable
from stemcheck.words import entry_of, words

MOST_RECORDS = 5_000
"""The registry puts at most a thousand on a page."""
MOST_PARTS = 1_500_000
"""The most brackets and commas in an answer: several times as many as in a thousand records."""
MOST_TOKEN_LETTERS = 2_000
"""The registry's own tokens have a few dozen; the next page's address must be able to hold one."""

_NUMBER = re.compile(r"NCT[0-9]{8}")
_NUMBER_FIELD = re.compile(rb'"nctId"\s*:\s*"(NCT[0-9]{8})"')
_AS_WRITTEN = ConfigDict(strict=True, allow_inf_nan=False)
"""No conversions: "5" is not a number, 1 is not true, NaN is nothing. Also applies to inner shapes."""


@final
@with_config(_AS_WRITTEN)
class PageFields(TypedDict, total=False):
    """The fields of a list answer."""

    studies: Required[list[Any]]
    nextPageToken: str | None
    totalCount: Annotated[int, Field(ge=0, lt=10**9)] | None
    error: Any
    """Something in between, or a later version, may put a failure into a list without studies."""


class WirePage(NamedTuple):
    """One page of an answer, with its records in order."""

    studies: list[Record | Unreadable]
    next_page_token: str | None
    """None on the last page."""
    total_count: int | None
    """How many studies match, if the registry was asked to count them."""


def read_page(body: bytes, *, is_long: bool = False) -> WirePage:
    """Read a list answer.

    Raises `AnswerUnreadableError` if it is not a JSON object with a list ``studies``, or if the list is too
    long for a page. A broken record never raises.
    """
    studies: list[Record | Unreadable] = []
    page: bytes | None = None
    for piece in _pieces_of(body):
        if page is not None:
            raise _unreadable("not_json")
        if isinstance(piece, Frame):
            page = piece.text
        elif piece.is_document:
            raise _no_list(piece)
        elif len(studies) == MOST_RECORDS:
            raise _unreadable("too_many_records", most=f"{MOST_RECORDS:,}")
        else:
            studies.append(read_piece(piece, is_long=is_long))
            if isinstance(studies[-1], Unreadable) and not _is_utf8(piece.text):
                raise _unreadable("not_utf8")  # not one record's fault: all JSON is UTF-8
    if page is None or not page.startswith(b"{"):
        raise _unreadable("no_list")
    return _page_of(studies, page)


def _page_of(studies: list[Record | Unreadable], page: bytes) -> WirePage:
    try:
        own = _page_reader().validate_json(page)
    except ValidationError as problem:
        raise _unreadable("own_fields", facts={"detail": _details_of(problem)}) from None
    if own.get("error") and not studies:
        raise _unreadable("error_in_list")
    token = own.get("nextPageToken")
    if token and len(token) > MOST_TOKEN_LETTERS:
        raise _unreadable("endless_token")
    # An empty token would request the first page again.
    return WirePage(studies, token or None, own.get("totalCount"))


def read_study(body: bytes, *, is_long: bool = False) -> Record | Unreadable:
    """Read an answer that is one study.

    Raises `AnswerUnreadableError` if it is not a JSON object. A record that does not fit is returned as
    `Unreadable`.
    """
    pieces = list(islice(_pieces_of(body), 2))
    match pieces:
        case [Piece(is_document=True, text=text) as piece] if text.startswith(b"{"):
            record = read_piece(piece, is_long=is_long)
            if isinstance(record, Unreadable) and (piece.fault == "cut" or not _is_json(text)):
                raise _no_list(piece)
            return record
        case _:
            raise _unreadable("no_study")


def read_piece(piece: Piece, *, is_long: bool = False) -> Record | Unreadable:
    """Read one record that was split off."""
    if piece.fault is not None:
        return Unreadable(number_in(piece.text), words(f"registry.record.{piece.fault}"))
    if b'"protocolSection"' not in piece.text:  # reject it quickly: a hostile page may hold many
        return Unreadable(None, _reason_of_other(piece.text))
    try:
        return _record_from(_record_reader(is_long=is_long).validate_json(piece.text))
    except ValidationError:
        pass
    # Parse again, less strictly: to find the fault, or to replace lone surrogates.
    try:
        value = json.loads(piece.text)
    except UnicodeDecodeError:
        return Unreadable(number_in(piece.text), words("registry.record.not_utf8"))
    except ValueError:  # not JSON, or an integer with thousands of digits
        return Unreadable(number_in(piece.text), words("registry.record.not_json"))
    return read_record(value, is_long=is_long)


def _reason_of_other(text: bytes) -> str:
    """Return why this text, which stands where a study should, is not a study."""
    try:
        value = json.loads(text)
    except UnicodeDecodeError:
        return words("registry.record.not_utf8")
    except ValueError:
        return words("registry.record.not_json")
    if not isinstance(value, dict):
        return words("registry.record.not_an_object")
    reason = words("registry.field.missing")
    return words("registry.record.fault", place="protocolSection", reason=reason, more="")


def read_record(value: object, *, is_long: bool = False) -> Record | Unreadable:
    """Read one record that has been parsed already.

    Lone surrogates, which cannot be printed, become U+FFFD; nothing else is changed.
    """
    try:
        # Convert back to JSON, so that the same rules apply to every record.
        text = _without_halves(json.dumps(value, ensure_ascii=False))
        return _record_from(_record_reader(is_long=is_long).validate_json(text))
    except ValidationError as problem:
        return Unreadable(nct_id_of(value), _reason_for(value, problem))
    except RecursionError:
        return Unreadable(nct_id_of(value), words("registry.record.too_deep"))


def nct_id_of(value: object) -> str | None:
    """Return the NCT number of a parsed record; None if it has no valid one."""
    for key in ("protocolSection", "identificationModule", "nctId"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def prepare() -> None:
    """Build the record reader before the first record arrives."""
    _record_reader(is_long=False)


# Built on first use: each takes milliseconds, and a command needs only one of them.
@cache
def _record_reader(*, is_long: bool) -> TypeAdapter[dict[str, Any]]:
    """Return the reader for records. Unless ``is_long``, it ignores the fields of the long form."""
    return TypeAdapter(with_config(_AS_WRITTEN)(_shape_of(Record, is_long=is_long)))


@cache
def _page_reader() -> TypeAdapter[PageFields]:
    return TypeAdapter(PageFields)


def _shape_of(kind: type, *, is_long: bool) -> Any:
    """Return the shape of a record, or of an item in it, as a typed dictionary with the registry's keys."""
    tree: dict[str, Any] = {}
    for place, hint in places_in(kind).values():
        if place.in_long and not is_long:
            continue
        *above, key = place.steps
        branch = tree
        for step in above:
            branch = branch.setdefault(step, {})
        branch[key] = _type_of(hint, is_long=is_long)
    return _typed_dict(kind.__name__, tree)


def _typed_dict(name: str, tree: Mapping[str, Any]) -> Any:
    keys = {}
    for key, value in tree.items():
        shape = _typed_dict(key, value) if isinstance(value, dict) else value
        has_number = isinstance(value, dict) and bool(shape.__required_keys__)
        keys[key] = (
            Required[shape] if has_number else shape | None if isinstance(value, dict) else shape
        )
    return TypedDict(name, keys, total=False)  # type: ignore[operator]  # the keys come from a table


def _type_of(hint: Any, *, is_long: bool) -> Any:
    """Return the JSON type that a field must have."""
    type_ = get_args(hint)[0]
    if type_ is str:  # the only field that every record must have
        return Required[Annotated[str, Field(pattern=f"^{_NUMBER.pattern}$")]]
    inner = items_in(hint)
    if get_origin(type_) is tuple:
        return list[_shape_of(inner, is_long=is_long) if inner else str] | None  # type: ignore[misc]
    return _shape_of(inner, is_long=is_long) | None if inner else type_


def _record_from(fields: Mapping[str, Any]) -> Record:
    return cast("Record", _maker_of(Record)(fields))


@cache
def _maker_of(kind: type) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function that builds a record, or an item, from a dictionary of its shape."""
    empty: list[Any] = []
    leaves: dict[tuple[str, ...], list[tuple[int, str, Callable[[Any], Any] | None]]] = {}
    for number, (place, hint) in enumerate(places_in(kind).values()):
        is_list = get_origin(get_args(hint)[0]) is tuple
        inner = items_in(hint)
        empty.append(() if is_list else None)
        make = _maker_of(inner) if inner else None
        if is_list:
            make = partial(_all_of, make) if make else tuple
        leaves.setdefault(place.steps[:-1], []).append((number, place.steps[-1], make))

    def take(record: Mapping[str, Any]) -> Any:
        values = empty.copy()
        for above, fields in leaves.items():
            branch: Mapping[str, Any] | None = record
            for step in above:
                branch = branch.get(step) if branch else None
            if branch:
                for number, key, make in fields:
                    value = branch.get(key)
                    if value is not None:
                        values[number] = make(value) if make else value
        return kind(*values)

    return take


def _all_of(make: Callable[[Any], Any], items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(map(make, items))


def _pieces_of(body: bytes) -> Iterator[Piece | Frame]:
    body = body.removeprefix(BYTE_ORDER_MARK).strip()
    if not body:
        raise _unreadable("empty")
    if body.startswith(b"<"):
        raise _unreadable("web_page")
    if len(body) > MOST_PARTS and count_parts(body) > MOST_PARTS:
        raise _unreadable("too_many_parts")
    try:
        yield from split([body])
    except SplitError as error:
        raise _unreadable(_PAGE_FAULTS[error.fault]) from None


_PAGE_FAULTS: Mapping[Fault, str] = {
    "cut": "breaks_off",
    "syntax": "not_json",
    "twice": "not_json",
    "too_long": "too_large",
    "too_deep": "too_deep",
    "too_many": "too_deep",
}


def _no_list(piece: Piece) -> AnswerUnreadableError:
    """Return the error for an answer that is not a list page."""
    if piece.fault is not None:
        return _unreadable(_PAGE_FAULTS[piece.fault])
    try:
        json.loads(piece.text)
    except UnicodeDecodeError:
        return _unreadable("not_utf8")
    except ValueError:
        return _unreadable("not_json")
    return _unreadable("no_list")


def _unreadable(
    key: str, *, facts: dict[str, object] | None = None, **named: object
) -> AnswerUnreadableError:
    message = words(f"registry.answer.{key}", **named)
    return AnswerUnreadableError(message, hint=words("registry.answer.advice"), facts=facts)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _without_halves(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def number_in(text: bytes) -> str | None:
    """Return the first text that looks like the number of a record; None if there is none."""
    found = _NUMBER_FIELD.search(text)
    return found[1].decode() if found else None


def _reason_for(value: object, problem: ValidationError) -> str:
    """Return in one line what is wrong with a record: the first fault, and how many more there are."""
    if not isinstance(value, dict):
        return words("registry.record.not_an_object")
    first, *others = problem.errors(include_url=False, include_context=False, include_input=False)
    place = _path_of(first["loc"]) or words("registry.record.itself")
    reasons = entry_of("registry.field")
    reason = reasons.get(first["type"], reasons["other"])
    more = words("registry.record.more", more=len(others)) if others else ""
    return words("registry.record.fault", place=place, reason=reason, more=more)


def _path_of(location: Iterable[int | str]) -> str:
    """Return a place in a record, such as ``protocolSection.designModule.phases[0]``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


def _details_of(problem: ValidationError) -> str:
    errors = problem.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{_path_of(error['loc'])}: {error['type']}" for error in errors[:5])
