"""Finds out whether this machine can reach the registry, by which connection, and how old saved data are."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from stemcheck.errors import ExitCode, StoreError
from stemcheck.services.settings import Settings, data_dir_for
from stemcheck.trial.diagnosis import Diagnosis, Finding
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.saved.answers import AnswerStore


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings one by one: first the saved data, then each step to the registry."""
    from stemcheck.registry.doctor import examine as examine_registry
    from stemcheck.saved.answers import AnswerStore

    store = AnswerStore(data_dir_for(settings))
    yield _sample()
    yield _saved_answers(settings, store)
    for finding in examine_registry(settings, memory=store):
        yield Finding.model_validate(asdict(finding))


def diagnosis_of(findings: tuple[Finding, ...]) -> Diagnosis:
    """Return the document for these findings."""
    answered = any(finding.id == "registry" and finding.state == "ok" for finding in findings)
    return Diagnosis(registry_can_be_asked=answered, findings=findings)


def exit_code_for(diagnosis: Diagnosis) -> ExitCode:
    """Return 0 if the registry can be asked, 5 if it refused, 4 if it could not be reached."""
    if diagnosis.registry_can_be_asked:
        return ExitCode.DONE
    codes = {finding.facts.get("code") for finding in diagnosis.findings}
    statuses = {finding.facts.get("status") for finding in diagnosis.findings}
    return ExitCode.REFUSED if "refused" in codes or statuses - {None} else ExitCode.UNREACHABLE


def _saved_answers(settings: Settings, store: "AnswerStore") -> Finding:
    """Describe the saved answers, but not the path of their folder: it may contain a person's name."""
    place = words(f"doctor.{'asked_place' if settings.data_dir else 'usual_place'}")
    count, oldest, newest = store.days()
    is_writable = _is_writable(data_dir_for(settings))
    facts: dict[str, object] = {"answers": count, "is_writable": is_writable}
    if store.problem is not None:
        text = words("doctor.unreadable", place=place, problem=store.problem)
        return Finding(id="saved_answers", state="failed", text=text, facts=facts)
    if not is_writable:
        text = words("doctor.unwritable", place=place)
        return Finding(id="saved_answers", state="failed", text=text, facts=facts)
    facts |= {"oldest": oldest, "newest": newest} if count else {}
    text = words("doctor.kept" if count else "doctor.none_kept", count=count, place=place, **facts)
    return Finding(id="saved_answers", state="noted", text=text, facts=facts)


def _is_writable(folder: Path | None) -> bool:
    """Return whether a folder, or the nearest parent that exists, is writable."""
    if folder is None:
        return False
    with suppress(OSError):
        nearest = next(path for path in (folder, *folder.parents) if path.exists())
        return nearest.is_dir() and os.access(nearest, os.W_OK)
    return False


def _sample() -> Finding:
    from stemcheck.saved.sample import load_sample

    try:
        sample = load_sample()
    except StoreError as error:
        return Finding(id="sample", state="failed", text=error.message)
    trials = f"{len(sample.entries):,}"
    text = words("doctor.sample", trials=trials, day=sample.data_date)
    facts = {"trials": len(sample.entries), "data_date": sample.data_date}
    return Finding(id="sample", state="noted", text=text, facts=facts)
