"""What was claimed beside what the record says, for the terminal: one small table a number."""

from collections.abc import Iterator
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.cautions import ALWAYS, cautions_for, headline_cautions
from stemcheck.guidance.glossary import find_entry, plain
from stemcheck.output.detail import print_source
from stemcheck.output.marks import SERIOUS, Marks
from stemcheck.output.plain import clean, shortened
from stemcheck.output.wording import (
    day,
    not_a_trial,
    people_of,
    places_of,
    status_notes,
    status_of,
    title_of,
)
from stemcheck.trial.verification import Check, ClaimFound, NumberChecked, VerifyAnswer

_ON_THE_TEXT = (
    "other_language",
    "no_number",
    "no_claim",
    "nothing_to_check",
    "numbers_cut",
    "claims_cut",
    "text_cut",
)
TOLD_IN_PLACE = frozenset({*_ON_THE_TEXT, "not_asked", "not_live", "saved_statuses"})
"""Notices that stand in the printed answer itself, not beside it."""

_RESULTS = {
    "matches": ("✓ matches", "green"),
    "differs": ("✗ differs", "bold yellow"),
    "not_stated": ("? not settled", "cyan"),
    "not_settled": ("? not settled", "cyan"),
    None: ("–", "dim"),
}
_TOPICS = {"route": ("route",), "cells": ("product", "tissue", "donor"), "phase": ("phase",)}
_LONGEST_WORDS = 160
_UNSEEN = "It stands in a part of the page that a reader may not see."
_MOST_NAMED = 4
"""Numbers that stand in the command to show them."""


def print_verification(answer: VerifyAnswer, console: Console, *, today: date) -> None:
    """Print every number with its checks, the text's claims, and what to keep in mind."""
    told = {notice.id: clean(notice.text) for notice in answer.notices}
    if answer.source is not None:
        print_source(answer.source, console, today)
    if "not_asked" in told:
        nobody = answer.source is None
        title = (
            "THE REGISTRY COULD NOT BE ASKED" if nobody else "NOT EVERY NUMBER COULD BE ASKED FOR"
        )
        body = Text(f"{told['not_asked']} That says nothing about those numbers.")
        console.print(Panel(body, title=Text(title, "bold"), border_style="yellow"))
    for number in answer.numbers:
        _print_number(number, console)
    if answer.claims:
        _print_claims(answer, console)
    for id_ in _ON_THE_TEXT:
        if id_ in told:
            console.print(Text(told[id_], "bold"))
    console.print()
    _print_cautions(answer, console)


def _print_number(number: NumberChecked, console: Console) -> None:
    console.print()
    trial = number.trial
    head = Text(number.nct_id or "Not an NCT number", "bold")
    if clean(number.as_written) != number.nct_id:
        head.append(f'  written: "{shortened(clean(number.as_written), 60)}"', "dim")
    console.print(head)
    if number.unseen:
        console.print(Text(_UNSEEN, "yellow"))
    if trial is not None:
        kind = not_a_trial(trial)
        facts = [kind] if kind else []
        as_of = trial.status.as_of
        then = [f"on {day(as_of)}"] if as_of else []
        status = ", ".join([status_of(trial), *then, *status_notes(trial)])
        facts = [status, *facts, people_of(trial), places_of(trial)]
        console.print(Text(shortened(title_of(trial), 200)))
        console.print(Text(" · ".join(facts), "dim"))
    console.print(Padding(Text(clean(number.summary)), (1, 0, 0, 0)))
    if number.checks:
        console.print(_table(number.checks))
    if trial is not None:
        grid = Table.grid(padding=(0, 1))
        for sign, sentence in Marks([trial]).footnotes():
            grid.add_row(Text(f" {sign}", "yellow" if sign == SERIOUS else "dim"), Text(sentence))
        console.print(grid)


def _table(checks: tuple[Check, ...]) -> Padding:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True, header_style="bold")
    table.add_column("Checked", width=9)
    table.add_column("You were told", ratio=2)
    table.add_column("Result", width=13, no_wrap=True)
    table.add_column("The record says", ratio=4)
    for check in checks:
        word, style = _RESULTS[check.result]
        table.add_row(check.what, _claimed(check), Text(word, style), _recorded(check))
    return Padding(table, (1, 0, 1, 2))


def _claimed(check: Check) -> Text:
    if check.claimed is None:
        return Text("–", "dim")
    if check.told is not None and check.claimed != "any":
        return Text(clean(check.told))
    return Text("open now" if check.what == "open" else _in_plain_words(check, check.claimed))


def _recorded(check: Check) -> Text:
    if check.record is None and check.quote is None:
        return Text("nothing on this")
    record = shortened(_in_plain_words(check, check.record or ""), _LONGEST_WORDS)
    cell = Text(record)
    quote = shortened(clean(check.quote), _LONGEST_WORDS)
    if quote and quote != record and check.what != "open":
        cell.append(f'\n"{quote}"', "italic")
    if check.field:
        cell.append(f"  {check.field}", "dim")
    return cell


def _in_plain_words(check: Check, words: str) -> str:
    topics = _TOPICS.get(check.what)
    if topics is None:
        return clean(words)
    return ", ".join(_plain(value, topics) for value in words.split(", "))


def _plain(value: str, topics: tuple[str, ...]) -> str:
    topic = next((topic for topic in topics if find_entry(topic, value)), None)
    if topic is None:
        return "stem cells of some kind" if value == "any" else clean(value.replace("_", " "))
    return plain(topic, value)


def _print_claims(answer: VerifyAnswer, console: Console) -> None:
    console.print()
    console.print(Text("In the text: words that deserve a question", "bold"))
    grid = Table.grid(padding=(0, 1))
    for note, claims in _by_note(answer.claims).items():
        quotes = "\n".join(f'"{clean(claim.quote)}"' for claim in claims)
        words = Text(quotes, "italic").append(f"\n{clean(note)} ", "not italic")
        words.append(f"[{clean(claims[0].source)}]", "not italic dim")
        grid.add_row(Text(" •"), words)
    console.print(grid)


def _by_note(claims: tuple[ClaimFound, ...]) -> dict[str, list[ClaimFound]]:
    """Return the claims under what there is to say about them, so that it is said once."""
    groups: dict[str, list[ClaimFound]] = {}
    for claim in claims:
        groups.setdefault(claim.note, []).append(claim)
    return groups


def _print_cautions(answer: VerifyAnswer, console: Console) -> None:
    console.print(Text("Before you decide", "bold"))
    headline = {caution.id for caution in headline_cautions()}
    grid = Table.grid(padding=(0, 1))
    for caution in answer.cautions:
        if caution.id in headline:
            grid.add_row(Text(" •"), Text(caution.text))
    console.print(grid)
    console.print()
    for line in _next_steps(answer):
        console.print(Text(line, "dim"))


def _next_steps(answer: VerifyAnswer) -> Iterator[str]:
    trials = {number.trial.nct_id: number.trial for number in answer.numbers if number.trial}
    if not trials:
        yield "Look for trials: stemcheck trials --condition stroke"
        yield "What to ask: stemcheck questions"
        return
    headline = {caution.id for caution in headline_cautions()}
    own = {c.id for trial in trials.values() for c in cautions_for(trial) if c.why != ALWAYS}
    general = {caution.id for caution in answer.cautions} - own - headline
    named = " ".join(trials) if len(trials) <= _MOST_NAMED else f"{next(iter(trials))} ..."
    yield f"More on it: stemcheck show {named} --all-cautions"
    yield f"What to ask: stemcheck questions {next(iter(trials))}"
    if more := len(own - headline):
        yield f"{more} more {_cautions_rest(more)} on what the record says: see the first command."
    if general:
        yield f"{len(general)} more hold for every study: stemcheck cautions"


def _cautions_rest(number: int) -> str:
    return "caution rests" if number == 1 else "cautions rest"
