"""Three honest ways to connect, tried in turn when the registry's edge answers 403.

The edge in front of ClinicalTrials.gov refuses some ordinary Python clients by their TLS greeting and
User-Agent (reports and measurements: the project's notes on the registry's API, section 1). Every rung says
truthfully who is asking; none pretends to be a browser. Rules: on to the next rung only after a 403; each
rung tried once in a process; the winner is remembered and comes first next time.
"""

from functools import cached_property
from typing import ClassVar, NamedTuple

from stemcheck.errors import RegistryRefusedError
from stemcheck.registry.ladder_memory import LadderMemory
from stemcheck.registry.settings import ConnectionChoice


class Rung(NamedTuple):
    """One way to connect."""

    number: int
    label: str
    is_stdlib: bool = False
    is_tls12: bool = False


RUNGS: tuple[Rung, ...] = (
    Rung(1, "httpx with the standard library's TLS settings"),
    Rung(2, "the standard library's http.client", is_stdlib=True),
    Rung(3, "httpx with TLS 1.2", is_tls12=True),
)


class Ladder:
    """Which rung to stand on, for one registry host."""

    _refused_in_process: ClassVar[dict[str, list[Rung]]] = {}
    """The ladder is climbed once in a process, however many clients there are: refusals by host."""

    def __init__(
        self, origin: str, *, choice: ConnectionChoice = "auto", memory: LadderMemory | None = None
    ) -> None:
        self._origin = origin
        self._choice = choice
        self._memory = memory if choice == "auto" else None
        self.refused = self._refused_in_process.setdefault(origin, [])

    @cached_property
    def _remembered(self) -> int | None:
        """The rung that won last time."""
        return self._memory.find_winner(self._origin) if self._memory else None

    @cached_property
    def _rungs(self) -> tuple[Rung, ...]:
        """Those to be tried: the winner of last time first, the others in their order."""
        if self._choice != "auto":
            return (RUNGS[int(self._choice) - 1],)
        return tuple(sorted(RUNGS, key=lambda rung: rung.number != self._remembered))

    @property
    def current(self) -> Rung:
        """The rung to connect by. Raises RegistryRefusedError when all of them were refused."""
        for rung in self._rungs:
            if rung not in self.refused:
                return rung
        raise self._stop_error()

    def refuse(self, rung: Rung) -> Rung:
        """Note a 403 and return the next rung. Raises RegistryRefusedError after the last."""
        if rung not in self.refused:
            self.refused.append(rung)
        return self.current

    def settle(self, rung: Rung) -> None:
        """Remember a rung over which the API itself answered, for the next process."""
        if self._memory is not None and self._remembered != rung.number:
            self._memory.save_winner(self._origin, rung.number)
            self._remembered = rung.number

    def _stop_error(self) -> RegistryRefusedError:
        tried = [rung.label for rung in self.refused if rung in self._rungs]
        ways = f"in all {len(tried)} ways that stemcheck can connect" if len(tried) > 1 else "(403)"
        return RegistryRefusedError(
            f"The registry's web site refused this machine {ways}.",
            hint=(
                "This is a filter in front of the registry; it says nothing about any trial. Try another "
                "network or a proxy (HTTPS_PROXY), or search at https://clinicaltrials.gov in a browser. "
                "For large jobs there is the AACT database (https://aact.ctti-clinicaltrials.org). "
                "`stemcheck doctor` shows more."
            ),
            facts={"status": 403, "tried": tried},
        )

    @classmethod
    def forget_process(cls) -> None:
        """Forget what was refused in this process, as a new process would."""
        cls._refused_in_process.clear()
