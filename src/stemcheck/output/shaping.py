"""How much of an answer a program wants: some fields, short trials, only counts, or compact JSON."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from stemcheck.errors import UsageError
from stemcheck.output.formats import Format
from stemcheck.words import words

if TYPE_CHECKING:
    from pydantic import BaseModel

    from stemcheck.trial.trial import Trial

_TAKEN_BY = {
    "fields": (Format.JSON, Format.JSONL, Format.CSV),
    "brief": (Format.JSON, Format.JSONL),
    "count": (Format.TABLE, Format.JSON),
    "compact": (Format.JSON,),
    "summary": (Format.JSONL,),
}
"""The formats in which each option has a meaning."""
_ALONE = ("fields", "brief", "count")
"""Options of which only one may be given."""


@dataclass(frozen=True, slots=True)
class Shaping:
    """What to write. The default changes nothing."""

    fields: tuple[str, ...] = ()
    """Paths into a trial, such as ``reading.routes``; for csv, names of columns."""
    brief: bool = False
    count: bool = False
    compact: bool = False
    summary: bool = False

    @property
    def asked(self) -> tuple[str, ...]:
        """The options that were given."""
        return tuple(name for name in _TAKEN_BY if getattr(self, name))

    def check(self, shape: Format, model: "type[BaseModel] | None" = None) -> None:
        """Raise UsageError for an option without meaning in the format, and for a field that no trial has."""
        for name in self.asked:
            if shape not in _TAKEN_BY[name]:
                taking = ", ".join(f"--format {taken}" for taken in _TAKEN_BY[name])
                raise UsageError(
                    words("cli.shaping.no_place", format=shape, option=f"--{name}"),
                    hint=words("cli.shaping.no_place_hint", formats=taking),
                )
        alone = [f"--{name}" for name in _ALONE if getattr(self, name)]
        if len(alone) > 1:
            text = words("cli.contradiction", one=alone[0], other=alone[1])
            raise UsageError(text, hint=words("cli.use_one"))
        if self.fields:
            known = _columns() if shape is Format.CSV else list(_paths_of(model or _trial_model()))
            _check_names(self.fields, known)

    def tree(self) -> dict[str, Any]:
        """Return the fields in pydantic's nested form, with every item of a list."""
        model = _trial_model()
        whole: dict[str, Any] = {}
        for path in self.fields:
            _graft(whole, path.split("."), model)
        return whole

    def of_trial(self, trial: "Trial") -> "BaseModel | dict[str, Any]":
        """Return the requested parts of a trial."""
        if self.brief:
            from stemcheck.trial.brief import brief_trial

            return brief_trial(trial)
        if self.fields:
            told: dict[str, Any] = trial.model_dump(mode="json", by_alias=True, include=self.tree())
            return told
        return trial

    def of_document(self, document: "BaseModel") -> "BaseModel":
        """Return the requested parts of an answer; a document without trials stays as it is."""
        from stemcheck.trial.answer import TrialsAnswer
        from stemcheck.trial.brief import BriefAnswer, CountAnswer, FieldsAnswer

        if not isinstance(document, TrialsAnswer) or not (self.count or self.brief or self.fields):
            return document
        facts: dict[str, Any] = {
            name: getattr(document, name)
            for name in ("query", "request", "source", "counts", "notices")
        }
        if self.count:
            return CountAnswer(**facts)
        facts |= {"cautions": document.cautions, "unreadable": document.unreadable}
        trials: Any = tuple(map(self.of_trial, document.trials))
        return (BriefAnswer if self.brief else FieldsAnswer)(trials=trials, **facts)


WHOLE = Shaping()


def _trial_model() -> "type[BaseModel]":
    from stemcheck.trial.trial import Trial

    return Trial


def _columns() -> list[str]:
    from stemcheck.trial.columns import COLUMNS

    return list(COLUMNS)


def _check_names(asked: Iterable[str], known: list[str]) -> None:
    for name in asked:
        if name not in known:
            from difflib import get_close_matches

            endings = [path for path in known if path.rpartition(".")[2] == name]
            near = endings or get_close_matches(name, known, n=3)
            hint = words("cli.shaping.near", names=", ".join(near)) if near else ""
            raise UsageError(
                words("cli.shaping.no_field", name=repr(name)),
                hint=f"{hint} {words('cli.shaping.see')}".strip(),
            )


def _paths_of(model: "type[BaseModel]", before: str = "") -> Iterator[str]:
    """Yield the path of every field, and of the fields inside it."""
    for name, field in model.model_fields.items():
        path = f"{before}{field.serialization_alias or name.rstrip('_')}"
        yield path
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from _paths_of(inner, f"{path}.")


def _model_in(annotation: Any) -> "type[BaseModel] | None":
    """Return the model of a field, or of the items in a list."""
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is tuple


def _graft(tree: dict[str, Any], steps: list[str], model: "type[BaseModel]") -> None:
    """Add a path to the tree. A whole field stays whole even if parts of it are requested too."""
    first, *rest = steps
    name = next(name for name in model.model_fields if name.rstrip("_") == first)
    if not rest or tree.get(name) is True:
        tree[name] = True
        return
    annotation = model.model_fields[name].annotation
    inner = _model_in(annotation)
    branch = tree.setdefault(name, {})
    if _is_list(annotation):
        branch = branch.setdefault("__all__", {})
    if inner is not None:
        _graft(branch, rest, inner)
