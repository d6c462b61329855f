"""What `stemcheck doctor` found out, as a document."""

from typing import Any, Literal

from pydantic import Field

from stemcheck.trial.trial import Facts


class Finding(Facts):
    """One step on the way to the registry, and how it went."""

    id: str
    state: Literal["ok", "failed", "skipped", "noted"]
    text: str
    facts: dict[str, Any] = Field(default_factory=dict)


class Diagnosis(Facts):
    """Whether this machine can ask the registry, and what there is without it."""

    schema_: Literal["stemcheck.doctor/1"] = Field("stemcheck.doctor/1", alias="schema")
    registry_can_be_asked: bool
    findings: tuple[Finding, ...]
