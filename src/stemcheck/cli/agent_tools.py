"""The tools that agents may use: what each takes and what it answers.

This module does not depend on the protocol; `stemcheck.cli.agent_server` speaks it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from stemcheck.cli.claims import expectations_from
from stemcheck.errors import UsageError
from stemcheck.output.formats.json import json_text
from stemcheck.services.agents import (
    MOST_TRIALS,
    USUAL_TRIALS,
    Document,
    Whom,
    search_for_agents,
    trial_for_agents,
    verification_for_agents,
)
from stemcheck.services.filters import query_from
from stemcheck.services.search import Ask
from stemcheck.trial.verification import Expectations
from stemcheck.words import words

_MOST_CHARACTERS = 200_000
"""The longest text to verify: some 60 printed pages."""


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


Texts = Annotated[
    list[str],
    BeforeValidator(_as_list),
    WithJsonSchema({"type": "array", "items": {"type": "string"}}),
]
"""Several texts; a single one is accepted too."""
Text = Annotated[str, StringConstraints(max_length=_MOST_CHARACTERS)]


class Arguments(BaseModel):
    """The arguments of a tool. An unknown argument is refused, because it would be ignored silently."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    offline: bool = False


class SearchArguments(Arguments):
    """For ``search_trials``: the filters of `stemcheck trials`."""

    condition: Texts
    statuses: Texts = []
    phases: Texts = []
    routes: Texts = []
    cells: Texts = []
    tissues: Texts = []
    donors: Texts = []
    countries: Texts = []
    near: str | None = None
    within: str | None = None
    age: str | None = None
    sex: str | None = None
    sponsors: Texts = []
    study_types: Texts = []
    started_after: str | None = None
    updated_after: str | None = None
    with_results: bool = False
    sort: str | None = None
    limit: int = USUAL_TRIALS


class TrialArguments(Arguments):
    """For ``get_trial``."""

    nct_id: str
    with_text: bool = False


class TextArguments(Arguments):
    """For ``verify_text``."""

    text: Text


class ClaimArguments(Arguments):
    """For ``check_claims``."""

    nct_id: str
    told_condition: Texts = []
    told_route: Texts = []
    told_cells: Texts = []
    told_country: Texts = []
    told_site: Texts = []
    told_phase: Texts = []
    told_people: Texts = []
    told_sponsor: Texts = []
    told_open: bool = False


class CautionArguments(BaseModel):
    """For ``cautions``."""

    model_config = ConfigDict(extra="forbid")

    ids: Texts = []


class ChangesArguments(BaseModel):
    """For ``changes``."""

    model_config = ConfigDict(extra="forbid")

    name: str
    since: str | None = None


class NoArguments(BaseModel):
    """For tools without arguments."""

    model_config = ConfigDict(extra="forbid")


def _search(given: SearchArguments, whom: Whom) -> Document:
    if not 1 <= given.limit <= MOST_TRIALS:
        raise UsageError(
            words("agents.wrong_argument", name="limit", reason=f"1-{MOST_TRIALS}"),
        )
    asked = given.model_dump(exclude={"condition", "offline"})
    filters = {name: value for name, value in asked.items() if value not in (None, [], False)}
    return search_for_agents(query_from({"conditions": given.condition, **filters}), whom)


def _tell_trial(given: TrialArguments, whom: Whom) -> Document:
    return trial_for_agents(given.nct_id, whom, with_text=given.with_text)


def _verify(given: TextArguments, whom: Whom) -> Document:
    from stemcheck.services.leaflet import read_leaflet

    if not given.text.strip():
        raise UsageError(words("agents.no_text"), hint=words("agents.no_text_hint"))
    leaflet = read_leaflet(given.text.encode("utf-8", "replace"))
    return verification_for_agents((), leaflet, Expectations(), whom)


def _check(given: ClaimArguments, whom: Whom) -> Document:
    from stemcheck.services.mentions import mentions_in

    expected = expectations_from(
        condition=given.told_condition,
        route=given.told_route,
        cells=given.told_cells,
        country=given.told_country,
        site=given.told_site,
        phase=given.told_phase,
        people=given.told_people,
        sponsor=given.told_sponsor,
        is_open=given.told_open,
        prefix="told_",
    )
    return verification_for_agents(mentions_in((given.nct_id,)), None, expected, whom)


def _cautions(given: CautionArguments, _: Whom) -> Document:
    from stemcheck.guidance.cautions import catalogue

    known = {caution.id: caution for caution in catalogue()}
    for id_ in given.ids:
        if id_ not in known:
            raise UsageError(
                words("agents.wrong_argument", name="ids", reason=repr(id_)),
                hint=words("agents.wrong_argument_hint", tool="ids", names=", ".join(known)),
            )
    return {
        "about_this": words("agents.about_words"),
        "cautions": [
            known[id_].model_dump(mode="json", include={"id", "text", "section", "source", "ours"})
            for id_ in given.ids or known
        ],
    }


def _changes(given: ChangesArguments, whom: Whom) -> Document:
    from stemcheck.services.agents import changes_for_agents
    from stemcheck.services.following import since_from

    return changes_for_agents(given.name, since_from(given.since), whom)


def _approved(_: NoArguments, __: Whom) -> Document:
    from stemcheck.output.approved import ApprovedSheet
    from stemcheck.services.sources import today

    document: Document = ApprovedSheet(today()).document().model_dump(mode="json", by_alias=True)
    return {"about_this": words("agents.about_words"), **document}


@dataclass(frozen=True, slots=True)
class AgentTool:
    """One tool: its arguments and its answer."""

    name: str
    takes: type[BaseModel]
    answer: Callable[[Any, Whom], Document]
    asks_registry: bool = True

    @property
    def description(self) -> str:
        """The description that helps an agent to choose a tool."""
        return words(f"agents.tools.{self.name}")

    def input_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of its arguments, each with a description."""
        facts = {"usual": USUAL_TRIALS, "most": MOST_TRIALS}
        schema = self.takes.model_json_schema()
        properties = {
            name: _plain(each) | {"description": words(f"agents.arguments.{name}", **facts)}
            for name, each in schema.get("properties", {}).items()
        }
        required = {"required": schema["required"]} if "required" in schema else {}
        return {
            "type": "object",
            "properties": properties,
            **required,
            "additionalProperties": False,
        }

    def call(self, arguments: Mapping[str, Any], whom: Whom) -> Document:
        """Answer a call. Raises UsageError for wrong arguments, and the errors of the service."""
        try:
            given = self.takes.model_validate(arguments)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"])) or self.name
            reason = first["msg"][:1].lower() + first["msg"][1:]
            raise UsageError(
                words("agents.wrong_argument", name=name, reason=reason),
                hint=self._what_it_takes(),
            ) from None
        if getattr(given, "offline", False):
            whom = whom._replace(ask=Ask.SAVED_ONLY)
        return _visible(self.answer(given, whom))

    def _what_it_takes(self) -> str:
        if not self.takes.model_fields:
            return words("agents.takes_nothing", tool=self.name)
        names = ", ".join(self.takes.model_fields)
        return words("agents.wrong_argument_hint", tool=self.name, names=names)


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of one argument, with only its type and the type of its items."""
    chosen = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    return {key: value for key, value in chosen.items() if key in {"type", "items"}}


class _Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


def _visible(document: Document) -> Document:
    """Return a document without invisible characters, which could carry words to a model."""
    told: Document = json.loads(json_text(_Anything.model_validate(document)))
    return told


TOOLS = {
    tool.name: tool
    for tool in (
        AgentTool("search_trials", SearchArguments, _search),
        AgentTool("get_trial", TrialArguments, _tell_trial),
        AgentTool("verify_text", TextArguments, _verify),
        AgentTool("check_claims", ClaimArguments, _check),
        AgentTool("cautions", CautionArguments, _cautions, asks_registry=False),
        AgentTool("approved", NoArguments, _approved, asks_registry=False),
        AgentTool("changes", ChangesArguments, _changes),
    )
}
"""Every tool by name, in the order of the list."""


def tool_named(name: str) -> AgentTool:
    """Return a tool. Raises UsageError, which lists the known tools, for an unknown name."""
    if name not in TOOLS:
        raise UsageError(
            words("agents.no_tool", name=name),
            hint=words("agents.no_tool_hint", names=", ".join(TOOLS)),
        )
    return TOOLS[name]
