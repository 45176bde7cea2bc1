"""The certificate by which a client logs in (SASL EXTERNAL), in place of a user and a password."""
from __future__ import annotations

import os
import ssl
from dataclasses import dataclass

from clacks.common.errors import ClientError, one_line

from .url import Url


def _unusable(message: str, hint: str) -> ClientError:
    return ClientError("certificate-unusable", message, hint, permanent=True)


class _Encrypted(Exception):
    """OpenSSL asked for a passphrase."""


def _refuse_to_say() -> str:
    raise _Encrypted


@dataclass(frozen=True)
class OwnCertificate:
    """PEM files: the chain, the client's own first, and the private key, which may be in the same file."""

    chain: str
    key: str

    def check(self) -> None:
        """Raises ClientError unless the files can be used, as they are now."""
        for what, file in (("certificate", self.chain), ("private key", self.key)):
            if not os.path.isfile(file):
                raise _unusable(f"there is no file {one_line(file, 200)} with the client's {what}",
                                "name a PEM file that this user may read")
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(self.chain, self.key, _refuse_to_say)
        except _Encrypted:
            raise _unusable(f"the private key in {one_line(self.key, 200)} is encrypted",
                            "decrypt it, as with openssl pkey -in FILE -out FILE, and let nobody else read it") from None
        except OSError as error:
            raise _unusable(f"the certificate in {one_line(self.chain, 200)} with the private key in "
                            f"{one_line(self.key, 200)} cannot be used: {one_line(error, 200)}",
                            "they must be PEM files that this user may read, the key of that certificate") from None


def own_certificate(url: Url, certificate: str | None, private_key: str | None) -> OwnCertificate | None:
    """As given, else $CLACKS_CERTIFICATE and $CLACKS_PRIVATE_KEY; None without. Raises ClientError for what can never work."""
    chain = certificate or os.environ.get("CLACKS_CERTIFICATE", "")
    key = private_key or os.environ.get("CLACKS_PRIVATE_KEY", "")
    if not chain and not key:
        return None
    if not chain:
        raise _unusable("there is a private key, and no certificate to show", "name both, or neither")
    if not url.tls:
        raise _unusable(f"a certificate can be shown over TLS only, and {url} is without",
                        "use an amqps URL, that of the agent's [amqp] certificate-url")
    if url.user:
        raise _unusable(f"the URL names the user '{one_line(url.user, 80)}', and there is a certificate to log in by",
                        "leave one of them out; who you are is in the certificate")
    own = OwnCertificate(chain, key or chain)
    own.check()
    return own
