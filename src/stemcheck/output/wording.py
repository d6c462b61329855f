"""The words for one trial that the table, the page and markdown share. All text here is clean."""

import re
from datetime import date

from stemcheck.guidance.dates import day_words
from stemcheck.guidance.glossary import plain
from stemcheck.output.plain import clean
from stemcheck.trial.answer import Source
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.reading import Reading
from stemcheck.trial.status import label_for
from stemcheck.trial.terms import Donor, Product, Route, Tissue
from stemcheck.trial.trial import Eligibility, Trial
from stemcheck.words import entry_of, words, words_or_none

_DAYS_A_YEAR = 365.25
_DAYS_A_MONTH = 30.44
NOT_TODAY = frozenset({"saved", "sample"})
"""Kinds of sources that do not show today's state."""
_UNSAID = {Tissue.NONE, Tissue.NOT_STATED, Donor.NONE, Donor.NOT_STATED}
_YEARS = re.compile(r"(\d+) years?", re.IGNORECASE)
_MOST_COUNTRIES = 2


def title_of(trial: Trial) -> str:
    """Return the brief title, or a replacement if there is none."""
    title = clean(trial.brief_title) or clean(trial.official_title)
    return title or words("screens.trial.no_title")


def status_of(trial: Trial) -> str:
    """Return the status in the registry's display words."""
    return clean(trial.status.label)


def status_notes(trial: Trial) -> list[str]:
    """Return remarks about the status: the last known one, and when it was confirmed."""
    status = trial.status
    notes = []
    if status.last_known:
        notes.append(words("screens.trial.last_known", status=clean(label_for(status.last_known))))
    if status.verified_on:
        notes.append(words("screens.trial.confirmed", day=clean(status.verified_on)))
    return notes


def not_a_trial(trial: Trial) -> str:
    """Return in a few words what a study is if it is not a trial; empty for a trial."""
    return words_or_none(f"screens.not_a_trial.{trial.study_type}") or ""


def given_by(reading: Reading | None) -> str:
    """Return what is given: the kind of cells, their tissue and their donor."""
    if reading is None:
        return words("screens.trial.not_read")
    if reading.products == (Product.NONE,):
        return plain("product", Product.NONE)
    parts = [plain("product", product) for product in reading.products]
    parts += [plain("tissue", tissue) for tissue in reading.tissue if tissue not in _UNSAID]
    parts += [plain("donor", donor) for donor in reading.donor if donor not in _UNSAID]
    return ", ".join(dict.fromkeys(parts))


def given_briefly(reading: Reading | None) -> str:
    """Return what is given, without the usual kind of cells if more is known about them."""
    if reading is None or reading.products != (Product.MESENCHYMAL,):
        return given_by(reading)
    usual = plain("product", Product.MESENCHYMAL)
    return given_by(reading).removeprefix(f"{usual}, ")


def way_of(reading: Reading | None) -> str:
    """Return how the cells get into the body, in a few plain words."""
    if reading is None:
        return words("screens.trial.not_read")
    if reading.routes == (Route.NONE,):
        return "–"
    return ", ".join(plain("route", route) for route in reading.routes)


def phase_of(trial: Trial) -> str:
    """Return the phase in its shortest form: 1, 2/3, early 1, n/a, or – if not given."""
    short = {"EARLY_PHASE1": words("screens.trial.early_1"), "NA": words("screens.trial.no_phase")}
    phases = [short.get(phase, clean(phase).removeprefix("PHASE")) for phase in trial.phases]
    return "/".join(phases) or "–"


def people_of(trial: Trial) -> str:
    """Return how many people take part, and whether the number is actual or planned."""
    enrollment = trial.enrollment
    if enrollment is None or enrollment.count is None:
        return words("screens.trial.people_not_given")
    planned = "planned" if enrollment.type == "ESTIMATED" else "people"
    return words(f"screens.trial.{planned}", count=enrollment.count)


def ages_of(people: Eligibility, *, under_heading: bool = False, is_asked: bool = False) -> str:
    """Return the age limits in their shortest form: age 18-80, age 18+, age up to 17.

    Under a heading "age", the word itself is left out. If an age was asked for (``is_asked``), a limit
    that the record does not give is marked as missing, because the age could not be compared with it.
    """
    room = "ages_alone" if under_heading else "ages"
    low, high = (clean(age) for age in (people.minimum_age, people.maximum_age))
    if not low and not high:
        return words(f"screens.{room}.no_limit")
    low, high = low.lower(), high.lower()
    known = [_YEARS.fullmatch(age) for age in (low, high) if age]
    if all(known):  # in years, as nearly always: leave out the unit
        low, high = (_YEARS.sub(r"\1", age) for age in (low, high))
    key = "both" if low and high else "from" if low else "to"
    told = words(f"screens.{room}.{key}", low=low, high=high)
    if not is_asked or under_heading or key == "both":  # a column has only room for 18+
        return told
    return words(f"screens.open_ended.{key}", ages=told)


def sex_of(people: Eligibility, *, is_asked: bool = False) -> str:
    """Return who may take part by sex; empty if anyone may.

    If a sex was asked for and the record does not say, the text says so.
    """
    if people.sex is None and is_asked:
        return words("screens.no_sex")
    return words_or_none(f"screens.one_sex.{people.sex}") or ""


def who_of(
    people: Eligibility, query: TrialQuery | None = None, *, under_heading: bool = False
) -> str:
    """Return who may take part, marked if a limit is missing that could exclude the person in the query."""
    age, sex = bool(query and query.age), bool(query and query.sex)
    ages = ages_of(people, under_heading=under_heading, is_asked=age)
    return ", ".join(filter(None, [ages, sex_of(people, is_asked=sex)]))


def nearest_of(trial: Trial) -> str:
    """Return the site nearest to the requested place, its distance, and whether it is open."""
    site = trial.nearest
    if site is None:
        return ""
    place = ", ".join(filter(None, (clean(site.city or site.facility), clean(site.country))))
    status = (
        clean(label_for(site.status)).lower() if site.status else words("screens.trial.no_status")
    )
    key = "nearest" if site.placed_by == "position" else "nearest_by_city"
    key = "nearest_here" if round(site.distance_km) == 0 else key
    return words(f"screens.trial.{key}", place=place, km=f"{site.distance_km:,.0f}", status=status)


def places_of(trial: Trial, most: int = _MOST_COUNTRIES, *, in_short: bool = False) -> str:
    """Return the countries, naming at most a few; ``in_short``: in a form that fits into a row."""
    names = [clean(country) for country in trial.countries]
    if in_short:
        short: dict[str, str] = entry_of("screens.short_place")
        names = [short.get(name, name) for name in names]
    if not names:
        return words("screens.trial.no_site")
    more = len(names) - most
    named = ", ".join(names[:most])
    return words("screens.trial.more_places", named=named, count=more) if more > 0 else named


def day(text: str | None) -> str:
    """Return a registry date for readers, no more precise than it is: 20 Nov 2026, Nov 2026."""
    return clean(day_words(text))


def age_of(text: str | None, today: date) -> str:
    """Return how long ago a date was, in words; empty if that is unknown."""
    try:
        then = date.fromisoformat((text or "").partition("T")[0])
    except ValueError:
        return ""
    days = (today - then).days
    if days < 0:  # this machine's clock is behind the data
        return ""
    if days < 1:
        return words("screens.age.today")
    if days < 60:  # noqa: PLR2004 (two months: from here on months read better)
        return words("screens.age.days", count=days)
    if days < 2 * _DAYS_A_YEAR:
        return words("screens.age.months", count=round(days / _DAYS_A_MONTH))
    return words("screens.age.years", count=round(days / _DAYS_A_YEAR))


def source_line(source: Source) -> str:
    """Return the source and date of an answer, in one line."""
    parts = [words(f"screens.source.{source.kind}")]
    if source.data_timestamp:
        parts.append(words("screens.source.data", day=day(source.data_timestamp)))
    elif source.kind == "file":
        parts.append(words("screens.source.data", day=words("dates.unknown")))
    if source.retrieved_at and source.kind != "file":
        asked, time = day(source.retrieved_at), source.retrieved_at[11:16]
        parts.append(words("screens.source.asked", day=asked, time=time))
    return " · ".join(parts)


def not_live_lines(source: Source, today: date, address: str | None = None) -> list[str]:
    """Return the lines that must be above an answer that does not come from the registry itself.

    ``address``: where to ask the registry in a browser.
    """
    if source.kind not in NOT_TODAY:
        return []
    age = age_of(source.data_timestamp, today)
    dated = day(source.data_timestamp) or words("screens.not_live.some_day")
    lines = [
        words("screens.not_live.title"),
        words(f"screens.not_live.{source.kind}", day=f"{dated} ({age})" if age else dated),
        words("screens.not_live.changed"),
    ]
    if source.why_not_live:
        lines.append(words("screens.not_live.why", why=clean(source.why_not_live)))
    if address:
        lines.append(words("screens.not_live.ask", url=clean(address)))
    return lines
