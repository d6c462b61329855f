"""`stemcheck approved`: the stem-cell products that the FDA has approved."""

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


def show_approved(
    *,
    format_: TextFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
) -> None:
    """Write the list of approved products in the chosen format."""
    shape = chosen_format(format_, json=json, output=output, offered=TEXT)

    from stemcheck.output.approved import ApprovedSheet
    from stemcheck.output.talk import Talk
    from stemcheck.services.sources import today

    write_sheet(ApprovedSheet(today()), shape, Talk(no_color=no_color), output, force=force)
