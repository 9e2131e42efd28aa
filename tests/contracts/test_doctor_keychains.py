"""`refapp doctor` beside each real keychain: it names the program, its keyring, how that is, and
the setting that is missing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from refapp.trusted.errors import StorageUnavailable
from refapp.trusted.keys.secret_service import NOT_OFFERED
from refapp.trusted.keys.secret_service_keychain import NO_GROUP
from refapp.trusted.wording import keychain_words
from steps.on_desktop.keepassxc import KeePassXC
from steps.on_desktop.real_keychain import RealKeychain
from steps.on_desktop.real_keychains import KEYCHAINS, KWallet
from tests.contracts.conftest import Run

KEYRINGS: dict[type[RealKeychain], str] = {
    RealKeychain: "Login",
    KWallet: "kdewallet",
    KeePassXC: "secrets",
}
each = pytest.mark.parametrize("kind", KEYCHAINS, ids=[kind.title for kind in KEYCHAINS])


@pytest.fixture
def doctor(tmp_path: Path) -> Callable[[], str]:
    """What it prints about the keychain, in one line."""

    def said() -> str:
        command = [sys.executable, "-m", "refapp", "doctor", "--home", str(tmp_path)]
        found = subprocess.run(
            command, env=dict(os.environ), capture_output=True, text=True, check=False
        )
        printed = " ".join(found.stdout.replace("->", "").split())
        assert "Keychain" in printed, found.stderr
        return printed

    return said


@each
def test_open_or_locked_it_names_the_program_and_the_keyring(
    run: Run, doctor: Callable[[], str], kind: type[RealKeychain]
) -> None:
    running = run(kind)
    name = f'{kind.title}, keyring "{KEYRINGS[kind]}"'
    # Once it is open, KeePassXC calls a database by the name within, and this one has none.
    open_one = kind.title if kind is KeePassXC else name
    assert f"{open_one} is open and encrypts what it keeps." in doctor()
    running.lock()
    assert f"Your keychain is locked. ({name}) Unlock your keychain, then try again." in doctor()
    assert running.seen(*running.prompt) == b""


def test_keepassxc_without_a_group_is_told_what_to_choose(
    run: Run, doctor: Callable[[], str]
) -> None:
    run(KeePassXC, exposed=False)
    assert f"{NO_GROUP[0]} (KeePassXC) {NO_GROUP[1]}" in doctor()


@pytest.mark.parametrize(
    ("kind", "name"),
    [(KeePassXC, "org.keepassxc.KeePassXC.MainWindow"), (KWallet, "org.kde.kwalletd5")],
)
def test_one_that_does_not_offer_its_keys_is_told_where_to_let_it(
    run: Run, doctor: Callable[[], str], kind: type[KeePassXC | KWallet], name: str
) -> None:
    run(kind, offered=False)
    assert (
        f"{kind.title} runs, but does not offer its keys to other programs. {NOT_OFFERED[name][1]}"
        in doctor()
    )


def test_with_none_it_says_which_there_are(run: Run, doctor: Callable[[], str]) -> None:
    run(RealKeychain, start=False)
    assert f"{keychain_words.NONE_ANSWERS} {StorageUnavailable.cure}" in doctor()
