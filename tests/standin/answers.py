"""What the stand-in is asked and what it answers, before either becomes bytes on a socket.

A request is checked in the registry's order (names, forms, values, fields, then the queries themselves)
and refused in its words.
"""

import base64
import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.standin.essie import Test, read_query
from tests.standin.records import (
    CONTRACT,
    PIECES,
    Copy,
    Record,
    RefusedError,
    Study,
    canonical_id,
    json_bytes,
)

if TYPE_CHECKING:
    from tests.standin.faults import Fault

JSON = "application/json"
PLAIN = "text/plain; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
_PAGING = ("pageToken", "pageSize", "countTotal", "fields")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    path: str
    """Below the base address: ``/studies``, ``/version`` ..."""
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    """Header names in lower case."""
    at: float
    """Monotonic seconds, to measure the pauses between requests."""
    connection: int
    """Which TCP connection it came by, counted from 1."""

    @property
    def parameters(self) -> dict[str, str]:
        """The query as a mapping; the registry takes each name once."""
        return dict(self.query)

    @property
    def user_agent(self) -> str:
        return self.headers.get("user-agent", "")

    @property
    def page(self) -> int | None:
        """Which page of a list this asks for, from 1; None for anything but a list."""
        try:
            start, _ = _read_token(self.parameters.get("pageToken"))
        except RefusedError:
            return None
        return start // _page_size(self.parameters) + 1 if self.path == "/studies" else None


@dataclass(slots=True)
class Answer:
    """Status, body and headers; lengths are added when it is sent."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def scripted(
    status: int = 200, body: Any = b"", content_type: str = JSON, /, **headers: str
) -> Answer:
    """Return an answer for a script; ``body`` is bytes, or what is to be JSON."""
    content = body if isinstance(body, bytes) else json_bytes(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, content, content_type, named)


@dataclass(slots=True)
class Page:
    """One page of a list, still in parts, so that faults can spoil each."""

    start: int
    """How many studies come before it."""
    size: int
    token: str | None
    """The token it was asked with."""
    is_past_empty: bool
    """Whether the page before this one was shown empty on purpose."""
    lines: list[bytes]
    line_before: list[bytes]
    """The last study of the page before this one, if there is one."""
    next_token: object
    """None leaves the key out; faults put other things here."""
    total: Any

    def body(self) -> bytes:
        """The page as the registry writes it: each study on its own line."""
        head = b"{" if self.total is None else b'{"totalCount":' + json_bytes(self.total) + b","
        studies = b'"studies":[' + b",".join(b"\n" + line for line in self.lines)
        tail = b"\n]" if self.lines else b"]"
        if self.next_token is not None:
            tail += b',"nextPageToken":' + json_bytes(self.next_token)
        return head + studies + tail + b"}"


def token_for(start: int, mark: str = "") -> str:
    """An opaque token that says where to go on, and nothing of the query."""
    return base64.urlsafe_b64encode(f"page-from:{start:08d}:{mark}".encode()).decode()


def _read_token(token: str | None) -> tuple[int, str]:
    if not token:
        return 0, ""
    try:
        plain = base64.b64decode(token, altchars=b"-_", validate=True).decode("ascii")
        _, start, mark = plain.split(":")
        return int(start), mark
    except ValueError as error:  # also what is no base64 and no ASCII
        raise RefusedError("Parameter `pageToken` has incorrect format") from error


def _page_size(parameters: dict[str, str]) -> int:
    size = parameters.get("pageSize", "0")
    asked = int(size) if size.isdecimal() else 0
    return min(asked or int(CONTRACT["default_page"]), int(CONTRACT["largest_page"]))


class Registry:
    """The studies, each ``repeat`` times, and the rules by which they are served."""

    def __init__(self, studies: Iterable[Study], repeat: int, data_timestamp: str) -> None:
        self.data_timestamp = data_timestamp
        self.serve(studies, repeat)

    def serve(self, studies: Iterable[Study], repeat: int = 1) -> None:
        """Serve these studies from now on, and after them, round by round, their copies."""
        records = [Record(study) for study in studies]
        numbers = itertools.count()
        self.rounds: list[list[Record]] = [records]
        for _ in range(repeat - 1):
            self.rounds.append([Copy(record, next(numbers)) for record in records])
        self._by_id = {number: r for round_ in self.rounds for r in round_ for number in r.ids}
        self._found: dict[str, list[Record]] = {}

    def __len__(self) -> int:
        return sum(map(len, self.rounds))

    def answer(self, asked: Asked, fault: "Fault | None" = None) -> Answer:
        """The answer to a GET, its page spoilt by a fault. Refusals become the registry's sentences."""
        tag = f'"{self.data_timestamp}"'
        try:
            answer = self._route(asked, fault)
        except RefusedError as refusal:
            return Answer(refusal.status, refusal.sentence.encode(), PLAIN)
        if answer.status == 200:
            answer.headers["etag"] = tag
            if asked.headers.get("if-none-match") == tag:
                return Answer(304, headers={"etag": tag})
        return answer

    def _route(self, asked: Asked, fault: "Fault | None") -> Answer:
        parameters = asked.parameters
        if asked.path == "/version":
            stamp = {"apiVersion": CONTRACT["version"], "dataTimestamp": self.data_timestamp}
            return Answer(200, json_bytes(stamp))
        if asked.path == "/studies":
            _check(parameters, CONTRACT["search"])
            page = self._page(parameters)
            if fault is not None:
                fault.effect.page(page)
            return Answer(200, page.body())
        if asked.path.startswith("/studies/"):
            return self._study(asked, canonical_id(asked.path.removeprefix("/studies/")))
        return Answer(404, b"Not Found", PLAIN)

    def _study(self, asked: Asked, nct_id: str | None) -> Answer:
        if nct_id is None:
            raise RefusedError("Parameter `nctId` has incorrect format")
        _check(asked.parameters, CONTRACT["study"])
        record = self._by_id.get(nct_id)
        if record is None:
            raise RefusedError(f"NCT number {nct_id} not found", 404)
        if record.nct_id != nct_id:
            query = "&".join(f"{name}={value}" for name, value in asked.query)
            place = f"/api/v2/studies/{record.nct_id}" + (f"?{query}" if query else "")
            return Answer(301, b"", PLAIN, {"location": place})
        return Answer(200, record.line(_paths(asked.parameters)))

    def _page(self, parameters: dict[str, str]) -> Page:
        token, size = parameters.get("pageToken"), _page_size(parameters)
        (start, mark), paths = _read_token(token), _paths(parameters)
        found = self._search(parameters)
        counts = parameters.get("countTotal") == "true" and not token
        return Page(
            start=start,
            size=size,
            token=token,
            is_past_empty=bool(mark),
            lines=[record.line(paths) for record in found[start : start + size]],
            line_before=[record.line(paths) for record in found[max(0, start - 1) : start]],
            next_token=token_for(start + size) if start + size < len(found) else None,
            total=len(found) if counts else None,
        )

    def _search(self, parameters: dict[str, str]) -> list[Record]:
        key = repr(sorted(item for item in parameters.items() if item[0] not in _PAGING))
        if key not in self._found:
            self._found[key] = _find(parameters, self.rounds)
        return self._found[key]


def _find(parameters: dict[str, str], rounds: list[list[Record]]) -> list[Record]:
    """The studies that every query and filter lets through, in the order asked for."""
    tests: list[Test] = [
        read_query(value, name)
        for name, value in parameters.items()
        if value.strip() and (name.startswith("query.") or name == "filter.advanced")
    ]
    if statuses := {*_items(parameters.get("filter.overallStatus"))}:
        tests.append(lambda record: not statuses.isdisjoint(record.values("OverallStatus")))
    if circle := re.findall(r"-?[\d.]+", parameters.get("filter.geo", "")):
        tests.append(lambda record: _is_near(record, *map(float, circle)))
    places = [n for n, record in enumerate(rounds[0]) if all(test(record) for test in tests)]
    for item in reversed(_items(parameters.get("sort"))):
        places = _sorted(places, rounds[0], *item.partition(":")[::2])
    found = [records[place] for records in rounds for place in places]
    wanted = {canonical_id(number) for number in _items(parameters.get("filter.ids"))}
    return [r for r in found if not wanted.isdisjoint(r.ids)] if wanted else found


def _sorted(places: list[int], records: list[Record], name: str, direction: str) -> list[int]:
    """In the order of a date, the newest first if nothing is said; those without one come last."""
    if name not in PIECES or PIECES[name].kind != "date":
        raise RefusedError("Unsupported sort field type: text")
    values = {place: next(iter(records[place].values(name)), "") for place in places}
    known = [place for place in places if values[place]]
    known.sort(key=values.__getitem__, reverse=direction != "asc")
    return known + [place for place in places if not values[place]]


def _is_near(record: Record, latitude: float, longitude: float, kilometres: float) -> bool:
    """Whether any site lies within so many kilometres of a point."""
    here = math.radians(latitude)
    for point in record.leaves("LocationGeoPoint"):
        there, across = math.radians(point["lat"]), math.radians(point["lon"] - longitude)
        cosine = math.sin(here) * math.sin(there)
        cosine += math.cos(here) * math.cos(there) * math.cos(across)
        if math.acos(max(-1.0, min(1.0, cosine))) * 6371.0088 <= kilometres:
            return True
    return False


def _check(parameters: dict[str, str], known: dict[str, str]) -> None:
    """Refuse what the registry's contract does not hold: first a name, then a form, an item, a value."""
    for name in parameters:
        if name not in known:
            raise RefusedError(f"`{name}` is unknown parameter")
    for name, value in parameters.items():
        if known[name] and not re.fullmatch(known[name], value, re.ASCII):
            raise RefusedError(f"Parameter `{name}` has incorrect format")
        for number, item in enumerate(_items(value) or [""], start=1):
            form = CONTRACT["items"].get(name, ".*")
            if not re.fullmatch(form, item, re.ASCII | re.DOTALL):
                raise RefusedError(f"Item {number} in parameter `{name}` has incorrect format")
            if name == "filter.overallStatus" and item not in CONTRACT["enums"]["Status"]:
                raise RefusedError(f"Invalid value in parameter `overallStatus`: `{item}`")


def _items(value: str | None) -> list[str]:
    return re.split(r"[,|]", value) if value else []


def _paths(parameters: dict[str, str]) -> tuple[str, ...]:
    """The branches of a study that are asked for; none for all."""
    names = _items(parameters.get("fields"))
    for name in names:
        if name not in PIECES:
            raise RefusedError(f"Parameter 'fields' contains invalid field name: '{name}'")
    return tuple(PIECES[name].path for name in names)
