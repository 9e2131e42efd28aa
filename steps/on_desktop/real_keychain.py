"""The keychain that refapp's tests have without choosing: GNOME Keyring, real and private;
and what the others have in common.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from jeepney import message_bus

from refapp.tour.secret_service import SERVICE, PrivateSecretService
from steps.on_desktop.computer import STEP_S, sleeps

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

ANSWER_LIMIT_S = 30.0
PROMPTER = "org.gnome.keyring.SystemPrompter"
RESTS = 5
"""Looks in a row at which it sleeps."""


class RealKeychain(PrivateSecretService):
    """One of the three. ``programs`` are what it needs;
    ``asks``: it asks about each item, not the keyring alone.

    ``prompt`` asks for the keyring's password, ``assistant`` makes a new user's first one.
    ``takes_focus``: its windows take the keyboard's focus, where GNOME's grab the keyboard itself.
    """

    title: ClassVar[str] = "GNOME Keyring"
    programs: ClassVar[Sequence[str]] = ("dbus-daemon", "gnome-keyring-daemon", "Xvfb", "xdotool")
    prompt: ClassVar[Sequence[str]] = ("--class", "gcr-prompter")
    assistant: ClassVar[Sequence[str]] = prompt
    asks: ClassVar[bool] = False
    takes_focus: ClassVar[bool] = False

    def __init__(self, display: str, *, start: bool = True) -> None:
        super().__init__(display=display, start=start)
        self._display = display

    @classmethod
    def missing(cls) -> list[str]:
        """The programs that this machine lacks for it."""
        return [name for name in cls.programs if shutil.which(name) is None]

    def put(self, user: str, text: str) -> None:
        """Another program's hand:
        an item of the app's with this text, made without waiting for the disk.
        """
        import secretstorage

        attributes = {"service": "refapp", "username": user}
        self._until(self._answers, self.title)
        with self._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").create_item(
                user, attributes, text.encode()
            )

    def take_away(self, user: str) -> None:
        """Another program's hand: the item is gone."""
        import secretstorage
        from secretstorage.util import DBusAddressWrapper, exec_prompt

        with self._connected() as connection:
            for path in self._found(connection, username=user):
                item = DBusAddressWrapper(path, "org.freedesktop.Secret.Item", connection)
                with contextlib.suppress(secretstorage.ItemNotFoundException):
                    (prompt,) = item.call("Delete", "")
                    if prompt != "/":
                        exec_prompt(connection, prompt)

    def names(self) -> list[str]:
        """The users of the app's items, in all keyrings that are open."""
        import secretstorage

        with self._connected() as connection:
            names = []
            for path in self._found(connection):
                # The app may delete one that has just been listed.
                with contextlib.suppress(secretstorage.ItemNotFoundException):
                    item = secretstorage.Item(connection, path)
                    names.append(item.get_attributes()["username"])
            return sorted(names)

    @staticmethod
    def _found(connection: DBusConnection, **attributes: str) -> list[str]:
        """The paths of the app's items with these attributes, in open keyrings and locked ones."""
        from secretstorage.util import DBusAddressWrapper

        service = DBusAddressWrapper(SERVICE, "org.freedesktop.Secret.Service", connection)
        wanted = {"service": "refapp", **attributes}
        return list(chain.from_iterable(service.call("SearchItems", "a{ss}", wanted)))

    def make_another_the_default(self) -> None:
        """A second keyring, open too, takes the first one's place as the default;
        the first stays open.
        """
        self.use_another_keyring()

    def allow(self) -> None:
        """Let the app use an item, where the keychain asks about that."""

    def rename(self, label: str) -> None:
        """Give the default keyring another name."""
        import secretstorage

        with self._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").set_label(label)

    def start_for_a_new_user(self) -> None:
        """The program runs, and there is no keyring yet."""
        self._daemon = self._spawn(["gnome-keyring-daemon", "--foreground", "--components=secrets"])
        self._until(lambda: self._runs("org.freedesktop.secrets"), "the keyring")

    def walk_through_the_assistant(self) -> None:
        """Make a first keyring, in the windows that come up for it."""
        self.answer(*self.password, "Tab", *self.password, "Return")

    def leave_the_assistant(self) -> None:
        """Dismiss it instead."""
        self.answer("Escape", prompt=self.assistant)

    def start_for_the_first_keyring(self) -> None:
        """The next start of the new user's program, as a login does it: with the first keyring,
        open or locked.
        """
        self.start_daemon()

    def wait_for_prompt(self, prompt: Sequence[str] | None = None) -> None:
        """Until it is to be seen, and what is typed is typed there."""
        wanted = prompt or self.prompt
        self._xdotool("search", "--sync", "--onlyvisible", *wanted)
        if self.takes_focus:
            self._until(lambda: self._has_focus(wanted), "the prompt's window")
        else:
            # It takes the keyboard after it is to be seen, and has done so when it rests.
            self._until(self._prompter_rests, "the prompt's hold on the keyboard")

    def _prompter_rests(self) -> bool:
        with self._connected() as connection:
            asked = message_bus.GetConnectionUnixProcessID(PROMPTER)
            [pid] = connection.send_and_get_reply(asked).body
        for _ in range(RESTS):
            if not sleeps(pid):
                return False
            time.sleep(STEP_S)
        return True

    def answer(self, *keys: str, prompt: Sequence[str] | None = None) -> None:
        """Wait for the prompt, then press ``keys`` on it."""
        self.wait_for_prompt(prompt)
        if keys:
            self._xdotool("key", "--delay", "40", *keys)

    def say_yes(self) -> None:
        """Answer the prompt for the keyring's password with the right one."""
        self.answer("ctrl+a", *self.password, "Return")

    def say_no(self) -> None:
        """Dismiss it."""
        self.answer("Escape")

    def _runs(self, name: str) -> bool:
        with self._connected() as connection:
            return bool(connection.send_and_get_reply(message_bus.NameHasOwner(name)).body[0])

    def seen(self, *what: str) -> bytes:
        """The windows of this kind on the screen."""
        search = ["xdotool", "search", "--onlyvisible", *what]
        return subprocess.run(search, env=self._server_env, capture_output=True, check=False).stdout

    def _has_focus(self, window: Sequence[str]) -> bool:
        asked = ["xdotool", "getwindowfocus", "-f"]
        focus = subprocess.run(
            asked, env=self._server_env, capture_output=True, check=False
        ).stdout.strip()
        return focus in self.seen(*window).split()

    def _xdotool(self, *words: str) -> None:
        command = ["xdotool", *words]
        subprocess.run(
            command,
            env=self._server_env,
            stdout=subprocess.DEVNULL,
            timeout=ANSWER_LIMIT_S,
            check=True,
        )
