"""Checks of a request in the registry's order, with its sentences.

Parameter names, then formats, then enum values, then field names; the queries come last and are
parsed in `search`. Sentences that registry-api.md could not find are guesses, marked so here.
"""

import re
from dataclasses import dataclass, field

from tests.standin.answers import RefusedError, read_token
from tests.standin.fields import SIZES, areas, enums, paths_for, piece_for
from tests.standin.records import canonical_id

QUERY_AREAS = {
    "query.cond": ("ConditionSearch", "Conditions or disease"),
    "query.term": ("BasicSearch", "Other terms"),
    "query.locn": ("LocationSearch", "Location terms"),
    "query.titles": ("TitleSearch", "Title / acronym"),
    "query.intr": ("InterventionSearch", "Intervention / treatment"),
    "query.outc": ("OutcomeSearch", "Outcome measure"),
    "query.spons": ("SponsorSearch", "Sponsor / collaborator"),
    "query.lead": ("LeadSponsorName", "Lead sponsor"),
    "query.id": ("IdSearch", "Study IDs"),
    "query.patient": ("PatientSearch", "Patient"),
}
_FILTERS = ("overallStatus", "geo", "ids", "advanced", "synonyms")
FILTERS = tuple(f"{prefix}.{name}" for prefix in ("filter", "postFilter") for name in _FILTERS)
LIST_PARAMETERS = frozenset(
    {*QUERY_AREAS, *FILTERS, "aggFilters", "geoDecay", "fields", "sort", "countTotal"}
    | {"pageSize", "pageToken", "format", "markupFormat"}
)
STUDY_PARAMETERS = frozenset(("format", "markupFormat", "fields"))
FACETS = frozenset(
    {"status", "phase", "studyType", "results", "sex", "ages", "healthy", "violation"}
    | {"funderType", "docs"}
)
_GEO = re.compile(
    r"distance\((-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?),(\d+(?:\.\d+)?(?:km|mi)?)\)", re.ASCII
)
_DECAY = re.compile(
    r"func:(gauss|exp|linear),scale:\d+(\.\d+)?(km|mi),offset:\d+(\.\d+)?(km|mi),decay:\d+(\.\d+)?",
    re.ASCII,
)
FIELD = re.compile(r"[a-zA-Z][a-zA-Z0-9\-. ]*|@query")
_SORT = re.compile(r"([a-zA-Z][a-zA-Z0-9\-. ]*|@relevance)(?::(asc|desc))?")
_SYNONYM = re.compile(r"(\w+):(\d+)", re.ASCII)
_LARGEST_PAGE, _DEFAULT_PAGE = 1000, 10
_IDS_ONLY = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class Geo:
    """A point and a distance (as written) around it."""

    latitude: float
    longitude: float
    distance: str


@dataclass(slots=True)
class ListRequest:
    """A checked request for a list page."""

    queries: dict[str, str] = field(default_factory=dict)
    statuses: list[frozenset[str]] = field(default_factory=list)
    ids: list[frozenset[str]] = field(default_factory=list)
    geo: list[Geo] = field(default_factory=list)
    advanced: list[str] = field(default_factory=list)
    aggregated: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    sort: list[tuple[str, bool]] = field(default_factory=list)
    """Piece name (or ``@relevance``) and whether descending."""
    paths: tuple[str, ...] = ()
    format: str = "json"
    columns: tuple[str, ...] = ()
    count_total: bool = False
    page_size: int = _DEFAULT_PAGE
    token: str | None = None
    offset: int = 0
    mark: str = ""

    @property
    def queried_areas(self) -> tuple[str, ...]:
        return tuple(a for a in (QUERY_AREAS[name][0] for name in self.queries) if a in areas())


def check_names(parameters: dict[str, str], known: frozenset[str], *, stats: bool = False) -> None:
    """Refuse the first unknown parameter name."""
    for name in parameters:
        if name in known:
            continue
        if stats and name.startswith(("query.", "filter.", "postFilter.")):
            raise RefusedError(f"Invalid prefix in parameter name: {name}")
        raise RefusedError(f"`{name}` is unknown parameter")


def items_of(value: str) -> list[str]:
    """The items of a comma- or pipe-separated list."""
    return re.split(r"[,|]", value)


def check_format(value: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed formats; a bad one is a bad enum value."""
    if value not in allowed:
        raise RefusedError(f"Invalid value in parameter `format`: `{value}`")
    return value


def check_fields(value: str, queried: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The JSON paths of a ``fields`` list."""
    found: list[str] = []
    for item in items_of(value):
        paths = paths_for(item, queried)
        if not paths and item != "@query":
            raise RefusedError(f"Parameter 'fields' contains invalid field name: '{item}'")
        found.extend(paths)
    return tuple(found)


def check_items(name: str, value: str, pattern: re.Pattern[str]) -> None:
    """Refuse the first item of a list that has not the right form."""
    for number, item in enumerate(items_of(value), start=1):
        if not pattern.fullmatch(item):
            raise RefusedError(f"Item {number} in parameter `{name}` has incorrect format")


def check_list(parameters: dict[str, str]) -> ListRequest:
    """All checks of ``/studies`` but the queries' own grammar. Raises RefusedError."""
    check_names(parameters, LIST_PARAMETERS)
    _check_formats(parameters)
    for name in ("filter.overallStatus", "postFilter.overallStatus"):
        _check_statuses(parameters.get(name))
    if parameters.get("markupFormat", "markdown") not in ("markdown", "legacy"):
        wrong = parameters["markupFormat"]
        raise RefusedError(f"Invalid value in parameter `markupFormat`: `{wrong}`")
    return _list_request(parameters)


def _check_formats(parameters: dict[str, str]) -> None:
    for name in ("filter.geo", "postFilter.geo"):
        _require(name, parameters.get(name), _GEO)
    _require("geoDecay", parameters.get("geoDecay"), _DECAY)
    _require("pageSize", parameters.get("pageSize"), re.compile(r"\d{1,10}", re.ASCII))  # guess
    _require("countTotal", parameters.get("countTotal"), re.compile("true|false"))  # guess
    nct = re.compile(r"[Nn][Cc][Tt]0*[1-9]\d{0,7}", re.ASCII)
    checked = [("filter.ids", nct), ("postFilter.ids", nct), ("sort", _SORT)]
    checked += [("filter.synonyms", _SYNONYM), ("postFilter.synonyms", _SYNONYM)]
    if parameters.get("format") != "csv":
        checked.append(("fields", FIELD))
    for name, pattern in checked:
        if name in parameters:
            check_items(name, parameters[name], pattern)
    if "sort" in parameters and len(items_of(parameters["sort"])) > 2:
        raise RefusedError("Parameter `sort` has incorrect format")  # guess


def _require(name: str, value: str | None, pattern: re.Pattern[str]) -> None:
    if value is not None and not pattern.fullmatch(value):
        raise RefusedError(f"Parameter `{name}` has incorrect format")


def _check_statuses(value: str | None) -> None:
    for item in items_of(value) if value is not None else []:
        if item not in enums()["Status"]:
            raise RefusedError(f"Invalid value in parameter `overallStatus`: `{item}`")


def _list_request(parameters: dict[str, str]) -> ListRequest:
    request = ListRequest(format=check_format(parameters.get("format", "json"), ("csv", "json")))
    request.queries = {n: parameters[n] for n in QUERY_AREAS if parameters.get(n, "").strip()}
    if "fields" in parameters and request.format == "json":
        request.paths = check_fields(parameters["fields"], request.queried_areas)
    elif "fields" in parameters:
        request.columns = tuple(items_of(parameters["fields"]))
    request.sort = [_sort_key(item) for item in items_of(parameters.get("sort", "")) if item]
    if not any(map(is_ids_only, request.queries.values())):
        _add_filters(request, parameters)
    if parameters.get("aggFilters"):
        request.aggregated = _aggregated(parameters["aggFilters"])
    request.page_size = min(int(parameters.get("pageSize", 0)) or _DEFAULT_PAGE, _LARGEST_PAGE)
    if parameters.get("pageToken"):
        request.token = parameters["pageToken"]
        request.offset, request.mark = read_token(request.token)
    request.count_total = parameters.get("countTotal") == "true" and request.token is None
    return request


def is_ids_only(query: str) -> bool:
    """Whether a query names nothing but NCT numbers; filters are ignored then."""
    words = [word for word in _IDS_ONLY.split(query) if word]
    return bool(words) and all(canonical_id(word) for word in words)


def _add_filters(request: ListRequest, parameters: dict[str, str]) -> None:
    for prefix in ("filter", "postFilter"):
        values = {name: parameters.get(f"{prefix}.{name}") for name in _FILTERS}
        if values["overallStatus"]:
            request.statuses.append(frozenset(items_of(values["overallStatus"])))
        if values["ids"]:
            request.ids.append(frozenset(canonical_id(i) or i for i in items_of(values["ids"])))
        if values["geo"] and (found := _GEO.fullmatch(values["geo"])):
            lat, lon, distance = found.groups()
            request.geo.append(Geo(float(lat), float(lon), distance))
        if values["advanced"] and values["advanced"].strip():
            request.advanced.append(values["advanced"])


def _sort_key(item: str) -> tuple[str, bool]:
    name, _, direction = item.partition(":")
    if name == "@relevance":
        return name, direction != "asc"
    if name in SIZES:
        return name, direction == "desc"
    piece = piece_for(name)
    if piece is None:
        raise RefusedError(f"Parameter 'sort' contains invalid field name: '{name}'")  # guess
    if piece.kind not in ("date", "number"):
        kind = "text" if piece.kind.startswith("enum:") else piece.kind
        raise RefusedError(f"Unsupported sort field type: {kind}")
    return piece.name, direction == "desc" or (not direction and piece.kind == "date")


def _aggregated(value: str) -> list[tuple[str, frozenset[str]]]:
    wanted: dict[str, frozenset[str]] = {}
    for pair in items_of(value):
        facet, _, options = pair.partition(":")
        if facet not in FACETS:
            raise RefusedError(f"Invalid value in parameter `aggFilters`: `{facet}`")  # guess
        wanted[facet] = frozenset(options.split())  # a repeated facet silently loses the first
    return list(wanted.items())
