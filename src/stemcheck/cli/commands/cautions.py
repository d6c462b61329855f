"""`stemcheck cautions`: what to know before deciding, by section of the source document."""

from stemcheck.cli.options import (
    ForceFlag,
    Format,
    JsonFlag,
    NoColorFlag,
    OutputOption,
    SheetFormatOption,
    chosen_format,
)


def show_cautions(
    *,
    format_: SheetFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
) -> None:
    """Show every caution, section by section: evidence, approval, risks, and how to decide."""
    shape = chosen_format(format_, json=json)

    from stemcheck.output.cautions import cautions_document, print_cautions, write_cautions_markdown
    from stemcheck.output.records import write_json
    from stemcheck.output.sink import answer_stream
    from stemcheck.output.talk import Talk

    with answer_stream(output, force=force) as stream:
        match shape:
            case Format.JSON:
                write_json(cautions_document(), stream)
            case Format.MARKDOWN:
                write_cautions_markdown(stream)
            case _:
                print_cautions(Talk(no_color=no_color).console(stream))
