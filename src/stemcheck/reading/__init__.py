"""The reading room: a record's words in, a `Reading` with quotes out. Pure; no input or output."""

from stemcheck.reading.reader import explain, read
from stemcheck.reading.step import Step

__all__ = ["Step", "explain", "read"]
