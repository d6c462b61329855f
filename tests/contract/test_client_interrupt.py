"""Ctrl-C ends any waiting at once, and so does the end of the program: real processes, real signals."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.contract.made_up import made_up_studies
from tests.standin import Fault, StandIn

AT_ONCE = 5.0
"""Seconds, on a machine that has other things to do. Whoever really waited would wait for an hour."""

PROGRAM = textwrap.dedent(
    """
    import signal, sys, threading, time
    from stemcheck.registry.client import Registry
    from stemcheck.registry.settings import Settings
    from stemcheck.trial.query import TrialQuery

    def stuck(*arguments, **more):
        threading.Event().wait()

    base_url, connection, pause, how = sys.argv[1:]
    if how == "lookup":
        import socket
        socket.getaddrinfo = stuck
    settings = Settings(
        registry_url=base_url, connection=connection, pause_seconds=float(pause), page_size=10,
        timeout_seconds=5000, connect_seconds=5000,
    )
    print("ready", flush=True)
    try:
        with Registry(settings) as registry:
            for page in registry.search(TrialQuery(conditions=("stroke",))):
                print("page", flush=True)
                if how == "leave":
                    break
    except KeyboardInterrupt:
        print(f"interrupted {time.monotonic()}", flush=True)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    """
)


def start(
    base_url: str, *, connection: str = "1", pause: float = 0, how: str = ""
) -> subprocess.Popen[str]:
    command = [sys.executable, "-X", "dev", "-c", PROGRAM, base_url, connection, str(pause), how]
    # Measuring coverage goes on after the program's end, where nobody minds Ctrl-C.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def seconds_to_stop(program: subprocess.Popen[str]) -> float:
    """Press Ctrl-C; return how long the program's own code took to be out of the client again."""
    pressed = time.monotonic()
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=60)
    assert program.returncode == 0
    assert err == ""
    said, moment = out.splitlines()[-1].split()
    assert said == "interrupted"
    return float(moment) - pressed


@contextmanager
def silent_listener() -> Iterator[str]:
    """An address at which connecting never ends: the queue of those who wait to be let in is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
            waiting.append(one)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/v2"
        finally:
            for one in waiting:
                one.close()


def await_line(program: subprocess.Popen[str], line: str) -> None:
    assert program.stdout is not None
    assert program.stdout.readline().strip() == line


@pytest.mark.parametrize(
    ("fault", "connection"),
    [
        (Fault.HANG, "1"),
        (Fault.HANG_AFTER_HEADERS, "2"),
        (Fault.DRIP_FOREVER, "1"),
        (Fault.BUSY_429_LONG, "2"),
    ],
)
def test_ctrl_c_ends_waiting_for_an_answer(fault: Fault, connection: str) -> None:
    with StandIn(made_up_studies(3)) as standin:
        standin.always = fault
        program = start(standin.base_url, connection=connection)
        await_line(program, "ready")
        while not standin.asked:
            time.sleep(0.01)
        time.sleep(0.2)
        assert seconds_to_stop(program) < AT_ONCE


@pytest.mark.parametrize("connection", ["1", "2"])
def test_ctrl_c_ends_connecting(connection: str) -> None:
    with silent_listener() as base_url:
        program = start(base_url, connection=connection)
        await_line(program, "ready")
        time.sleep(0.3)
        assert seconds_to_stop(program) < AT_ONCE


def test_ctrl_c_ends_a_name_lookup_that_is_stuck() -> None:
    program = start("http://localhost:9/api/v2", how="lookup")
    await_line(program, "ready")
    time.sleep(0.3)
    assert seconds_to_stop(program) < AT_ONCE


def test_ctrl_c_ends_a_polite_pause() -> None:
    with StandIn(made_up_studies(25)) as standin:
        program = start(standin.base_url, pause=1000)
        await_line(program, "ready")
        await_line(program, "page")
        time.sleep(0.2)
        assert seconds_to_stop(program) < AT_ONCE


def test_a_program_ends_at_once_while_the_next_page_is_under_way() -> None:
    with StandIn(made_up_studies(25)) as standin:
        standin.trouble(Fault.HANG, page=2)
        standin.trouble(Fault.HANG, path="/version")
        program = start(standin.base_url, how="leave")
        await_line(program, "ready")
        await_line(program, "page")
        left = time.monotonic()
        out, err = program.communicate(timeout=60)
        assert time.monotonic() - left < AT_ONCE
        assert (program.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 0.6])
def test_ctrl_c_at_any_moment_of_a_search_leaves_no_traceback(seconds: float) -> None:
    with StandIn(made_up_studies(200)) as standin:
        standin.delay_seconds = 0.02
        program = start(standin.base_url, pause=0.1)
        await_line(program, "ready")
        time.sleep(seconds)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=60)
    # The key may be pressed while Python itself has the file of a module open: it says so of its own.
    told = [line for line in err.splitlines() if "<frozen importlib" not in line]
    assert [line for line in told if "Enable tracemalloc" not in line] == []
    assert "interrupted" in out
    assert program.returncode == 0
