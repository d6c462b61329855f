"""`stemcheck report`: a search or trials as a page."""

from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from tests.cli.conftest import Run
from tests.standin import StandIn, read_fixtures
from tests.unit.html_made_up import PageReader

LIMITED = ("report", "-c", "stroke", "--limit", "1")


def numbers_of_all_fixtures() -> list[str]:
    """The number of every hand-written study, the hostile ones too."""
    return [study["protocolSection"]["identificationModule"]["nctId"] for study in read_fixtures()]


def read_page(path: Path) -> PageReader:
    """The page of a file, taken apart."""
    return PageReader(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["page.pdf", "page.json", "page.XLSX", "page.md"])
def test_a_page_does_not_get_the_name_of_another_kind_of_file(
    name: str, run: Run, tmp_path: Path
) -> None:
    ran = run("report", "-c", "stroke", "--offline", "-o", str(tmp_path / name))
    assert (ran.code, list(tmp_path.iterdir())) == (ExitCode.USAGE, [])
    assert "page.html" in ran.err


def test_a_search_becomes_a_page(run: Run, registry: StandIn, tmp_path: Path) -> None:
    page = tmp_path / "stroke.html"
    ran = run("report", "-c", "stroke", "-o", str(page))
    shown = len(read_page(page).all("article"))
    assert (ran.code, ran.out) == (ExitCode.DONE, "")
    assert ran.err == (
        f"stemcheck: Written to {page}: {shown} studies. Open it in a browser to read or print it.\n"
    )
    assert run("report", "-c", "stroke", "-q", "--force", "-o", str(page)).err == ""
    assert registry.pages_asked
    text = read_page(page).text
    assert "Stroke: mesenchymal stem cells" in text
    assert "THIS IS NOT AN ANSWER FROM THE REGISTRY" not in text


@pytest.mark.parametrize("sheet", [(), ("--questions", "patient"), ("--questions", "clinician")])
def test_every_hand_written_study_makes_a_sound_page(
    run: Run, registry: StandIn, tmp_path: Path, sheet: tuple[str, ...]
) -> None:
    numbers = numbers_of_all_fixtures()
    page = tmp_path / "all.html"
    ran = run("report", *numbers, *sheet, "-o", str(page))
    assert ran.code == ExitCode.DONE, ran.err
    reader = read_page(page)
    assert reader.misnested == []
    assert not reader.all("script", "img", "iframe", "form", "link")
    assert all(number in reader.text for number in numbers)
    assert registry.asked


def test_a_search_for_everything_makes_a_sound_page(
    run: Run, registry: StandIn, tmp_path: Path
) -> None:
    page = tmp_path / "all.html"
    assert run("report", "--cells", "any", "-o", str(page)).code == ExitCode.DONE
    reader = read_page(page)
    assert reader.misnested == []
    assert len(reader.all("article")) > 20
    assert registry.asked


def test_a_dash_prints_the_page(run: Run, registry: StandIn) -> None:
    ran = run(*LIMITED, "-o", "-")
    assert ran.out.startswith("<!DOCTYPE html>")
    assert ran.out.rstrip().endswith("</html>")
    assert registry.asked


def test_a_page_that_is_there_stays_and_nobody_is_asked(
    run: Run, registry: StandIn, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine", encoding="utf-8")
    ran = run(*LIMITED, "-o", str(page))
    assert ran.code == ExitCode.USAGE
    assert "--force" in ran.err
    assert page.read_text(encoding="utf-8") == "mine"
    assert registry.asked == []
    assert run(*LIMITED, "-o", str(page), "--force").code == ExitCode.DONE
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-c", "stroke"], "A report needs a file to go to."),
        (["-o", "-"], "A report needs a condition or NCT numbers."),
        (["NCT04506073", "-c", "x", "-o", "-"], "cannot go into one report"),
        (["04506073", "-o", "-"], "Did you mean NCT04506073?"),
        (["-c", "x", "--status", "opne", "-o", "-"], "--status does not know"),
        (["-c", "x", "--live", "--offline", "-o", "-"], "contradict"),
    ],
)
def test_what_cannot_be_is_said_before_anybody_is_asked(
    run: Run, registry: StandIn, arguments: list[str], told: str
) -> None:
    ran = run("report", *arguments)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert told in ran.err
    assert registry.asked == []


def test_a_missing_number_stands_on_the_page_of_the_others(
    run: Run, registry: StandIn, tmp_path: Path
) -> None:
    page = tmp_path / "some.html"
    ran = run("report", numbers_of_all_fixtures()[0], "NCT99999999", "-o", str(page))
    assert ran.code == ExitCode.NOT_FOUND
    assert "NCT99999999 is not in the registry." in ran.err
    assert "Not in the registry: NCT99999999." in read_page(page).text
    assert registry.asked


def test_only_missing_numbers_make_no_page(run: Run, registry: StandIn, tmp_path: Path) -> None:
    page = tmp_path / "none.html"
    ran = run("report", "NCT99999999", "-o", str(page))
    assert ran.code == ExitCode.NOT_FOUND
    assert "No page was written." in ran.err
    assert not list(tmp_path.glob("*.html*"))
    assert registry.asked


def test_saved_data_answer_under_a_warning(run: Run, registry: StandIn, tmp_path: Path) -> None:
    registry.always = 403
    page = tmp_path / "saved.html"
    ran = run("report", "-c", "stroke", "-o", str(page))
    assert ran.code == ExitCode.SAVED_DATA
    assert "THIS IS NOT AN ANSWER FROM THE REGISTRY" in read_page(page).text


def test_without_saved_data_a_failure_leaves_no_page(
    run: Run, registry: StandIn, tmp_path: Path
) -> None:
    registry.always = 403
    page = tmp_path / "none.html"
    ran = run("report", "-c", "stroke", "--live", "-o", str(page))
    assert ran.code == ExitCode.REFUSED
    assert not list(tmp_path.glob("*.html*"))


def test_a_number_that_saved_data_lack_makes_no_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "none.html"
    ran = run("report", "NCT99999999", "-o", str(page), "--offline")
    assert ran.code == ExitCode.NOT_FOUND
    assert "The registry may have it." in ran.err
    assert not list(tmp_path.glob("*.html*"))
