"""What keeps the memory of a long crawl flat."""

import sys

from stemcheck.registry.large_pieces import keep_large_pieces_apart
from stemcheck.registry.numbers_seen import NumbersSeen


def test_a_number_is_new_once():
    seen = NumbersSeen()
    numbers = ["NCT00000000", "NCT00000007", "NCT00000008", "NCT07123456", "NCT99999999"]
    assert [seen.add(number) for number in numbers] == [True] * len(numbers)
    assert [seen.add(number) for number in numbers] == [False] * len(numbers)
    assert seen.add("NCT07123457")


def test_a_system_without_glibc_does_without(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    keep_large_pieces_apart.__wrapped__()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())
    keep_large_pieces_apart.__wrapped__()
