"""``python -m tests.standin``: the stand-in by hand, for a second terminal."""

import argparse
import contextlib
import sys
import threading
from pathlib import Path

from tests.standin.faults import Fault
from tests.standin.server import StandIn


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("--records", type=Path, help="JSON lines (.gz too); default: fixtures")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", choices=[*Fault], help="shown on every request")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--repeat", type=int, default=1, help="serve the records N times over")
    options = parser.parse_args()
    standin = StandIn(
        options.records,
        port=options.port,
        repeat=options.repeat,
        delay_seconds=options.delay,
        always=options.fault,
    )
    with standin as registry:
        registry.is_talkative = True
        sys.stdout.write(f"export STEMCHECK_REGISTRY_URL={registry.base_url}\n")
        sys.stdout.flush()
        sys.stderr.write(f"{len(registry.registry)} studies; Ctrl-C stops\n")
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
