"""Save whole study records from the registry, one a line, for `tools/build_sample.py`.

usage: python tools/fetch_records.py NUMBERS RECORDS

NUMBERS is JSON lines with ``nct_id``, as `stemcheck trials --jsonl` writes them. The registry's address is
``STEMCHECK_REGISTRY_URL``. About one request a second, a hundred records each.
"""

import json
import sys
import time
from itertools import islice
from pathlib import Path

import httpx

from stemcheck.registry.settings import settings_from

AT_ONCE = 100
PAUSE_SECONDS = 1.0


def main(numbers: Path, records: Path) -> int:
    """Save the records; return how many are missing of those that were asked for."""
    wanted = [json.loads(line)["nct_id"] for line in numbers.read_text("utf-8").splitlines()]
    remaining, saved = iter(wanted), 0
    address = f"{settings_from().registry_url}/studies"
    with httpx.Client(timeout=60) as client, records.open("w", encoding="utf-8") as stream:
        while some := list(islice(remaining, AT_ONCE)):
            asked = {"filter.ids": ",".join(some), "pageSize": str(AT_ONCE)}
            reply = client.get(address, params=asked).raise_for_status()
            for study in reply.json()["studies"]:
                stream.write(f"{json.dumps(study)}\n")
                saved += 1
            time.sleep(PAUSE_SECONDS)
    sys.stderr.write(f"{saved} of {len(wanted)} records saved\n")
    return len(wanted) - saved


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]), Path(sys.argv[2]))))
