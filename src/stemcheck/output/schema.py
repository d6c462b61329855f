"""The documents that stemcheck prints as JSON, each with its JSON Schema (2020-12)."""

from typing import Any

from pydantic import BaseModel

from stemcheck.output.approved import ApprovedDocument
from stemcheck.output.cautions import CautionsDocument
from stemcheck.output.glossary import GlossaryDocument
from stemcheck.output.questions import QuestionsDocument
from stemcheck.trial.answer import SourceKind, TrialsAnswer
from stemcheck.trial.changes import ChangesAnswer, HistoryAnswer, SavedAnswer
from stemcheck.trial.details import DetailedTrial, ShowAnswer
from stemcheck.trial.diagnosis import Diagnosis
from stemcheck.trial.landscape import LandscapeAnswer
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import VerifyAnswer


class TrialLine(Trial):
    """One line of jsonl: a trial with what the envelope of a whole answer would say."""

    source: SourceKind
    as_of: str | None


class ShowLine(DetailedTrial):
    """One line of jsonl with a trial in full."""

    source: SourceKind
    as_of: str | None


DOCUMENTS: dict[str, type[BaseModel]] = {
    "trials": TrialsAnswer,
    "trials-line": TrialLine,
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
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every document by its name; ``...-line`` is one line of jsonl."""
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(mode="serialization", by_alias=True),
        }
        for name, model in DOCUMENTS.items()
    }
