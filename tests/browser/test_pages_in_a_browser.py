"""The pages as a person meets them: read by axe-core, on a phone, in the dark, on paper, and attacked."""

from pathlib import Path
from typing import Any

import pytest

from stemcheck.trial.trial import Trial
from tests.browser.chromium import Chromium
from tests.unit.html_made_up import (
    a_search,
    an_answer,
    in_detail,
    search_page,
    trials_page,
    typical_pages,
)
from tests.unit.trials_made_up import a_trial

PAGES = typical_pages()
ATTACK = (
    "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"
    "<style>body{display:none}</style><svg onload='window.broken = 1'>"
)


@pytest.fixture(params=list(PAGES))
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One kind of page, as a file."""
    path = tmp_path / "page.html"
    path.write_text(PAGES[request.param], encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [320, 1100])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    browser: Chromium, axe: str, page: Path, scheme: str, width: int
) -> None:
    browser.open(page, width=width, scheme=scheme)
    browser.evaluate(axe)
    findings: list[dict[str, Any]] = browser.evaluate(
        "axe.run().then(result => result.violations.map("
        "found => ({id: found.id, impact: found.impact, where: found.nodes[0].html})))"
    )
    assert findings == []


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_has_to_be_scrolled_sideways(browser: Chromium, page: Path, width: int) -> None:
    browser.open(page, width=width)
    assert browser.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_dark_is_dark_and_paper_is_light(browser: Chromium, page: Path) -> None:
    look = "(look => [look.backgroundColor, look.color])(getComputedStyle(document.body))"
    browser.open(page, scheme="light")
    light = browser.evaluate(look)
    browser.open(page, scheme="dark")
    assert not set(browser.evaluate(look)) & set(light)
    browser.open(page, scheme="dark", media="print")
    assert browser.evaluate(look) == ["rgb(255, 255, 255)", light[1]]


def test_what_is_folded_on_the_screen_is_open_on_paper(browser: Chromium, page: Path) -> None:
    hidden = (
        "[...document.querySelectorAll('details:not(.screen-only) > :not(summary)')]"
        ".filter(part => !part.checkVisibility({contentVisibilityAuto: true})).length"
    )
    browser.open(page, media="print")
    assert browser.evaluate(hidden) == 0


def many_trials() -> list[Trial]:
    titles = ("Safety of cultured cells given by vein in people after a stroke", "Cells for stroke")
    return [
        a_trial(n, brief_title=titles[n % 2], status=STATUSES_MIXED[n % 4]) for n in range(1, 29)
    ]


STATUSES_MIXED = ("RECRUITING", "ACTIVE_NOT_RECRUITING", "UNKNOWN", "ENROLLING_BY_INVITATION")


@pytest.mark.parametrize(("is_short", "most"), [(True, 2), (False, 11)])
def test_a_printed_list_takes_few_sheets(
    browser: Chromium, tmp_path: Path, is_short: bool, most: int
) -> None:
    path = tmp_path / "page.html"
    path.write_text(search_page(a_search(*many_trials()), is_short=is_short), encoding="utf-8")
    browser.open(path)
    assert browser.sheets() <= most


def test_a_short_page_never_cuts_a_number_or_a_status(browser: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(search_page(a_search(*many_trials()), is_short=True), encoding="utf-8")
    browser.open(path, width=1024, media="print")  # a sheet of A4 across, without its margins
    cells = "[...document.querySelectorAll('.lines td:first-child, .nct')]"
    assert browser.evaluate(f"{cells}.filter(c => c.scrollWidth > c.clientWidth).length") == 0


def test_a_search_folds_the_quotes_on_the_screen(browser: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGES["search"], encoding="utf-8")
    browser.open(path)
    assert browser.evaluate("document.querySelector('.evidence').checkVisibility()") is False


def test_the_page_asks_for_nothing_but_itself(browser: Chromium, page: Path) -> None:
    browser.open(page)
    assert _asked(browser) == [page.as_uri()]
    assert _complaints(browser) == []


def test_the_style_sheet_passes_its_own_policy(browser: Chromium, page: Path) -> None:
    browser.open(page)
    assert browser.evaluate("document.styleSheets[0].cssRules.length") > 50


def test_a_hostile_record_runs_nothing(browser: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    hostile = in_detail(a_trial(brief_title=ATTACK), eligibility_criteria=ATTACK)
    path.write_text(trials_page(an_answer(hostile)), encoding="utf-8")
    browser.open(path)
    assert browser.evaluate("typeof window.broken") == "undefined"
    assert browser.evaluate("document.querySelectorAll('script, img').length") == 0
    assert browser.evaluate("document.querySelector('h2[id=study-1]').textContent") == ATTACK
    assert _asked(browser) == [path.as_uri()]


def test_a_script_that_got_in_would_still_not_run(browser: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGES["trials"].replace("</main>", ATTACK + "</main>"), encoding="utf-8")
    browser.open(path)
    assert browser.evaluate("document.querySelectorAll('script').length") == 1
    assert browser.evaluate("typeof window.broken") == "undefined"
    assert browser.evaluate("getComputedStyle(document.body).display") == "block"


def _asked(browser: Chromium) -> list[str]:
    return [
        event["params"]["request"]["url"]
        for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
    ]


def _complaints(browser: Chromium) -> list[str]:
    return [
        event["params"]["entry"]["text"]
        for event in browser.events
        if event.get("method") == "Log.entryAdded"
    ]
