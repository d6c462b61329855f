"""Where trials come from: the registry itself, or saved data if it cannot or must not be asked.

Every origin has the same parts: its `Source`, the request behind it, and its items one by one, each a trial
or an unreadable record. What an origin knows only at its end, such as whether everything came, is in
``is_complete`` and ``notices`` after the last item.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from stemcheck.errors import StemcheckError
from stemcheck.guidance.dates import day_words, last_day
from stemcheck.guidance.illnesses import english_for, is_named, wanted_for
from stemcheck.services.nearby import with_nearest
from stemcheck.trial.answer import Notice, Request, Source
from stemcheck.trial.protocol import Publication
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Study, StudyPage, Unreadable
from stemcheck.trial.trial import Trial
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.registry.client import Registry
    from stemcheck.registry.crawl import Crawl
    from stemcheck.registry.past import PastSearch
    from stemcheck.saved.sample import Sample

ALWAYS_SAID = frozenset({"incomplete", "no_total", "not_live"})
"""Notices printed even with --quiet: studies are missing, or the registry did not answer."""
Item = Trial | Unreadable
Papers = Mapping[str, Sequence[Publication]]
"""The papers that records name, by the number of the study."""
REGISTRY_NAME = "ClinicalTrials.gov"


class Origin(Protocol):
    """An origin of trials that can answer a search."""

    source: Source
    request: Request
    total: int | None
    is_complete: bool
    notices: list[Notice]
    papers: Papers | None
    """The papers that each record names, if they were asked for."""
    judges_all: bool
    """Every study comes and is judged here, while the registry sends only studies that fit some filters."""

    def leaves_out(self, trial: Trial) -> str | None:
        """Return the reason if a trial is not about the wanted illness and the origin has to say so."""

    def trials_for(self, query: TrialQuery) -> Iterable[Trial] | None:
        """Return the trials of another search, to count them; None if they are not available."""

    def items(self) -> Iterator[Item]:
        """Yield the items of the search, in the origin's own order."""

    def close(self) -> None:
        """Close whatever is open."""


class LiveTrials:
    """The registry's own answer, loaded page by page as it is used."""

    judges_all = False
    papers: Papers | None = None

    def leaves_out(self, trial: Trial) -> None:
        """Return None: the registry has searched for the illness itself."""

    def __init__(
        self, registry: "Registry", query: TrialQuery, *, today: date, with_papers: bool = False
    ) -> None:
        """``with_papers``: also ask for the papers of each record."""
        self._registry = registry
        self._query = query
        self._papers: dict[str, Sequence[Publication]] = {}
        self.papers = self._papers if with_papers else None
        self._today = today
        self._pages = registry.search(asked_for(query), with_papers=with_papers)
        self._first: StudyPage | None = None
        self.request = request_for(query)
        self.source = Source(kind="live", registry=REGISTRY_NAME)
        self.total: int | None = None
        self.is_complete = False
        self.notices = [*english_notices(query), *phrase_notices(query), *geo_notices(query)]

    def open(self) -> None:
        """Wait for the first page. Raises the registry's error if there is no answer."""
        _get_ready()  # the request is already on its way
        page = self._first = next(self._pages)
        crawl = self._registry.last_crawl
        self.total = page.total
        self.request = self.request.model_copy(update={"url": page.url})
        dates = {"data_timestamp": crawl.data_timestamp, "retrieved_at": crawl.retrieved_at}
        self.source = self.source.model_copy(update=dates)

    def items(self) -> Iterator[Item]:
        """Yield the studies as they arrive, each one reviewed. Raises if the answer breaks off."""
        if self._first is None:
            self.open()
        page, self._first = self._first, None
        while page is not None:
            yield from self._items_of(page)
            page = next(self._pages, None)
        crawl = self._registry.last_crawl
        self.is_complete = crawl.is_complete
        self.source = self.source.model_copy(update={"data_timestamp": crawl.data_timestamp})
        self.notices += crawl_notices(crawl)
        self.notices += self._registry.notices()

    def trials_for(self, query: TrialQuery) -> Iterable[Trial] | None:
        """Ask for another search; None if it has too many studies, or no answer."""
        from stemcheck.services.nothing import MOST_STUDIES

        try:
            pages = self._registry.search(asked_for(query))
            page = next(pages)
            if page.total is None or page.total > MOST_STUDIES or not page.is_last:
                return None
            studies = [item for item in page.items if not isinstance(item, Unreadable)]
        except StemcheckError:
            return None
        return [self._reviewed(study, query) for study in studies]

    def _items_of(self, page: "StudyPage") -> Iterator[Item]:
        for item in page.items:
            yield item if isinstance(item, Unreadable) else self._reviewed(item, self._query)

    def _reviewed(self, study: Study, query: TrialQuery) -> Trial:
        if study.papers:
            self._papers[study.trial.nct_id] = study.papers
        sites = study.details.locations if study.details else ()
        return with_nearest(self._review(study), sites, query)

    def _review(self, study: Study) -> Trial:
        from stemcheck.services.review import review

        return review(study, today=self._today)

    def close(self) -> None:
        """Close the connection to the registry."""
        self._registry.close()


class PastTrials:
    """The registry's last answer to this same search, from the saved data."""

    judges_all = False
    papers: Papers | None = None

    def leaves_out(self, trial: Trial) -> None:
        """Return None: the registry searched for the illness itself."""

    def __init__(self, past: "PastSearch", query: TrialQuery, *, why_not_live: str | None) -> None:
        self._past = past
        self._query = query
        self.request = request_for(query)
        self.source = Source(
            kind="saved",
            registry=REGISTRY_NAME,
            data_timestamp=past.data_date,
            retrieved_at=past.retrieved_at,
            why_not_live=why_not_live,
        )
        self.total: int | None = None
        self.is_complete = False
        self.notices = [
            *not_live_notices(self.source, self.request.web_url),
            *english_notices(query),
            *geo_notices(query),
        ]

    def items(self) -> Iterator[Item]:
        """Yield the studies of the saved pages, each one reviewed."""
        from stemcheck.services.review import review_kept

        day = day_of(self.source)
        for page in self._past.pages():
            self.total = page.total
            for item in page.items:
                if isinstance(item, Unreadable):
                    yield item
                else:
                    sites = item.details.locations if item.details else ()
                    yield with_nearest(review_kept(item, day=day), sites, self._query)
        self.is_complete = self._past.crawl.is_complete
        self.notices += crawl_notices(self._past.crawl)

    def trials_for(self, query: TrialQuery) -> None:
        """Return None: only this one search was saved."""

    def close(self) -> None:
        """Do nothing: nothing is open."""


class SampleTrials:
    """The answer of the built-in sample: facts of a past date, with a narrower search than the registry's."""

    judges_all = True
    papers: Papers | None = None

    def leaves_out(self, trial: Trial) -> None:
        """Return None: only trials about the illness are taken from the sample."""

    def __init__(self, sample: "Sample", query: TrialQuery, *, why_not_live: str | None) -> None:
        self._sample = sample
        self._query = query
        self.request = request_for(query)
        self.source = sample_source(sample, why_not_live)
        self.total: int | None = None
        self.is_complete = False
        self.notices = [
            *not_live_notices(self.source, self.request.web_url),
            *names_notice(query),
        ]

    def items(self) -> Iterator[Item]:
        """Yield the trials of the sample with the wanted words in conditions, titles or keywords."""
        from stemcheck.services.review import review_saved

        day = day_of(self.source)
        for trial in self._sample.trials(names_test_for(self._query)):
            places = self._sample.places_of(trial.nct_id) if self._query.near else ()
            yield with_nearest(review_saved(trial, day=day), places, self._query)
        self.is_complete = True

    def trials_for(self, query: TrialQuery) -> None:
        """Return None: every trial has been judged already."""

    def close(self) -> None:
        """Do nothing: nothing is open."""


def names_test_for(query: TrialQuery) -> Callable[[Sequence[str]], bool] | None:
    """Return a test of whether a trial's texts name the wanted illness; None if all trials are wanted."""
    if not query.conditions:
        return None
    wanted = [one for condition in query.conditions for one in wanted_for(condition)]
    return lambda texts: is_named(wanted, texts)


def names_notice(query: TrialQuery) -> list[Notice]:
    """Return a notice with the names of the illness that stemcheck, not the registry, looked for."""
    if not query.conditions:
        return []
    names = [one.shown for condition in query.conditions for one in wanted_for(condition)]
    text = words("answers.looked_for", names=", ".join(dict.fromkeys(names)))
    return [Notice(id="looked_for", text=text)]


def _get_ready() -> None:
    """Load everything that the first study needs."""
    from stemcheck.reading.lexicon import load_lexicon
    from stemcheck.registry.wire import prepare
    from stemcheck.services.review import prepare_reviews

    prepare()
    load_lexicon()
    prepare_reviews()


def request_for(query: TrialQuery) -> Request:
    """Return the search as a web link; the origin adds the address that was really requested."""
    from stemcheck.registry.question import question_for

    return Request(url=None, web_url=question_for(asked_for(query)).web_url)


def asked_for(query: TrialQuery) -> TrialQuery:
    """Return the search for the registry, with English names added: "ictus" is also asked for as stroke."""
    english = filter(None, map(english_for, query.conditions))
    return replace(query, conditions=tuple(dict.fromkeys((*query.conditions, *english))))


def english_notices(query: TrialQuery) -> list[Notice]:
    """Return a notice with the English names that were added to the search."""
    names = asked_for(query).conditions[len(query.conditions) :]
    if not names:
        return []
    text = words("answers.asked_in_english", names=", ".join(names))
    return [Notice(id="asked_in_english", text=text)]


def sample_source(sample: "Sample", why_not_live: str | None) -> Source:
    """Return the source of an answer from the built-in sample."""
    return Source(
        kind="sample",
        registry=REGISTRY_NAME,
        data_timestamp=sample.data_date,
        why_not_live=why_not_live,
    )


def not_live_notices(source: Source, web_url: str | None = None) -> list[Notice]:
    """Return the notices for saved data: their date, why they are used, and where to ask the registry."""
    notices = [saved_statuses(source.saved_day)]
    if source.why_not_live is not None:
        text = words(f"answers.not_live.{source.kind}", why=source.why_not_live)
        notices.insert(0, Notice(id="not_live", text=text))
    if web_url:
        text = words("asking.in_a_browser", url=web_url)
        notices.append(Notice(id="in_a_browser", text=text))
    return notices


def saved_statuses(first: str | None, last: str | None = None) -> Notice:
    """Return the notice that statuses are those of a past day, or of several."""
    day = day_words(first)
    if last and last != first:
        day = words("dates.range", first=day, last=day_words(last))
    return Notice(id="saved_statuses", text=words("answers.saved_statuses", day=day))


def crawl_notices(crawl: "Crawl") -> list[Notice]:
    """Return notices about how an answer was put together."""
    notices = []
    if crawl.is_data_changed:
        notices.append(Notice(id="data_refreshed", text=words("answers.data_refreshed")))
    if crawl.total is not None and crawl.studies != crawl.total:
        text = words("answers.incomplete", total=crawl.total, came=crawl.studies)
        notices.append(Notice(id="incomplete", text=text))
    if crawl.total is None:
        notices.append(Notice(id="no_total", text=words("answers.no_total")))
    if crawl.duplicates:
        text = words("answers.duplicates", count=crawl.duplicates)
        notices.append(Notice(id="duplicates", text=text))
    return notices


def phrase_notices(query: TrialQuery) -> list[Notice]:
    """Return notices about conditions that are searched for as exact phrases, which finds fewer studies."""
    from stemcheck.registry.question import question_for

    return [
        Notice(
            id="searched_as_phrase",
            text=words("answers.searched_as_phrase", condition=condition),
        )
        for condition in question_for(query).phrases
    ]


def geo_notices(query: TrialQuery) -> list[Notice]:
    """Return the notice that a search near a place misses sites without a position in the registry."""
    if query.near is None:
        return []
    text = words("answers.sites_without_position")
    return [Notice(id="sites_without_position", text=text)]


def day_of(source: Source) -> date:
    """Return the date of an answer: that of saved data, or else today."""
    return last_day(source.saved_day) or today()


def today() -> date:
    """Return today's date in UTC."""
    return datetime.now(UTC).date()
