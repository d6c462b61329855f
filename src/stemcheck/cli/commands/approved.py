"""`stemcheck approved`: the products with stem cells that the FDA has approved."""

from stemcheck.cli.options import (
    ForceFlag,
    Format,
    JsonFlag,
    NoColorFlag,
    OutputOption,
    SheetFormatOption,
    chosen_format,
)


def show_approved(
    *,
    format_: SheetFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
) -> None:
    """Show the stem-cell products that the U.S. FDA has approved: when, for what, given how."""
    shape = chosen_format(format_, json=json)

    from stemcheck.output.approved import (
        approved_document,
        print_approved,
        write_approved_markdown,
    )
    from stemcheck.output.records import write_json
    from stemcheck.output.sink import answer_stream
    from stemcheck.output.talk import Talk

    with answer_stream(output, force=force) as stream:
        match shape:
            case Format.JSON:
                write_json(approved_document(), stream)
            case Format.MARKDOWN:
                write_approved_markdown(stream)
            case _:
                print_approved(Talk(no_color=no_color).console(stream))
