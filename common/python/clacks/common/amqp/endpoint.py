"""Where to connect, and how."""
from __future__ import annotations

import os
from dataclasses import dataclass

from proton import SSL, SSLDomain, SSLException, Transport

from clacks.common.errors import ClientError, one_line

from .certificate import OwnCertificate, own_certificate
from .trust import trusted_certificates
from .url import DEFAULT_DOMAIN, Url, parse_url

IDLE_SECONDS = 60
MAX_FRAME = 64 * 1024


@dataclass(frozen=True)
class Endpoint:
    """A parsed URL with what belongs to it. `timeout`: seconds for connecting and for one answer."""

    url: Url
    domain: str
    trust: str
    timeout: float
    own: OwnCertificate | None = None


def make_endpoint(url: str, domain: str = DEFAULT_DOMAIN, ca: str | None = None, timeout: float = 10.0,
                  certificate: str | None = None, private_key: str | None = None) -> Endpoint:
    """Raises ClientError for what can never work. A domain other than the default goes before the URL's path."""
    parsed = parse_url(url)
    if domain == DEFAULT_DOMAIN and parsed.path:
        domain = parsed.path
    own = own_certificate(parsed, certificate, private_key)
    trust = ""
    if parsed.tls:
        trust = trusted_certificates(parsed, ca)
        if not os.path.isfile(trust):
            raise ClientError("tls-untrusted", f"there is no file of trusted certificates {trust}",
                              "name one with ca= or CLACKS_CA, or install ca-certificates", permanent=True)
    elif parsed.user and not parsed.loopback:
        # Debian's python3-qpid-proton has no SCRAM, and PLAIN would show the password to the network.
        raise ClientError("login-refused", f"the password for {parsed} would go over the network in plain",
                          "use an amqps URL", permanent=True)
    return Endpoint(parsed, domain, trust, timeout, own)


def set_up(transport: Transport, endpoint: Endpoint) -> None:
    """Login and limits; before the transport is bound to its connection."""
    sasl = transport.sasl()
    sasl.allow_insecure_mechs = endpoint.url.tls or endpoint.url.loopback
    sasl.allowed_mechs("EXTERNAL" if endpoint.own else "PLAIN" if endpoint.url.user else "ANONYMOUS")
    transport.idle_timeout = IDLE_SECONDS
    transport.max_frame_size = MAX_FRAME


def start_tls(transport: Transport, endpoint: Endpoint) -> None:
    """After the transport was bound. The agent's certificate and name are verified."""
    domain = SSLDomain(SSLDomain.MODE_CLIENT)
    if endpoint.own:
        try:
            endpoint.own.check()  # it may have been renewed since
        except ClientError as error:
            error.permanent = False  # or half of it
            raise
        domain.set_credentials(endpoint.own.chain, endpoint.own.key, None)
    try:
        domain.set_trusted_ca_db(endpoint.trust)
        domain.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME)
    except SSLException as error:
        raise ClientError("tls-untrusted",
                          f"the certificates in {endpoint.trust} cannot be used: {one_line(error, 200)}",
                          "name a file of PEM certificates with ca= or CLACKS_CA", permanent=True) from None
    # proton compares names only, and this machine's certificate carries its name.
    SSL(transport, domain).peer_hostname = "localhost" if endpoint.url.loopback else endpoint.url.host
