"""A certificate authority for tests, and a server's end of TLS with every fault that certificates
and versions can have.

Owns the certificates, made with trustme. ``faulty_network`` serves them.
"""

from __future__ import annotations

import datetime
import ssl
import warnings
from pathlib import Path

import trustme

HOST = "auth.test"

TLS_FAULTS = (
    "has a certificate that nobody here knows",
    "has a certificate that has expired",
    "has a certificate that is not valid yet",
    "has a certificate for another name",
    "speaks an old TLS",
    "has no cipher in common",
    "wants a certificate of the client, TLS 1.2",
    "wants a certificate of the client, TLS 1.3",
)


class Authority:
    """Who vouches for the server's certificates: ``file`` has its own."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self._other = trustme.CA()
        folder.mkdir(exist_ok=True)
        self.file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.file)
        self._contexts: dict[str | None, ssl.SSLContext] = {}

    def context(self, fault: str | None = None) -> ssl.SSLContext:
        """A server's end of TLS,
        as it is to be or with a fault of the certificate or of the version.
        """
        if fault not in self._contexts:
            self._contexts[fault] = self._made(fault)
        return self._contexts[fault]

    def _made(self, fault: str | None) -> ssl.SSLContext:
        now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        match fault:
            case "has a certificate that nobody here knows":
                certificate = self._other.issue_cert(HOST)
            case "has a certificate that has expired":
                certificate = self._ca.issue_cert(
                    HOST, not_before=now - 9 * day, not_after=now - day
                )
            case "has a certificate that is not valid yet":
                certificate = self._ca.issue_cert(
                    HOST, not_before=now + day, not_after=now + 9 * day
                )
            case "has a certificate for another name":
                certificate = self._ca.issue_cert("other.test")
            case _:
                certificate = self._ca.issue_cert(HOST, "127.0.0.1")
        certificate.configure_cert(context)
        if fault == "speaks an old TLS":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
        elif fault == "has no cipher in common":
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers("AES128-SHA")
        elif fault is not None and fault.startswith("wants a certificate of the client"):
            context.verify_mode = ssl.CERT_REQUIRED
            self._ca.configure_trust(context)
            if "1.2" in fault:
                context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context
