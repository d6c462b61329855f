"""The data dictionary: the meaning of every key in every document, and the values that it may have.

The description of a key is the text under it in the code, or else an entry in
``words/en/dictionary.toml``, by model and key.
"""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from stemcheck.guidance.ids import ids_of
from stemcheck.words import entry_of

Schema = dict[str, Any]

_FIXED = {
    "Signal.id": "signal",
    "AppliedCaution.id": "caution",
    "LeftOut.reason": "left_out",
    "Failure.code": "error",
}
"""Keys whose values are our own ids."""
_FIXED_LISTS = {"Trial.cautions": "caution", "BriefTrial.signals": "signal"}
_KNOWN = {"Notice.id": "notice", "Status.value": "status", "BriefTrial.status": "status"}
"""Keys whose known values are listed; a later version may add values without a new schema number."""


class WhatIsPrinted(GenerateJsonSchema):
    """Schemas of printed documents: every key is always present."""

    def field_is_required(self, *_: Any, **__: Any) -> bool:
        return True


def described(schema: Schema, models: dict[str, Any]) -> Schema:
    """Return a schema with a description for every key. ``models``: the classes by name."""
    definitions = schema.get("$defs", {})
    for name, definition in (*definitions.items(), (schema.get("title", ""), schema)):
        for key, value in definition.get("properties", {}).items():
            _describe(value, models.get(name), name, key)
        definition.pop("title", None)
    return schema


def _describe(value: Schema, model: Any, name: str, key: str) -> None:
    if text := text_for(model, name, key):
        value["description"] = text
    value.pop("title", None)
    for owner in _owners(model, name):
        path = f"{owner}.{key}"
        if path in _FIXED:
            value["enum"] = ids_of(_FIXED[path])
        if path in _FIXED_LISTS:
            value["items"]["enum"] = ids_of(_FIXED_LISTS[path])
        if path in _KNOWN:
            value["examples"] = ids_of(_KNOWN[path])
        if path == "Counts.left_out":
            value["propertyNames"] = {"enum": ids_of("left_out")}


def text_for(model: Any, name: str, key: str) -> str | None:
    """Return the meaning of a key of a model; None if there is no text for it."""
    told: dict[str, dict[str, str]] = entry_of("dictionary.keys")
    field = f"{key}_" if not _has(model, key) and _has(model, f"{key}_") else key
    for owner in _owners(model, name):
        if text := told.get(owner, {}).get(key):
            return text
    for class_ in _classes(model):
        if text := _texts_under(class_).get(field):
            return text
    return told["any"].get(key)


def _has(model: Any, name: str) -> bool:
    return any(name in getattr(owner, "__annotations__", {}) for owner in _classes(model))


def _owners(model: Any, name: str) -> list[str]:
    """Return the names of a model and of its bases."""
    return [owner.__name__ for owner in _classes(model)] or [name]


def _classes(model: Any) -> tuple[type, ...]:
    ours = () if model is None else model.__mro__
    return tuple(owner for owner in ours if owner.__module__.startswith("stemcheck."))


@cache
def _texts_under(model: type) -> dict[str, str]:
    """Return the texts under the fields of a class, by field."""
    try:
        body = ast.parse(dedent(inspect.getsource(model))).body[0]
    except (OSError, TypeError):  # no source code: an unusual installation
        return {}
    if not isinstance(body, ast.ClassDef):
        return {}
    texts = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name) and is_text:
            texts[before.target.id] = " ".join(str(after.value.value).split())  # type: ignore[attr-defined]
    return texts


def models_in(model: type) -> Iterator[tuple[str, type]]:
    """Yield every model that occurs in a document, with its name."""
    todo, seen = [model], set()
    while todo:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        yield one.__name__, one
        yield f"{one.__module__}.{one.__name__}".replace(".", "__"), one
        for annotation in _annotations(one):
            todo += [found for found in _types_in(annotation) if found not in seen]


def _annotations(model: type) -> Iterator[Any]:
    if issubclass(model, BaseModel):
        yield from (field.annotation for field in model.model_fields.values())
    else:
        from typing import get_type_hints

        yield from get_type_hints(model).values()


def _types_in(annotation: Any) -> Iterator[type]:
    from dataclasses import is_dataclass
    from typing import get_args

    if isinstance(annotation, type) and (
        issubclass(annotation, BaseModel) or is_dataclass(annotation)
    ):
        yield annotation
    for inner in get_args(annotation):
        yield from _types_in(inner)
