"""The TLS variant of the stand-in sees each ClientHello and refuses by rule."""

import ssl
from collections.abc import Iterator

import httpx
import pytest

from tests.standin.tls_edge import SESSION_TICKET, TLS_1_2, TLS_1_3, Hello, TlsStandIn, parse_hello


@pytest.fixture(scope="module")
def registry() -> Iterator[TlsStandIn]:
    with TlsStandIn() as registry:
        yield registry


def hello_of(registry: TlsStandIn, context: ssl.SSLContext) -> Hello:
    with httpx.Client(verify=context, trust_env=False) as client:
        assert client.get(registry.base_url + "/version").status_code == 200
    return registry.hellos[-1]


def context_for(registry: TlsStandIn) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(registry.ca_file))


def test_a_hello_tells_what_the_context_was_set_to(registry: TlsStandIn) -> None:
    plain = hello_of(registry, context_for(registry))
    assert not plain.has_post_handshake_auth
    assert plain.newest_version == TLS_1_3
    assert plain.alpn == ("http/1.1",)
    assert plain.server_name == "localhost"

    context = context_for(registry)
    context.post_handshake_auth = True
    with_auth = hello_of(registry, context)
    assert with_auth.has_post_handshake_auth
    assert with_auth.ja3 != plain.ja3

    context = context_for(registry)
    context.options |= ssl.OP_NO_TICKET
    assert SESSION_TICKET not in hello_of(registry, context).extensions

    context = context_for(registry)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    capped = hello_of(registry, context)
    assert capped.newest_version == capped.version == TLS_1_2
    assert capped.supported_versions == ()


def test_a_rule_over_hello_and_user_agent_refuses(registry: TlsStandIn) -> None:
    registry.rule = lambda hello, agent: not hello.has_post_handshake_auth and "let" not in agent
    with httpx.Client(verify=context_for(registry), trust_env=False) as client:
        refused = client.get(registry.base_url + "/studies")
        passed = client.get(registry.base_url + "/studies", headers={"user-agent": "let me"})
    registry.rule = None
    assert (refused.status_code, passed.status_code) == (403, 200)
    assert registry.asked[-1].connection == registry.asked[-2].connection


def test_a_client_without_the_authority_does_not_get_in(registry: TlsStandIn) -> None:
    asked = len(registry.asked)
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(registry.base_url + "/version")
    assert len(registry.asked) == asked


def test_plain_http_to_the_tls_port_is_dropped(registry: TlsStandIn) -> None:
    plain = registry.base_url.replace("https://", "http://")
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.TransportError):
        client.get(plain + "/version")


@pytest.mark.parametrize("message", [b"", b"\x02\x00\x00\x00"])
def test_what_is_no_hello_is_none(message: bytes) -> None:
    assert parse_hello(message) is None
