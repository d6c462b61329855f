"""The words for one trial that the table, the page and markdown share. All text here is clean."""

from datetime import date

from stemcheck.guidance.dates import day_words
from stemcheck.guidance.glossary import plain
from stemcheck.output.plain import clean
from stemcheck.trial.answer import Source
from stemcheck.trial.reading import Reading
from stemcheck.trial.status import label_for
from stemcheck.trial.terms import Donor, Product, Route, Tissue
from stemcheck.trial.trial import Nearest, Trial
from stemcheck.words import words

_DAYS_A_YEAR = 365.25
NOT_TODAY = frozenset({"saved", "sample"})
"""Kinds of source that cannot say how things stand today."""
NOT_A_TRIAL = {"EXPANDED_ACCESS": "expanded access, not a trial", "OBSERVATIONAL": "observational"}


def title_of(trial: Trial) -> str:
    """Return the brief title, or what stands in for it."""
    return clean(trial.brief_title) or clean(trial.official_title) or "(no title)"


def status_of(trial: Trial) -> str:
    """Return the status in the registry's display words."""
    return clean(trial.status.label)


def status_notes(trial: Trial) -> list[str]:
    """Return what qualifies the status: the last known one, and when it was confirmed."""
    status = trial.status
    notes = [f"last: {clean(label_for(status.last_known))}"] if status.last_known else []
    return notes + ([f"confirmed {clean(status.verified_on)}"] if status.verified_on else [])


def given_by(reading: Reading | None) -> str:
    """Return what is given: kind of cells, where they come from, whose they are."""
    if reading is None:
        return "not read"
    if reading.products == (Product.NONE,):
        return plain("product", Product.NONE)
    parts = [plain("product", product) for product in reading.products]
    parts += [
        plain("tissue", t) for t in reading.tissue if t not in {Tissue.NONE, Tissue.NOT_STATED}
    ]
    parts += [plain("donor", d) for d in reading.donor if d not in {Donor.NONE, Donor.NOT_STATED}]
    return ", ".join(dict.fromkeys(parts))


def way_of(reading: Reading | None) -> str:
    """Return how the cells get into the body, in a few plain words."""
    if reading is None:
        return "not read"
    if reading.routes == (Route.NONE,):
        return "–"
    return ", ".join(plain("route", route) for route in reading.routes)


def phase_of(trial: Trial) -> str:
    """Return the phase as short as it can be said: 1, 2/3, early 1, n/a, or – when not given."""
    short = {"EARLY_PHASE1": "early 1", "NA": "n/a"}
    phases = [short.get(phase, clean(phase).removeprefix("PHASE")) for phase in trial.phases]
    return "/".join(phases) or "–"


def people_of(trial: Trial) -> str:
    """Return how many people take part, counted or planned."""
    enrollment = trial.enrollment
    if enrollment is None or enrollment.count is None:
        return "number of people not given"
    people = f"{enrollment.count:,} {'person' if enrollment.count == 1 else 'people'}"
    return people + (" planned" if enrollment.type == "ESTIMATED" else "")


def places_of(trial: Trial, most: int = 2) -> str:
    """Return the countries, at most a few by name."""
    names = [clean(country) for country in trial.countries]
    if not names:
        return "no site listed"
    more = len(names) - most
    if trial.nearest:
        return nearest_of(trial.nearest)
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def nearest_of(nearest: Nearest) -> str:
    """Return the site that is nearest to the place asked for, how far it is, and its status."""
    place = ", ".join(clean(part) for part in (nearest.city, nearest.country) if part)
    status = label_for(nearest.status) if nearest.status else words("answers.status_not_given")
    key = "answers.nearest" if nearest.placed_by == "position" else "answers.nearest_city"
    return words(key, place=place, distance=nearest.distance_km, status=clean(status).lower())


def day(text: str | None) -> str:
    """Return a date of the registry for reading, no more precise than it is: 20 Nov 2026, Nov 2026."""
    return clean(day_words(text))


def age_of(text: str | None, today: date) -> str:
    """Return how long ago a date was, in words, or nothing when it cannot be said."""
    try:
        then = date.fromisoformat((text or "").partition("T")[0])
    except ValueError:
        return ""
    days = (today - then).days
    if days < 1:
        return "today"
    if days < 60:  # noqa: PLR2004 (two months: from here on months read better)
        return f"{days} {'day' if days == 1 else 'days'} old"
    if days < 2 * _DAYS_A_YEAR:
        return f"{round(days / 30.44)} months old"
    return f"{days / _DAYS_A_YEAR:.0f} years old"


def source_line(source: Source) -> str:
    """Return where an answer comes from and of when it is, in one line."""
    kinds = {"live": "ClinicalTrials.gov", "saved": "saved answer of ClinicalTrials.gov",
             "sample": "built-in sample of ClinicalTrials.gov", "file": "records from a file"}  # fmt: skip
    parts = [kinds[source.kind]]
    if source.data_timestamp:
        parts.append(f"data of {day(source.data_timestamp)}")
    elif source.kind == "file":
        parts.append(f"data of {words('dates.unknown')}")
    if source.retrieved_at:
        parts.append(f"asked {day(source.retrieved_at)} {source.retrieved_at[11:16]} UTC")
    return " · ".join(parts)


def not_live_lines(source: Source, today: date) -> list[str]:
    """Return the lines that must stand above an answer which is not the registry's own."""
    if source.kind not in NOT_TODAY:
        return []
    age = age_of(source.data_timestamp, today)
    what = (
        "a built-in sample of real trials" if source.kind == "sample" else "an answer saved earlier"
    )
    dated = f"data of {day(source.data_timestamp) or 'an unknown day'}{f' ({age})' if age else ''}"
    lines = [
        "THIS IS NOT AN ANSWER FROM THE REGISTRY",
        f"It is {what}: {dated}.",
        "Statuses have changed since, and new trials are missing.",
    ]
    if source.why_not_live:
        lines.append(f"Why: {clean(source.why_not_live)}")
    return lines
