"""What is asked, as a value: printable, comparable, and made before anything heavy is imported.

Each field is one filter, and all that there is to know about it. A new filter is a new field here, with its
sentences in ``words/en/filters.toml``.
"""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from stemcheck.errors import UsageError
from stemcheck.trial.countries import (
    country_names,
    fold_country,
    near_country,
    registry_spellings,
)
from stemcheck.trial.filter import Asked, Filter, Judge, One, Switch, Test, Texts, Words
from stemcheck.trial.limits import (
    age_of,
    age_of_person,
    can_be_after,
    day_of,
    first_day_of,
    is_within,
)
from stemcheck.trial.places import KM_IN_A_MILE, Near, kilometres_from, near_from
from stemcheck.trial.scope import ANY_CELLS, DEFAULT_SCOPE, outside_scope
from stemcheck.trial.status import STATUS_GROUPS, STATUSES, label_for
from stemcheck.trial.terms import Donor, Product, Route, Tissue
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.trial.trial import Trial

# --- What a trial has to have ------------------------------------------------------------------------


def _none_of(
    reason: str, values_of: "Callable[[Trial], Collection[str | None]]"
) -> "Callable[[Trial, Collection[str]], str | None]":
    """Return the test that a trial has none of the values that are asked for."""

    def leaves_out(trial: "Trial", asked: Collection[str]) -> str | None:
        return None if set(asked) & {*values_of(trial)} else reason

    return leaves_out


def _other_country(trial: "Trial", countries: tuple[str, ...]) -> str | None:
    if not trial.countries:
        return "no_site_listed"
    wanted = {fold_country(name) for asked in countries for name in country_names(asked)}
    return None if any(fold_country(name) in wanted for name in trial.countries) else "country"


def _other_sponsor(trial: "Trial", sponsors: tuple[str, ...]) -> str | None:
    names = [one.name for one in (trial.sponsor, *trial.collaborators) if one]
    if not names:
        return "no_sponsor_given"
    texts = [fold_country(name) for name in names]
    wanted = [list(map(fold_country, sponsor.split())) for sponsor in sponsors]
    has_one = any(all(word in text for word in asked) for asked in wanted for text in texts)
    return None if has_one else "sponsor"


def _other_age(trial: "Trial", age: str) -> str | None:
    asked, limits = age_of(age), trial.eligibility
    fits = asked is None or is_within(asked, limits.minimum_age, limits.maximum_age)
    return None if fits else "age"


def _other_sex(trial: "Trial", sex: str) -> str | None:
    return None if trial.eligibility.sex in {sex, "ALL", None} else "sex"


def _too_far(trial: "Trial", near: Near) -> str | None:
    if trial.nearest is None:
        return "place_unknown" if trial.sites.total else "no_site_listed"
    return None if trial.nearest.distance_km <= near.within_km else "too_far"


def _started_before(trial: "Trial", day: str) -> str | None:
    if trial.dates.start is None:
        return "no_start_given"
    return None if can_be_after(trial.dates.start, day) else "started"


def _updated_before(trial: "Trial", day: str) -> str | None:
    updated = trial.dates.last_update_posted
    return None if updated is None or can_be_after(updated, day) else "updated"


def _without_results(trial: "Trial", _: bool) -> str | None:
    if trial.has_results is None:
        return "results_not_stated"
    return None if trial.has_results else "no_results"


# --- What the registry is asked ----------------------------------------------------------------------


def _ticked(group: str, boxes: Mapping[str, str | None], values: Sequence[str]) -> Any:
    """Return the site's boxes to tick; none where one is lacking: the page then shows more, never less."""
    ticked = [boxes.get(value) for value in values]
    return (group, () if None in ticked else tuple(ticked))


def _ask_statuses(statuses: tuple[str, ...]) -> Asked:
    boxes = {status: known.web for status, known in STATUSES.items()}
    return Asked(
        parameters={"filter.overallStatus": "|".join(statuses)},
        boxes=_ticked("status", boxes, statuses),
    )


def _ask_phases(phases: tuple[str, ...]) -> Asked:
    return Asked(tests=(Test("Phase", phases),), boxes=_ticked("phase", _PHASE_BOXES, phases))


def _ask_countries(countries: tuple[str, ...]) -> Asked:
    spellings = [name for asked in countries for name in registry_spellings(asked)]
    tests = (Test("LocationCountry", spellings, is_text=True),)
    if len(countries) == 1:
        on_site = countries[0] if countries[0] in spellings else spellings[0]
        return Asked(tests, web={"locStr": on_site, "country": on_site})
    return Asked(tests, web_tests=(Test("LocationCountry", countries, is_text=True),))


def _ask_study_types(types: tuple[str, ...]) -> Asked:
    boxes = {"INTERVENTIONAL": "int", "OBSERVATIONAL": "obs", "EXPANDED_ACCESS": "exp"}
    return Asked(tests=(Test("StudyType", types),), boxes=_ticked("studyType", boxes, types))


def _ask_sponsor_classes(classes: tuple[str, ...]) -> Asked:
    boxes = {"INDUSTRY": "industry", "NIH": "nih", "FED": "fed"}
    tests = (Test("LeadSponsorClass", classes),)
    return Asked(tests, boxes=_ticked("funderType", boxes, classes))


def _ask_age(age: str) -> Asked:
    """Ask for limits that may take the age; the registry does not know that 67 lasts until 68."""
    asked = age_of(age)
    if asked is None:
        return Asked()
    turning = asked._replace(number=asked.number + 1)
    before = asked._replace(number=max(0, asked.number - 1))
    tests = (
        Test("MinimumAge", highest=f"{turning}"),
        Test("MaximumAge", lowest=f"{before}"),
    )
    return Asked(tests)


def _ask_sex(sex: str) -> Asked:
    return Asked((Test("Sex", (sex, "ALL")),), boxes=("sex", (sex[0].lower(),)))


def _ask_near(near: Near) -> Asked:
    point = f"{near.latitude:.4f},{near.longitude:.4f}"
    web = {
        "locStr": str(near),
        "lat": f"{near.latitude:.4f}",
        "lng": f"{near.longitude:.4f}",
        "distance": f"{max(1, round(near.within_km / KM_IN_A_MILE))}",
    }
    return Asked(
        parameters={"filter.geo": f"distance({point},{near.within_km:g}km)"},
        web=web,
        fields=("LocationFacility", "LocationCity", "LocationState", "LocationGeoPoint"),
    )


def _ask_since(area: str, web: str) -> Callable[[str], Asked]:
    def asks(day: str) -> Asked:
        first = first_day_of(day)
        return Asked((Test(area, lowest=first),), web={web: f"{first}_"})

    return asks


# --- The words that they take ------------------------------------------------------------------------

_STATUS_WORDS = Words(
    values={
        **{name: (value,) for value, status in STATUSES.items() for name in (value, status.label)},
        **{name: (value,) for value, status in STATUSES.items() for name in status.also},
        **STATUS_GROUPS,
    },
    shown=(*map(str.lower, STATUSES), *STATUS_GROUPS),
    spanish="status",
)
_PHASES = {
    "EARLY_PHASE1": ("early1", "early phase 1", "early", "phase 0", "0"),
    "PHASE1": ("1", "phase 1", "i", "phase i"),
    "PHASE2": ("2", "phase 2", "ii", "phase ii"),
    "PHASE3": ("3", "phase 3", "iii", "phase iii"),
    "PHASE4": ("4", "phase 4", "iv", "phase iv"),
    "NA": ("na", "not applicable", "none"),
}
_PHASE_BOXES = {
    "EARLY_PHASE1": "0", "PHASE1": "1", "PHASE2": "2", "PHASE3": "3", "PHASE4": "4", "NA": "NA",
}  # fmt: skip
_PHASE_WORDS = Words(
    values={
        **{name: (phase,) for phase, names in _PHASES.items() for name in names},
        **dict.fromkeys(("1/2", "phase 1/2"), ("PHASE1", "PHASE2")),
        **dict.fromkeys(("2/3", "phase 2/3"), ("PHASE2", "PHASE3")),
    },
    shown=tuple(names[0] for names in _PHASES.values()),
    topic="phase",
)
_ROUTE_WORDS = Words(
    values={},
    shown=(
        "drip", "vein", "artery", "spine", "brain", "heart", "joint", "muscle", "eye", "skin",
        words("filters.wrong.or_route"),
    ),
    completed=tuple(route.value for route in Route if route is not Route.NONE),
    topic="route",
    refused=(Route.NONE,),
)  # fmt: skip
_CELLS_WORDS = Words(
    values={
        **dict.fromkeys((ANY_CELLS, "stem cells", "stem cell", "células madre"), (ANY_CELLS,)),
        DEFAULT_SCOPE: (DEFAULT_SCOPE,),
    },
    shown=(*(product.value for product in Product), ANY_CELLS),
    topic="product",
)
_TISSUE_WORDS = Words(
    values={"fat": (Tissue.ADIPOSE,), "cord": (Tissue.UMBILICAL_CORD,)},
    shown=tuple(tissue.value for tissue in Tissue if tissue is not Tissue.NONE),
    topic="tissue",
    refused=(Tissue.NONE,),
)
_DONOR_WORDS = Words(
    values={"own": (Donor.AUTOLOGOUS,), "donor": (Donor.ALLOGENEIC,)},
    shown=("own", "donor", *(donor.value for donor in Donor if donor is not Donor.NONE)),
    topic="donor",
    refused=(Donor.NONE,),
)
_SPONSOR_CLASS_WORDS = Words(
    values={
        **dict.fromkeys(("company", "industry"), ("INDUSTRY",)),
        **dict.fromkeys(("university", "hospital"), ("OTHER",)),
        "government": ("NIH", "FED", "OTHER_GOV"),
        **{one: (one,) for one in ("AMBIG", "UNKNOWN")},
    },
    shown=("industry", "nih", "fed", "other_gov", "network", "indiv", "other", "government"),
    topic="sponsor_class",
)
_STUDY_TYPE_WORDS = Words(
    values={"trial": ("INTERVENTIONAL",)},
    shown=("interventional", "observational", "expanded_access"),
    topic="study_type",
)
_SEX_WORDS = Words(
    values={
        **dict.fromkeys(("female", "f", "woman", "women", "girl", "mujer"), ("FEMALE",)),
        **dict.fromkeys(("male", "m", "man", "men", "boy", "hombre"), ("MALE",)),
    },
    shown=("female", "male"),
    is_single=True,
)
_SORT_WORDS = Words(
    values={one: (one,) for one in ("open", "updated", "started", "people")},
    shown=("open", "updated", "started", "people"),
    is_single=True,
)


def _check_country(country: str, name: str) -> None:
    near = near_country(country)
    if near is not None:
        advice = f"{words('filters.wrong.meant', word=near)} " if near else ""
        raise UsageError(
            words("filters.wrong.unknown", name=name, word=repr(country)),
            hint=f"{advice}{words('filters.wrong.countries')}",
        )


def _how_many(given: Any, name: str) -> int:
    """Read how many trials to show at most."""
    try:
        number = int(given)
    except (TypeError, ValueError):
        raise UsageError(
            words("filters.wrong.no_number", name=name, given=repr(given)),
            hint=words("filters.wrong.number"),
        ) from None
    if number < 1:
        raise UsageError(
            words("filters.wrong.below_one", name=name, given=number),
            hint=words("filters.wrong.at_least_one"),
        )
    return min(number, sys.maxsize)


def _as_written(given: Any, name: str) -> str:
    """Read one text that is taken as it is."""
    if not isinstance(given, str):
        raise UsageError(
            words("filters.wrong.no_text", name=name, kind=type(given).__name__),
            hint=words("filters.wrong.texts"),
        )
    return given


def _read(kind: str, read: Callable[[str], Any]) -> Callable[[Any, str], str]:
    """Return what reads one value of a kind, or says with an example what it looks like."""

    def read_one(given: Any, name: str) -> str:
        value = read(str(given))
        if value is None:
            raise UsageError(
                words(f"filters.wrong.no_{kind}", name=name, given=repr(given)),
                hint=words(f"filters.wrong.{kind}"),
            )
        return str(value)

    return read_one


def _asked(default: Any = (), **about: Any) -> Any:
    """Return the field of one filter."""
    return field(default=default, metadata={"filter": Filter(**about)})


# --- The filters -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrialQuery:
    """One search. An empty value means "no such filter"; the others are in the registry's own spelling."""

    conditions: tuple[str, ...] = _asked(
        option="--condition", short="-c", metavar="WORDS", takes=Texts(), judge=Judge.REGISTRY
    )
    """Any of these."""
    statuses: tuple[str, ...] = _asked(
        option="--status",
        takes=_STATUS_WORDS,
        leaves_out=_none_of("status", lambda trial: (trial.status.value,)),
        asks=_ask_statuses,
        reads=lambda status: label_for(status).lower(),
    )
    phases: tuple[str, ...] = _asked(
        option="--phase",
        metavar="PHASE",
        takes=_PHASE_WORDS,
        leaves_out=_none_of("phase", lambda trial: trial.phases),
        asks=_ask_phases,
        lacks=lambda trial: not trial.phases,
    )
    routes: tuple[str, ...] = _asked(
        option="--route",
        takes=_ROUTE_WORDS,
        judge=Judge.READING,
        leaves_out=_none_of("route", lambda trial: trial.reading.routes if trial.reading else ()),
    )
    cells: tuple[str, ...] = _asked(
        default=(DEFAULT_SCOPE,),
        option="--cells",
        takes=_CELLS_WORDS,
        judge=Judge.SCOPE,
        leaves_out=outside_scope,
    )
    """Kinds of product, or ``iv_or_mesenchymal``, or ``any`` (every stem-cell product); empty: no scope."""
    tissues: tuple[str, ...] = _asked(
        option="--tissue",
        takes=_TISSUE_WORDS,
        judge=Judge.READING,
        leaves_out=_none_of("tissue", lambda trial: trial.reading.tissue if trial.reading else ()),
    )
    donors: tuple[str, ...] = _asked(
        option="--donor",
        takes=_DONOR_WORDS,
        judge=Judge.READING,
        leaves_out=_none_of("donor", lambda trial: trial.reading.donor if trial.reading else ()),
    )
    age: str | None = _asked(
        default=None,
        option="--age",
        metavar="AGE",
        takes=One(_read("age", age_of_person)),
        leaves_out=_other_age,
        asks=_ask_age,
    )
    """Of one person: ``67 years``, ``8 months``. A limit that a record does not give excludes nobody."""
    sex: str | None = _asked(
        default=None, option="--sex", takes=_SEX_WORDS, leaves_out=_other_sex, asks=_ask_sex,
        lacks=lambda trial: trial.eligibility.sex is None, reads=str.lower,
    )  # fmt: skip
    """Of one person. A record that gives no limit excludes nobody."""
    countries: tuple[str, ...] = _asked(
        option="--country",
        metavar="NAME",
        takes=Texts(_check_country),
        leaves_out=_other_country,
        asks=_ask_countries,
        lacks=lambda trial: not trial.countries,
    )
    near: Near | None = _asked(  # noqa: RUF009 (it makes a field, as all the others do)
        default=None,
        option="--near",
        metavar="PLACE",
        takes=One(lambda given, name: near_from(_as_written(given, name), name)),
        leaves_out=_too_far,
        asks=_ask_near,
        reads=lambda near: words(
            "filters.heading.distance", km=f"{near.within_km:,.6g}", place=near
        ),
    )
    """A city or a point, and how far from it."""
    within: float | None = _asked(
        default=None,
        option="--within",
        metavar="DISTANCE",
        takes=One(lambda given, name: kilometres_from(str(given), name)),
    )
    """Kilometres from the place that ``near`` names; None: 100."""
    sponsors: tuple[str, ...] = _asked(
        option="--sponsor",
        metavar="NAME",
        takes=Texts(),
        leaves_out=_other_sponsor,
        asks=lambda sponsors: Asked(web={"spons": sponsors[0]} if len(sponsors) == 1 else {}),
    )
    sponsor_classes: tuple[str, ...] = _asked(
        option="--sponsor-class",
        takes=_SPONSOR_CLASS_WORDS,
        leaves_out=_none_of(
            "sponsor_class", lambda trial: (trial.sponsor.class_ if trial.sponsor else None,)
        ),
        asks=_ask_sponsor_classes,
        lacks=lambda trial: not (trial.sponsor and trial.sponsor.class_),
    )
    study_types: tuple[str, ...] = _asked(
        option="--study-type",
        takes=_STUDY_TYPE_WORDS,
        leaves_out=_none_of("study_type", lambda trial: (trial.study_type,)),
        asks=_ask_study_types,
        lacks=lambda trial: trial.study_type is None,
    )
    started_after: str | None = _asked(
        default=None,
        option="--started-after",
        metavar="DATE",
        takes=One(_read("day", day_of)),
        leaves_out=_started_before,
        asks=_ask_since("StartDate", "start"),
        lacks=lambda trial: trial.dates.start is None,
    )
    updated_after: str | None = _asked(
        default=None,
        option="--updated-after",
        metavar="DATE",
        takes=One(_read("day", day_of)),
        leaves_out=_updated_before,
        asks=_ask_since("LastUpdatePostDate", "lastUpdPost"),
    )
    with_results: bool = _asked(
        default=False,
        option="--with-results",
        takes=Switch(),
        leaves_out=_without_results,
        asks=lambda _: Asked((Test("HasResults", ("true",)),), boxes=("results", ("with",))),
        reads=lambda _: "",
    )
    raw: str | None = _asked(
        default=None,
        option="--raw",
        metavar="ESSIE",
        takes=One(_as_written),
        judge=Judge.REGISTRY,
    )
    """An Essie expression added to the search as the user wrote it."""
    sort: str | None = _asked(default=None, option="--sort", takes=_SORT_WORDS)
    """What comes first; None: what is open to new participants, then the latest update."""
    limit: int | None = _asked(
        default=None, option="--limit", short="-n", metavar="N", takes=One(_how_many)
    )
    """Show at most this many trials; None: all."""

    def in_use(self) -> dict[str, Any]:
        """Return the values of the filters that were asked for, by name."""
        given = {name: getattr(self, name) for name in FILTERS}
        return {name: value for name, value in given.items() if value not in {(), None, False}}

    def narrowing(self) -> tuple[str, ...]:
        """Return the names of the filters that can be why nothing was found, the illness not among them."""
        found = (name for name, value in self.in_use().items() if value != _DEFAULTS[name])
        return tuple(name for name in found if name not in _NOT_NARROWING)

    def without(self, *names: str) -> "TrialQuery":
        """Return this query without some of its filters."""
        more = ("within",) if "near" in names else ()
        return replace(self, **{name: _DEFAULTS[name] for name in (*names, *more)})

    def asked(self) -> tuple[Asked, ...]:
        """Return what the registry is asked for each filter that was given."""
        return tuple(FILTERS[name].asks(value) for name, value in self.in_use().items())


FILTERS: dict[str, Filter] = {one.name: one.metadata["filter"] for one in fields(TrialQuery)}
"""Every filter, by the name that it has in Python and in JSON."""
_DEFAULTS: dict[str, Any] = {one.name: one.default for one in fields(TrialQuery)}
_NOT_NARROWING = frozenset({"conditions", "within", "sort", "limit"})
_AS_JUDGED = tuple(sorted(FILTERS, key=lambda name: FILTERS[name].judge))


def reason_left_out(trial: "Trial", query: TrialQuery) -> str | None:
    """Return the first reason for which a trial is not part of the answer, or None when it is."""
    for name in _AS_JUDGED:
        value = getattr(query, name)
        if value and (reason := FILTERS[name].leaves_out(trial, value)):
            return reason
    return None
