"""Product names that only this record knows: "MitoCell", "CB-AC-02", "MesenCure".

A word of an intervention's name that no language writes so (a capital inside the word, letters with
digits, a trade mark) is the product's name wherever else it stands.
"""

import re
from typing import Final

from stemcheck.trial.text import RecordText

CODE: Final = re.compile(
    r"\b[A-Z](?:(?=[^\WA-Z_]*+[A-Z])(?=[^\W_]*[a-z])[^\W_]*"  # MitoCell
    r"|[^\W\d_]*+\d[^\W_]*"  # HPCM01
    r"|[^\W\d_]{3,}+(?=\s?[®™]))"  # Alofisel®
)
"""It gives nothing back ("*+"), so that a plain word is passed over three times at most."""
SHORTEST: Final = 4
LONGEST_NAME: Final = 300
"""Characters of a name that are looked at."""


def read_codes(record: RecordText) -> dict[str, int]:
    """Each code name and the number of the first intervention that bears it."""
    codes: dict[str, int] = {}
    for number, intervention in enumerate(record.interventions):
        for name in (intervention.name, *intervention.other_names[:8]):
            for match in CODE.finditer(name[:LONGEST_NAME]):
                if len(match[0]) >= SHORTEST:
                    codes.setdefault(match[0], number)
    return codes
