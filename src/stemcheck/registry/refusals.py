"""What the registry refuses with 400, said in stemcheck's own words and options.

The registry answers with one sentence about its own parameters (``text/plain``), sometimes its parser's
inner state. The table ``refusals.toml`` says what a person can do about each.
"""

import re
from difflib import get_close_matches
from pathlib import Path

from stemcheck.errors import QueryRejectedError
from stemcheck.registry.fields import STUDY_FIELDS
from stemcheck.tables import read_table
from stemcheck.trial.query import TrialQuery

_TABLE = Path(__file__).with_name("refusals.toml")
_MOST_CHARACTERS = 300
"""The parser's sentences list every token it could have taken."""


def error_for_400(sentence: str, query: TrialQuery | None = None) -> QueryRejectedError:
    """Return the error for a search that the registry refused, with a suggestion.

    ``sentence`` is the body of the answer; it is kept, cut, in the error's facts.
    """
    table = read_table(_TABLE)
    sentence = _one_line(sentence)
    entry, found = next(  # the last entry matches anything
        (entry, found)
        for entry in table["refusals"]
        if (found := re.search(entry["says"], sentence))
    )
    words = {name: text.replace("`", "") for name, text in found.groupdict(default="").items()}
    option = table["options"].get(words.get("label")) or _likely_option_for(query)
    words["option"] = option
    words["reading_hint"] = table["reading_hints"][option]
    words["field_hint"] = _field_hint_for(words.get("what", ""))
    return QueryRejectedError(
        entry["message"].format_map(words),
        hint=entry["hint"].format_map(words),
        facts={"reason": entry["id"], "registry_says": sentence[:_MOST_CHARACTERS]},
    )


def _one_line(sentence: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in sentence)
    return " ".join(printable.split())


def _likely_option_for(query: TrialQuery | None) -> str:
    """Return the option to look at first: what was typed as it is sent goes wrong most easily."""
    return "--raw" if query is not None and query.raw else "--condition"


def _field_hint_for(name: str) -> str:
    near = get_close_matches(name, STUDY_FIELDS, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return "The registry's names are listed at https://clinicaltrials.gov/data-api/about-api."
