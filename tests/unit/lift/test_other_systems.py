"""The library on Windows and macOS, as far as Linux can play them: other names of the system, and
none of what Windows lacks.

It shows that nothing of the library asks for what is not there; not what those systems do.
The keychain is one in memory.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from refapp.trusted.errors import WriteFailed
from refapp.trusted.files import atomic_file
from refapp.trusted.sign_in.browser import SystemBrowser

PLAYED = """
    import asyncio, ctypes, errno, fcntl, httpx, json, os, pathlib, socket, ssl, subprocess, sys
    import tempfile, threading, types, cryptography.hazmat.primitives.ciphers.aead, h11, msgspec
    import platformdirs, sqlite3, uvicorn, starlette.applications, uvicorn.protocols.http.auto
    import uvicorn.loops.auto, uvicorn.lifespan.off, httpx._transports.default, email.utils
    import encodings.idna

    if {system!r} == "win32":
        missing = ("getuid", "geteuid", "O_CLOEXEC", "O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK",
                   "sync", "statvfs", "fchmod", "getpgid", "killpg", "fork")
        for name in missing:
            delattr(os, name)
        locks = types.ModuleType("msvcrt")
        locks.LK_NBLCK, locks.LK_UNLCK = 2, 0
        take = fcntl.LOCK_EX | fcntl.LOCK_NB
        locks.locking = lambda fd, mode, count: fcntl.flock(fd, take if mode else fcntl.LOCK_UN)
        sys.modules["msvcrt"] = locks
        sys.modules["fcntl"] = None
    sys.platform = {system!r}

    from refapp.trusted.sign_in import connected_user
    # So a browser's way back is what the person copies, or a code is used.
    connected_user.TABLES = (pathlib.Path("/none"),)

    from refapp import Phase, Way
    from refapp.blocking import open_session
    from refapp.testing.memory_keychain import MemoryKeychain
    from refapp.testing.model_server import Loopback, ModelServer

    loopback = Loopback()
    server = ModelServer(loopback)
    keychain, folder = MemoryKeychain(), pathlib.Path(sys.argv[1])
    settings = dict(app="acme", data_dir=folder)
    with open_session(server.url, keychain, **settings) as session:
        session.sign_in(server.email, server.password)
        server.expire_token()
        with httpx.Client(auth=session.auth()) as api:
            assert api.get(server.url + "/app/me").status_code == 200
    with open_session(server.url, keychain, **settings) as session:
        assert session.phase is Phase.SIGNED_IN, session.state
        session.sign_out()
        session.sign_in_elsewhere(Way.DEVICE, lambda _: server.allow_code())
        assert session.phase is Phase.SIGNED_IN
    server.close()
    loopback.close()
    print("done")
"""


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_a_program_signs_in_calls_and_comes_back(system: str, tmp_path: Path) -> None:
    program = textwrap.dedent(PLAYED.format(system=system))
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.stdout == "done\n", ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("system", "opens"),
    [
        ("win32", ["rundll32", "url.dll,FileProtocolHandler"]),
        ("darwin", ["open"]),
        ("linux", ["xdg-open"]),
    ],
)
def test_a_link_is_opened_the_system_s_own_way(
    system: str, opens: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, said = tmp_path / opens[0], tmp_path / "said"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {said}\n')
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name))
    monkeypatch.setattr(sys, "platform", system)
    assert asyncio.run(SystemBrowser().open("https://auth.example.com/sign-in?state=1"))
    assert said.read_text().split() == [*opens[1:], "https://auth.example.com/sign-in?state=1"]


@pytest.mark.parametrize(("refusals", "written"), [(3, True), (10_000, False)])
def test_windows_refuses_to_replace_a_file_that_is_read_and_the_save_waits(
    refusals: int, written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tokens.json"
    atomic_file.replace(path, b"old")
    refused = iter(range(refusals))
    put = os.replace

    def replace(source: str, target: Path) -> None:
        if next(refused, None) is not None:
            raise PermissionError(13, "Access is denied")
        put(source, target)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(atomic_file, "BETWEEN_TRIES_S", 0.0)
    monkeypatch.setattr(sys, "platform", "win32")
    if written:
        atomic_file.replace(path, b"new")
    else:
        with pytest.raises(WriteFailed):
            atomic_file.replace(path, b"new")
    assert path.read_bytes() == (b"new" if written else b"old")
    assert len(list(tmp_path.iterdir())) == 1
