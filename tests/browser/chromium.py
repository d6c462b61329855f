"""Chromium without a window, spoken to over its debugging pipe: no port, no driver, no package.

Messages of the DevTools protocol are JSON texts ended by a zero byte: ours go to the browser's descriptor
3, its own come from descriptor 4.
"""

import base64
import contextlib
import fcntl
import io
import json
import os
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from pypdf import PdfReader

ANSWER_SECONDS = 60.0
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The program named by ``STEMCHECK_CHROMIUM``, else the first usual name on the path."""
    named = os.environ.get("STEMCHECK_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, _NAMES)), None)


def find_axe() -> Path | None:
    """The file named by ``STEMCHECK_AXE``, else axe-core among npm's global packages."""
    if named := os.environ.get("STEMCHECK_AXE"):
        return Path(named) if Path(named).is_file() else None
    npm = shutil.which("npm")
    if npm is None:
        return None
    answer = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False)
    script = Path(answer.stdout.strip()) / "axe-core" / "axe.min.js"
    return script if script.is_file() else None


class Chromium:
    """One browser with one tab."""

    def __init__(self, program: str, profile: Path) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # High numbers first: the browser's own 3 and 4 must not overwrite an end that is still needed.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_browser, from_browser)]
        quiet = os.open(os.devnull, os.O_RDWR)
        self._pid = os.posix_spawn(
            program,
            [program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            {**os.environ, "HOME": str(profile)},
            file_actions=[
                *((os.POSIX_SPAWN_DUP2, quiet, number) for number in (0, 1, 2)),
                (os.POSIX_SPAWN_DUP2, ends[0], 3),
                (os.POSIX_SPAWN_DUP2, ends[1], 4),
            ],
            setpgroup=0,
        )
        for end in (to_browser, from_browser, quiet, *ends):
            os.close(end)
        self._asked = 0
        self._rest = b""
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        tab = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=tab, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send one command and return its result; events that come meanwhile are kept."""
        self._asked += 1
        message = {"id": self._asked, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") != self._asked:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def wait_for(self, event: str) -> None:
        """Wait until an event of this name has come."""
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self._next())

    def open(
        self, page: Path, *, width: int = 1100, scheme: str = "light", media: str = ""
    ) -> None:
        """Show a file in a window of some width, in light or dark, on the screen or as printed."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=800,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setEmulatedMedia", media=media, features=features)
        self.events.clear()
        self.ask("Page.navigate", url=page.as_uri())
        self.wait_for("Page.loadEventFired")

    def evaluate(self, script: str) -> Any:
        """Run a script in the page, past the page's own policy, and return its value."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def sheets(self) -> int:
        """Print the page and return how many sheets it takes."""
        pdf = base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
        return len(PdfReader(io.BytesIO(pdf)).pages)

    def close(self) -> None:
        """End the browser and all that it started."""
        with contextlib.suppress(OSError):
            os.killpg(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._write)
        os.close(self._read)

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + ANSWER_SECONDS
        while b"\0" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                raise TimeoutError(f"Chromium said nothing for {ANSWER_SECONDS:.0f} seconds.")
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise RuntimeError("Chromium has gone.")
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        event: dict[str, Any] = json.loads(message)
        return event
