"""The registry's study numbers: NCT and eight digits."""

import re

from stemcheck.errors import UsageError

_FORGIVING = re.compile(r"nct0*([1-9]\d{0,7})", re.IGNORECASE | re.ASCII)


def nct_number_for(text: str) -> str:
    """Return a number in the registry's own form; case and missing zeros are forgiven.

    Raises UsageError for anything else: it must not become a part of an address.
    """
    found = _FORGIVING.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"{text[:40]!r} is not a study number of ClinicalTrials.gov.",
            hint="They look like NCT04437511.",
        )
    return f"NCT{int(found[1]):08d}"
