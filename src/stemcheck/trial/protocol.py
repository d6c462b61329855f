"""What a study set out to do, and what has been written about it, for its long form.

As everywhere in a trial: words and order are the record's, and what is missing is missing there.
"""

from stemcheck.trial.trial import Design, Eligibility, Facts, Intervention


class Arm(Facts):
    """One group of people in the study, and what is done for it."""

    label: str | None
    type: str | None
    """``EXPERIMENTAL``, ``PLACEBO_COMPARATOR`` ...; groups of an observational study have none."""
    description: str | None
    interventions: tuple[str, ...] = ()
    """What the group is given, as the record names it: ``Biological: mesenchymal cells``."""


class InterventionInFull(Intervention):
    """What is given or done, with the record's words about it."""

    description: str | None = None
    other_names: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    """Labels of the arms that get it."""


class PlannedOutcome(Facts):
    """One thing that the study measures, as it was planned."""

    measure: str | None
    description: str | None
    time_frame: str | None


class Outcomes(Facts):
    """What the study measures, the most important first."""

    primary: tuple[PlannedOutcome, ...] = ()
    secondary: tuple[PlannedOutcome, ...] = ()
    other: tuple[PlannedOutcome, ...] = ()


class Criterion(Facts):
    """One requirement on who may or may not take part, in the record's own words."""

    quote: str
    """Verbatim, without its bullet or number; it can run over several lines."""
    label: str | None = None
    """The number or letter that the record gives it: ``3``, ``b``, ``iv``."""
    level: int = 0
    """How deep it stands: 1 belongs to the nearest 0 above it, and so on."""
    headings: tuple[str, ...] = ()
    """Headings it stands under, verbatim, beyond the plain name of its list; the nearest one last."""


class Criteria(Facts):
    """The text on who may take part, divided into its lists. Nothing of the text is left out."""

    inclusion: tuple[Criterion, ...] = ()
    exclusion: tuple[Criterion, ...] = ()
    other: tuple[Criterion, ...] = ()
    """What stands under neither heading: remarks, and text that cannot be assigned to a list."""
    is_split: bool = False
    """True: both lists were found. One of them can be a heading with nothing below it."""


class EligibilityInFull(Eligibility):
    """Who may take part: the fields, the text, and the lists of which it is made."""

    text: str | None = None
    """The whole text on who may take part, as the record has it."""
    inclusion: tuple[Criterion, ...] = ()
    exclusion: tuple[Criterion, ...] = ()
    other: tuple[Criterion, ...] = ()
    """What stands under neither heading: remarks, and text that cannot be assigned to a list."""
    is_split: bool | None = None
    """True: both lists were found, even if nothing stands in one. False: at most one was found.
    None: the record has no text."""
    population: str | None = None
    """Observational studies: whom the people are taken from."""
    sampling: str | None = None
    """Observational studies: how they are picked, as in ``PROBABILITY_SAMPLE``."""


class DesignInFull(Design):
    """How the study is built, with the record's words about it."""

    intervention_model_description: str | None = None
    masking_description: str | None = None
    who_is_masked: tuple[str, ...] = ()
    target_duration: str | None = None
    """Registries of patients: for how long each person is followed."""


class Publication(Facts):
    """A paper that the record names."""

    pmid: str | None
    doi: str | None = None
    """As it stands in the citation; the registry has no field for it."""
    type: str | None
    """``RESULT``: the sponsor says that it reports this study's results. ``BACKGROUND``: it does not.
    ``DERIVED``: the registry found that the paper names the study."""
    citation: str | None
    url: str | None = None
    """Where to look it up: PubMed, else by its DOI."""
    retracted: bool = False
    """The record names a retraction. False says only that the record names none."""
    retraction_sources: tuple[str, ...] = ()
    """Where the retraction was published."""
    retraction_pmids: tuple[str, ...] = ()
    """PMIDs of the retraction notices."""
