"""The faults the stand-in can show, by name, and when it shows them.

A fault belongs to one family, which says what kind of trouble a client sees; a fault matrix walks
`Fault` and asks ``fault.family``. How each is done: `page_faults` (the list's logic),
`answer_faults` (status, headers, body) and `wire_faults` (bytes and silence on the socket).
"""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What a client sees of a fault."""

    EDGE = "edge"  # 403 from the layer in front of the API
    BUSY = "busy"  # 429
    DOWN = "down"  # 5xx
    ODD_STATUS = "odd status"  # a status no API answer should have
    BODY = "body"  # a 200 whose body is not an answer
    SHAPE = "shape"  # JSON that is not a page of studies
    ITEMS = "items"  # a page with broken studies among whole ones
    WIRE = "wire"  # the connection breaks, or nothing comes
    SLOW = "slow"  # the right answer, late
    PAGING = "paging"  # pages that do not add up
    HARMLESS = "harmless"  # odd, but nothing is lost
    REDIRECT = "redirect"
    BOMB = "bomb"  # too much of something


class Fault(StrEnum):
    """Every fault, by the name used on the command line."""

    EDGE_403_ALL = "edge403-all"
    EDGE_403_EMPTY = "edge403-empty"
    EDGE_403_UNLESS_TOKEN = "edge403-unless-token"
    EDGE_403_UNLESS_URLLIB = "edge403-unless-urllib"
    BUSY_429 = "429"
    BUSY_429_SECONDS = "429-seconds"
    BUSY_429_DATE = "429-date"
    BUSY_429_LONG = "429-long"
    BUSY_429_RUBBISH = "429-rubbish"
    DOWN_500 = "500"
    DOWN_502 = "502"
    DOWN_503 = "503"
    DOWN_503_HTML = "503-html"
    DOWN_503_RETRY_AFTER = "503-retry-after"
    DOWN_504 = "504"
    STATUS_204 = "204"
    STATUS_304_UNASKED = "304-unasked"
    STATUS_401 = "401"
    STATUS_404_HTML = "404-html"
    STATUS_418 = "418"
    HTML_200 = "200-html"
    TEXT_200 = "200-text"
    EMPTY_200 = "200-empty"
    WRONG_CONTENT_TYPE = "wrong-content-type"
    CUT_JSON = "cut-json"
    NOT_UTF8 = "not-utf8"
    BAD_GZIP = "bad-gzip"
    HUGE_NUMBER = "huge-number"
    WITHOUT_STUDIES = "without-studies"
    STUDIES_NULL = "studies-null"
    STUDIES_NOT_A_LIST = "studies-not-a-list"
    TOP_LEVEL_LIST = "top-level-list"
    TOP_LEVEL_NULL = "top-level-null"
    ERROR_OBJECT = "error-object"
    BROKEN_ITEMS = "broken-items"
    TRUNCATED_BODY = "truncated-body"
    DROPPED_BEFORE_HEADERS = "dropped-before-headers"
    DROPPED_IN_HEADERS = "dropped-in-headers"
    DROPPED_AFTER_HEADERS = "dropped-after-headers"
    RESET = "reset"
    NOT_HTTP = "not-http"
    BAD_CHUNKS = "bad-chunks"
    HANG = "hang"
    HANG_AFTER_HEADERS = "hang-after-headers"
    DRIP_FOREVER = "drip-forever"
    SLOW_BODY = "slow-body"
    LATE = "late"
    EMPTY_PAGE = "empty-page"
    UTF8_BOM = "utf8-bom"
    REPEATED_TOKEN = "repeated-token"
    TOKEN_LOOP = "token-loop"
    TOKEN_LOST = "token-lost"
    TOKEN_EMPTY = "token-empty"
    TOKEN_NOT_TEXT = "token-not-text"
    TOTAL_TOO_LARGE = "total-too-large"
    TOTAL_TOO_SMALL = "total-too-small"
    TOTAL_MISSING = "total-missing"
    TOTAL_NOT_A_NUMBER = "total-not-a-number"
    STUDY_LOST = "study-lost"
    DUPLICATED_STUDIES = "duplicated-studies"
    DATA_REFRESHED = "data-refreshed"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_OTHER_HOST = "redirect-other-host"
    REDIRECT_NOWHERE = "redirect-nowhere"
    ENDLESS_BODY = "endless-body"
    ENDLESS_HEADERS = "endless-headers"
    HUGE_CONTENT_LENGTH = "huge-content-length"
    DEEP_JSON = "deep-json"
    GZIP_BOMB = "gzip-bomb"

    @property
    def family(self) -> Family:
        """What kind of trouble this is."""
        return next(family for family, faults in _FAMILIES.items() if self in faults)


_F = Fault
_FAMILIES: dict[Family, frozenset[Fault]] = {
    Family.EDGE: frozenset(f for f in Fault if f.name.startswith("EDGE_")),
    Family.BUSY: frozenset(f for f in Fault if f.name.startswith("BUSY_")),
    Family.DOWN: frozenset(f for f in Fault if f.name.startswith("DOWN_")),
    Family.ODD_STATUS: frozenset(f for f in Fault if f.name.startswith("STATUS_")),
    Family.BODY: frozenset(
        {_F.HTML_200, _F.TEXT_200, _F.EMPTY_200, _F.WRONG_CONTENT_TYPE, _F.CUT_JSON, _F.NOT_UTF8}
        | {_F.BAD_GZIP, _F.HUGE_NUMBER}
    ),
    Family.SHAPE: frozenset(
        {_F.WITHOUT_STUDIES, _F.STUDIES_NULL, _F.STUDIES_NOT_A_LIST, _F.TOP_LEVEL_LIST}
        | {_F.TOP_LEVEL_NULL, _F.ERROR_OBJECT}
    ),
    Family.ITEMS: frozenset({_F.BROKEN_ITEMS}),
    Family.WIRE: frozenset(
        {_F.TRUNCATED_BODY, _F.DROPPED_BEFORE_HEADERS, _F.DROPPED_IN_HEADERS, _F.RESET, _F.NOT_HTTP}
        | {_F.DROPPED_AFTER_HEADERS, _F.BAD_CHUNKS, _F.HANG, _F.HANG_AFTER_HEADERS}
        | {_F.DRIP_FOREVER}
    ),
    Family.SLOW: frozenset({_F.SLOW_BODY, _F.LATE}),
    Family.HARMLESS: frozenset({_F.EMPTY_PAGE, _F.UTF8_BOM}),
    Family.PAGING: frozenset(
        {_F.REPEATED_TOKEN, _F.TOKEN_LOOP, _F.TOKEN_LOST, _F.TOKEN_EMPTY, _F.TOKEN_NOT_TEXT}
        | {_F.TOTAL_TOO_LARGE, _F.TOTAL_TOO_SMALL, _F.TOTAL_MISSING, _F.TOTAL_NOT_A_NUMBER}
        | {_F.STUDY_LOST, _F.DUPLICATED_STUDIES, _F.DATA_REFRESHED}
    ),
    Family.REDIRECT: frozenset(f for f in Fault if f.name.startswith("REDIRECT_")),
    Family.BOMB: frozenset(
        {_F.ENDLESS_BODY, _F.ENDLESS_HEADERS, _F.HUGE_CONTENT_LENGTH, _F.DEEP_JSON, _F.GZIP_BOMB}
    ),
}


@dataclass(slots=True)
class Trouble:
    """A fault with its occasion."""

    fault: Fault
    page: int | None = None
    """Only list answers of this page, counted from 1; None: any request."""
    path: str | None = None
    """Only requests below this path (``/studies``, ``/version``); None: any."""
    times: int | None = None
    """How often; None: always."""

    def fits(self, path: str, page: int | None) -> bool:
        """Whether a request for this path and page meets it now."""
        return (
            (self.times is None or self.times > 0)
            and (self.page is None or self.page == page)
            and (self.path is None or path == self.path or path.startswith(self.path + "/"))
        )
