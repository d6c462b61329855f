"""What keeps the memory of a long crawl flat."""

import sys
from types import SimpleNamespace

from stemcheck.registry.large_pieces import give_back_free_pieces, keep_large_pieces_apart
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
    give_back_free_pieces()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())
    keep_large_pieces_apart.__wrapped__()
    give_back_free_pieces()


def test_free_pieces_are_given_back(monkeypatch):
    asked: list[int] = []
    library = SimpleNamespace(malloc_trim=asked.append)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", lambda _name: library)
    give_back_free_pieces()
    assert asked == [0]
