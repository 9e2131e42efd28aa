"""A conversation with the desktop's Secret Service, whatever program has its name on the bus.

Owns the wire, no decisions: calls with a deadline, prompts without one.
``secret_service_keychain`` says what is asked for, ``secret_session`` has the cipher. One
conversation is one connection, and one thing is asked at a time.

- A call is answered by a program: one that is dead or stopped is found out by the deadline.
- A prompt is answered by a person: it ends with the answer, a cancel, or the program that asks.
- Only ``StorageError`` and ``ServiceRefused`` leave this module; no text of the service's is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jeepney import (
    DBusAddress,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.low_level import HeaderFields

from refapp.trusted.errors import (
    StorageError,
    StorageFault,
    StorageLocked,
    StorageTimeout,
    StorageUnavailable,
)
from refapp.trusted.keys import session_bus
from refapp.trusted.keys.prompts import NOT_ALLOWED, Prompts
from refapp.trusted.keys.secret_session import (
    LOST,
    SERVICE_PATH,
    SecretSession,
    ServiceRefused,
)
from refapp.trusted.wording import keychain_words

if TYPE_CHECKING:
    from jeepney.io.asyncio import DBusConnection

BUS_NAME = "org.freedesktop.secrets"
NOTHING = "/"
PROGRAMS = {
    "gnome-keyring-d": "GNOME Keyring",
    "keepassxc": "KeePassXC",
    "kwalletd5": "KWallet",
    "kwalletd6": "KWallet",
    "ksecretd": "KWallet",
}
_KWALLET = (
    "KWallet",
    keychain_words.CURE_KWALLET_SERVES,
)
NOT_OFFERED = {
    "org.keepassxc.KeePassXC.MainWindow": ("KeePassXC", keychain_words.CURE_KEEPASSXC_SERVES),
    "org.kde.kwalletd6": _KWALLET,
    "org.kde.kwalletd5": _KWALLET,
}
"""What a keychain's program calls itself on the bus while it does not offer the service."""
GONE = {"NoSuchObject", "UnknownObject", "UnknownMethod", "UnknownInterface"}
ABSENT = {"ServiceUnknown", "NoReply", "NameHasNoOwner", "Disconnected"}


class NoService(StorageUnavailable):
    """Nobody owns the service's name on the bus, or there is no bus."""


class Conversation:
    """``program``: who answers, as people know it; ``process``: its process's name, if known;
    ``secrets``: what is read and written.
    """

    program = "the keychain"
    process = ""

    def __init__(self, connection: DBusConnection, deadline_s: float, prompts: Prompts) -> None:
        self._connection = connection
        self._deadline_s = deadline_s
        self._prompts = prompts
        self.secrets = SecretSession(self.call)
        self._completed: dict[str, tuple[bool, object]] = {}

    async def call(
        self, path: str, interface: str, method: str, signature: str = "", *body: object
    ) -> tuple[object, ...]:
        """What the method gives. ``interface``: the last word of its name, or the whole of one.
        Raises StorageError, ServiceRefused.
        """
        whole = interface if "." in interface else f"org.freedesktop.Secret.{interface}"
        address = DBusAddress(path, BUS_NAME, whole)
        return await self._ask(new_method_call(address, method, signature or None, body))

    async def get(self, path: str, interface: str, name: str) -> object:
        """A property. Raises StorageError, ServiceRefused."""
        address = DBusAddress(path, BUS_NAME, f"org.freedesktop.Secret.{interface}")
        (found,) = await self._ask(Properties(address).get(name))
        return cast("tuple[str, object]", found)[1]

    async def answered(self, prompt: object, asks: str) -> object:
        """What came of the prompt at this path, None if there is none; as long as the person takes.
        ``asks``: what it asks her.

        Raises:
            StorageLocked: it was dismissed or given up, or there were too many.
            StorageError: the service is gone.
        """
        if prompt == NOTHING:
            return None
        path, program = str(prompt), self.program[0].upper() + self.program[1:]
        sentence = keychain_words.asks(program, asks)
        dismissed, result = await self._prompts.answered(sentence, lambda: self._prompt(path))
        if dismissed:
            raise StorageLocked(*NOT_ALLOWED)
        return result

    async def settled(self, prompt: object) -> None:
        """See a prompt through that asks nobody: the service answers. Raises StorageError."""
        if prompt == NOTHING:
            return
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._prompt(str(prompt))
        except TimeoutError:
            raise StorageTimeout(keychain_words.NOT_IN_TIME) from None

    async def waited(self, doing: str, work: Callable[[], bool], seconds: float) -> bool:
        """Until ``work`` says so, or for so many seconds at the most. Whether it did."""

        async def look() -> bool:
            for _ in range(int(seconds / 0.1)):
                if work():
                    return True
                await asyncio.sleep(0.1)
            return False

        return await self._prompts.waited(f"{self.program} {doing}", look)

    async def greet(self) -> None:
        """Find out who answers, starting it if the bus can. Raises StorageError."""
        await self.call(SERVICE_PATH, "Service", "ReadAlias", "s", "default")
        (process,) = await self._ask(message_bus.GetConnectionUnixProcessID(BUS_NAME))
        self.process = _name_of(str(process))
        self.program = PROGRAMS.get(self.process, self.program)

    async def why_nobody_answers(self, error: StorageUnavailable) -> NoService:
        """A keychain may run without this service: then the missing setting. Else ``error``."""
        for name, (program, cure) in NOT_OFFERED.items():
            with contextlib.suppress(StorageError, ServiceRefused):
                (runs,) = await self._ask(message_bus.NameHasOwner(name))
                if runs:
                    return NoService(keychain_words.offers_no_keys(program), cure)
        return NoService(error.sentence, error.cure)

    async def _prompt(self, path: str) -> tuple[bool, object]:
        # Asked for only now: most conversations have no prompt.
        rule = MatchRule(type="signal", sender=BUS_NAME, interface="org.freedesktop.Secret.Prompt")
        gone = MatchRule(type="signal", sender=message_bus.bus_name, member="NameOwnerChanged")
        gone.add_arg_condition(0, BUS_NAME)
        await self._ask(message_bus.AddMatch(rule))
        await self._ask(message_bus.AddMatch(gone))
        # Given up, it is left alone: GNOME Keyring 42 crashes when a program dismisses a prompt
        # that is shown, KWallet 5 and KeePassXC 2.7 leave its window where it is. Whoever answers
        # it later answers to nobody.
        await self.call(path, "Prompt", "Prompt", "s", "")
        while path not in self._completed:
            await self._hear()
        return self._completed.pop(path)

    async def _ask(self, message: Message) -> tuple[object, ...]:
        serial = next(self._connection.outgoing_serial)
        try:
            async with asyncio.timeout(self._deadline_s):
                with _lost():
                    await self._connection.send(message, serial=serial)
                while True:
                    answer = await self._hear()
                    if answer.header.fields.get(HeaderFields.reply_serial) == serial:
                        break
        except TimeoutError:
            raise StorageTimeout(keychain_words.NOT_IN_TIME) from None
        if answer.header.message_type is not MessageType.error:
            return tuple(answer.body)
        raise _failure(str(answer.header.fields.get(HeaderFields.error_name)))

    async def _hear(self) -> Message:
        """The next message; keeps answers to prompts. Raises StorageUnavailable if the bus ends."""
        with _lost():
            message: Message = await self._connection.receive()
        fields = message.header.fields
        if message.header.message_type is MessageType.signal:
            if (
                fields.get(HeaderFields.member) == "NameOwnerChanged"
                and message.body[0] == BUS_NAME
            ):
                raise StorageUnavailable(keychain_words.ENDED, keychain_words.CURE_ENDED)
            if fields.get(HeaderFields.member) == "Completed":
                dismissed, (_, result) = message.body
                self._completed[str(fields.get(HeaderFields.path))] = (bool(dismissed), result)
        return message


@contextlib.asynccontextmanager
async def conversation(deadline_s: float, prompts: Prompts) -> AsyncIterator[Conversation]:
    """A conversation with the service of this desktop; each call has ``deadline_s`` seconds.

    Raises:
        NoService: there is none.
        StorageTimeout: the service does not answer.
    """
    try:
        connection = await session_bus.connect(os.environ, deadline_s)
    except OSError:
        raise NoService(keychain_words.NONE_ANSWERS) from None
    try:
        talk = Conversation(connection, deadline_s, prompts)
        try:
            await talk.greet()
        except StorageUnavailable as error:
            raise await talk.why_nobody_answers(error) from None
        yield talk
    finally:
        connection.writer.close()


@contextlib.contextmanager
def _lost() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError):
        raise StorageUnavailable(keychain_words.NONE_ANSWERS) from None


def _name_of(process: str) -> str:
    try:
        return Path("/proc", process, "comm").read_text().strip()
    except OSError:
        return ""


def _failure(name: str) -> Exception:
    last = name.rsplit(".", 1)[-1]
    if last in ABSENT or name.startswith("org.freedesktop.DBus.Error.Spawn"):
        return StorageUnavailable(keychain_words.NONE_ANSWERS)
    if last == "AccessDenied":
        return StorageUnavailable(keychain_words.MAY_NOT_SPEAK, keychain_words.CURE_SANDBOX)
    if last == "IsLocked":
        return StorageLocked(keychain_words.LOCKED)
    if last in GONE | LOST:
        return ServiceRefused(last)
    return StorageFault(keychain_words.failed(last))
