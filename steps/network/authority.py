"""A certificate authority for tests, and a server's end of TLS with every fault that certificates
and versions can have.

Owns the certificates, made with trustme. ``faulty_server`` serves them.
"""

from __future__ import annotations

import datetime
import ssl
import warnings
from collections.abc import Sequence
from pathlib import Path

import trustme

HOST = "auth.test"

TLS_FAULTS = (
    "has a certificate that nobody here knows",
    "has a certificate of its own making",
    "has a certificate that has expired",
    "has a certificate that is not valid yet",
    "has a certificate for another name",
    "speaks an old TLS",
    "has no cipher in common",
    "wants a certificate of the client, TLS 1.2",
    "wants a certificate of the client, TLS 1.3",
)


class Authority:
    """Who vouches for the certificates of a server with these ``names``: ``file`` has its own,
    ``others_file`` that of somebody who vouches for nobody.
    """

    def __init__(self, folder: Path, names: Sequence[str] = (HOST, "127.0.0.1")) -> None:
        self._ca = trustme.CA()
        self._other = trustme.CA(organization_name="Nobody's Authority")
        self._names = names
        folder.mkdir(exist_ok=True)
        self.others_file = folder / "others.pem"
        trustme.CA().cert_pem.write_to_path(self.others_file)
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

    def _with_its_issuer(self, context: ssl.SSLContext) -> ssl.SSLContext:
        """Whoever vouches for the server is its own owner, and is shown as well."""
        shown = self._other.issue_cert(*self._names).private_key_and_cert_chain_pem.bytes()
        with trustme.Blob(shown + self._other.cert_pem.bytes()).tempfile() as path:
            context.load_cert_chain(path)
        return context

    def _made(self, fault: str | None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        match fault:
            case "has a certificate that nobody here knows":
                certificate = self._other.issue_cert(*self._names)
            case "has a certificate of its own making":
                return self._with_its_issuer(context)
            case "has a certificate that has expired":
                certificate = self._ca.issue_cert(
                    *self._names, not_before=_first_of(2019), not_after=_first_of(2020)
                )
            case "has a certificate that is not valid yet":
                certificate = self._ca.issue_cert(
                    *self._names, not_before=_first_of(2090), not_after=_first_of(2091)
                )
            case "has a certificate for another name":
                certificate = self._ca.issue_cert("other.test")
            case _:
                certificate = self._ca.issue_cert(*self._names)
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


def _first_of(year: int) -> datetime.datetime:
    return datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
