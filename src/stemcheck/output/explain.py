"""`--explain`: the exact request, the same search in a browser, and what was left out and why."""

from collections.abc import Iterable, Iterator

from stemcheck.output.summary import left_out_lines
from stemcheck.output.talk import Talk, write_json_line, write_lines
from stemcheck.trial.account import Account
from stemcheck.trial.answer import Counts, Notice, Request
from stemcheck.trial.query import FILTERS
from stemcheck.words import words


def explain_search(
    request: Request, counts: Counts, account: Account, talk: Talk, notices: Iterable[Notice] = ()
) -> None:
    """Write the account of a search to standard error, as text or as one line of JSON."""
    talk.wipe()
    left_out: dict[str, list[str]] = {}
    for study in account.left_out:
        left_out.setdefault(study.reason, []).append(study.nct_id)
    if talk.for_machines:
        told = {
            "request": request.model_dump(),
            "counts": counts.model_dump(),
            "left_out": left_out,
            **account.model_dump(exclude={"left_out"}),
        }
        write_json_line({"explain": told})
        return
    lines = ["", words("explain.heading")]
    if request.web_url:  # for files there is no request
        lines += _asked(request, counts, account)
        lines += [f"  {one.text}" for one in notices if one.id == "sites_without_position"]
    lines.append(words("explain.read", read=counts.fetched, shown=counts.shown))
    for reason, line in zip(counts.left_out, left_out_lines(counts), strict=True):
        lines += [words("explain.left_out", why=line), f"    {' '.join(left_out.get(reason, []))}"]
    lines.append(
        words(
            "explain.made",
            at=account.asked_at,
            version=account.stemcheck_version,
            rules=account.rules_version,
        )
    )
    lines.append(words("explain.command", command=account.command))
    write_lines("\n".join(lines))


def _asked(request: Request, counts: Counts, account: Account) -> Iterator[str]:
    """Yield what the registry was asked, and how to ask the same in a browser."""
    total = counts.registry_total
    announced = words("explain.nothing") if total is None else f"{total:,}"
    yield words("explain.request", url=request.url or words("explain.saved"))
    yield words("explain.browser", url=request.web_url)
    yield from _in_browser(account)
    yield words("explain.announced", total=announced)


def _in_browser(account: Account) -> Iterator[str]:
    """Yield how the search in a browser differs from this one."""
    there = account.in_browser
    if there is None:
        return
    if not (there.left_out or there.shown or there.not_asked):
        yield words("explain.in_browser.same")
    for name, count in there.left_out.items():
        yield words("explain.in_browser.left_out", count=count, why=words(f"explain.lacks.{name}"))
    if there.shown:
        yield words("explain.in_browser.shown", count=there.shown)
    if there.not_asked:
        options = ", ".join(FILTERS[name].option for name in there.not_asked)
        yield words("explain.in_browser.not_asked", options=options)
