"""`stemcheck schema`: the JSON Schema of every document that stemcheck prints."""

from typing import Annotated

import typer

from stemcheck.errors import UsageError
from stemcheck.words import words


def print_schema(
    document: Annotated[str | None, typer.Argument(help=words("cli.arguments.schema"))] = None,
) -> None:
    """Print one schema, or all of them by name."""
    import json

    from stemcheck.output.schema import schemas

    known = schemas()
    if document is not None and document not in known:
        raise UsageError(
            words("cli.no_document", name=document),
            hint=words("cli.documents", names=", ".join(known)),
        )
    chosen = known if document is None else known[document]
    typer.echo(json.dumps(chosen, indent=2))
