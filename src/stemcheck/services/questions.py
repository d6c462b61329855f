"""The trial that questions are to be asked about."""

from stemcheck.errors import AnswerUnreadableError, TrialNotFoundError
from stemcheck.services.connecting import Events
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings
from stemcheck.services.show import Found, checked_number, find_trials


def find_trial(
    number: str, ask: Ask, settings: Settings, *, on_event: Events | None = None
) -> Found:
    """Return what came of asking for one trial; raise when there is no trial to ask questions about."""
    wanted = checked_number(number)
    found = find_trials((wanted,), ask, settings, on_event=on_event)
    if found.trials:
        return found
    if found.unreadable:
        raise AnswerUnreadableError(f"The record of {wanted} could not be read.")
    where = "the registry" if found.missing else "saved data"
    raise TrialNotFoundError(
        f"{wanted} is not in {where}.", hint="Questions for every trial: stemcheck questions"
    )
