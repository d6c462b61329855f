"""A shape for each status, so that a page can be read in black and white."""

from stemcheck.trial.status import OPEN_TO_NEW_PARTICIPANTS, STATUS_GROUPS

_SOON = "NOT_YET_RECRUITING"


def shape_for(status: str | None) -> str:
    """Return the shape (and so the colour) of a status: open, soon, closed, stopped or unsure."""
    if status in OPEN_TO_NEW_PARTICIPANTS:
        return "open"
    if status == _SOON:
        return "soon"
    if status in STATUS_GROUPS["stopped"]:
        return "stopped"
    return "closed" if status in STATUS_GROUPS["closed"] else "unsure"
