"""From a checked request to the positions of the matching studies, in order."""

from functools import cache

from tests.standin.answers import RefusedError
from tests.standin.essie_match import (
    Scope,
    check_areas,
    is_inside,
    is_match,
    kilometres_in,
    relevance_of,
)
from tests.standin.essie_parse import EssieError, EssieRefusal, Node, parse_query
from tests.standin.facets import is_in_facet
from tests.standin.fields import SIZES, pieces
from tests.standin.intervals import date_span
from tests.standin.parameters import QUERY_AREAS, Geo, ListRequest
from tests.standin.records import UPDATE, Corpus, Record

Question = tuple[Node, Scope]


def find_positions(request: ListRequest, corpus: Corpus) -> list[int]:
    """The positions of the matching studies. Raises RefusedError for one that is refused."""
    queries = [_question(value, *QUERY_AREAS[name]) for name, value in request.queries.items()]
    filters = [_question(value, "BasicSearch", "Advanced filter") for value in request.advanced]
    for node, scope in (*queries, *filters):
        try:
            check_areas(node, scope.area)
        except EssieRefusal as refusal:
            raise RefusedError(str(refusal)) from refusal

    def matches(record: Record) -> bool:
        return _passes_filters(record, request) and all(
            is_match(node, record, scope) for node, scope in (*queries, *filters)
        )

    try:
        matching = [number for number, record in enumerate(corpus.records) if matches(record)]
    except EssieRefusal as refusal:
        raise RefusedError(str(refusal)) from refusal
    positions = [position for n in matching for position in corpus.copies_of(n)]
    for name, is_descending in reversed(request.sort):
        positions = _sorted(positions, corpus, name, queries, descending=is_descending)
    for ids in request.ids:
        positions = [p for p in positions if _has_id(corpus, p, ids)]
    return positions


def _question(value: str, area: str, label: str) -> Question:
    try:
        return parse_query(value), Scope(area)
    except EssieRefusal as refusal:
        raise RefusedError(str(refusal)) from refusal
    except EssieError as error:
        raise RefusedError(f"Error parsing query in {label}: {error}") from error


def _passes_filters(record: Record, request: ListRequest) -> bool:
    statuses = {value.raw for value in record.values("OverallStatus")}
    return (
        all(not wanted.isdisjoint(statuses) for wanted in request.statuses)
        and all(_is_inside(record, geo) for geo in request.geo)
        and all(is_in_facet(record, *facet) for facet in request.aggregated)
    )


def _is_inside(record: Record, geo: Geo) -> bool:
    return is_inside(record, geo.latitude, geo.longitude, kilometres_in(geo.distance))


def _has_id(corpus: Corpus, position: int, ids: frozenset[str]) -> bool:
    record = corpus.record_at(position)
    if corpus.id_at(position) == record.nct_id:
        return not ids.isdisjoint(record.ids)
    return corpus.id_at(position) in ids


def _sorted(
    positions: list[int], corpus: Corpus, name: str, queries: list[Question], *, descending: bool
) -> list[int]:
    @cache
    def key_of(record: Record) -> float | None:
        if name == "@relevance":
            return sum(relevance_of(node, record, scope) for node, scope in queries)
        if name in SIZES:
            return float(len(record.raw(SIZES[name]))) or None
        values = [value.raw for value in record.values(name)]
        return _sort_value(pieces()[name].kind, values[0]) if values else None

    def key(position: int) -> float | None:
        of_record = key_of(corpus.record_at(position))
        if of_record is None or name != UPDATE:
            return of_record
        return of_record - corpus.days_before(position)

    keyed = [(key(position), position) for position in positions]
    present = [(k, position) for k, position in keyed if k is not None]
    present.sort(key=lambda pair: pair[0], reverse=descending)
    return [position for _, position in present] + [p for k, p in keyed if k is None]


def _sort_value(kind: str, text: str) -> float | None:
    if kind == "date":
        span = date_span(text)
        return float(span[0].toordinal()) if span else None
    try:
        return float(text)
    except ValueError:
        return None
