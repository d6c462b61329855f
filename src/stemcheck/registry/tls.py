"""The TLS settings of each rung. Certificates are always verified, with httpx's own choice of authorities.

httpx reads ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` only for contexts that it makes itself, so that is repeated
here. ``post_handshake_auth`` is what CPython's `http.client` switches on for its own HTTPS connections; httpx
does not, and the difference (ClientHello extension 49) is all that an edge filter can see of it.
"""

import os
import ssl

from stemcheck.errors import RegistryUnreachableError


def authorities() -> tuple[str, str]:
    """Return where the trusted certificates come from, and the path: as httpx chooses."""
    if path := os.environ.get("SSL_CERT_FILE"):
        return "SSL_CERT_FILE", path
    if path := os.environ.get("SSL_CERT_DIR"):
        return "SSL_CERT_DIR", path
    import certifi

    return "certifi", certifi.where()


def verifying_context() -> ssl.SSLContext:
    """Return Python's default context over those authorities.

    Raises RegistryUnreachableError when they cannot be read.
    """
    source, path = authorities()
    try:
        if source == "SSL_CERT_DIR":
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:
        # ValueError: a path with a NUL in it. ssl.SSLError (no certificate in the file) is an OSError.
        raise RegistryUnreachableError(
            f"The trusted certificates named by {source} cannot be read.",
            hint=f"Check {source}: it has to name a file or folder of certificates in PEM form.",
            facts={"certificates": source},
        ) from error


def standard_context() -> ssl.SSLContext:
    """Return the context of rungs 1 and 2: what the standard library's HTTPS offers."""
    context = verifying_context()
    context.post_handshake_auth = True
    context.set_alpn_protocols(["http/1.1"])
    return context


def tls12_context() -> ssl.SSLContext:
    """Return the context of rung 3: TLS 1.2 at most, and Python's default otherwise."""
    context = verifying_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def plain_context() -> ssl.SSLContext:
    """Return a context that trusts nobody, for addresses without TLS.

    httpx wants a context even there, and reading the authorities takes longer than a request.
    """
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
