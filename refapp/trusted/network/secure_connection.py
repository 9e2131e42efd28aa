"""A secure connection that says of its peer what the libraries drop: the certificate it showed, and
that it speaks no HTTP.

Owns no decision about either: ``certificates`` trusts, ``why_no_answer`` names the cause.
It never changes what is sent or verified.
"""

from __future__ import annotations

import contextlib
import ssl
import sys
from typing import Any


class HandshakeFailed(ssl.SSLError):
    """A handshake that failed,
    with the certificate (DER) that the peer had shown by then, if any.
    """

    def __init__(self, error: ssl.SSLError, certificate: bytes | None) -> None:
        super().__init__(*error.args)
        self.reason = error.reason or ""
        self.verify_code: int = getattr(error, "verify_code", 0)
        self.verify_message: str = getattr(error, "verify_message", "")
        self.certificate = certificate


class NotHttp(ValueError):
    """What came is not the beginning of an answer, in the version of HTTP that was agreed on."""


class SecureConnection(ssl.SSLObject):
    """As ssl's own, but for the two things that it says.

    The libraries wait for more of what is no HTTP, and when the peer has no more they call the
    connection broken off.
    """

    _has_begun = False

    def do_handshake(self) -> None:
        """As ssl's own. Raises HandshakeFailed in place of what is not about waiting or the end of
        the stream.
        """
        try:
            super().do_handshake()
        except (
            ssl.SSLWantReadError,
            ssl.SSLWantWriteError,
            ssl.SSLEOFError,
            ssl.SSLZeroReturnError,
            ssl.SSLSyscallError,
        ):
            raise
        except ssl.SSLError as error:
            raise HandshakeFailed(error, self._shown_certificate()) from error

    def read(self, len: int = 1024, buffer: Any = None) -> Any:  # noqa: A002 - ssl's name
        """As ssl's own. Raises NotHttp for the first that comes, if no answer begins so."""
        came = super().read(len, buffer)
        # Into a buffer nobody here reads.
        if not self._has_begun and came and isinstance(came, bytes):
            self._has_begun = True
            if not begins_an_answer(came, self.selected_alpn_protocol()):
                raise NotHttp
        return came

    def _shown_certificate(self) -> bytes | None:
        with contextlib.suppress(ssl.SSLError, AttributeError, IndexError, TypeError):
            if sys.version_info >= (3, 13):
                shown = self.get_unverified_chain()[0]
            else:
                # Public since Python 3.13.
                # Where it is not there, the sentence has no name and no date in it.
                inner: Any = self._sslobj  # type: ignore[attr-defined]
                shown = bytes(
                    ssl.PEM_cert_to_DER_cert(inner.get_unverified_chain()[0].public_bytes())
                )
            return shown
        return None


def begins_an_answer(first: bytes, version: str | None) -> bool:
    """Whether ``first`` (one byte or more) can be. ``version``: as ALPN has it.

    In HTTP/2 a frame comes first that is too short for a first byte other than 0 (RFC 9113,
    sections 3.4 and 4.2).
    """
    return first[:1] == b"\0" if version == "h2" else b"HTTP/".startswith(first[:5])
