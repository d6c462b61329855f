"""Faults of a list's logic: pages and tokens that do not add up."""

from collections.abc import Callable

from tests.standin.answers import Page, token_for
from tests.standin.faults import Fault
from tests.standin.records import json_bytes

PAST_EMPTY = "after-empty"
"""Mark of a token handed out by an empty page, so that the page itself comes next."""

BROKEN_ITEMS: tuple[object, ...] = (
    None,
    "a study",
    17,
    [],
    {},
    {"protocolSection": None},
    {"protocolSection": []},
    {"protocolSection": {"identificationModule": {}}},
    {"protocolSection": {"identificationModule": {"nctId": 17, "briefTitle": "number as id"}}},
    {"protocolSection": {"identificationModule": {"nctId": "NCT", "briefTitle": "cut id"}}},
)


def spoil_page(page: Page, fault: Fault) -> None:
    """Change the page as the fault says; other kinds of fault leave it alone."""
    if fault in PAGE_FAULTS:
        PAGE_FAULTS[fault](page)


def _empty(page: Page) -> None:
    page.lines = []
    page.next_token = token_for(page.offset, PAST_EMPTY)


def _repeat_token(page: Page) -> None:
    page.next_token = page.token or page.next_token


def _loop_tokens(page: Page) -> None:
    page.next_token = token_for(page.size * (2 if page.number == 2 else 1))  # 1, 2, 3, 2, 3 ...


def _lose_token(page: Page) -> None:
    page.next_token = None


def _empty_token(page: Page) -> None:
    page.next_token = ""


def _number_as_token(page: Page) -> None:
    page.next_token = page.offset + page.size


def _raise_total(page: Page) -> None:
    page.total = page.total + 7 if isinstance(page.total, int) else page.total


def _lower_total(page: Page) -> None:
    page.total = max(0, page.total - 1) if isinstance(page.total, int) else page.total


def _drop_total(page: Page) -> None:
    page.total = None


def _word_as_total(page: Page) -> None:
    page.total = "many" if page.total is not None else None


def _lose_study(page: Page) -> None:
    del page.lines[-1:]


def _duplicate(page: Page) -> None:
    first = page.last_line_before or (page.lines[-1] if page.lines else None)
    page.lines = [*([first] if first else []), *page.lines]


def _add_broken(page: Page) -> None:
    page.lines = [*page.lines, *map(json_bytes, BROKEN_ITEMS)]
    if isinstance(page.total, int):
        page.total += len(BROKEN_ITEMS)


PAGE_FAULTS: dict[Fault, Callable[[Page], None]] = {
    Fault.EMPTY_PAGE: _empty,
    Fault.REPEATED_TOKEN: _repeat_token,
    Fault.TOKEN_LOOP: _loop_tokens,
    Fault.TOKEN_LOST: _lose_token,
    Fault.TOKEN_EMPTY: _empty_token,
    Fault.TOKEN_NOT_TEXT: _number_as_token,
    Fault.TOTAL_TOO_LARGE: _raise_total,
    Fault.TOTAL_TOO_SMALL: _lower_total,
    Fault.TOTAL_MISSING: _drop_total,
    Fault.TOTAL_NOT_A_NUMBER: _word_as_total,
    Fault.STUDY_LOST: _lose_study,
    Fault.DUPLICATED_STUDIES: _duplicate,
    Fault.BROKEN_ITEMS: _add_broken,
}
