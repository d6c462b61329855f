"""Whether a study matches a query tree.

Approximate where the site does not publish its rules: an unquoted term asks for all its words
anywhere in the area (known phrases also by their synonyms), a quoted one for its exact words side
by side in one value.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.standin.essie_parse import Context, EssieRefusal, Junction, Negation, Node, Special, Term
from tests.standin.fields import Piece, areas, pieces
from tests.standin.intervals import age_days, date_span, is_within
from tests.standin.records import Record, Value, View
from tests.standin.words import concepts_in, stems_of, synonyms, words_of

T = TypeVar("T")
_DISTANCE = re.compile(r"(\d+(?:\.\d+)?)(km|mi)?")
_KM_PER_MILE = 1.609344
_EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and how a term is looked for."""

    area: str
    """The name of a search area or of one piece."""
    coverage: str = "Contains"
    expansion: str = "Relaxation"

    @property
    def pieces(self) -> tuple[str, ...]:
        return tuple(areas().get(self.area, (self.area,)))

    @property
    def piece(self) -> Piece | None:
        """The piece, when the scope is a single one."""
        return None if self.area in areas() else pieces()[self.area]


def check_areas(node: Node, area: str) -> None:
    """Refuse unknown areas and enum values as the registry does. Raises EssieRefusal."""
    match node:
        case Context(operator="AREA", argument=name, item=item):
            if _size_of(name) is None and name not in areas() and name not in pieces():
                raise EssieRefusal(f"Unknown area name: `{name}`")
            check_areas(item, name)
        case Context(item=item) | Negation(item=item):
            check_areas(item, area)
        case Junction(items=items):
            for item in items:
                check_areas(item, area)
        case Term() if area in pieces() and (allowed := pieces()[area].enum):
            if term_text(node) not in allowed:
                values = ", ".join(f"`{value}`" for value in allowed)
                raise EssieRefusal(
                    f"Allowed values for enum field `{pieces()[area].path}` are {values}"
                )
        case _:
            return


def is_match(node: Node, view: View, scope: Scope) -> bool:  # noqa: PLR0911 - one per node
    """Whether the study, or the site, that ``view`` shows matches."""
    match node:
        case Junction(operator="OR", items=items):
            return any(is_match(item, view, scope) for item in items)
        case Junction(items=items):
            return all(is_match(item, view, scope) for item in items)
        case Negation(item=item):
            return not is_match(item, view, scope)
        case Context():
            return _in_context(node, view, scope)
        case Special(operator="ALL"):
            return True
        case Special(operator="MISSING"):
            return not any(view.raw(piece) for piece in scope.pieces)
        case Special(operator="RANGE", arguments=(least, most)):
            return _in_range(view, scope, least, most)
        case Special(arguments=arguments):
            return _is_near(view, *arguments)
        case Term():
            return _has_term(node, view, scope)


def term_text(term: Term) -> str:
    """The words of a term as one text."""
    return " ".join(part.text for part in term.parts)


def relevance_of(node: Node, view: View, scope: Scope) -> float:
    """The best weight of the pieces that hold the query's terms, summed over the terms."""
    match node:
        case Junction(items=items):
            return sum(relevance_of(item, view, scope) for item in items)
        case Context(operator="AREA", argument=name, item=item) if name in areas():
            return relevance_of(item, view, Scope(name))
        case Term():
            weights = areas().get(scope.area, {})
            hits = (w for p, w in weights.items() if _has_term(node, view, replace(scope, area=p)))
            return max(hits, default=0.0)
        case _:
            return 0.0


def is_inside(view: View, latitude: float, longitude: float, distance_km: float) -> bool:
    """Whether any site lies within a distance of a point."""
    for point in view.raw("LocationGeoPoint"):
        if not isinstance(point, dict) or not {"lat", "lon"} <= point.keys():
            continue
        if _kilometres(latitude, longitude, point["lat"], point["lon"]) <= distance_km:
            return True
    return False


def kilometres_in(written: str) -> float:
    """The length of ``50mi``, ``80km`` or ``50`` (miles). Raises EssieRefusal for other forms."""
    found = _DISTANCE.fullmatch(written)
    if found is None:
        raise EssieRefusal(f"Invalid distance: {written}")
    return float(found.group(1)) * (1.0 if found.group(2) == "km" else _KM_PER_MILE)


def _in_context(node: Context, view: View, scope: Scope) -> bool:
    match node.operator:
        case "AREA":
            piece = _size_of(node.argument)
            if piece is not None:
                wanted = term_text(node.item) if isinstance(node.item, Term) else ""
                return str(len(view.raw(piece))) == wanted
            return is_match(node.item, view, replace(scope, area=node.argument))
        case "SEARCH" if node.argument == "Location" and isinstance(view, Record):
            return any(is_match(node.item, site, scope) for site in view.sites)
        case "COVERAGE":
            return is_match(node.item, view, replace(scope, coverage=node.argument))
        case "EXPANSION":
            return is_match(node.item, view, replace(scope, expansion=node.argument))
        case _:  # TILT changes the order only
            return is_match(node.item, view, scope)


def _size_of(name: str) -> str | None:
    piece = name.removesuffix(":size")
    return piece if piece != name and piece in pieces() else None


def _has_term(term: Term, view: View, scope: Scope) -> bool:
    piece = scope.piece
    if piece is not None and (piece.enum or piece.kind == "boolean"):
        return any(value.raw == term_text(term) for value in view.values(piece.name))
    if piece is not None and piece.kind == "date":
        wanted = date_span(term_text(term))
        spans = [date_span(value.raw) for value in view.values(piece.name)]
        return wanted is not None and any(is_within(span, wanted) for span in spans)
    loose = " ".join(part.text for part in term.parts if not part.quoted)
    if loose and not _has_loose(loose, view, scope):
        return False
    return all(_has_phrase(part.text, view, scope) for part in term.parts if part.quoted)


def _has_phrase(text: str, view: View, scope: Scope) -> bool:
    words = words_of(text)
    return _any_value(view, scope, lambda value: _covers(value.words, words, scope.coverage))


def _has_loose(text: str, view: View, scope: Scope) -> bool:
    stems = stems_of(text)
    if not stems:
        return False
    if scope.expansion == "None":
        words = words_of(text)
        return _any_value(view, scope, lambda value: _covers(value.words, words, scope.coverage))
    if scope.expansion == "Term" or scope.coverage != "Contains":
        return _has_stems(stems, view, scope)
    held = view.stems(scope.area)
    if scope.expansion == "Lossy":
        return any(stem in held for stem in stems)
    return all(_has_concept(concept, held, view, scope) for concept in concepts_in(stems))


def _has_concept(concept: tuple[str, ...], held: frozenset[str], view: View, scope: Scope) -> bool:
    if held.issuperset(concept):
        return True
    return any(
        held.issuperset(other) and _has_stems(other, view, scope)
        for other in synonyms().get(concept, ())
    )


def _has_stems(stems: tuple[str, ...], view: View, scope: Scope) -> bool:
    return _any_value(view, scope, lambda value: _covers(value.stems, stems, scope.coverage))


def _any_value(view: View, scope: Scope, test: Callable[[Value], bool]) -> bool:
    return any(test(value) for piece in scope.pieces for value in view.values(piece))


def _covers(held: tuple[str, ...], wanted: tuple[str, ...], coverage: str) -> bool:
    size = len(wanted)
    if not size:
        return False
    match coverage:
        case "FullMatch":
            return held == wanted
        case "StartsWith":
            return held[:size] == wanted
        case "EndsWith":
            return held[-size:] == wanted
        case _:
            first = wanted[0]
            return any(
                word == first and held[at : at + size] == wanted for at, word in enumerate(held)
            )


def _in_range(view: View, scope: Scope, least: str, most: str) -> bool:
    piece = scope.piece
    if piece is None:
        raise EssieRefusal(f"RANGE is not applicable to area `{scope.area}`")
    read: dict[str, Callable[[str], float | None]] = {"number": _number, "time": age_days}
    if piece.kind == "date":
        floor = None if least == "MIN" else _bound(date_span(least), least)[0]
        ceiling = None if most == "MAX" else _bound(date_span(most), most)[1]
        spans = [s for v in view.values(piece.name) if (s := date_span(v.raw)) is not None]
        return any(
            (floor is None or s[1] >= floor) and (ceiling is None or s[0] <= ceiling) for s in spans
        )
    if piece.kind not in read:
        raise EssieRefusal(f"RANGE is not applicable to field `{piece.path}`")
    number = read[piece.kind]
    low = -math.inf if least == "MIN" else _bound(number(least), least)
    high = math.inf if most == "MAX" else _bound(number(most), most)
    found = [number(value.raw) for value in view.values(piece.name)]
    return any(n is not None and low <= n <= high for n in found)


def _bound(read: T | None, written: str) -> T:
    if read is None:
        raise EssieRefusal(f"Invalid range bound: {written}")
    return read


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_near(view: View, latitude: str, longitude: str, distance: str) -> bool:
    lat, lon = _bound(_number(latitude), latitude), _bound(_number(longitude), longitude)
    return is_inside(view, lat, lon, kilometres_in(distance))


def _kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b = math.radians(lat1), math.radians(lat2)
    across = math.radians(lon2 - lon1)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))
