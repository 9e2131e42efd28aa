"""A desktop's Secret Service without a desktop: what a keychain's program answers on the bus, to
whoever speaks to it as D-Bus has it.

Owns its keyrings and their items, its questions to the person, and what ``connected`` to it sees.
Each message is written as bytes and read again, so what has not the signature that it names comes
out here. Decides nothing about the app's keys.
"""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from jeepney import DBusAddress, Message, Parser, new_error, new_method_return, new_signal
from jeepney.low_level import HeaderFields
from secretstorage.dhcrypto import Session
from secretstorage.util import format_secret

NAME, PLACE = "org.freedesktop.secrets", "/org/freedesktop/secrets"
LOGIN, OTHER, LOCKED = (f"{PLACE}/collection/{name}" for name in ("login", "other", "locked"))
NOTHING = "/"
BUS = DBusAddress("/org/freedesktop/DBus", None, "org.freedesktop.DBus")
OFFERS_NONE = {"KeePassXC": "org.keepassxc.KeePassXC.MainWindow", "KWallet": "org.kde.kwalletd6"}
Answer = tuple[str, tuple[Any, ...]]


@dataclasses.dataclass
class Item:
    """``attributes`` are what it is found by."""

    attributes: dict[str, str]
    text: bytes
    locked: bool = False


@dataclasses.dataclass
class Keyring:
    """A collection, as the service calls it."""

    label: str
    locked: bool = False
    items: dict[str, Item] = dataclasses.field(default_factory=dict)


class Refused(Exception):
    """The service answers with the error of this name."""


class FakeSecretService:
    """``program`` keeps the keys; ``default`` is the keyring that new ones go to.

    ``asks``: the person answers its questions by ``answer``; otherwise each is answered with yes.
    ``wrong``: what is the matter with it, ``refusal``: what the bus says of that.
    ``strangers``: what it gives in place of the next items. ``writes``: its file, once an item is
    made. ``done`` hears what was done with keys, once whoever did it is gone.
    """

    def __init__(self, program: str, done: Callable[[str], None]) -> None:
        self.program = program
        self.keyrings = {LOGIN: Keyring("Login")}
        self.default = LOGIN
        self.asks = False
        self.wrong = self.refusal = ""
        self.strangers: list[bytes] = []
        self.writes: Callable[[], None] = lambda: None
        self._done = done
        self._numbers = itertools.count(1)
        self._sessions: dict[str, Session] = {}
        self._questions: dict[str, Callable[[], object]] = {}
        self._asking: list[tuple[Connection, str]] = []
        self._excuses = itertools.cycle((True, False))

    @property
    def asking(self) -> bool:
        """Whether a question is open."""
        return bool(self._asking)

    async def connected(self) -> Connection:
        """One more program."""
        return Connection(self)

    def answer(self, *, yes: bool) -> None:
        """What the person says to the newest question."""
        self._answered(*self._asking.pop(), yes=yes)

    def item(self, path: str) -> Item:
        """The item at this path. Raises Refused."""
        for keyring in self.keyrings.values():
            if path in keyring.items:
                return keyring.items[path]
        raise Refused("org.freedesktop.Secret.Error.NoSuchObject")

    def replies(self, connection: Connection, call: Message) -> Iterator[Message]:
        """What comes of a call: its answer, and signals after it."""
        fields = call.header.fields
        path, member = fields[HeaderFields.path], fields[HeaderFields.member]
        to_it = fields[HeaderFields.destination] == NAME
        try:
            if to_it and self.wrong == "silent":
                return
            if to_it and self.refusal:
                raise Refused(f"org.freedesktop.DBus.Error.{self.refusal}")
            connection.did.append(member)
            signature, body = getattr(self, f"_{member}")(connection, path, *call.body)
        except Refused as refused:
            yield new_error(call, str(refused))
            return
        yield new_method_return(call, signature or None, body)
        if member == "Prompt" and self.wrong == "ending":
            self._asking.pop()
            yield new_signal(BUS, "NameOwnerChanged", "sss", (NAME, ":1.1", ""))
        elif member == "Prompt" and not self.asks:
            self._answered(*self._asking.pop(), yes=True)

    def left(self, did: list[str]) -> None:
        """A program is gone, and has called these."""
        for made, what in (("CreateItem", "write key"), ("Delete", "delete key")):
            if made in did:
                if not {"CreateItem", "Delete"} <= set(did):
                    self._done(what)
                return
        gives = {"forgetful": "SearchItems", "unwilling": "", "relocking": ""}
        if gives.get(self.wrong, "GetSecret") in did:
            self._done("read key")

    def _answered(self, connection: Connection, path: str, *, yes: bool) -> None:
        result = self._questions.pop(path)() if yes else None
        emitter = DBusAddress(path, NAME, "org.freedesktop.Secret.Prompt")
        value = ("o", result) if isinstance(result, str) else ("ao", [])
        connection.hear(new_signal(emitter, "Completed", "bv", (not yes, value)))

    def _question(self, then: Callable[[], object]) -> str:
        path = f"{PLACE}/prompt/p{next(self._numbers)}"
        self._questions[path] = then
        return path

    # What the bus itself answers, and then the service: a method each, by its name.

    def _AddMatch(self, connection: Connection, _: str, rule: str) -> Answer:  # noqa: N802
        connection.rules.append(rule)
        return "", ()

    def _GetConnectionUnixProcessID(self, *_: object) -> Answer:  # noqa: N802
        return "u", (4711,)

    def _NameHasOwner(self, _c: object, _p: str, name: str) -> Answer:  # noqa: N802
        return "b", (self.wrong == "unserved" and name == OFFERS_NONE.get(self.program),)

    def _ReadAlias(self, *_: object) -> Answer:  # noqa: N802
        return "o", (self.default,)

    def _Get(self, _: object, path: str, interface: str, name: str) -> Answer:  # noqa: N802
        del interface
        if name == "Collections":
            return "v", (("ao", list(self.keyrings)),)
        found = self.keyrings[path] if path in self.keyrings else self.item(path)
        if name == "Label":
            return "v", (("s", self.keyrings[path].label),)
        return "v", (("b", found.locked),)

    def _Unlock(self, _c: object, _p: str, paths: list[str]) -> Answer:  # noqa: N802
        def unlock() -> None:
            for path in paths:
                (self.keyrings[path] if path in self.keyrings else self.item(path)).locked = False

        return "aoo", ([], self._question(unlock))

    def _CreateCollection(  # noqa: N802
        self, _: object, __: object, ___: object, alias: str
    ) -> Answer:
        def make() -> str:
            self.keyrings[LOGIN] = Keyring("Login")
            self.default = LOGIN if alias == "default" else self.default
            return LOGIN

        return "oo", (NOTHING, self._question(make))

    def _Prompt(self, connection: Connection, path: str, *_: object) -> Answer:  # noqa: N802
        self._asking.append((connection, path))
        return "", ()

    def _isOpen(self, *_: object) -> Answer:  # noqa: N802
        return "b", (self.wrong == "opened",)

    def _SearchItems(  # noqa: N802
        self, _: object, path: str, attributes: dict[str, str]
    ) -> Answer:
        if self.keyrings[path].locked:
            self._done("search of a locked keyring")  # KeePassXC asks for its password then
        found = self.keyrings[path].items.items()
        return "ao", (
            [one for one, item in found if attributes.items() <= item.attributes.items()],
        )

    def _OpenSession(  # noqa: N802
        self, _c: object, _p: str, cipher: str, key: tuple[str, bytes]
    ) -> Answer:
        assert cipher == "dh-ietf1024-sha256-aes128-cbc-pkcs7"
        session = _quick_session()
        session.set_server_public_key(int.from_bytes(key[1], "big"))
        session.object_path = f"{PLACE}/session/s{next(self._numbers)}"
        self._sessions[session.object_path] = session
        public = session.my_public_key.to_bytes(128, "big")
        return "vo", (("ay", public), session.object_path)

    def _CreateItem(  # noqa: N802
        self,
        _: object,
        path: str,
        properties: dict[str, tuple[str, Any]],
        secret: tuple[str, bytes, bytes, str],
        replace: bool,
    ) -> Answer:
        assert not replace
        key = self._sessions[secret[0]].aes_key
        decoding = Cipher(algorithms.AES(key or b""), modes.CBC(bytes(secret[1]))).decryptor()
        padded = decoding.update(bytes(secret[2])) + decoding.finalize()
        text = padded[: -padded[-1]]
        text = text[:3] + text[3:][::-1] if self.wrong == "garbling" else text
        attributes = properties["org.freedesktop.Secret.Item.Attributes"][1]
        made = f"{path}/i{next(self._numbers)}"
        self.keyrings[path].items[made] = Item(attributes, text)
        self.writes()
        return "oo", (made, NOTHING)

    def _GetSecret(self, _: object, path: str, session: str) -> Answer:  # noqa: N802
        item = self.item(path)
        if self.wrong == "losing":
            self._sessions.pop(session)
            self.wrong = ""
        if self.wrong == "unwilling" and next(self._excuses):
            raise Refused("org.freedesktop.DBus.Error.UnknownObject")
        if session not in self._sessions or self.wrong == "unwilling":
            return "(oayays)", ((NOTHING, b"", b"", ""),)
        if item.locked or self.wrong == "relocking":
            raise Refused("org.freedesktop.Secret.Error.IsLocked")
        text = self.strangers.pop() if self.strangers else item.text
        secret = format_secret(self._sessions[session], text, "text/plain")
        return "(oayays)", (secret,)

    def _Delete(self, _: object, path: str) -> Answer:  # noqa: N802
        self.item(path)
        for keyring in self.keyrings.values():
            keyring.items.pop(path, None)
        return "o", (NOTHING,)


class Connection:
    """In place of jeepney's: one program's, to the bus that ``service`` is on."""

    def __init__(self, service: FakeSecretService) -> None:
        self.outgoing_serial = itertools.count(1)
        self.writer = self
        self.did, self.rules = list[str](), list[str]()
        self._service = service
        self._heard: asyncio.Queue[Message] = asyncio.Queue()

    async def send(self, message: Message, *, serial: int) -> None:
        """A call."""
        for reply in self._service.replies(self, _over_the_wire(message, serial)):
            self.hear(reply)

    async def receive(self) -> Message:
        """What comes next."""
        return await self._heard.get()

    def hear(self, message: Message) -> None:
        """It comes: an answer, or a signal if a rule of the program's asks for it."""
        fields, asked = message.header.fields, ",".join(self.rules)
        named = (f"'{fields.get(HeaderFields[name])}'" for name in ("member", "interface"))
        if HeaderFields.reply_serial in fields or any(name in asked for name in named):
            self._heard.put_nowait(_over_the_wire(message, 1))

    def close(self) -> None:
        """The program is gone."""
        self._service.left(self.did)


def _quick_session() -> Session:
    """The service's side of one: its own number may be guessed, and so takes no time."""
    with mock.patch.object(os, "urandom", return_value=b"\x07"):
        return Session()


def _over_the_wire(message: Message, serial: int) -> Message:
    parser = Parser()
    parser.add_data(message.serialise(serial))
    read = parser.get_next_message()
    assert isinstance(read, Message)
    return read
