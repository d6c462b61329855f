"""`stemcheck doctor`: tests every step from this machine to the registry."""

from dataclasses import replace
from typing import Annotated

from stemcheck.cli.options import (
    FINDINGS,
    FindingFormatOption,
    ForceFlag,
    JsonFlag,
    NoColorFlag,
    OutputOption,
    TimeoutOption,
    chosen_format,
    option,
)
from stemcheck.output.formats import Format


def examine_connection(  # noqa: PLR0913 (one parameter an option)
    *,
    connection: Annotated[
        str | None,
        option("--connection", metavar="N"),
    ] = None,
    format_: FindingFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """Test every step to the registry: name, connection, TLS, each kind of connection, and saved data."""
    shape = chosen_format(format_, json=json, output=output, offered=FINDINGS)

    from stemcheck.cli.asking import settings_with
    from stemcheck.output.diagnosis import print_advice, print_finding
    from stemcheck.output.formats.json import write_json
    from stemcheck.output.sink import answer_stream
    from stemcheck.output.talk import Talk
    from stemcheck.services.doctor import diagnosis_of, examine, exit_code_for
    from stemcheck.services.settings import connection_from

    settings = settings_with(timeout)
    if connection is not None:
        settings = replace(settings, connection=connection_from(connection, "--connection"))
    with answer_stream(output, force=force) as stream:
        console = Talk(no_color=no_color).console(stream)
        findings = []
        for finding in examine(settings):
            findings.append(finding)
            if shape is Format.TABLE:
                print_finding(finding, console)
        diagnosis = diagnosis_of(tuple(findings))
        if shape is Format.JSON:
            write_json(diagnosis, stream)
        else:
            print_advice(diagnosis, console)
    return exit_code_for(diagnosis)
