"""The ledger looks from outside: a file, a request or a program that the app's own record lacks is
seen all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from steps.in_process.audit import heard_by
from steps.in_process.witness import TOO_SOON, Witness
from steps.scenario.disk_words import Change, news, word_of
from steps.scenario.effects import Effect
from steps.scenario.own_record import compare
from steps.scenario.watch import Watch
from steps.servers.local_server import MOST_AT_ONCE, ORIGIN, LocalServer

TOKENS = "tokens-0123abcd.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "refapp"
    (made / "notes" / "0123").mkdir(parents=True)
    (made / TOKENS).write_bytes(b"old")
    return made


def put_in_place(path: Path) -> None:
    temporary = path.with_name(f".{path.stem}.ab12.tmp")
    temporary.write_bytes(b"new")
    temporary.replace(path)


def written_out(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def put_to_stay(path: Path, *wanting: str) -> None:
    """As ``atomic_file.replace`` does, but for what is wanting."""
    temporary = path.with_name(f".{path.stem}.ab12.tmp")
    temporary.write_bytes(b"new")
    if "file" not in wanting:
        written_out(temporary)
    temporary.replace(path)
    if "folder" not in wanting:
        written_out(path.parent)


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def delete_below(folder: Path) -> None:
    with opened(folder) as descriptor:
        os.unlink(TOKENS, dir_fd=descriptor)


def move_below(folder: Path) -> None:
    with opened(folder) as descriptor:
        os.rename(TOKENS, "x", src_dir_fd=descriptor, dst_dir_fd=descriptor)


DEEDS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "put in place": (lambda f: put_in_place(f / TOKENS), ["write tokens"]),
    "written over": (lambda f: (f / TOKENS).write_bytes(b"new"), ["write tokens"]),
    "deleted": (lambda f: (f / TOKENS).unlink(), ["delete tokens"]),
    "set aside": (
        lambda f: (f / TOKENS).rename(f / "tokens-0123abcd.damaged-12.json"),
        ["set aside tokens"],
    ),
    "copied elsewhere": (lambda f: (f / "copy.json").write_bytes(b""), ["written {}/copy.json"]),
    "deleted, its folder being open": (delete_below, ["delete tokens"]),
    "moved, its folder being open": (move_below, [f"moved {{}}/{TOKENS} to {{}}/x"]),
    "moved elsewhere": (lambda f: (f / TOKENS).rename(f / "x"), [f"moved {{}}/{TOKENS} to {{}}/x"]),
    "a note": (lambda f: put_in_place(f / "notes" / "0123" / "ab.json"), ["write note"]),
    "a lock": (lambda f: (f / "tokens-0123abcd.lock").write_bytes(b""), []),
    "only read": (lambda f: (f / TOKENS).read_bytes(), []),
}


def test_a_move_is_one_also_where_its_second_half_is_noted_after_the_look(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, read, turns = Watch(folder), os.read, itertools.cycle((False, True))

    def one_by_one(descriptor: int, room: int) -> bytes:
        if descriptor == watch._descriptor:
            if next(turns):
                raise BlockingIOError(errno.EAGAIN, "")
            room = 50
        return read(descriptor, room)

    put_in_place(folder / TOKENS)
    temporary = folder / f".{Path(TOKENS).stem}.ab12.tmp"
    with monkeypatch.context() as patched:
        patched.setattr(os, "read", one_by_one)
        found = [change for _ in range(4) for change in watch.changes()]
    watch.close()
    assert found[1:] == [Change("moved", temporary, folder / TOKENS)]


def test_of_the_files_in_a_new_folder_one_that_goes_meanwhile_hides_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lstat, new = Watch(folder), Path.lstat, folder / "new"
    new.mkdir()
    for name in "abc":
        (new / name).touch()

    def gone(self: Path) -> os.stat_result:
        if self == new / "b":
            self.unlink(missing_ok=True)
        return lstat(self)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "lstat", gone)
        found = watch.changes()
    watch.close()
    assert [change.path.name for change in found if change.kind == "written"] == ["a", "c"]


def heard(folder: Path, act: Callable[[Path], object]) -> list[Effect]:
    """What is heard of it in this process."""
    witness = Witness(folder)
    with heard_by(witness):
        act(folder)
    return witness.happened


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_becomes_of_a_file_is_seen_in_this_process(folder: Path, deed: str) -> None:
    act, words = DEEDS[deed]
    found = [(one.party, one.what.removesuffix(f" {TOO_SOON}")) for one in heard(folder, act)]
    assert found == [("disk", word.format(folder, folder)) for word in words]


def bind(address: str) -> None:
    with socket.socket() as made:
        made.bind((address, 0))


OTHER_WAYS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "others may look into it": (lambda f: (f / TOKENS).chmod(0o644), ["os.chmod {}/" + TOKENS]),
    "for her alone": (lambda f: (f / TOKENS).chmod(0o600), []),
    "a port for the network": (lambda f: bind("0.0.0.0"), ["socket.bind ('0.0.0.0', 0)"]),
    "a port for this computer": (lambda f: bind("127.0.0.1"), []),
    "a name looked up": (
        lambda f: socket.gethostbyname("localhost"),
        ["socket.gethostbyname localhost"],
    ),
    "a database": (lambda f: sqlite3.connect(":memory:").close(), ["sqlite3.connect :memory:"]),
}


@pytest.mark.parametrize("deed", OTHER_WAYS)
def test_what_leaves_by_no_way_that_is_known_is_seen(folder: Path, deed: str) -> None:
    act, ways = OTHER_WAYS[deed]
    found = [one.what for one in heard(folder, act)]
    assert found == [f"by another way: {way.format(folder)}" for way in ways]


def test_python_s_byte_code_is_nobody_s_data_but_for_what_lies_in_the_app_s_folder(
    folder: Path,
) -> None:
    witness = Witness(folder)
    for place in (folder.parent, folder):
        (place / "__pycache__").mkdir()
        with heard_by(witness):
            (place / "__pycache__" / "x").write_bytes(b"")
    assert [one.what for one in witness.happened] == [f"written {folder}/__pycache__/x"]


@pytest.mark.parametrize(
    ("wanting", "said"), [("", ""), ("file", f" {TOO_SOON}"), ("folder", f" {TOO_SOON}")]
)
def test_a_token_file_counts_as_written_once_it_and_its_folder_are_on_the_disk(
    folder: Path, wanting: str, said: str
) -> None:
    witness = Witness(folder)
    with heard_by(witness):
        put_to_stay(folder / TOKENS)
        put_to_stay(folder / TOKENS, wanting)
    witness.saw("server", "refresh")
    assert witness.since(0) == [
        Effect("disk", "write tokens"),
        Effect("disk", f"write tokens{said}"),
        Effect("server", "refresh"),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's list of changes is Linux's")
@pytest.mark.parametrize("deed", DEEDS)
def test_and_by_the_kernel(folder: Path, deed: str) -> None:
    act, words = DEEDS[deed]
    watch = Watch(folder.parent)
    act(folder)
    seen = [word for one in watch.changes() if (word := word_of(one, folder)) is not None]
    assert seen == [word.format(folder, folder) for word in words]
    watch.close()


def test_a_file_in_a_folder_that_is_new_is_found_there_once(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a").write_bytes(b"")
    assert watch.changes() == [Change("written", tmp_path / "new" / "a")]
    assert watch.changes() == []
    (tmp_path / "new" / "a").write_bytes(b"more")
    assert watch.changes() == [Change("written", tmp_path / "new" / "a")]
    watch.close()


def test_a_file_that_is_not_there_is_not_deleted(folder: Path) -> None:
    witness = Witness(folder)
    with heard_by(witness):
        (folder / "nothing").unlink(missing_ok=True)
    assert witness.happened == []


def test_nobody_is_heard_outside(folder: Path) -> None:
    witness = Witness(folder)
    with heard_by(witness):
        pass
    (folder / "later").touch()
    assert witness.happened == []


def connect() -> None:
    with socket.socket() as connection:
        connection.connect_ex(("127.0.0.1", 9))


@pytest.mark.parametrize(
    "act", [connect, lambda: subprocess.run(["true"], check=True), lambda: os.system("true")],
    ids=str
)  # fmt: skip
def test_whatever_leaves_by_another_way_is_seen(folder: Path, act: Callable[[], object]) -> None:
    witness = Witness(folder)
    with heard_by(witness):
        act()
    assert any(one.what.startswith("by another way") for one in witness.happened)


def test_what_was_noted_for_a_while_only_is_no_news() -> None:
    kept = ["write stray keys", "delete tokens"]
    assert news(kept) == kept
    assert news(["write stray keys", "write tokens", "delete stray keys"]) == ["write tokens"]
    assert news(["delete stray keys", "write stray keys", "delete stray keys"]) == [
        "delete stray keys"
    ]
    assert news(["take over earlier files", "take over earlier files"]) == [
        "take over earlier files"
    ]


READ, WRITE = Effect("keychain", "read key"), Effect("disk", "write tokens")


@pytest.mark.parametrize("own", [[READ], [READ, WRITE, WRITE], [READ, READ, WRITE]])
def test_a_record_that_lacks_or_makes_up_something(own: list[Effect]) -> None:
    with pytest.raises(AssertionError, match="own record"):
        compare([READ, WRITE], own)


@pytest.mark.parametrize(
    "address", ["/api/auth/elsewhere", "/app/notes?token=abc", "/api/auth/get-session/"]
)  # fmt: skip
def test_a_request_that_no_app_may_make_gets_no_answer_and_is_kept(address: str) -> None:
    server = LocalServer(lambda: 1.0)

    async def ask() -> None:
        async with httpx.AsyncClient(transport=server.transport()) as client:
            await client.put(ORIGIN + address)

    with pytest.raises(httpx.ConnectError):
        asyncio.run(ask())
    assert server.strays == [f"PUT {ORIGIN}{address}"]
    server.model.close()


def test_the_two_uses_of_one_address_have_their_own_names() -> None:
    server = LocalServer(lambda: 1.0)
    names: list[str] = []
    server.arrived = names.append

    async def ask() -> None:
        async with httpx.AsyncClient(transport=server.transport(), base_url=ORIGIN) as client:
            await client.post("/api/auth/electron/token", json={})
            await client.post("/api/auth/electron/token", json={"token": "x"})

    asyncio.run(ask())
    assert names == ["browser flow check", "code exchange"]
    server.model.close()


def test_a_server_that_is_asked_without_end_says_so_and_answers_no_more() -> None:
    server = LocalServer(lambda: 1.0)

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=ORIGIN, transport=server.transport()) as client:
            while True:
                await client.get("/api/auth/get-session")

    async def watch() -> None:
        asking = asyncio.create_task(ask())
        while not server.endless:  # noqa: ASYNC110 - nothing else tells of it
            await asyncio.sleep(0)
        asking.cancel()

    asyncio.run(watch())
    assert server.endless == "GET /api/auth/get-session"
    assert len(server.seen) == MOST_AT_ONCE + 1
    server.model.close()
