"""Every fault of the stand-in, at the first page and at a later one, by each connection.

What has to come out is decided by the fault's family: an error with its exit code, or a whole answer, or
an answer that says itself that it is not whole. Never an exception of httpx, never a quiet success.
"""

from pathlib import Path

import pytest

from stemcheck.errors import ExitCode, StemcheckError
from stemcheck.registry.client import Registry
from stemcheck.registry.crawl import Crawl
from tests.contract.made_up import (
    QUERY,
    HurriedClock,
    made_up_studies,
    numbers_in,
    quick_settings,
)
from tests.standin import Family, Fault, StandIn

EXIT_CODES = {
    Family.EDGE: ExitCode.REFUSED,
    Family.BUSY: ExitCode.REFUSED,
    Family.DOWN: ExitCode.REFUSED,
    Family.BODY: ExitCode.UNREADABLE,
    Family.SHAPE: ExitCode.UNREADABLE,
    Family.REDIRECT: ExitCode.UNREADABLE,
    Family.WIRE: ExitCode.UNREACHABLE,
}
"""The exit code of each family whose faults all end in an error."""

SINGLE_EXIT_CODES = {
    Fault.STATUS_204: ExitCode.UNREADABLE,
    Fault.STATUS_304_UNASKED: ExitCode.UNREADABLE,
    Fault.STATUS_401: ExitCode.REFUSED,
    Fault.STATUS_404_HTML: ExitCode.UNREADABLE,
    Fault.STATUS_418: ExitCode.REFUSED,
    Fault.REPEATED_TOKEN: ExitCode.UNREADABLE,
    Fault.TOKEN_LOOP: ExitCode.UNREADABLE,
    Fault.TOKEN_NOT_TEXT: ExitCode.UNREADABLE,
    Fault.TOTAL_NOT_A_NUMBER: ExitCode.UNREADABLE,
    Fault.ENDLESS_BODY: ExitCode.UNREADABLE,
    Fault.ENDLESS_HEADERS: ExitCode.UNREACHABLE,
    Fault.HUGE_CONTENT_LENGTH: ExitCode.UNREADABLE,
    Fault.DEEP_JSON: ExitCode.UNREADABLE,
    Fault.GZIP_BOMB: ExitCode.UNREADABLE,
}
EVERY_PAGE = {Fault.REPEATED_TOKEN: 10, Fault.TOKEN_LOOP: 20, Fault.REDIRECT_LOOP: 0}
"""Circles: shown on every page, or they are none. With the studies that come before they are noticed."""

FIRST_PAGE_ONLY = {
    Fault.TOTAL_TOO_LARGE,
    Fault.TOTAL_TOO_SMALL,
    Fault.TOTAL_MISSING,
    Fault.TOTAL_NOT_A_NUMBER,
}
"""Only the first page announces a total, so that later ones cannot be wrong about it."""

WHOLE = {
    Fault.EDGE_403_UNLESS_TOKEN,
    Fault.EDGE_403_UNLESS_URLLIB,
    Fault.DUPLICATED_STUDIES,
    Fault.DATA_REFRESHED,
}
"""Faults that leave nothing out."""

SILENT = {Fault.HANG, Fault.HANG_AFTER_HEADERS, Fault.DRIP_FOREVER}
"""Cost the whole timeout."""

CASES = [
    (fault, page) for fault in Fault for page in (1, 2) if page == 1 or fault not in EVERY_PAGE
]


WAYS = ["1", "2"]


def code_for(fault: Fault, connection: str, page: int) -> ExitCode | None:
    """The exit code that a fault has to lead to; None: an answer comes."""
    if fault is Fault.EDGE_403_UNLESS_TOKEN or (
        fault is Fault.EDGE_403_UNLESS_URLLIB and connection == "2"
    ):
        return None  # the edge lets this connection in
    if fault in FIRST_PAGE_ONLY and page > 1:
        return None
    if fault is Fault.DEEP_JSON and page > 1:
        return None  # one record that cannot be read, on a page without a token
    if fault is Fault.DROPPED_IN_HEADERS and connection == "2":
        # http.client takes the end of the stream for the end of the headers: an answer without a type.
        return ExitCode.UNREADABLE
    return SINGLE_EXIT_CODES.get(fault) or EXIT_CODES.get(fault.family)


def is_whole(fault: Fault, page: int) -> bool:
    """Whether the answer that comes in spite of a fault is complete."""
    if fault in FIRST_PAGE_ONLY:
        return page > 1
    if fault is Fault.BROKEN_ITEMS:
        return page == 1  # only there the announced total counts them
    return fault.family in {Family.HARMLESS, Family.SLOW} or fault in WHOLE


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("fault", "page"), CASES, ids=str)
def test_a_fault_is_told_for_what_it_is(fault: Fault, page: int, way: str) -> None:
    code, came, crawl = outcome(fault, page, way)
    assert code == code_for(fault, way, page)
    if code is not None:
        assert not crawl.is_complete
        assert came == EVERY_PAGE.get(fault, 10 * (page - 1))
    else:
        assert crawl.is_complete == is_whole(fault, page)


def outcome(fault: Fault, page: int, way: str) -> tuple[ExitCode | None, int, Crawl]:
    """How a search ends, how many readable studies came before, and what is known of it."""
    came = 0
    with StandIn(made_up_studies(25)) as standin:
        standin.trouble(fault, path="/studies", page=None if fault in EVERY_PAGE else page)
        standin.late_seconds = 0.2
        settings = quick_settings(
            standin,
            connection=way,
            timeout_seconds=0.5 if fault in SILENT else 30.0,
            page_bytes=4 * 2**20,
        )
        with Registry(settings, clock=HurriedClock()) as registry:
            try:
                for arrived in registry.search(QUERY):
                    came += sum(hasattr(item, "trial") for item in arrived.items)
            except StemcheckError as error:
                is_told = bool(error.message and error.hint) and "httpx" not in error.message
                return error.exit_code if is_told else None, came, registry.last_crawl
            return None, came, registry.last_crawl


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "fault",
    [
        fault
        for fault in Fault
        if fault.family in {Family.BUSY, Family.DOWN, Family.WIRE}
        and fault not in {*SILENT, Fault.BUSY_429_LONG, Fault.DROPPED_IN_HEADERS}
    ],
    ids=str,
)
def test_what_heals_is_asked_again_and_the_answer_is_whole(fault: Fault, way: str) -> None:
    with StandIn(made_up_studies(25)) as standin:
        standin.faults = [fault]
        settings = quick_settings(standin, connection=way)
        with Registry(settings, clock=HurriedClock()) as registry:
            assert len(numbers_in(list(registry.search(QUERY)))) == 25
            assert registry.last_crawl.is_complete
        assert len(standin.pages_asked) == 4
        assert standin.pages_asked[0].query == standin.pages_asked[1].query


@pytest.mark.parametrize(
    "fault",
    [Fault.STATUS_401, Fault.STATUS_404_HTML, Fault.HTML_200, Fault.CUT_JSON, Fault.BAD_GZIP],
    ids=str,
)
def test_what_cannot_heal_is_asked_once(fault: Fault) -> None:
    with StandIn(made_up_studies(25)) as standin:
        standin.always = fault
        with Registry(quick_settings(standin)) as registry, pytest.raises(StemcheckError):
            list(registry.search(QUERY))
        assert len(standin.asked) == 1


def test_the_readme_says_of_every_fault_what_is_tested_here() -> None:
    readme = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    readme = readme.partition("## At the command line")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:5]] for line in readme.splitlines()]
    told = {row[0].strip("`"): row[1:] for row in rows if len(row) == 4 and "`" in row[0]}
    for fault in Fault:
        later = "–" if fault in EVERY_PAGE else word_for(fault, 2)
        assert told[fault.value] == [fault.family.value, word_for(fault, 1), later]


def word_for(fault: Fault, page: int) -> str:
    code = code_for(fault, "1", page)
    if code is not None:
        return f"exit {int(code)}"
    return "whole" if is_whole(fault, page) else "marked incomplete"
