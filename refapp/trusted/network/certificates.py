"""Whom a secure connection trusts, and what can be said of a certificate that it does not.

Owns the one SSL context of a client and what it was told to trust. The system has a file and a
folder of certificates; OpenSSL takes the file that SSL_CERT_FILE names in place of that file, and
the folders of SSL_CERT_DIR in place of that folder, also where a variable is there and empty. Those
of REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE are trusted besides. ``reload`` reads all of it again.
Invariants: nothing is ever trusted that was not verified, and no log of keys is written
(SSLKEYLOGFILE: tokens could be read with them).
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from refapp.trusted.network.no_answer import Cause, NoAnswer, shown
from refapp.trusted.network.secure_connection import HandshakeFailed, SecureConnection

OF_OPENSSL = ("SSL_CERT_FILE", "SSL_CERT_DIR")
OF_OTHERS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_REHASHED = re.compile(r"[0-9a-f]{8}\.\d+")

_EXPIRED, _NOT_YET_VALID, _WRONG_NAME, _WRONG_ADDRESS = 10, 9, 62, 64
_NO_ISSUER = frozenset({2, 18, 19, 20, 21, 27})
_CAUSES = {
    _EXPIRED: Cause.EXPIRED,
    _NOT_YET_VALID: Cause.NOT_YET_VALID,
    _WRONG_NAME: Cause.WRONG_NAME,
    _WRONG_ADDRESS: Cause.WRONG_NAME,
    **dict.fromkeys(_NO_ISSUER, Cause.UNKNOWN_ISSUER),
}


def trusting_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """As ``ssl.create_default_context``, but for its log of keys.
    TLS 1.2 or newer. Reads files; it may take 40 ms.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslobject_class = SecureConnection
    # Debian's own Python leaves this to OpenSSL, whose library there takes TLS 1.0 as well.
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    if sys.version_info >= (3, 13):
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    reload(context, environ)
    return context


def reload(context: ssl.SSLContext, environ: Mapping[str, str]) -> None:
    """Trust what there is to trust now, besides what was trusted before.
    What can't be read is ``unreadable``'s to say.
    """
    context.load_default_certs()
    for variable in OF_OTHERS:
        if environ.get(variable):
            with contextlib.suppress(OSError):
                _load(context, environ[variable])


def _load(context: ssl.SSLContext, place: str) -> None:
    if _is_folder(place):
        context.load_verify_locations(capath=place)
    else:
        context.load_verify_locations(cafile=place)


def _is_folder(place: str) -> bool:
    # pathlib's raises for one below a folder that may not be entered.
    return os.path.isdir(place)  # noqa: PTH112


def named(environ: Mapping[str, str]) -> dict[str, NoAnswer | None]:
    """Each variable that names certificates, and why they can't be read, if so: OpenSSL itself says
    nothing then. Reads files.
    """
    return {
        variable: _why_unreadable(variable, environ[variable])
        for variable in (*OF_OPENSSL, *OF_OTHERS)
        # OpenSSL takes an empty one for a name, which is nobody's; the others are ours to read.
        if (variable in environ if variable in OF_OPENSSL else environ.get(variable))
    }


def unreadable(environ: Mapping[str, str]) -> NoAnswer | None:
    """The first variable that names certificates which can't be read."""
    return next((why for why in named(environ).values() if why is not None), None)


def system_has_any() -> bool:
    """Whether there are certificates of the system's where no variable names others.
    Windows has a store of its own.
    """
    if sys.platform == "win32":
        return True
    paths = ssl.get_default_verify_paths()
    return not all(
        (_wrong_with_file(paths.openssl_cafile), _wrong_with_folders(paths.openssl_capath))
    )


def _why_unreadable(variable: str, place: str) -> NoAnswer | None:
    if not place:
        return NoAnswer(Cause.CA_FILE, variable=variable, said="it is empty")
    in_folders = variable == "SSL_CERT_DIR" or (variable in OF_OTHERS and _is_folder(place))
    wrong = _wrong_with_folders(place) if in_folders else _wrong_with_file(place)
    return (
        NoAnswer(Cause.CA_FILE, variable=variable, said=f"{shown(place)}: {wrong}")
        if wrong
        else None
    )


def _wrong_with_file(place: str) -> str:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=place)
    except ssl.SSLError:
        return "it holds no certificate"
    except OSError as error:
        return (error.strerror or "no such file").lower()
    return ""


def _wrong_with_folders(places: str) -> str:
    """OpenSSL looks in a folder for names alone, which its own "rehash" gives the files."""
    wrong = "no such folder"
    for folder in filter(None, places.split(":")):
        try:
            if any(_REHASHED.fullmatch(inside.name) for inside in Path(folder).iterdir()):
                return ""
            wrong = 'no file in it has the name that "openssl rehash" gives'
        except OSError as error:
            if not isinstance(error, FileNotFoundError):
                wrong = (error.strerror or wrong).lower()
    return wrong


def why_not_trusted(failed: HandshakeFailed, name: str) -> NoAnswer:
    """What is wrong with the certificate that ``name`` showed, and what stands in it."""
    cause = _CAUSES.get(failed.verify_code, Cause.UNFIT_CERTIFICATE)
    return NoAnswer(cause, name, said=shown(_told(cause, failed)))


def _told(cause: Cause, failed: HandshakeFailed) -> str:
    if failed.certificate is None or cause is Cause.UNFIT_CERTIFICATE:
        return failed.verify_message
    # Loaded only here: nobody needs it on a good day.
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(failed.certificate)
        now = datetime.datetime.now(datetime.UTC)
        match cause:
            case Cause.EXPIRED if certificate.not_valid_after_utc < now:
                return f"on {_date(certificate.not_valid_after_utc)}"
            case Cause.NOT_YET_VALID if certificate.not_valid_before_utc > now:
                return f"before {_date(certificate.not_valid_before_utc)}"
            case Cause.EXPIRED | Cause.NOT_YET_VALID:
                return "not its own dates, but those of one that vouches for it"
            case Cause.WRONG_NAME:
                return f"but for {', '.join(_names(certificate)) or 'nobody'}"
            case _:
                return f"it says {_issuer(certificate)}"
    except ValueError:
        return failed.verify_message  # what stands in it can't be read


def _date(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _names(certificate: Any) -> list[str]:
    from cryptography import x509

    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return [
            str(one.value)
            for one in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        ]
    return [
        *found.get_values_for_type(x509.DNSName),
        *map(str, found.get_values_for_type(x509.IPAddress)),
    ]


def _issuer(certificate: Any) -> str:
    from cryptography import x509

    for kind in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        found = certificate.issuer.get_attributes_for_oid(kind)
        if found:
            return str(found[0].value)
    return "nothing about it"
