"""A keychain's program that is asked past the Secret Service, as ``keyring`` asks KWallet: a call
answers once the program has what it wants, and nothing tells whether that is a person's answer.

Owns the threads that such calls are made on: each is waited for until it has ended or asks, so that
what happens next is the same each time.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from keyring.errors import KeyringLocked, PasswordDeleteError

from steps.fakes.fake_secret_service import LOGIN, FakeSecretService, Item

LOOK_EVERY_S = 0.001


class AskedDirectly:
    """The program of ``service``, with the same items; ``did`` hears what was done with keys.
    ``keeps``: what it is given.
    """

    def __init__(self, service: FakeSecretService, did: Callable[[str], None]) -> None:
        self.keeps = True
        self._service = service
        self._did = did
        self._asks = threading.Event()
        self._answers: queue.Queue[bool] = queue.Queue()
        self._asker: threading.Thread | None = None
        self._unread = ""

    @property
    def asking(self) -> bool:
        """Whether the person has a question to answer."""
        return self._asks.is_set()

    def answer(self, *, yes: bool) -> None:
        """What the person says to that, and what comes of it."""
        self._asks.clear()
        self._answers.put(yes)
        assert self._asker is not None, "nothing was asked for"
        self._asker.join()

    def close(self) -> None:
        """Nobody answers any more."""
        if self.asking:
            self.answer(yes=False)

    def run(self, target: Callable[[], None], **_: object) -> threading.Thread:
        """In place of a thread."""
        return _UntilItAsks(self, target)

    def begin(self, thread: threading.Thread) -> None:
        """Wait for it, as far as it comes."""
        while thread.is_alive() and not (self.asking and self._asker is thread):
            thread.join(LOOK_EVERY_S)

    # What ``keyring`` calls, by its names.

    def get_password(self, _: str, user: str) -> str | None:
        """The item's text. Raises KeyringLocked if the person says no."""
        if self.asking:
            self._did("ask while it asks")
            raise KeyringLocked
        if self._service.asks:
            self._asker = threading.current_thread()
            self._asks.set()
            if not self._answers.get():
                raise KeyringLocked
        if self.keeps and user != self._unread:
            self._did("read key")
        self._unread = ""
        item = self._items().get(user)
        return None if item is None else item.text.decode()

    def set_password(self, _: str, user: str, text: str) -> None:
        """Keep the item; to see whether it did is no access of its own."""
        if self.keeps:
            self._items()[user] = Item({"username": user}, text.encode())
            self._unread = user
            self._did("write key")

    def delete_password(self, _: str, user: str) -> None:
        """Drop the item. Raises PasswordDeleteError if there is none."""
        self._did("delete key")
        if self._items().pop(user, None) is None:
            raise PasswordDeleteError

    def _items(self) -> dict[str, Item]:
        return self._service.keyrings[LOGIN].items


class _UntilItAsks(threading.Thread):
    def __init__(self, asked: AskedDirectly, target: Callable[[], None]) -> None:
        super().__init__(target=target, daemon=True)
        self._asked = asked

    def start(self) -> None:
        """As a thread's own, and wait."""
        super().start()
        self._asked.begin(self)
