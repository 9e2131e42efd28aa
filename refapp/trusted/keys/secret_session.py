"""How a secret crosses the bus: encrypted for one session of the Secret Service, which both sides
made a key for.

Owns that session, and opens another where the service has lost it: when any program leaves the bus,
KWallet 5 may end the session of one that stays, or take another's for it. It then refuses what is
written; what is read is refused too, or empty, which no encrypted text is, or of another key, or of
none. Must not decide what such a secret means. Invariant: what could not be read is an error, and
never another text.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar, cast

from secretstorage.dhcrypto import Session
from secretstorage.util import format_secret

from refapp.trusted.errors import StorageFault
from refapp.trusted.wording import keychain_words

SERVICE_PATH = "/org/freedesktop/secrets"
CIPHER = "dh-ietf1024-sha256-aes128-cbc-pkcs7"
MOST_SESSIONS = 5
"""Used for one secret. Of a hundred, KWallet loses one while two programs come and go."""
LOST = {"NoSession", "InvalidObjectPath"}
NOT_THERE = "UnknownObject"
"""KWallet says it of a session and of an item alike: it is the item if no session helps."""

T = TypeVar("T")
Secret = tuple[str, bytes, bytes, str]


class ServiceRefused(Exception):
    """The service has not what was asked for. ``name``: the last part of its error's name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class CallOfService(Protocol):
    """``Conversation.call``."""

    async def __call__(
        self, path: str, interface: str, method: str, signature: str = "", *body: object
    ) -> tuple[object, ...]: ...


class SecretSession:
    """``call`` reaches the service. Both methods raise StorageError, ServiceRefused."""

    def __init__(self, call: CallOfService) -> None:
        self._call = call
        self._session: Session | None = None

    async def sealed(self, text: str, send: Callable[[Secret], Awaitable[T]]) -> T:
        """What ``send`` gives for ``text`` as the service takes it."""
        content, kind = text.encode(), "text/plain; charset=utf8"
        return await self._in_session(lambda one: send(format_secret(one, content, kind)))

    async def opened(self, item: str) -> bytes:
        """The value of an item that is unlocked. One that is no text is believed when two sessions
        say the same: in another's key it would look like this.
        """
        doubted: list[bytes] = []

        async def believed(session: Session) -> bytes:
            value = await self._value(session, item)
            if not _is_text(value) and value not in doubted:
                doubted.append(value)
                raise ServiceRefused("NoSession")
            return value

        return await self._in_session(believed)

    async def _in_session(self, ask: Callable[[Session], Awaitable[T]]) -> T:
        names = set()
        for _ in range(MOST_SESSIONS):
            try:
                return await ask(self._session or await self._open())
            except ServiceRefused as refused:
                if refused.name not in LOST | {NOT_THERE}:
                    raise
                self._session = None
                names.add(refused.name)
        if names == {NOT_THERE}:
            raise ServiceRefused(NOT_THERE)
        raise StorageFault(keychain_words.failed("NoSession"))

    async def _value(self, session: Session, item: str) -> bytes:
        (secret,) = await self._call(item, "Item", "GetSecret", "o", session.object_path)
        _, nonce, data, _ = cast("Secret", secret)
        if not data:
            raise ServiceRefused("NoSession")
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        from cryptography.hazmat.primitives.padding import PKCS7

        unpadder = PKCS7(algorithms.AES.block_size).unpadder()
        try:
            key = algorithms.AES(session.aes_key or b"")
            decryptor = Cipher(key, modes.CBC(bytes(nonce))).decryptor()
            padded = decryptor.update(bytes(data)) + decryptor.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise ServiceRefused("NoSession") from None

    async def _open(self) -> Session:
        session = Session()
        key = session.my_public_key.to_bytes(128, "big")
        output, path = await self._call(
            SERVICE_PATH, "Service", "OpenSession", "sv", CIPHER, ("ay", key)
        )
        public = cast("tuple[str, bytes]", output)[1]
        session.set_server_public_key(int.from_bytes(public, "big"))
        session.object_path = str(path)
        self._session = session
        return session


def _is_text(value: bytes) -> bool:
    try:
        return value.decode().isprintable()
    except UnicodeDecodeError:
        return False
