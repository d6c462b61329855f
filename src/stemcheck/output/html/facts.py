"""Facts of one trial as pairs of a name and a plain sentence, for the lists of a page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stemcheck.guidance.glossary import find_entry, plain
from stemcheck.guidance.signals import Tone, find_kind
from stemcheck.output.plain import clean
from stemcheck.output.wording import (
    ages_of,
    day,
    nearest_of,
    people_of,
    phase_of,
    places_of,
    sex_of,
)
from stemcheck.trial.details import DetailedTrial, Site
from stemcheck.trial.protocol import Publication
from stemcheck.trial.reading import Evidence, Reading
from stemcheck.trial.status import OPEN_TO_NEW_PARTICIPANTS
from stemcheck.trial.trial import Signal, Trial
from stemcheck.words import words

_MOST_CONDITIONS = 3
_PAYS = "participants-pay"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the record says, under its name, with what it means where that needs saying."""

    name: str
    text: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """The sites of one country, the open ones first."""

    name: str
    sites: tuple[Site, ...]
    recruiting: int | None
    """None: the record gives no site of this country a status of its own."""


def into_a_vein(reading: Reading) -> str:
    """Return whether the record says that the cells go into a vein."""
    return _YES_NO[{"yes": True, "no": False}.get(reading.intravenous)]


def first_quotes(reading: Reading) -> list[Evidence]:
    """Return one quote for each value of a reading: enough beside a study in a list."""
    first: dict[tuple[str, str], Evidence] = {}
    for evidence in reading.evidence:
        first.setdefault((evidence.claim, evidence.value), evidence)
    return list(first.values())


def conditions_of(trial: Trial) -> str:
    """Return the illnesses of a study, at most a few by name."""
    named = [clean(condition) for condition in trial.conditions]
    more = len(named) - _MOST_CONDITIONS
    told = ", ".join(named[:_MOST_CONDITIONS])
    return words("page.card.more_conditions", named=told, count=more) if more > 0 else told


def who_can_join(trial: Trial) -> str:
    """Return who may take part, as far as the registry keeps it in fields."""
    people = trial.eligibility
    return ", ".join(filter(None, [ages_of(people), sex_of(people)]))


def where(trial: Trial) -> str:
    """Return where a study runs: the site nearest to the place asked for, or the countries."""
    if trial.nearest:
        return nearest_of(trial)
    if not trial.countries:
        return places_of(trial)
    return words("page.card.sites", places=places_of(trial, most=4), count=trial.sites.total)


def people_pay(trial: Trial) -> bool:
    """Return whether the record says that participants pay."""
    return any(signal.id == _PAYS for signal in trial.signals)


def who_pays(trial: Trial) -> str:
    """Return what the record says on who pays; most say nothing."""
    paying = next((signal for signal in trial.signals if signal.id == _PAYS), None)
    if paying is None:
        return words("page.card.pays_unsaid")
    return words("page.card.people_pay", quote=clean(paying.quote or paying.value))


def design_facts(trial: Trial) -> Iterator[Fact]:
    """Yield who runs the study and how it is built."""
    if trial.sponsor:
        kind = plain("sponsor_class", trial.sponsor.class_)
        yield Fact("Run by", f"{clean(trial.sponsor.name)} ({kind})")
    if trial.collaborators:
        yield Fact("Together with", ", ".join(clean(other.name) for other in trial.collaborators))
    if entry := find_entry("study_type", trial.study_type):
        yield Fact("Kind of study", entry.label, entry.meaning)
    meanings = [entry.meaning for phase in trial.phases if (entry := find_entry("phase", phase))]
    yield Fact("Phase", phase_of(trial) if trial.phases else "not given", " ".join(meanings))
    design = trial.design
    model = design.intervention_model or design.observational_model
    topics = {"allocation": design.allocation, "masking": design.masking, "model": model}
    names = {"allocation": "Who gets what", "masking": "Who knows", "model": "Plan"}
    for topic, value in topics.items():
        if value:
            entry = find_entry(topic, value)
            yield Fact(names[topic], entry.label if entry else plain(topic, value), _meaning(entry))
    yield Fact("People", people_of(trial))


def people_facts(trial: Trial) -> Iterator[Fact]:
    """Yield who may take part, as far as the registry keeps it in fields."""
    people = trial.eligibility
    low, high = clean(people.minimum_age), clean(people.maximum_age)
    yield Fact("Age", f"{low or 'no lower limit given'} to {high or 'no upper limit given'}")
    sexes = {"ALL": "all sexes", "FEMALE": "women only", "MALE": "men only"}
    yield Fact("Sex", sexes.get(people.sex or "", clean(people.sex) or "not stated"))
    yield Fact("Healthy people", _YES_NO[people.healthy_volunteers])


def oversight_facts(trial: Trial) -> Iterator[Fact]:
    """Yield the sponsor's ticks on oversight, each with what it means and does not mean."""
    ticks = trial.oversight
    named = {
        "fda_regulated_drug": ticks.fda_regulated_drug,
        "fda_regulated_device": ticks.fda_regulated_device,
        "data_monitoring_committee": ticks.data_monitoring_committee,
    }
    for name, value in named.items():
        entry = find_entry("oversight", name)
        label = entry.label if entry else name.replace("_", " ")
        yield Fact(label, _YES_NO[value], _meaning(entry))


def date_facts(trial: Trial) -> Iterator[Fact]:
    """Yield the dates of the record, each as precise as it stands there."""
    dates = trial.dates
    named = {
        "Start": dates.start,
        "Main data complete": dates.primary_completion,
        "End": dates.completion,
        "First listed": dates.first_submitted,
        "Last update": dates.last_update_posted,
        "Results posted": dates.results_posted,
    }
    for name, value in named.items():
        yield Fact(name, day(value) or "not given")


def countries_of(trial: DetailedTrial) -> list[Country]:
    """Return the sites by country, the countries with the most open sites first."""
    groups: dict[str, list[Site]] = defaultdict(list)
    for site in trial.details.locations:
        groups[clean(site.country) or "country not given"].append(site)
    countries = [
        Country(
            name=name,
            sites=tuple(sorted(sites, key=lambda site: not _is_open(site))),
            recruiting=sum(map(_is_open, sites)) if any(site.status for site in sites) else None,
        )
        for name, sites in groups.items()
    ]
    return sorted(countries, key=lambda country: -(country.recruiting or 0))


def site_name(site: Site) -> str:
    """Return the name and town of a site."""
    parts = (clean(part) for part in (site.facility, site.city, site.state))
    return ", ".join(part for part in parts if part) or "place not given"


def paper_kind(paper: Publication) -> str:
    """Return what a paper is to the study, in plain words."""
    kinds = {
        "RESULT": "The sponsor says that it reports results.",
        "DERIVED": "The registry linked it because it names this number.",
    }
    return kinds.get(paper.type or "", "Background reading.")


def signals_by_tone(signals: Iterable[Signal]) -> list[tuple[str, list[Signal]]]:
    """Return the signals under neutral headings; a kind this version does not know is good to know."""
    groups: dict[Tone, list[Signal]] = {tone: [] for tone in _TONES}
    for signal in signals:
        kind = find_kind(signal.id)
        groups[kind.tone if kind else "neutral"].append(signal)
    return [(_TONES[tone], found) for tone, found in groups.items() if found]


_TONES: dict[Tone, str] = {
    "attention": "Worth a question",
    "neutral": "Good to know",
    "strength": "What careful trials often have",
}
_YES_NO = {True: "yes", False: "no", None: "the record does not say"}


def _meaning(entry: object) -> str:
    return str(getattr(entry, "meaning", ""))


def _is_open(site: Site) -> bool:
    return site.status in OPEN_TO_NEW_PARTICIPANTS
