"""What the registry, a proxy or a page in between did wrong is never put on the user's words or machine."""

import gzip
import itertools
import json
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from stemcheck.errors import (
    AnswerUnreadableError,
    ExitCode,
    RegistryRefusedError,
    RegistryUnreachableError,
    StemcheckError,
)
from stemcheck.registry.client import Registry
from stemcheck.registry.settings import Settings
from stemcheck.registry.transport import certificate_failure
from stemcheck.trial.study import Study, Unreadable
from tests.contract.made_up import (
    QUERY,
    HurriedClock,
    made_up_studies,
    made_up_study,
    numbers_in,
    quick_settings,
)
from tests.standin import StandIn
from tests.standin.answers import Answer, scripted
from tests.standin.tls_edge import TlsStandIn

USERS_WORDS = ("--condition", "--raw", "fewer words", "plainer", "Ask for less", "offline")


@contextmanager
def served(script: Callable[[int], Answer]) -> Iterator[tuple[str, StandIn]]:
    """A registry that answers by a script; gives its address, and who was asked."""
    with StandIn([], script=script, compress=False) as standin:
        yield standin.base_url, standin


def page(*numbers: int, **fields: Any) -> dict[str, Any]:
    return {"studies": [made_up_study(number) for number in numbers], **fields}


def search(url: str, **changes: Any) -> tuple[list[str], StemcheckError | None, Registry]:
    """The numbers that a search gives, and the error that ends it."""
    settings: dict[str, Any] = {"pause_seconds": 0.0, "timeout_seconds": 10.0, "page_size": 10}
    came: list[str] = []
    with Registry(
        Settings(registry_url=url, **settings | changes), clock=HurriedClock()
    ) as registry:
        try:
            for arrived in registry.search(QUERY):
                came += numbers_in([arrived])
        except StemcheckError as error:
            return came, error, registry
        return came, None, registry


def words_of(error: StemcheckError) -> str:
    return f"{error.message} {error.hint}"


FIRST_PAGE = scripted(200, page(*range(1, 11), totalCount=20, nextPageToken="abc"))
PAGE_OF_SOMETHING = b"<!DOCTYPE html><h1>Bad Request</h1>"


@pytest.mark.parametrize(
    "sentence",
    [
        b"Page token has expired",
        b"Parameter `pageToken` has incorrect format",
        b"Too complicated query",
        b"Error parsing query in Conditions or disease: x",
        b"",
    ],
)
@pytest.mark.parametrize("status", [400, 404])
def test_a_page_token_that_is_refused_is_the_registrys_fault(status: int, sentence: bytes) -> None:
    refused = scripted(status, sentence, "text/plain")
    with served(lambda number: refused if number else FIRST_PAGE) as (url, _):
        came, error, registry = search(url)
    assert len(came) == 10
    assert isinstance(error, RegistryRefusedError)
    assert not any(word in words_of(error) for word in USERS_WORDS)
    assert not registry.last_crawl.is_complete


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (PAGE_OF_SOMETHING, "text/html"),
        (PAGE_OF_SOMETHING, "text/html; charset=utf-8"),
        (PAGE_OF_SOMETHING, "text/plain"),
        (b"\n <html>", "application/xhtml+xml"),
        (b"Bad Request", "TEXT/HTML"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_400_that_is_a_web_page_is_not_the_registrys_word(
    first: bool, body: bytes, content_type: str
) -> None:
    refused = scripted(400, body, content_type)
    with served(lambda number: refused if first or number else FIRST_PAGE) as (url, _):
        came, error, _registry = search(url)
    assert len(came) == (0 if first else 10)
    assert isinstance(error, AnswerUnreadableError)
    assert not any(word in words_of(error) for word in USERS_WORDS)


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (400, b"", "text/plain"),
        (400, b"Bad Request", "text/plain"),
        (400, b"400 Bad Request: header too long", "text/plain"),
        (400, b"Error 400: Invalid request", "text/plain"),
        (400, b'{"error": "bad request"}', "application/json"),
        (407, b"proxy authentication required", "text/plain"),
        (511, b"<html>log in</html>", "text/html"),
    ],
)
def test_what_says_nothing_of_the_question_is_not_put_on_it(
    status: int, body: bytes, content_type: str
) -> None:
    with served(lambda _: scripted(status, body, content_type)) as (url, _):
        came, error, _registry = search(url)
    assert came == []
    assert isinstance(error, AnswerUnreadableError)
    assert not any(word in words_of(error) for word in USERS_WORDS)


@pytest.mark.parametrize("asked", ["0", "Mon, 01 Jan 2001 00:00:00 GMT", "nan", "-1"])
def test_an_odd_pause_is_no_reason_to_ask_without_end(asked: str) -> None:
    busy = scripted(503, b"later", "text/plain", retry_after=asked)
    with served(lambda _: busy) as (url, tried):
        _came, error, _registry = search(url, timeout_seconds=20)
    assert isinstance(error, RegistryRefusedError)
    assert 3 <= len(tried.pages_asked) <= 20


def test_a_400_on_a_study_by_number_is_not_put_on_a_condition() -> None:
    with (
        served(lambda _: scripted(400, b"Something new", "text/plain")) as (url, _),
        Registry(Settings(registry_url=url)) as registry,
        pytest.raises(RegistryRefusedError, match="Something new") as caught,
    ):
        list(registry.fetch(["NCT90000001"]))
    assert not any(word in words_of(caught.value) for word in USERS_WORDS)


@pytest.mark.parametrize("connection", ["1", "2"])
@pytest.mark.parametrize(
    "target",
    [
        "data:application/json,{}", "javascript:alert(1)", "file:///etc/passwd", "ftp://127.0.0.1/",
        "mailto:me", "http://[::1", "//", "//example.org/", "https://127.0.0.1/", "http://127.0.0.1:1/",
        "http://127.0.0.1:x/", "http://127.0.0.1:99999/", "\x01", "/" + "x" * 60_000,
    ],
)  # fmt: skip
def test_a_redirect_to_nonsense_is_the_registrys_fault(target: str, connection: str) -> None:
    nonsense = scripted(302, b"", "text/plain", location=target)
    with served(lambda _: nonsense) as (url, asked):
        came, error, _registry = search(url, connection=connection)
    assert came == []
    assert isinstance(error, AnswerUnreadableError)
    assert len(asked.pages_asked) <= 4
    assert not any(word in words_of(error) for word in USERS_WORDS)


@pytest.mark.parametrize("letters", [2_001, 100_000, 5_000_000])
def test_a_token_without_end_is_the_registrys_fault(letters: int) -> None:
    answer = scripted(200, page(1, totalCount=20, nextPageToken="x" * letters))
    with served(lambda _: answer) as (url, asked):
        _came, error, _registry = search(url)
    assert isinstance(error, AnswerUnreadableError)
    assert len(asked.pages_asked) == 1


def test_an_older_number_that_the_record_does_not_list_is_no_older_number() -> None:
    moved = scripted(301, b"", "text/plain", location="/api/v2/studies/NCT90000002")
    answers = [moved, scripted(200, made_up_study(2))]
    with (
        served(lambda number: answers[number]) as (url, _),
        Registry(Settings(registry_url=url, pause_seconds=0)) as registry,
    ):
        (item,) = registry.fetch(["NCT90000001"])
    assert isinstance(item, Unreadable)
    assert item.nct_id is None  # that one of this number exists, nobody has said
    assert "NCT90000002, whose record does not list this number" in item.reason


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("connection", ["1", "2"])
def test_what_heals_is_asked_again(status: int, connection: str) -> None:
    bad = scripted(status, b"not now", "text/plain")
    good = scripted(200, page(1, totalCount=1))
    with served(lambda number: good if number > 1 else bad) as (url, asked):
        came, error, _registry = search(url, connection=connection, timeout_seconds=100)
    assert (len(came), error, len(asked.pages_asked)) == (1, None, 3)


@pytest.mark.parametrize(
    ("seconds", "tries", "is_outlived"), [(20.0, 8, False), (120.0, 8, True), (600.0, 20, True)]
)
def test_tries_last_as_long_as_the_time_that_was_given(
    seconds: float, tries: int, is_outlived: bool
) -> None:
    busy = scripted(429, b"slow down", "text/plain")
    good = scripted(200, page(1, totalCount=1))
    with served(lambda number: good if number >= tries else busy) as (url, _):
        came, error, _registry = search(url, timeout_seconds=seconds)
    assert bool(came) == is_outlived
    assert isinstance(error, RegistryRefusedError) != is_outlived


@pytest.mark.parametrize("connection", ["1", "2"])
@pytest.mark.parametrize("padding", [b"", b"\0" * 50])
def test_gzip_in_several_parts_is_read_whole(padding: bytes, connection: str) -> None:
    body = json.dumps(page(1, 2, 3, totalCount=3)).encode()
    parts = [gzip.compress(part) for part in (body[:7], b"", body[7:300], body[300:])]
    packed = scripted(200, b"".join(parts) + padding, content_encoding="gzip")
    with served(lambda _: packed) as (url, _):
        came, error, _registry = search(url, connection=connection)
    assert (len(came), error) == (3, None)


@pytest.mark.parametrize("damage", [slice(0, -9), slice(0, -1), slice(5, None)])
def test_gzip_in_several_parts_that_is_damaged_is_not_read_in_part(damage: slice) -> None:
    body = json.dumps(page(1, 2, 3, totalCount=3)).encode()
    second = gzip.compress(body[300:])[damage]
    packed = scripted(200, gzip.compress(body[:300]) + second, content_encoding="gzip")
    with served(lambda _: packed) as (url, _):
        came, error, _registry = search(url)
    assert came == []
    assert isinstance(error, AnswerUnreadableError)


# Proxies


@pytest.mark.parametrize("connection", ["1", "2", "3", "auto"])
@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        ("http://127.0.0.1:1", "could not be reached"),
        ("127.0.0.1:1", "could not be reached"),
        ("http://jane:secret@127.0.0.1:1", "could not be reached"),
        ("http://proxy.invalid:3128", "could not be looked up"),
        ("http://jane:sec#ret@127.0.0.1:1", "(?i)proxy"),
    ],
)
def test_a_proxy_that_is_down_is_named_and_not_the_registry(
    monkeypatch: pytest.MonkeyPatch, proxy: str, says: str, connection: Any
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", only_this_machine)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    _came, error, _registry = search(
        "https://registry.invalid/api/v2", connection=connection, timeout_seconds=5
    )
    assert isinstance(error, RegistryUnreachableError)
    assert "proxy" in error.message.lower()
    assert re.search(says, error.message)
    for private in ("127.0.0.1", "proxy.invalid", "jane", "sec", "offline"):
        assert private not in f"{error.message} {error.hint} {error.facts}"


def only_this_machine(host: Any, *arguments: Any, **more: Any) -> Any:
    if host in {"127.0.0.1", b"127.0.0.1"}:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(arguments[0])))]
    raise socket.gaierror(-2, "Name or service not known")


@pytest.mark.parametrize("connection", ["1", "2"])
def test_a_proxy_that_says_nothing_is_told_with_the_failure(
    monkeypatch: pytest.MonkeyPatch, connection: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{silent.getsockname()[1]}")
        settings = Settings(
            registry_url="https://registry.invalid/api/v2", connection=connection, timeout_seconds=1
        )  # fmt: skip
        with (
            Registry(settings) as registry,
            pytest.raises(RegistryUnreachableError, match=r"(?i)proxy") as caught,
        ):
            registry.data_timestamp()
    assert "127.0.0.1" not in words_of(caught.value)


@pytest.mark.parametrize("connection", ["1", "2", "3"])
@pytest.mark.parametrize(
    "entries",
    [
        "localhost,127.0.0.1,fd00::/8", "[::1]", "fe80::/10,127.0.0.1", "bücher.example,127.0.0.1",
        "127.0.0.0/8", "*", "x.example 127.0.0.1", "[fd07:b51a:cc66:f0::]/64,127.0.0.1", "::1",
        "127.0.0.1:%d", "http://127.0.0.1", "127.0.0.1,,", ",", "\u00e4" * 70 + ",127.0.0.1", "300.1.2.3/99",
    ],
)  # fmt: skip
@pytest.mark.parametrize("has_proxy", [False, True])
def test_any_entry_of_no_proxy_costs_at_most_itself(
    monkeypatch: pytest.MonkeyPatch, entries: str, connection: str, has_proxy: bool
) -> None:
    with StandIn(made_up_studies(3)) as standin:
        if "%d" in entries:
            entries %= int(standin.base_url.split(":")[2].split("/")[0])
        monkeypatch.setenv("NO_PROXY", entries)
        monkeypatch.setenv("no_proxy", entries)
        is_exempt = "127.0.0" in entries or entries == "*"
        if has_proxy:
            monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        settings = quick_settings(standin, connection=connection, timeout_seconds=30)
        with Registry(settings, clock=HurriedClock()) as asked:
            if has_proxy and not is_exempt:
                with pytest.raises(RegistryUnreachableError, match="proxy"):
                    list(asked.search(QUERY))
            else:
                assert len(numbers_in(list(asked.search(QUERY)))) == 3


@pytest.mark.parametrize(
    ("entries", "odd"),
    [
        ("localhost,127.0.0.1,::1,[::1]:80,fd00::/8,.example.org,*.example.org,bücher.example", []),
        ("127.0.0.1,300.1.2.3/99", ["300.1.2.3/99"]),
        ("a b:c [::1", ["b:c", "[::1"]),
        ("\u00e4" * 70, ["\u00e4" * 70]),
    ],
)
def test_an_entry_of_no_proxy_that_nobody_understands_is_told_where_it_matters(
    monkeypatch: pytest.MonkeyPatch, entries: str, odd: list[str]
) -> None:
    monkeypatch.setenv("NO_PROXY", entries)
    with Registry() as registry:
        assert registry.notices() == []  # without a proxy it has no meaning
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        told = [notice.text for notice in registry.notices()]
    assert len(told) == len(odd)
    assert all(repr(entry[:60]) in text for entry, text in zip(odd, told, strict=True))


# Certificates


@pytest.fixture
def edge() -> Iterator[TlsStandIn]:
    with TlsStandIn(made_up_studies(1)) as registry:
        yield registry


def refused_certificate(edge: TlsStandIn, connection: str) -> str:
    with (
        Registry(quick_settings(edge, connection=connection)) as registry,
        pytest.raises(RegistryUnreachableError, match="certificate") as caught,
    ):
        registry.data_timestamp()
    return caught.value.hint or ""


@pytest.mark.parametrize("connection", ["1", "2", "3"])
def test_advice_on_certificates_that_was_followed_is_not_given_again(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connection: Any
) -> None:
    assert "can be trusted with SSL_CERT_FILE" in refused_certificate(edge, connection)
    with TlsStandIn(made_up_studies(1)) as other:
        monkeypatch.setenv("SSL_CERT_FILE", str(other.ca_file))
        hint = refused_certificate(edge, connection)
    assert hint.startswith("SSL_CERT_FILE is set")
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert refused_certificate(edge, connection).startswith("SSL_CERT_DIR is set, and no cert")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    assert "names no folder" in refused_certificate(edge, connection)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        *((code, "Python 3.12 takes this one") for code in (85, 86, 89, 92, 94)),
        *((code, "clock") for code in (9, 10)),
        *((code, "for another name") for code in (62, 64)),
    ],
)
def test_a_certificate_with_another_fault_gets_other_advice(
    monkeypatch: pytest.MonkeyPatch, code: int, advice: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/somewhere/company.pem")
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = code, "some fault"
    hint = certificate_failure(error).hint
    assert advice in hint
    assert "SSL_CERT_FILE" not in hint


# Bounds


@pytest.mark.parametrize("total", [5, 25, 100])
def test_a_crawl_ends_two_pages_after_a_tenth_more_than_was_announced(total: int) -> None:
    def answer(number: int) -> Answer:
        numbers = range(10 * number, 10 * number + 10)
        return scripted(200, page(*numbers, totalCount=total, nextPageToken=f"t{number}"))

    with served(answer) as (url, asked):
        came, error, _registry = search(url)
    passed = int(total * 1.1) // 10 + 1
    assert isinstance(error, AnswerUnreadableError)
    assert str(total) in error.message
    assert len(asked.pages_asked) <= passed + 2
    assert len(came) >= total


def test_a_registry_that_got_some_more_studies_meanwhile_is_read_to_its_end() -> None:
    pages = [
        scripted(200, page(*range(10 * n, 10 * n + 10), totalCount=100, nextPageToken=f"t{n}"))
        for n in range(10)
    ]
    pages.append(scripted(200, page(*range(100, 108))))
    with served(lambda number: pages[number]) as (url, _):
        came, error, registry = search(url)
    assert (len(came), error) == (108, None)
    assert not registry.last_crawl.is_complete


UNREADABLE = {"protocolSection": {"identificationModule": {"nctId": "NCT1"}}}


@pytest.mark.parametrize(
    "body",
    [
        {"totalCount": 5, "studies": []},
        {"studies": []},
        {"totalCount": 1, "studies": [None]},
        {"totalCount": 7, "studies": [UNREADABLE] * 7},
        {"totalCount": 0, "studies": [UNREADABLE]},
        {"totalCount": -3, "studies": []},
        b'{"totalCount":1,"studies":[{}],"studies":[]}',
        b'{"studies":[],"totalCount":1,"studies":[]}',
    ],
    ids=itertools.count(),
)
def test_an_answer_that_lost_all_that_it_announced_is_no_answer(body: Any) -> None:
    with served(lambda _: scripted(200, body)) as (url, _):
        came, error, registry = search(url)
    assert came == []
    assert isinstance(error, AnswerUnreadableError)
    assert error.exit_code is ExitCode.UNREADABLE
    assert not registry.last_crawl.is_complete


def test_none_is_still_an_answer() -> None:
    with served(lambda _: scripted(200, {"totalCount": 0, "studies": []})) as (url, _):
        came, error, registry = search(url)
    assert (came, error) == ([], None)
    assert registry.last_crawl.is_complete


@pytest.mark.parametrize(
    "value", [b"9" * 6_000, b"[" * 5_000 + b"]" * 5_000, b"{oops}", b"[" + b"[]," * 150_001 + b"1]"]
)
def test_one_broken_record_costs_itself_alone(value: bytes) -> None:
    body = json.dumps(page(1, 2, 3, totalCount=3)).encode()
    broken = body.replace(b'"hasResults": false', b'"hasResults": ' + value, 2)
    broken = broken.replace(b'"hasResults": ' + value, b'"hasResults": false', 1)
    with (
        served(lambda _: scripted(200, broken)) as (url, _),
        Registry(Settings(registry_url=url)) as registry,
    ):
        items = [item for arrived in registry.search(QUERY) for item in arrived.items]
    assert [type(item) for item in items] == [Study, Unreadable, Study]
    assert registry.last_crawl.is_complete
