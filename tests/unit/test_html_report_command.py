"""`stemcheck report` from the command line, answered by the built-in sample."""

from pathlib import Path

import pytest

from stemcheck.cli.boundary import run
from tests.unit.html_made_up import PageReader

OFFLINE = ["--offline", "--quiet"]


def a_number(folder: Path) -> str:
    """The number of a trial that the sample holds."""
    page = folder / "any.html"
    assert run(["report", "-c", "stroke", "--limit", "1", "-o", str(page), *OFFLINE]) == 0
    links = PageReader(page.read_text(encoding="utf-8")).attributes("href")
    return next(link for link in links if "/study/NCT" in link).rpartition("/")[2]


def test_a_search_becomes_a_page(tmp_path: Path) -> None:
    page = tmp_path / "stroke.html"
    assert run(["report", "-c", "stroke", "-o", str(page), *OFFLINE]) == 0
    text = PageReader(page.read_text(encoding="utf-8")).text
    assert "Stroke: mesenchymal stem cells" in text
    assert "THIS IS NOT AN ANSWER FROM THE REGISTRY" in text


def test_a_number_becomes_a_page_with_a_sheet(tmp_path: Path) -> None:
    number = a_number(tmp_path)
    page = tmp_path / "one.html"
    code = run(["report", number, "--questions", "clinician", "-o", str(page), *OFFLINE])
    assert code == 0
    text = PageReader(page.read_text(encoding="utf-8")).text
    assert f"{number}: one study in full" in text
    assert f"Questions for the clinician to ask: {number}" in text


def test_a_dash_prints_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "-c", "stroke", "--limit", "1", "-o", "-", *OFFLINE]) == 0
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>")


def test_a_page_that_is_there_stays_unless_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine", encoding="utf-8")
    asked = ["report", "-c", "stroke", "--limit", "1", "-o", str(page), *OFFLINE]
    assert run(asked) == 2
    assert page.read_text(encoding="utf-8") == "mine"
    assert "--force" in capsys.readouterr().err
    assert run([*asked, "--force"]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["report", "-c", "stroke"], "A report needs a file to go to."),
        (["report", "-o", "-"], "A report needs a condition or NCT numbers."),
        (["report", "NCT04506073", "-c", "x", "-o", "-"], "cannot go into one report"),
        (["report", "04506073", "-o", "-"], "Did you mean NCT04506073?"),
        (["report", "-c", "x", "--status", "opne", "-o", "-"], "--status does not know"),
    ],
)
def test_what_cannot_be_is_said_before_anybody_is_asked(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.out == ""


def test_a_number_that_saved_data_lack_makes_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "none.html"
    assert run(["report", "NCT99999999", "-o", str(page), *OFFLINE]) == 3
    assert list(tmp_path.iterdir()) == []
    assert "The registry may have it." in capsys.readouterr().err
