"""Reads the text of a record and returns a `Reading` with quotes. Pure: no input or output."""

from stemcheck.reading.quotes import Step
from stemcheck.reading.reader import explain, read

__all__ = ["Step", "explain", "read"]
