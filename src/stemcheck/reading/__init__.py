"""The reading room: a record's words in, a `Reading` with quotes out. Pure; no input or output."""

from stemcheck.reading.quotes import Step
from stemcheck.reading.reader import explain, read

__all__ = ["Step", "explain", "read"]
