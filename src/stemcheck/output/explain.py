"""`--explain`: the exact request, the same search for a browser, and what was left out and why."""

import json
import sys

from stemcheck.output.summary import left_out_lines
from stemcheck.output.talk import Talk
from stemcheck.trial.answer import Counts, Request


def explain_search(
    request: Request, counts: Counts, left_out: dict[str, list[str]], talk: Talk
) -> None:
    """Write the account of a search to standard error, as text or as one JSON line."""
    if talk.for_machines:
        account = {
            "request": request.model_dump(),
            "counts": counts.model_dump(),
            "left_out": left_out,
        }
        sys.stderr.write(json.dumps({"explain": account}) + "\n")
        return
    lines = ["", "How this answer came about"]
    lines.append(f"  Request: {request.url or 'none; saved data answered'}")
    lines.append(f"  The same search in a browser (it cannot sort by cells): {request.web_url}")
    total = counts.registry_total
    lines.append(f"  The registry announced: {'nothing' if total is None else f'{total:,}'}")
    lines.append(f"  Read: {counts.fetched:,}. Shown: {counts.shown:,}.")
    for reason, line in zip(counts.left_out, left_out_lines(counts), strict=True):
        lines += [f"  Left out: {line}", f"    {' '.join(left_out.get(reason, []))}"]
    sys.stderr.write("\n".join(lines) + "\n")
