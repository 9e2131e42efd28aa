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
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "auth.test"
CRITICAL = x509.BasicConstraints, x509.KeyUsage
"""Of what a certificate may do: whoever does not know these has to refuse it."""

TLS_FAULTS = (
    "has a certificate that nobody here knows",
    "has a certificate of its own making",
    "has a certificate that it vouches for itself",
    "has a certificate that has expired",
    "has a certificate that an expired one vouches for",
    "has a certificate that one not valid yet vouches for",
    "has a certificate that is not valid yet",
    "has a certificate for another name",
    "has a certificate for clients alone",
    "speaks an old TLS",
    "has no cipher in common",
    "wants a certificate of the client, TLS 1.2",
    "wants a certificate of the client, TLS 1.3",
)
OTHERS_ADDRESS = "192.0.2.7"
"""A certificate for another name is for this one, too."""


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

    def _with_its_issuer(self, context: ssl.SSLContext, issuer: trustme.CA) -> ssl.SSLContext:
        """Whoever vouches for the server is shown as well."""
        shown = issuer.issue_cert(*self._names).private_key_and_cert_chain_pem.bytes()
        with trustme.Blob(shown + issuer.cert_pem.bytes()).tempfile() as path:
            context.load_cert_chain(path)
        return context

    def _good_in(self, year: int) -> trustme.CA:
        """One that this authority vouches for in that year alone."""
        # Python 3.13 is strict: without the second it says that it lacks, and of the year nothing.
        ours = x509.load_pem_x509_certificate(self._ca.cert_pem.bytes())
        uses = ours.extensions.get_extension_for_class(x509.KeyUsage).value
        vouches = x509.BasicConstraints(ca=True, path_length=0)
        name = "Another Year's Authority"
        return trustme.CA.from_pem(*self._signed(name, year, year, vouches, uses))

    def _for_clients(self, context: ssl.SSLContext) -> ssl.SSLContext:
        """Whoever shows such a certificate is known, and is no server."""
        named = x509.SubjectAlternativeName([x509.DNSName(name) for name in self._names[:-1]])
        for_clients = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH])
        made, private = self._signed("A client", 2020, 2090, named, for_clients)
        with trustme.Blob(private + made).tempfile() as path:
            context.load_cert_chain(path)
        return context

    def _signed(
        self, name: str, first: int, last: int, *extensions: x509.ExtensionType
    ) -> tuple[bytes, bytes]:
        """A certificate of this authority's that is good in these years, and its key."""
        ours = x509.load_pem_x509_certificate(self._ca.cert_pem.bytes())
        ours_key = serialization.load_pem_private_key(self._ca.private_key_pem.bytes(), None)
        assert isinstance(ours_key, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        known_by = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        vouched_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(ours_key.public_key())
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(ours.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_first_of(first))
            .not_valid_after(_first_of(last + 1))
            .add_extension(known_by, critical=False)
            .add_extension(vouched_by, critical=False)
        )
        for one in extensions:
            made = made.add_extension(one, critical=isinstance(one, CRITICAL))
        pem = serialization.Encoding.PEM
        private = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return made.sign(ours_key, hashes.SHA256()).public_bytes(pem), private

    def _made(self, fault: str | None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        match fault:
            case "has a certificate that nobody here knows":
                certificate = self._other.issue_cert(*self._names)
            case "has a certificate of its own making":
                return self._with_its_issuer(context, self._other)
            case "has a certificate that it vouches for itself":
                its_own = self._other.private_key_pem.bytes() + self._other.cert_pem.bytes()
                with trustme.Blob(its_own).tempfile() as path:
                    context.load_cert_chain(path)
                return context
            case "has a certificate that an expired one vouches for":
                return self._with_its_issuer(context, self._good_in(2019))
            case "has a certificate that one not valid yet vouches for":
                return self._with_its_issuer(context, self._good_in(2090))
            case "has a certificate that has expired":
                certificate = self._ca.issue_cert(
                    *self._names, not_before=_first_of(2019), not_after=_first_of(2020)
                )
            case "has a certificate that is not valid yet":
                certificate = self._ca.issue_cert(
                    *self._names, not_before=_first_of(2090), not_after=_first_of(2091)
                )
            case "has a certificate for clients alone":
                return self._for_clients(context)
            case "has a certificate for another name":
                certificate = self._ca.issue_cert("other.test", OTHERS_ADDRESS)
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
