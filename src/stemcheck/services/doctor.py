"""Whether this machine can reach the registry, by which connection, and how old saved data are."""

import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from stemcheck.errors import ExitCode, StoreError
from stemcheck.services.connecting import registry_settings_for
from stemcheck.services.settings import Settings, data_dir_for
from stemcheck.trial.diagnosis import Diagnosis, Finding


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings as they are made: what is saved here first, then each step to the registry."""
    from stemcheck.registry.doctor import examine as examine_registry

    yield _sample()
    yield _saved_answers(settings)
    for finding in examine_registry(registry_settings_for(settings, has_fallback=False)):
        yield Finding.model_validate(asdict(finding))


def diagnosis_of(findings: tuple[Finding, ...]) -> Diagnosis:
    """Return the document of some findings."""
    answered = any(finding.id == "registry" and finding.state == "ok" for finding in findings)
    return Diagnosis(registry_can_be_asked=answered, findings=findings)


def exit_code_for(diagnosis: Diagnosis) -> ExitCode:
    """Return 0 when the registry can be asked, 5 when it refused, 4 when it could not be reached."""
    if diagnosis.registry_can_be_asked:
        return ExitCode.DONE
    codes = {finding.facts.get("code") for finding in diagnosis.findings}
    statuses = {finding.facts.get("status") for finding in diagnosis.findings}
    return ExitCode.REFUSED if "refused" in codes or statuses - {None} else ExitCode.UNREACHABLE


def _saved_answers(settings: Settings) -> Finding:
    """Look at the folder of past answers. Its path is not told: it may hold a person's name."""
    folder = data_dir_for(settings) / "answers"
    place = "where STEMCHECK_DATA_DIR says" if settings.data_dir else "in the usual place"
    try:
        written = [path.stat().st_mtime for path in folder.glob("*.answer")]
        nearest = next(path for path in (folder, *folder.parents) if path.exists())
        is_writable = os.access(nearest, os.W_OK)
    except OSError as error:
        text = f"The folder for past answers ({place}) cannot be read: {error.strerror}."
        return Finding(id="saved_answers", state="failed", text=text)
    facts: dict[str, object] = {"answers": len(written), "is_writable": is_writable}
    if not is_writable:
        text = f"The folder for past answers ({place}) cannot be written: nothing is kept."
        return Finding(id="saved_answers", state="failed", text=text, facts=facts)
    if not written:
        text = f"No past answer is kept ({place})."
        return Finding(id="saved_answers", state="noted", text=text, facts=facts)
    oldest, newest = (_day(seconds) for seconds in (min(written), max(written)))
    text = f"{len(written)} past answers are kept ({place}), of {oldest} to {newest}."
    facts |= {"oldest": oldest, "newest": newest}
    return Finding(id="saved_answers", state="noted", text=text, facts=facts)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _sample() -> Finding:
    from stemcheck.saved.sample import load_sample

    try:
        sample = load_sample()
    except StoreError as error:
        return Finding(id="sample", state="failed", text=error.message)
    text = f"The built-in sample has {len(sample.entries):,} trials, data of {sample.data_date}."
    facts = {"trials": len(sample.entries), "data_date": sample.data_date}
    return Finding(id="sample", state="noted", text=text, facts=facts)
