"""AMQP's, TLS's and the system's reasons, as errors that a person can act on."""
from __future__ import annotations

from clacks.common.errors import ClientError, one_line

from .url import Url


def _has(text: str, *words: str) -> bool:
    return any(word in text for word in words)


def _login_failure(description: str, url: Url, certificate: str) -> ClientError:
    if certificate and "[mech=EXTERNAL]" not in description:
        return ClientError("login-refused", f"{url} offers no login by certificate: {one_line(description, 200)}",
                           "use the URL of the agent's [amqp] certificate-url", permanent=True)
    if certificate:
        return ClientError("login-refused", f"{url} lets nobody in by the certificate in {certificate}",
                           "its log says why; see [amqp] client-identity there", permanent=True)
    if not url.user:
        return ClientError("login-refused", f"{url} asks for a user, and the URL names none",
                           "write amqp://user:password@host/domain", permanent=True)
    if "[mech=PLAIN]" not in description:  # it was not even tried
        return ClientError("login-refused", f"{url} offers no login by PLAIN: {one_line(description, 200)}",
                           "does the agent allow it?" if url.tls else "a port with TLS needs an amqps URL")
    return ClientError("login-refused", f"{url} refuses the user '{one_line(url.user, 80)}'",
                       "check the user and the password in the URL", permanent=True)


def connection_failure(condition: str, description: str, url: Url, trust: str, certificate: str = "") -> ClientError:
    """Why a connection ended, from the condition of the connection or its transport."""
    said = one_line(description or condition)
    if condition == "amqp:unauthorized-access":
        return _login_failure(description, url, certificate)
    if "certificate verify failed" in description:
        return ClientError("tls-untrusted", f"the certificate of {url} is not one to trust by {trust}",
                           "name the file of the agent's certificate or its authority with ca= or CLACKS_CA, and "
                           "the host as in the certificate")
    if _has(description, "certificate required", "did not return a certificate"):
        return ClientError("certificate-refused", f"{url} asks for the client's certificate",
                           "name one with certificate= or CLACKS_CERTIFICATE, or use the URL for passwords", permanent=True)
    if certificate and url.tls and "alert" in description:
        return ClientError("certificate-refused", f"{url} refuses the certificate in {certificate}: {said}",
                           "was it signed by an authority in the agent's [amqp] client-ca, and is it in force?", permanent=True)
    if url.tls and _has(description, "wrong version number", "SSL", "ssl"):
        return ClientError("tls-failed", f"no TLS with {url}: {said}", "is this the port of the amqps listener?")
    if "framing-error" in condition:
        return ClientError("protocol", f"{url} does not speak AMQP 1.0 here: {said}",
                           "check the port" if url.tls else "check the port; one with TLS needs an amqps URL")
    return ClientError("disconnected", f"the connection to {url} ended: {said}")


def link_failure(condition: str, description: str, url: Url, address: str) -> ClientError:
    """Why a link was refused or ended."""
    reason = one_line(description or condition or "the agent closed it")
    at = f"'{one_line(address, 120)}' at {url}"
    if condition in ("amqp:invalid-field", "amqp:not-implemented"):
        return ClientError("filter-refused", reason, permanent=True)
    if condition == "amqp:not-found":
        hint = "" if "did you mean" in reason else "the URL's path is the domain, as org.clacks"
        return ClientError("address-unknown", f"no address {at}: {reason}", hint, permanent=True)
    if condition == "amqp:unauthorized-access":
        return ClientError("access-refused", f"no access to {at}: {reason}", permanent=True)
    return ClientError("link-lost", f"the link to {at} ended: {reason}")


def unreachable(error: OSError, url: Url) -> ClientError:
    if isinstance(error, ConnectionRefusedError):
        return ClientError("unreachable", f"nobody listens at {url}", "is the agent running?")
    return ClientError("unreachable", f"{url} cannot be reached: {error.strerror or error}", "check the host in the URL")


def time_out(url: Url, doing: str) -> ClientError:
    return ClientError("time-out", f"time over while {doing} at {url}",
                       "is the agent busy, or the port another program's?")
