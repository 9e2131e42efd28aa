"""The keychain's own prompt, on a screen where a window that was taken over listens (DG-2): what
Ada types there, it alone hears.

The prompt is GNOME Keyring's, and comes when the window listens already, as if it had asked for it.
The control is the same request on an ordinary connection: it has the password, and the prompt stays
empty.
"""

from __future__ import annotations

import contextlib
import shutil
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.attack.attempts import display_wire
from steps.on_desktop.real_keychains import RealKeychain
from tests.boundary.test_display import gated

PROMPTERS = ("/usr/libexec/gcr-prompter", "/usr/lib/gcr/gcr-prompter")
LISTENING = {
    "GrabKeyboard": struct.pack("<BBHIIBBxx", 31, 1, 4, 1, 0, 1, 1),
    "GrabKey": struct.pack("<BBHIHBBBxxx", 33, 1, 4, 1, 0x8000, 0, 1, 1),
    "QueryKeymap": struct.pack("<BBH", 44, 0, 1),
    "ChangeWindowAttributes": struct.pack("<BBHIII", 2, 0, 4, 1, 1 << 11, 1),
}

pytestmark = pytest.mark.skipif(
    bool(RealKeychain.missing())
    or not any(Path(place).exists() for place in PROMPTERS)
    or not shutil.which("xdotool"),
    reason="GNOME Keyring, its prompter or xdotool is missing",
)


@pytest.fixture
def keychain(display: dict[str, str]) -> Iterator[RealKeychain]:
    """It is locked."""
    with RealKeychain(display["DISPLAY"]) as running:
        running.put("ada", "a secret")
        running.lock()
        yield running


def prompt(keychain: RealKeychain) -> None:
    """Somebody asks for what is in it: the prompt is on the screen."""

    def ask() -> None:
        import secretstorage

        with contextlib.suppress(OSError), keychain._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").unlock()

    threading.Thread(target=ask, daemon=True).start()
    keychain.wait_for_prompt()


def is_locked(keychain: RealKeychain) -> bool:
    import secretstorage

    with keychain._connected() as connection:
        return bool(secretstorage.get_collection_by_alias(connection, "default").is_locked())


@pytest.mark.parametrize("how", LISTENING)
def test_the_window_hears_nothing_of_the_password(
    display: dict[str, str], keychain: RealKeychain, tmp_path: Path, how: str
) -> None:
    with gated(display, tmp_path, "raw") as (gate, window):
        assert window.says() == "in"
        window.does(LISTENING[how].hex())
        word, said = gate.report()
        assert (word, how in said) == ("forbidden", True)
        prompt(keychain)
        keychain.say_yes()
        keychain._until(lambda: not is_locked(keychain), "the keychain, open")


def test_without_the_gate_it_has_the_password_and_the_prompt_stays_empty(
    display: dict[str, str], keychain: RealKeychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display["DISPLAY"])
    monkeypatch.delenv("XAUTHORITY", raising=False)
    listener = display_wire.connected()
    assert listener.ask(31, 1, listener.known.window, 0, 0x0101)[1] == 0, "it has the keyboard"
    prompt(keychain)
    keychain.answer(*keychain.password)
    listener.ask(43)
    heard = [event for event in listener.events if event[0] & 0x7F == 2]
    assert len(heard) >= len(keychain.password)
    assert is_locked(keychain)
