"""Text of a record is written by strangers: no page may be changed by it."""

import base64
import hashlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pydantic import BaseModel

from stemcheck.output.html.templating import environment, secure_address
from stemcheck.registry.record import Reference
from stemcheck.registry.translate import publication_for
from stemcheck.trial.details import PostedDocument
from stemcheck.trial.trial import Signal
from tests.unit.html_made_up import (
    PAYS,
    PageReader,
    a_search,
    an_answer,
    in_detail,
    search_page,
    trials_page,
    typical_pages,
)
from tests.unit.trials_made_up import a_trial

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></main><iframe src=//x>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "&lt;b&gt;&#0;<!-- -->",
    "\x1b]8;;http://x\x07go\x1b]8;;\x07 \x1b[31mred",
    "txet neddih \u202eelttil\u2066 \u200bx\ud800",
]
EXEMPT = {"nct_id", "url", "schema_", "rules_version"}
"""Fields that the registry room checks or makes itself."""


def poisoned(value: Any, poison: str, name: str = "") -> Any:
    """The same value with the poison as every text of it that a record can hold."""
    if isinstance(value, BaseModel):
        parts = {
            key: poisoned(getattr(value, key), poison, key) for key in type(value).model_fields
        }
        return value.model_copy(update=parts)
    if isinstance(value, tuple):
        return tuple(poisoned(item, poison, name) for item in value)
    return poison if type(value) is str and name not in EXEMPT else value


def skeleton(page: str) -> list[tuple[str, list[str]]]:
    """The elements of a page with the names of their attributes."""
    return [(tag, sorted(attributes)) for tag, attributes in PageReader(page).elements]


def a_page_with(poison: str) -> str:
    trial = poisoned(in_detail(a_trial(signals=(PAYS,), acronym="X", aliases=("Y",))), poison)
    return trials_page(an_answer(trial, missing=(poison,)))


@pytest.mark.parametrize("poison", HOSTILE)
def test_a_poisoned_record_has_no_other_elements_than_a_plain_one(poison: str) -> None:
    assert skeleton(a_page_with(poison)) == skeleton(a_page_with("plain words"))


@pytest.mark.parametrize("poison", HOSTILE)
def test_a_poisoned_search_has_no_other_elements_than_a_plain_one(poison: str) -> None:
    def page(text: str) -> str:
        return search_page(a_search(poisoned(a_trial(signals=(PAYS,)), text)))

    assert skeleton(page(poison)) == skeleton(page("plain words"))


@pytest.mark.parametrize("poison", HOSTILE)
def test_what_cannot_be_seen_is_not_on_the_page(poison: str) -> None:
    unseen = re.compile(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
    )
    assert unseen.findall(a_page_with(poison)) == []


def test_markup_in_a_title_is_shown_as_it_is_written() -> None:
    title = 'Cells <b>& more</b> "quoted"'
    assert title in PageReader(search_page(a_search(a_trial(brief_title=title)))).text


@given(st.text(max_size=60))
def test_no_title_changes_the_page(title: str) -> None:
    plain = skeleton(search_page(a_search(a_trial(brief_title="plain"))))
    assert skeleton(search_page(a_search(a_trial(brief_title=title)))) == plain


@given(st.text(max_size=60))
def test_no_quote_or_field_changes_the_page(text: str) -> None:
    def page(words: str) -> str:
        signal = Signal(id="new", text=words, field=words, value=words, quote=None)
        return trials_page(an_answer(in_detail(a_trial(signals=(signal,)))))

    assert skeleton(page(text)) == skeleton(page("plain"))


@pytest.mark.parametrize("name", list(typical_pages()))
def test_a_page_loads_and_runs_nothing(name: str) -> None:
    reader = PageReader(typical_pages()[name])
    tags = {tag for tag, _ in reader.elements}
    attributes = {name for _, found in reader.elements for name in found}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "base"})
    assert not {name for name in attributes if name.startswith("on")}
    assert attributes.isdisjoint({"style", "src", "srcset", "action", "background", "xlink:href"})
    assert not re.search(r"url\(|@import|expression", reader.style)


@pytest.mark.parametrize("name", list(typical_pages()))
def test_links_lead_to_secure_pages_or_into_the_page(name: str) -> None:
    for _, found in PageReader(typical_pages()[name]).all("a"):
        assert found["href"].startswith(("https://", "#"))
        assert found["href"].startswith("#") or found["rel"] == "noreferrer noopener"


@pytest.mark.parametrize("name", list(typical_pages()))
def test_the_policy_allows_this_style_sheet_and_nothing_else(name: str) -> None:
    reader = PageReader(typical_pages()[name])
    digest = base64.b64encode(hashlib.sha256(reader.style.encode()).digest()).decode()
    policies = [f["content"] for _, f in reader.elements if f.get("http-equiv")]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    ]
    assert [tag for tag, _ in reader.elements].index("style") > [
        found.get("http-equiv") for _, found in reader.elements
    ].index("Content-Security-Policy")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://x.org", "data:text/html,x", "//x.org", "https://x y", "", None],
)
def test_an_address_that_is_not_secure_is_no_link(address: str | None) -> None:
    assert secure_address(address) is None
    document = PostedDocument(label="Protocol", date=None, url=address)
    reader = PageReader(trials_page(an_answer(in_detail(a_trial(), documents=(document,)))))
    assert "Protocol, no date" in reader.text
    assert [href for href in reader.attributes("href") if href == address] == []


@pytest.mark.parametrize("number", ["1/../x", "12 3", "", None, "١٢"])
def test_a_paper_without_a_usable_number_is_no_link(number: str | None) -> None:
    papers = (publication_for(Reference(number, "RESULT", "A. Writer", None)),)
    reader = PageReader(trials_page(an_answer(in_detail(a_trial(), publications=papers))))
    assert not [href for href in reader.attributes("href") if "pubmed" in href]


def test_templates_never_switch_escaping_off() -> None:
    pages = environment()
    assert pages.autoescape is True
    for name in pages.list_templates():
        source = (pages.loader.get_source(pages, name)[0]) if pages.loader else ""
        assert not re.search(r"\|\s*safe|autoescape|Markup", source), name


def test_what_a_template_wrote_itself_is_left_as_it_is() -> None:
    assert environment().from_string("{{ x }}").render(x=Markup("<b>")) == "<b>"
    assert environment().from_string("{{ x }}").render(x="<b>\x1b[1m") == "&lt;b&gt;"
