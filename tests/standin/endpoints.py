"""The registry's endpoints: from a request to an answer, without a socket."""

import threading
import zipfile
from io import BytesIO

from tests.standin.answers import PLAIN, Answer, Asked, Page, RefusedError, token_for
from tests.standin.faults import Fault
from tests.standin.fields import cut_for
from tests.standin.page_faults import PAST_EMPTY, spoil_page
from tests.standin.parameters import FIELD as FIELD_PATTERN
from tests.standin.parameters import (
    STUDY_PARAMETERS,
    ListRequest,
    check_fields,
    check_format,
    check_items,
    check_list,
    check_names,
)
from tests.standin.records import Corpus, canonical_id, json_bytes
from tests.standin.search import find_positions
from tests.standin.tabular import csv_bytes, ris_bytes

API_VERSION = "2.0.5"
_REMEMBERED_SEARCHES = 64
_STUDY_FORMATS = ("csv", "json", "json.zip", "fhir.json", "ris")


class Registry:
    """The studies and the rules by which they are served."""

    def __init__(self, corpus: Corpus, data_timestamp: str) -> None:
        self.corpus = corpus
        self.data_timestamp = data_timestamp
        self._found: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def replace(self, corpus: Corpus) -> None:
        """Serve other studies from now on."""
        with self._lock:
            self.corpus = corpus
            self._found.clear()

    def answer(self, asked: Asked, page_fault: Fault | None = None) -> Answer:
        """The answer to a GET. Refusals become the registry's plain sentences."""
        tag = f'"{self.data_timestamp}"'
        try:
            answer = self._route(asked, page_fault)
        except RefusedError as refusal:
            return Answer(refusal.status, refusal.sentence.encode(), PLAIN)
        if answer.status == 200:
            if asked.headers.get("if-none-match") == tag:
                return Answer(304, headers={"etag": tag})
            answer.headers["etag"] = tag
        return answer

    def page_number(self, asked: Asked) -> int | None:
        """Which page of a list is asked for, from 1; None for anything but a good list request."""
        try:
            request = check_list(asked.parameters) if asked.path == "/studies" else None
        except RefusedError:
            return None
        return request.offset // request.page_size + 1 if request else None

    def _route(self, asked: Asked, page_fault: Fault | None) -> Answer:
        parameters = asked.parameters
        if asked.path == "/studies":
            return self._list(parameters, page_fault)
        if asked.path == "/version":
            check_names(parameters, frozenset())
            stamp = {"apiVersion": API_VERSION, "dataTimestamp": self.data_timestamp}
            return Answer(200, json_bytes(stamp))
        if asked.path.startswith("/stats/"):
            return self._stats(asked.path, parameters)
        if asked.path in ("/studies/metadata", "/studies/search-areas", "/studies/enums"):
            return Answer(501, b"The stand-in does not serve this", PLAIN)
        if asked.path.startswith("/studies/"):
            return self._study(asked, asked.path.removeprefix("/studies/"))
        return Answer(404, b"Not Found", PLAIN)

    def _list(self, parameters: dict[str, str], page_fault: Fault | None) -> Answer:
        request = check_list(parameters)
        positions = self._positions(request, parameters)
        page = self._page(request, positions)
        if page_fault is not None and not (
            page_fault is Fault.EMPTY_PAGE and request.mark == PAST_EMPTY
        ):
            spoil_page(page, page_fault)
        if request.format == "csv":
            return self._csv(request, positions, page)
        return Answer(200, page.body())

    def _page(self, request: ListRequest, positions: list[int]) -> Page:
        cut, key = cut_for(request.paths), "|".join(request.paths)
        end = request.offset + request.page_size
        shown = positions[request.offset : end]
        before = positions[request.offset - 1 : request.offset] if request.offset else []
        return Page(
            number=request.offset // request.page_size + 1,
            token=request.token,
            lines=[self.corpus.line_at(position, key, cut) for position in shown],
            next_token=token_for(end) if end < len(positions) else None,
            total=len(positions) if request.count_total else None,
            size=request.page_size,
            offset=request.offset,
            last_line_before=self.corpus.line_at(before[0], key, cut) if before else None,
        )

    def _csv(self, request: ListRequest, positions: list[int], page: Page) -> Answer:
        shown = positions[request.offset : request.offset + request.page_size]
        rows = [(self.corpus.id_at(p), self.corpus.record_at(p)) for p in shown]
        body = csv_bytes(rows, request.columns, header=request.token is None)
        answer = Answer(200, body, "text/csv; charset=utf-8")
        if isinstance(page.next_token, str):
            answer.headers["x-next-page-token"] = page.next_token
        if request.count_total:
            answer.headers["x-total-count"] = str(len(positions))
        return answer

    def _positions(self, request: ListRequest, parameters: dict[str, str]) -> list[int]:
        paging = ("pageToken", "pageSize", "countTotal", "fields", "format", "markupFormat")
        key = repr(sorted(item for item in parameters.items() if item[0] not in paging))
        with self._lock:
            if key not in self._found:
                if len(self._found) >= _REMEMBERED_SEARCHES:
                    self._found.clear()
                self._found[key] = find_positions(request, self.corpus)
            return self._found[key]

    def _study(self, asked: Asked, written: str) -> Answer:
        parameters = asked.parameters
        check_names(parameters, STUDY_PARAMETERS)
        nct_id = canonical_id(written)
        if nct_id is None:
            raise RefusedError("Parameter `nctId` has incorrect format")
        shape = check_format(parameters.get("format", "json"), _STUDY_FORMATS)
        if "fields" in parameters and shape in ("json", "json.zip"):
            check_items("fields", parameters["fields"], FIELD_PATTERN)
            paths = check_fields(parameters["fields"])
        else:
            paths = ()
        position = self.corpus.find(nct_id)
        if position is None:
            raise RefusedError(f"NCT number {nct_id} not found", 404)
        canonical = self.corpus.id_at(position)
        if canonical != nct_id:
            query = "&".join(f"{name}={value}" for name, value in asked.query)
            place = f"/api/v2/studies/{canonical}" + (f"?{query}" if query else "")
            return Answer(301, b"", PLAIN, {"location": place})
        line = self.corpus.line_at(position, "|".join(paths), cut_for(paths))
        return self._shaped(shape, position, line)

    def _shaped(self, shape: str, position: int, line: bytes) -> Answer:
        record, nct_id = self.corpus.record_at(position), self.corpus.id_at(position)
        match shape:
            case "csv":
                body = csv_bytes([(nct_id, record)], (), header=True)
                return Answer(200, body, "text/csv; charset=utf-8")
            case "ris":
                body = ris_bytes(nct_id, record)
                return Answer(200, body, "application/x-research-info-systems")
            case "json.zip":
                packed = BytesIO()
                with zipfile.ZipFile(packed, "w") as archive:
                    archive.writestr(f"{nct_id}.json", line)
                return Answer(200, packed.getvalue(), "application/zip")
            case "fhir.json":
                body = json_bytes({"resourceType": "ResearchStudy", "id": nct_id})
                return Answer(200, body, "application/fhir+json")
            case _:
                return Answer(200, line)

    def _stats(self, path: str, parameters: dict[str, str]) -> Answer:
        known = {"/stats/field/values": {"types", "fields"}, "/stats/field/sizes": {"fields"}}
        check_names(parameters, frozenset(known.get(path, ())), stats=True)
        if path in known:
            return _field_stats(parameters)
        if path != "/stats/size":
            return Answer(404, b"Not Found", PLAIN)
        sizes = sorted(len(record.line("", {})) for record in self.corpus.records) or [0]
        largest = max(self.corpus.records, key=lambda r: len(r.line("", {})), default=None)
        body = {
            "averageSizeBytes": sum(sizes) // len(sizes),
            "totalStudies": len(self.corpus),
            "percentiles": {"50": sizes[len(sizes) // 2], "100": sizes[-1]},
            "ranges": [{"sizeRange": "all", "studiesCount": len(self.corpus)}],
            "largestStudies": [{"id": largest.nct_id, "sizeBytes": sizes[-1]}] if largest else [],
        }
        return Answer(200, json_bytes(body))


def _field_stats(parameters: dict[str, str]) -> Answer:
    for name in parameters.get("fields", "NCTId").replace(",", "|").split("|"):
        try:
            check_fields(name)
        except RefusedError as refusal:
            sentence = f"Unknown piece name of field path: {name}"
            raise RefusedError(sentence, 404) from refusal
    return Answer(200, b"[]")
