"""`stemcheck schema`: the JSON Schema of every document that stemcheck prints."""

from typing import Annotated

import typer

from stemcheck.errors import UsageError


def print_schema(
    document: Annotated[
        str | None, typer.Argument(help="One document, such as trials. Default: all of them.")
    ] = None,
) -> None:
    """Print the JSON Schema of the documents that stemcheck prints as JSON."""
    import json

    from stemcheck.output.schema import schemas

    known = schemas()
    if document is not None and document not in known:
        raise UsageError(
            f"There is no document {document!r}.", hint=f"There are: {', '.join(known)}."
        )
    chosen = known if document is None else known[document]
    typer.echo(json.dumps(chosen, indent=2))
