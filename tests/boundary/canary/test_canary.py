"""A whole life of the real app, and then a search for every token, device code, verifier and key in
all that it left, said and held (SS-1, SB-4).

The window's memory is searched as root sees it, while the window runs.
The app's own may hold tokens, and is the control: the same search finds them there.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from refapp.tour.desktop import PACKAGES, PrivateDesktop
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService, missing_programs
from refapp.tour.walk import STEPS
from steps.on_desktop.computer import children, command_of
from steps.scenario.watch import contents
from tests.boundary.canary.watched_server import WatchedServer

MISSING = [
    *missing_programs(),
    *(name for name in (*PACKAGES, "strace") if shutil.which(name) is None),
]
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
    pytest.mark.skipif(
        os.geteuid() != 0, reason="only root may read the memory of these processes"
    ),
]
PLANTED = "planted-needle-5d1f9c"
Seen = dict[str, bytes]


class Traced(RunningApp):
    """The app under strace, which writes down all that crosses the channel, byte for byte;
    HTTP is not in it.

    The channel is what the app's first thread reads and writes with read and write: sockets have
    calls of their own.
    """

    def __init__(self, desktop: PrivateDesktop, server: str, folder: Path) -> None:
        super().__init__(desktop, server, folder, ["--log-level", "debug"])
        self.channel = folder / "channel.strace"
        tracer = [
            "strace",
            "-A",
            "-o",
            str(self.channel),
            "-s",
            str(2**21),
            "-e",
            "trace=read,write",
        ]
        # What is traced is one process, so there is none before the app.
        program = "import sys; from refapp.cli import main; sys.exit(main(sys.argv[1:]))"
        self.command[:3] = [*tracer, sys.executable, "-c", program]

    def pids(self) -> dict[str, int]:
        """The app's process and its window's."""
        assert self.process is not None
        (parent,) = children(self.process.pid)
        # The other one is the display's gate, a fork of the app.
        (window,) = [pid for pid in children(parent) if b"untrusted" in command_of(pid)]
        return {"parent": parent, "window": window}


def memory(pid: int) -> list[bytes]:
    """All that the process can read, a piece for each mapping, but for the kernel's own pages. It
    runs on meanwhile: what it gives back before it is reached is not there any more.
    """
    found, maps = [], Path(f"/proc/{pid}/maps")
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in maps.read_text().splitlines():
            place, rights, *rest = line.split()
            if rights[0] != "r" or rest[-1] in ("[vvar]", "[vvar_vclock]", "[vsyscall]"):
                continue
            start, end = (int(part, 16) for part in place.split("-"))
            piece = bytearray()
            file.seek(start)
            while start < end:
                try:
                    data = file.read(end - start)
                except OSError:
                    data = b""
                if not data:
                    assert line not in maps.read_text().splitlines(), f"{line}: not readable"
                    break
                piece += data
                start += len(data)
            found.append(bytes(piece))
    return found


def once(memories: Mapping[str, list[bytes]]) -> Seen:
    """Each piece of these memories under the first of them that had it: most of a window's are of
    files, and each window has the same.
    """
    first: dict[bytes, str] = {}
    for name, pieces in memories.items():
        for number, piece in enumerate(pieces):
            first.setdefault(piece, f"memory, {name}, {number}")
    return {place: piece for piece, place in first.items()}


def forms(secret: bytes) -> Iterator[bytes]:
    """How a secret may stand somewhere: itself, as Tcl or Python widen a text, hexadecimal, inside
    any base64 text.
    """
    yield secret
    if secret.isascii():
        yield secret.decode().encode("utf-16-le")
        yield secret.decode().encode("utf-32-le")
    yield secret.hex().encode()
    for shift in range(3):
        # Without the groups at both ends, which depend on what stands beside it.
        coded = base64.b64encode(bytes(shift) + secret)[4 if shift else 0 : -4]
        yield coded
        yield coded.translate(bytes.maketrans(b"+/", b"-_"))


def hits(seen: Mapping[str, bytes], secrets: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """(place, name of the secret) of everything that is found."""
    return [
        (place, name)
        for name, secret in secrets.items()
        for form in dict.fromkeys(forms(secret))
        for place, content in seen.items()
        if form in content
    ]


def files(*folders: Path) -> Seen:
    return {
        f"{folder}/{name}": data for folder in folders for name, data in contents(folder).items()
    }


class Life:
    """One run through the tour's steps, with a look at the processes after each of them."""

    def __init__(self, folder: Path) -> None:
        self.processes: Seen = {}
        self.windows: dict[str, list[bytes]] = {}
        self.parents: dict[str, list[bytes]] = {}
        self.left: Seen = {}
        self.keys: set[bytes] = set()
        with (
            WatchedServer() as server,
            PrivateSecretService() as keychain,
            PrivateDesktop(keychain.env) as desktop,
        ):
            app = Traced(desktop, server.url, folder)
            for step in STEPS:
                step.walk(app, server)
                if step.name == "Sign-in":
                    self._see_where_else(app, server)
                self.keys |= {
                    base64.urlsafe_b64decode(v.removeprefix("v1.") + "=")
                    for v in keychain.items().values()
                }
                self._look(step.name, app.pids())
                self.left |= {
                    f"{step.name}: {path}": data for path, data in files(app.home).items()
                }
            assert app.quit() == 0
            self.left |= files(folder, keychain.folder / "home")
            self.email, self.password, self.issued = (
                server.email,
                server.password,
                set(server.model.issued),
            )
            self.proven = set(server.model.proven)

    def _see_where_else(self, app: Traced, server: WatchedServer) -> None:
        """The person is signed in with a browser too, and looks at the list, which holds that
        session's token at the server.
        """
        headers = {
            "user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"
        }
        body = {"email": server.email, "password": server.password}
        opened = httpx.post(
            f"{server.url}/api/auth/sign-in/email", json=body, headers=headers, trust_env=False
        )
        self.elsewhere = str(opened.json()["token"])
        app.press("alt+a")
        app.click("sessions.ask")
        app.wait_until(
            "The list", lambda widgets: "Firefox on Windows" in widgets.get("sessions.list", "")
        )
        app.press("alt+n")
        app.wait_until("The notes", lambda widgets: widgets.get("state:nav.notes") == "selected")

    def _look(self, step: str, pids: Mapping[str, int]) -> None:
        for name, pid in pids.items():
            for what in ("environ", "cmdline"):
                self.processes[f"{name} {what}, {step}"] = Path(f"/proc/{pid}/{what}").read_bytes()
        self.windows[step] = memory(pids["window"])
        self.parents[step] = memory(pids["parent"])

    def secrets(self) -> dict[str, bytes]:
        """Every token and every key that this life had."""
        tokens = {f"token {n}": token.encode() for n, token in enumerate(sorted(self.issued))}
        return tokens | {f"key {n}": key for n, key in enumerate(sorted(self.keys))}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return Life(tmp_path_factory.mktemp("life"))


def test_no_token_no_key_no_verifier_and_no_device_code_is_anywhere_but_in_the_parent(
    life: Life,
) -> None:
    # Three sign-ins and refreshes, a pair each, are the least that this life has.
    assert len(life.issued) >= 6
    assert life.elsewhere in life.issued
    assert life.keys
    # A device code, an authorization code and its verifier:
    # the window asked for both, and learned of neither.
    assert len(life.proven) == 3
    assert life.proven <= life.issued
    assert hits(life.left | life.processes | once(life.windows), life.secrets()) == []


def test_the_password_is_in_no_file_log_trace_argument_or_environment(life: Life) -> None:
    kept = {
        place: content
        for place, content in life.left.items()
        if not place.endswith("channel.strace")
    }
    assert hits(kept | life.processes, {"password": life.password.encode()}) == []


def test_only_the_window_that_the_password_was_typed_into_holds_it(life: Life) -> None:
    """Memory is not wiped: the first window's copies are its own until it ends.
    No later window is given any.
    """
    typed = [
        step
        for step, held in life.windows.items()
        if hits(once({step: held}), {"password": life.password.encode()})
    ]
    assert set(typed) <= {"Sign-in"}
    held = b"".join(life.windows["Sign-in"])
    copies = sum(held.count(form) for form in forms(life.password.encode()))
    print(f"Copies of the password in the window that it was typed into, signed in: {copies}")  # noqa: T201


def test_nothing_dumped_core(life: Life) -> None:
    assert [place for place in life.left if Path(place).name.startswith("core")] == []


def test_the_same_search_finds_what_is_there(life: Life, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "planted").write_bytes(
        b"x" + base64.b64encode(b"yz" + PLANTED.encode() + b"w")
    )
    assert hits(files(tmp_path), {"planted": PLANTED.encode()}) != []
    # One at a time, until it is found: the parents' memories are large, and to look for all in all
    # of them takes minutes.
    for key in life.keys:
        assert any(hits(once({step: held}), {"key": key}) for step, held in life.parents.items())
    assert any(hits(once(life.parents), {"token": token.encode()}) for token in life.issued)
    email = {"email": life.email.encode()}
    channel = {
        place: content for place, content in life.left.items() if place.endswith("channel.strace")
    }
    assert hits(channel, email)
    assert hits(channel, {"password": life.password.encode()})
    step = "Restart with restore"
    assert hits(once({step: life.windows[step]}), email)
    assert hits(life.left, {"trace": b'"what":"confined"'})
    assert hits(life.left, {"log": b"refapp: DEBUG"})
    assert len(hits(life.processes, {"path": b"/usr/bin"})) >= 2
