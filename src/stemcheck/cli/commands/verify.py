"""`stemcheck verify`: "a clinic gave me this"."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stemcheck.cli.options import (
    TEXT,
    ForceFlag,
    JsonFlag,
    LiveFlag,
    NoColorFlag,
    OfflineFlag,
    OutputOption,
    QuietFlag,
    TextFormatOption,
    TimeoutOption,
    chosen_format,
)
from stemcheck.errors import UsageError
from stemcheck.output.formats import Format
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.output.talk import Talk
    from stemcheck.services.leaflet import Leaflet
    from stemcheck.services.verify import Verification

_PAGE_ENDINGS = frozenset({".html", ".htm"})
EPILOG = """\
\b
Examples:
  stemcheck verify NCT04506073 --condition stroke --route iv --open
  stemcheck verify NCT04506073 --phase 3 --people 200 --sponsor "Mayo Clinic"
  stemcheck verify --text leaflet.pdf --condition lupus --country Mexico
  stemcheck verify --text leaflet.pdf -o sheet.html
  stemcheck verify --text - --json < mail.txt | jq '.numbers[].checks[]'
"""


def _told(name: str, *more: str, **how: Any) -> Any:
    """Return an option for something that a clinic claimed."""
    return typer.Option(f"--{name}", *more, help=words(f"verify.help.{name}"), **how)


def verify_claims(  # noqa: PLR0913 (one parameter an option)
    *,
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[NCT...]", help=words("verify.help.numbers"))
    ] = None,
    text: Annotated[str | None, _told("text", metavar="FILE|-")] = None,
    condition: Annotated[list[str] | None, _told("condition", "-c")] = None,
    phase: Annotated[list[str] | None, _told("phase")] = None,
    people: Annotated[list[str] | None, _told("people", metavar="NUMBER")] = None,
    route: Annotated[list[str] | None, _told("route")] = None,
    cells: Annotated[list[str] | None, _told("cells")] = None,
    country: Annotated[list[str] | None, _told("country")] = None,
    site: Annotated[list[str] | None, _told("site")] = None,
    sponsor: Annotated[list[str] | None, _told("sponsor")] = None,
    is_open: Annotated[bool, _told("open")] = False,
    format_: TextFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    offline: OfflineFlag = False,
    live: LiveFlag = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """Check what a clinic told you against the registry's record. No verdict: facts and quotes."""
    shape = _chosen_shape(format_, json=json, output=output)
    if not numbers and text is None:
        raise UsageError(words("verify.wrong.nothing"), hint=words("verify.wrong.nothing_hint"))

    from stemcheck.cli.asking import chosen_ask, settings_with
    from stemcheck.cli.claims import expectations_from
    from stemcheck.output.sink import check_place
    from stemcheck.output.talk import Talk
    from stemcheck.services.mentions import mentions_in
    from stemcheck.services.verify import verify

    expected = expectations_from(
        condition=condition,
        route=route,
        cells=cells,
        country=country,
        site=site,
        phase=phase,
        people=people,
        sponsor=sponsor,
        is_open=is_open,
    )
    mentions = mentions_in(tuple(numbers or ()))
    ask = chosen_ask(offline=offline, live=live, shape=shape, output=output)
    is_for_machines = shape is not None and shape.is_for_machines
    settings = settings_with(timeout)
    leaflet = _leaflet(text)
    check_place(output, force=force)
    talk = Talk(quiet=quiet, for_machines=is_for_machines, no_color=no_color)
    with talk.progress() as progress:
        verification = verify(mentions, leaflet, expected, ask, settings, on_event=progress)
    _write(verification, shape, talk, output, force=force)
    if verification.error is not None and verification.exit_code == verification.error.exit_code:
        raise verification.error
    return verification.exit_code


def _chosen_shape(named: Format | None, *, json: bool, output: Path | None) -> Format | None:
    """Return the chosen format; None for a page, which the name of the output file chooses."""
    if not _is_page(output):
        return chosen_format(named, json=json, output=output, offered=TEXT)
    if named or json:
        asked = named or Format.JSON
        raise UsageError(
            words("verify.wrong.page_and_format", path=output, format=asked),
            hint=words("cli.choose_one"),
        )
    return None


def _leaflet(text: str | None) -> "Leaflet | None":
    if text is None:
        return None
    from stemcheck.services.leaflet import open_leaflet

    return open_leaflet(None if text == "-" else Path(text))


def _write(
    verification: "Verification",
    shape: Format | None,
    talk: "Talk",
    output: Path | None,
    *,
    force: bool,
) -> None:
    """Write the answer in its format, or as a page if there is none."""
    from stemcheck.cli.writing import say_closing, write_sheet
    from stemcheck.output.verification import TOLD_IN_PLACE, VerificationSheet
    from stemcheck.services.sources import today

    answer = verification.answer
    if shape is None:
        _write_page(verification, talk, output, force=force)
    else:
        sheet = VerificationSheet(answer, today=today())
        write_sheet(sheet, shape, talk, output, force=force)
    told = {"not_asked"} if shape is Format.JSON else TOLD_IN_PLACE  # the error line says it
    say_closing((notice for notice in answer.notices if notice.id not in told), talk)


def _write_page(
    verification: "Verification", talk: "Talk", output: Path | None, *, force: bool
) -> None:
    from stemcheck.output.html.verification import write_verification_page
    from stemcheck.output.sink import answer_stream, is_file
    from stemcheck.services.sources import today

    with answer_stream(output, force=force) as stream:
        write_verification_page(verification.answer, stream, today=today())
    if is_file(output):
        talk.say_written(output, None)


def _is_page(output: Path | None) -> bool:
    return output is not None and output.suffix.lower() in _PAGE_ENDINGS
