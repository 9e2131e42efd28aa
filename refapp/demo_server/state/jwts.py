"""Short-lived JWTs (RFC 7519), signed with Ed25519 (RFC 8037), as BetterAuth's plugin jwt makes
them. Owns key and claims.

The key is derived from the server's secret, so that it outlives a restart. cryptography is loaded
by the first JWT.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from refapp.demo_server.state.accounts import User

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class _Claims(msgspec.Struct):
    sub: str
    exp: float


class Jwts:
    """Makes JWTs that last ``expires_in_s`` seconds, and reads its own."""

    def __init__(self, secret: bytes, clock: Callable[[], float], expires_in_s: float) -> None:
        self._seed = hmac.digest(secret, b"jwt", hashlib.sha256)
        self._kid = hmac.digest(secret, b"kid", hashlib.sha256).hex()[:32]
        self._clock = clock
        self._expires_in_s = expires_in_s

    def of(self, user: User, origin: str) -> str:
        """A JWT for ``user``:
        the user's record, ``sub``, ``iss`` and ``aud``, as BetterAuth fills it.
        """
        now = int(self._clock())
        times = {"iat": now, "exp": now + int(self._expires_in_s)}
        claims = {**times, **user.wire(), "sub": user.id, "iss": origin, "aud": origin}
        signed = f"{_coded({'alg': 'EdDSA', 'kid': self._kid})}.{_coded(claims)}"
        return f"{signed}.{_text(self._key().sign(signed.encode()))}"

    def user_of(self, jwt: str | None) -> str | None:
        """The user id in a JWT of this server that has not ended."""
        from cryptography.exceptions import InvalidSignature

        signed, _, signature = (jwt or "").rpartition(".")
        try:
            self._key().public_key().verify(_bytes(signature), signed.encode())
            claims = msgspec.json.decode(_bytes(signed.split(".")[1]), type=_Claims)
        except (InvalidSignature, ValueError, IndexError, msgspec.MsgspecError):
            return None
        return claims.sub if claims.exp > self._clock() else None

    def keys(self) -> dict[str, object]:
        """The public key as a JWK set (RFC 7517)."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        x = self._key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {
            "keys": [
                {"alg": "EdDSA", "crv": "Ed25519", "x": _text(x), "kty": "OKP", "kid": self._kid}
            ]
        }

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._seed)


def _coded(value: object) -> str:
    return _text(msgspec.json.encode(value))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
