"""What is promised of every JSON document: its keys, what each means, and a number that tells of a break."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from stemcheck.guidance.ids import id_topics, ids_of
from stemcheck.output.schema import schemas
from tests.cli.conftest import Run
from tests.conftest import PROJECT

RELEASED = PROJECT / "fixtures" / "documents-0.1.0.txt"
"""Every key of the last release's documents, with its types and the number of the document."""
RELEASED_KEYS = set(RELEASED.read_text(encoding="utf-8").splitlines())
SCHEMAS = schemas()
NOTICE = re.compile(r'Notice\(\s*id="([a-z_]+)"')


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


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_keys_of_a_document_do_not_change_unseen(
    name: str, snapshot: SnapshotAssertion
) -> None:
    schema = SCHEMAS[name]
    keys = sorted(set(keys_of(schema, schema.get("$defs", {}), name)))
    assert "\n".join(keys) == snapshot


def test_nothing_of_the_last_release_is_gone_without_a_new_number() -> None:
    now = {
        key
        for name, schema in SCHEMAS.items()
        for key in keys_of(schema, schema.get("$defs", {}), name)
    }
    for line in RELEASED_KEYS:
        document = re.split(r"[.\[]", line, maxsplit=1)[0]
        numbers = {key for key in now if key.startswith(f"{document}.schema: ")}
        is_new = bool(numbers) and not numbers & RELEASED_KEYS
        assert is_new or line in now


def objects_in(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (
        each for each in (schema, *schema.get("$defs", {}).values()) if "properties" in each
    )


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_key_says_what_it_means_and_is_always_there(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    for each in objects_in(SCHEMAS[name]):
        assert all(value.get("description") for value in each["properties"].values())
        assert set(each["required"]) == set(each["properties"])


def test_every_notice_that_can_appear_is_explained() -> None:
    sources = (PROJECT / "src" / "stemcheck").rglob("*.py")
    said = {id_ for path in sources for id_ in NOTICE.findall(path.read_text(encoding="utf-8"))}
    assert said <= set(ids_of("notice"))


@pytest.mark.parametrize("topic", id_topics())
def test_the_glossary_explains_every_id(topic: str, run: Run) -> None:
    told = json.loads(run("glossary", f"{topic}s", "--json").out)["entries"]
    assert [entry["value"] for entry in told] == ids_of(topic)
    assert all(entry["meaning"] and entry["source"] for entry in told)
