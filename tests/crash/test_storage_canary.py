"""No token and no key is found anywhere that a run of the storage leaves traces: files, output,
environment, records (SS-1).

The keyring's own file is searched too: it holds the master key, encrypted.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.tour.secret_service import PrivateSecretService, missing_programs

PROGRAMS = missing_programs()
pytestmark = pytest.mark.skipif(bool(PROGRAMS), reason=f"not installed: {', '.join(PROGRAMS)}")

ACCESS, REFRESH, FURTHER = "canary-access-7f3a", "canary-refresh-91bc", "canary-further-22de"

# A whole life: first save, refresh, restart, trouble of every kind, all of it printed as carelessly
# as a program can.
LIFE = """
import asyncio, logging, sys, traceback, warnings
from pathlib import Path
from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.files import places
from refapp.trusted.files.profile import Profile
from refapp.trusted.files.profile_cache import ProfileCache
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService

logging.basicConfig(level=logging.DEBUG)
ACCESS, REFRESH, FURTHER = sys.stdin.readline().split()
folder = Path(sys.argv[1])

def start(origin="https://auth.example.com"):
    recorder = Recorder(trace=folder / "trace.ndjson")
    keychain = OsKeychain("refapp", 60.0, recorder)
    return SecureStorage(folder / "data", origin, "refapp", keychain, recorder, lambda: 1.0, 60.0)

async def tried(operation):
    try:
        print(repr(await operation))
    except Exception as error:
        traceback.print_exception(error, limit=None)
        print(repr(error), vars(error))

async def main():
    storage = start()
    service = TokenService(storage)
    session = StoredSession(TokenPair(ACCESS, REFRESH), "user-1")
    await tried(service.save(session))
    await tried(storage.set("syncPassword", FURTHER))
    await tried(service.mark_refresh_sent(session.pair))
    await tried(storage.get("accessToken"))
    await tried(storage.handle("accessToken"))
    print(service, session, storage, vars(storage.vault))
    place = places.profile(folder / "data", "https://auth.example.com")
    profiles = ProfileCache(place, storage.vault.recorder, lambda: 1.0)
    profiles.save(Profile("user-1", "Ada", "ada@example.com"))
    await tried(TokenService(start()).load())
    path = storage.vault.path
    whole = path.read_bytes()
    for broken in (whole[:200], whole.replace(b"accessToken", b"accessTokem"), b'{"v": 9}',
                   whole.replace(b"n\\"", b"m\\"", 1)):
        path.write_bytes(broken)
        await tried(TokenService(start()).load())
        await tried(start().set("accessToken", ACCESS))
        await tried(start().get("accessToken"))
    path.write_bytes(whole)
    await tried(TokenService(start()).rotate_key())
    await tried(TokenService(start()).save(session))
    print("alive", flush=True)
    sys.stdin.readline()

asyncio.run(main(), debug=True)
"""


@pytest.fixture
def service() -> Iterator[PrivateSecretService]:
    with PrivateSecretService() as running:
        yield running


def test_no_canary_is_found_outside_of_memory(
    service: PrivateSecretService, tmp_path: Path
) -> None:
    errors = tmp_path / "stderr"
    with errors.open("wb") as stderr:
        life = subprocess.Popen(
            [sys.executable, "-X", "dev", "-c", LIFE, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**service.environment(os.environ), "PYTHONPATH": str(Path.cwd())},
        )
        assert life.stdin is not None
        assert life.stdout is not None
        life.stdin.write(f"{ACCESS} {REFRESH} {FURTHER}\n".encode())
        life.stdin.flush()
        printed = b""
        for line in life.stdout:
            printed += line
            if line == b"alive\n":
                break
        assert printed.endswith(b"alive\n"), errors.read_text()
        proc = Path("/proc") / str(life.pid)
        seen = {
            "stdout": printed,
            "environ": (proc / "environ").read_bytes(),
            "argv": (proc / "cmdline").read_bytes(),
        }
        keys = [
            base64.urlsafe_b64decode(value.removeprefix("v1.") + "=")
            for value in service.items().values()
        ]
        life.communicate(b"\n")
    assert life.returncode == 0, errors.read_text()
    assert keys
    # The one test program names the canaries' variables, not the canaries.
    for folder in (tmp_path, service.folder / "home"):
        seen |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert any("tokens-" in name for name in seen)
    assert any("trace.ndjson" in name for name in seen)
    assert any("login.keyring" in name for name in seen)
    texts = [text.encode() for text in (ACCESS, REFRESH, FURTHER)]
    needles = [*texts, *keys, *(needle.hex().encode() for needle in (*texts, *keys))]
    # Without its last, shifted group,
    # as it would stand inside any longer base64 text that starts with it.
    needles += [
        coded(needle)[:-4]
        for needle in (*texts, *keys)
        for coded in (base64.b64encode, base64.urlsafe_b64encode)
    ]
    hits = [
        (name, needle) for name, content in seen.items() for needle in needles if needle in content
    ]
    assert hits == []
