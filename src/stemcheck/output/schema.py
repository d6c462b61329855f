"""The documents that stemcheck prints as JSON, each with its JSON Schema (2020-12).

Each document is an entry in `DOCUMENTS`.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from stemcheck.output.approved import ApprovedDocument
from stemcheck.output.cautions import CautionsDocument
from stemcheck.output.dictionary import WhatIsPrinted, described, models_in
from stemcheck.output.glossary import GlossaryDocument
from stemcheck.output.questions import QuestionsDocument
from stemcheck.trial.account import Account
from stemcheck.trial.answer import Counts, Notice, Request, SourceKind, TrialsAnswer
from stemcheck.trial.brief import (
    BriefAnswer,
    BriefTrial,
    CountAnswer,
    FieldsAnswer,
    SummaryLine,
)
from stemcheck.trial.changes import ChangesAnswer, HistoryAnswer, SavedAnswer
from stemcheck.trial.details import DetailedTrial, ShowAnswer
from stemcheck.trial.diagnosis import Diagnosis
from stemcheck.trial.landscape import LandscapeAnswer
from stemcheck.trial.trial import Facts, Trial
from stemcheck.trial.verification import VerifyAnswer
from stemcheck.words import entry_of

ON_STANDARD_ERROR = frozenset({"error", "notice", "explain"})
"""One-line documents that programs read in addition to the answer."""


class TrialLine(Trial):
    """One line of jsonl: a trial with what the envelope of a whole answer would say."""

    source: SourceKind
    as_of: str | None


class BriefLine(BriefTrial):
    """One line of jsonl with a trial in short (``--brief``)."""

    source: SourceKind
    as_of: str | None


class ShowLine(DetailedTrial):
    """One line of jsonl with a trial in full."""

    source: SourceKind
    as_of: str | None


class Failure(BaseModel):
    """Why there is no answer. Beside these keys it carries facts on this kind of error."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    hint: str | None


class ErrorLine(Facts):
    """The line on standard error when a command fails in a machine format."""

    error: Failure


class NoticeLine(Facts):
    """A line on standard error with something the reader of the answer has to know."""

    notice: Notice


class Explanation(Account):
    """How an answer came about."""

    request: Request
    counts: Counts
    left_out: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # type: ignore[assignment]
    """NCT numbers of the studies that are not shown, by reason."""


class ExplainLine(Facts):
    """The line on standard error that ``--explain`` writes in a machine format."""

    explain: Explanation


DOCUMENTS: dict[str, type[BaseModel]] = {
    "trials": TrialsAnswer,
    "trials-line": TrialLine,
    "brief": BriefAnswer,
    "brief-line": BriefLine,
    "fields": FieldsAnswer,
    "count": CountAnswer,
    "summary-line": SummaryLine,
    "show": ShowAnswer,
    "show-line": ShowLine,
    "verify": VerifyAnswer,
    "questions": QuestionsDocument,
    "cautions": CautionsDocument,
    "approved": ApprovedDocument,
    "glossary": GlossaryDocument,
    "doctor": Diagnosis,
    "saved": SavedAnswer,
    "changes": ChangesAnswer,
    "history": HistoryAnswer,
    "landscape": LandscapeAnswer,
    "error": ErrorLine,
    "notice": NoticeLine,
    "explain": ExplainLine,
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every document by name; ``...-line`` is one line of jsonl."""
    made = {name: _schema_of(model) for name, model in DOCUMENTS.items()}
    return made | {"csv": _csv_schema()}


def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(
        mode="serialization", by_alias=True, schema_generator=WhatIsPrinted
    )
    schema.setdefault("title", model.__name__)
    schema = described(schema, dict(models_in(model)))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _csv_schema() -> dict[str, Any]:
    """Return the columns of the CSV as the schema of a row; every cell is a text."""
    from stemcheck.trial.columns import COLUMNS

    texts: dict[str, str] = entry_of("dictionary.columns")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": texts["row"],
        "type": "object",
        "properties": {name: {"type": "string", "description": texts[name]} for name in COLUMNS},
        "required": list(COLUMNS),
        "additionalProperties": False,
    }
