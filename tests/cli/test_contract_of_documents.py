"""The keys of every JSON document are pinned: a key that goes or changes needs a new number in ``schema``."""

from collections.abc import Iterator
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from stemcheck.output.schema import schemas


def keys_of(schema: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[str]:
    """Yield every key path that a document may hold, with the JSON types of its value."""
    if reference := schema.get("$ref"):
        yield from keys_of(definitions[reference.rpartition("/")[2]], definitions, path)
        return
    choices = schema.get("anyOf", [])
    for choice in choices:
        yield from keys_of(choice, definitions, path)
    if items := schema.get("items"):
        yield from keys_of(items, definitions, f"{path}[]")
    for name, value in schema.get("properties", {}).items():
        yield from keys_of(value, definitions, f"{path}.{name}")
    if not choices and "properties" not in schema and "items" not in schema:
        yield f"{path}: {schema.get('const') or schema.get('type') or 'any'}"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_keys_of_a_document_do_not_change_unseen(
    name: str, snapshot: SnapshotAssertion
) -> None:
    schema = schemas()[name]
    keys = sorted(set(keys_of(schema, schema.get("$defs", {}), name)))
    assert "\n".join(keys) == snapshot
