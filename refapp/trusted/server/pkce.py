"""What proves that the app that exchanges a code is the one that asked for it: PKCE with S256 (RFC
7636), and a state.

Owns how the values are made.
The verifier stays in this process: it is sent once, to the server, with the code.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

import msgspec


class Proof(msgspec.Struct, frozen=True):
    """43 characters each, 256 bits. ``challenge`` may be seen by anybody."""

    verifier: str
    challenge: str
    state: str

    def __repr__(self) -> str:
        """Never show verifier or state."""
        return "Proof(…)"


def fresh() -> Proof:
    """Values for one sign-in."""
    verifier = secrets.token_urlsafe(32)
    return Proof(verifier, challenge_of(verifier), secrets.token_urlsafe(32))


def challenge_of(verifier: str) -> str:
    """The SHA-256 of ``verifier`` in base64url without padding (RFC 7636, section 4.2)."""
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest())
        .rstrip(b"=")
        .decode()
    )
