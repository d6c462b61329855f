"""`stemcheck cautions`: what to know before deciding, by section of the source document."""

from stemcheck.cli.options import (
    TEXT,
    ForceFlag,
    JsonFlag,
    NoColorFlag,
    OutputOption,
    TextFormatOption,
    chosen_format,
)
from stemcheck.cli.writing import write_sheet


def show_cautions(
    *,
    format_: TextFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
) -> None:
    """Write every caution in the chosen format."""
    shape = chosen_format(format_, json=json, output=output, offered=TEXT)

    from stemcheck.output.cautions import CautionsSheet
    from stemcheck.output.talk import Talk

    write_sheet(CautionsSheet(), shape, Talk(no_color=no_color), output, force=force)
