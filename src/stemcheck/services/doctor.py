"""Whether this machine can reach the registry, by which connection, and how old saved data are."""

from collections.abc import Iterator
from dataclasses import asdict

from stemcheck.errors import ExitCode, StoreError
from stemcheck.services.connecting import registry_settings_for
from stemcheck.services.settings import Settings
from stemcheck.trial.diagnosis import Diagnosis, Finding


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings as they are made: what is saved here first, then each step to the registry."""
    from stemcheck.registry.doctor import examine as examine_registry

    yield _sample()
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


def _sample() -> Finding:
    from stemcheck.saved.sample import load_sample

    try:
        sample = load_sample()
    except StoreError as error:
        return Finding(id="sample", state="failed", text=error.message)
    text = f"The built-in sample has {len(sample.lines):,} trials, data of {sample.data_date}."
    facts = {"trials": len(sample.lines), "data_date": sample.data_date}
    return Finding(id="sample", state="noted", text=text, facts=facts)
