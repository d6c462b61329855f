"""Why can the registry not be asked from this machine? Looks at each step of the way, one by one.

The findings are made to be copied into a bug report: no addresses of this machine or of a proxy, no paths,
no names. The headers of a 403 are kept, since how the registry's edge decides is not documented.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from stemcheck.errors import StemcheckError
from stemcheck.registry import probes
from stemcheck.registry.httpx_exchange import HttpxExchange
from stemcheck.registry.ladder import RUNGS, Rung
from stemcheck.registry.ladder_memory import LadderMemory
from stemcheck.registry.lane import Lane, Task, wait_for
from stemcheck.registry.pacing import Clock, Deadline, Pace
from stemcheck.registry.settings import RegistrySettings

State = Literal["ok", "failed", "skipped", "noted"]
_STEP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one step gave. ``facts`` hold JSON values."""

    id: str
    state: State
    text: str
    facts: dict[str, object] = field(default_factory=dict)


Look = Callable[[Deadline], probes.Told]


def examine(settings: RegistrySettings, *, clock: Clock | None = None) -> Iterator[Finding]:
    """Yield the findings as they are made. Nothing raises but Ctrl-C; asks ``/version`` once a rung."""
    clock = clock or Clock()
    is_answered = False
    for name, state, look in _steps(settings, Pace(clock, settings.pause_seconds)):
        finding = _take(name, state, look, clock=clock, settings=settings)
        is_answered = is_answered or (name.startswith("connection") and finding.state == "ok")
        yield finding
    yield _verdict(is_answered=is_answered)


def _steps(settings: RegistrySettings, pace: Pace) -> Iterator[tuple[str, State, Look]]:
    yield "versions", "noted", lambda _: probes.versions()
    yield "settings", "noted", lambda _: probes.address(settings)
    yield "proxy", "noted", lambda _: probes.proxies(settings)
    yield "certificates", "ok", lambda _: probes.certificates()
    yield "memory", "noted", lambda _: _memory(settings)
    if probes.is_proxied(settings):
        yield (
            "network",
            "skipped",
            lambda _: probes.Told("A proxy does name lookup and connecting."),
        )
    else:
        yield "dns", "ok", lambda _: probes.look_up(settings)
        yield "tcp", "ok", lambda deadline: probes.connect(settings, deadline)
        if settings.base_url.startswith("https:"):
            yield "tls", "ok", lambda deadline: probes.greet(settings, deadline)
    for rung in RUNGS:
        if settings.connection in {"auto", str(rung.number)}:
            yield f"connection_{rung.number}", "ok", partial(_ask, rung, settings, pace)


def _ask(rung: Rung, settings: RegistrySettings, pace: Pace, deadline: Deadline) -> probes.Told:
    pace.take_turn(deadline)
    return probes.ask_version(rung, settings, deadline)


def _take(
    name: str, state: State, look: Look, *, clock: Clock, settings: RegistrySettings
) -> Finding:
    """Take one look, in a thread of its own: a look that gets stuck must not stop the others."""
    seconds = min(_STEP_SECONDS, settings.timeout_seconds)
    lane = Lane(on_end=lambda: None)
    try:
        task = lane.submit(Task(look, lambda: Deadline(clock, seconds=seconds)))
        told = wait_for(task, lambda _event: None)
    except StemcheckError as error:
        return Finding(name, "failed", error.message, {"code": error.code, **error.facts})
    except (OSError, ValueError) as error:
        reason = probes.reason_for(error)
        return Finding(name, "failed", reason, {"error": type(error).__name__})
    finally:
        lane.end()
    return Finding(name, state if told.is_ok else "failed", told.text, told.facts)


def _memory(settings: RegistrySettings) -> probes.Told:
    folder = settings.memory_dir
    memory = LadderMemory(folder, libraries=HttpxExchange().libraries) if folder else None
    winner = memory.find_winner(settings.origin) if memory else None
    if winner is None:
        return probes.Told("No connection is remembered from last time.", {"remembered": None})
    return probes.Told(f"Connection {winner} worked last time.", {"remembered": winner})


def _verdict(*, is_answered: bool) -> Finding:
    if is_answered:
        return Finding("registry", "ok", "The registry can be asked from this machine.")
    return Finding(
        "registry",
        "failed",
        "The registry cannot be asked from this machine now. This says nothing about any trial.",
    )
