"""Every disk that people have, one row each: what the person reads, and what became of the tokens
(SS-6, SS-11, SS-14).

A row prepares a folder in which a session is stored, and may spoil the system calls. A process of
its own then loads that session, stores another in its place, loads again, and signs out; where
permissions are the matter it is another user's. ``test_real_disks.py`` has those that this machine
can really have.
"""

from __future__ import annotations

import asyncio
import dataclasses
import errno
import fcntl
import fnmatch
import json
import os
import shutil
import signal
import socket
import stat
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from refapp.trusted.errors import StorageError
from refapp.trusted.files import atomic_file
from refapp.trusted.files.disk_limits import limits
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import file_words
from steps.fakes.fake_keychain import FakeKeychain

ORIGIN = "https://auth.example.com"
OLD = StoredSession(TokenPair("access-old", "refresh-old"), "user-1")
NEW = StoredSession(TokenPair("access-new", "refresh-new"), "user-1")
NOBODY = 65534
SIGN_IN_AGAIN = "Sign in again; the old file is then kept under another name."
UNCONFIRMED = (
    "The disk did not confirm the change of the file of your stored session. "
    "Check the disk, then try again."
)
DAMAGED = f"The file of your stored session is damaged. {SIGN_IN_AGAIN}"
NOT_WRITTEN = (
    "could not be written. Free some disk space or mend the folder's permissions, then try again."
)
NOT_OURS = (
    "Make the app's folder and its files yours again (their owner and permissions), then try again."
)
NO_FOLDER = (
    "The app's folder can't be written to. Free some disk space or mend the folder's "
    "permissions, then try again."
)

Arrange = Callable[[Path], None]


def as_it_is(_: Path) -> None:
    """Nothing is the matter."""


@dataclasses.dataclass(frozen=True)
class Row:
    """``arrange`` gets the token file, ``spoil`` runs in the process of the app;
    the rest is what has to come of it.
    """

    name: str
    arrange: Arrange = as_it_is
    spoil: Callable[[], None] = lambda: None
    somebody: bool = False
    clock: float = 1_700_000_000.0
    folder: bytes = b"app"
    load: str = "old"
    save: str = "done"
    then: str = "new"
    clear: str = "done"
    limits: str = ""
    aside: int = 0


def failing(
    module: object, name: str, number: int, when: Callable[..., bool] = lambda *_: True
) -> Callable[[], None]:
    """One system call fails with this error, for the arguments that ``when`` is true of."""

    def spoil() -> None:
        real = getattr(module, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if when(*args):
                raise OSError(number, os.strerror(number))
            return real(*args, **kwargs)

        setattr(module, name, call)

    return spoil


def writing(path: object, flags: int = 0, *_: object) -> bool:
    return str(path).endswith(".tmp") and bool(flags & os.O_CREAT)


def of_a_folder(fd: int) -> bool:
    return Path(f"/proc/self/fd/{fd}").is_dir()


def in_its_place(make: Callable[[Path], object]) -> Arrange:
    def arrange(file: Path) -> None:
        file.unlink()
        make(file)

    return arrange


def huge(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(3 << 20)


def a_folder_with_something_in_it(file: Path) -> None:
    file.mkdir()
    (file / "letter").write_text("Dear Bob")


def a_socket(file: Path) -> None:
    # Its path may be too long to bind to.
    here = Path.cwd()
    os.chdir(file.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(file.name)
    finally:
        os.chdir(here)


def a_link_to_the_file(file: Path) -> None:
    file.rename(file.with_name("elsewhere.json"))
    file.symlink_to("elsewhere.json")


def a_link_to_the_folder(file: Path) -> None:
    real = file.parent.with_name("real")
    file.parent.rename(real)
    file.parent.symlink_to(real)


def a_link_in_a_circle(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def a_device(file: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a device node")
    os.mknod(file, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero: it never ends


def may_not_be_changed() -> None:
    """As ``chattr +i`` has it; ``test_real_disks.py`` has the flag itself."""
    failing(os, "replace", errno.EPERM, lambda _, path: stored(path))()
    failing(Path, "unlink", errno.EPERM, stored)()


def stored(path: object, *_: object) -> bool:
    return fnmatch.fnmatch(str(path), "*/tokens-????????.json")


def growing() -> None:
    """Another program appends to the file between its being measured and its being read."""
    real = os.fstat

    def measured(fd: int) -> os.stat_result:
        found = real(fd)
        name = Path(f"/proc/self/fd/{fd}").readlink()
        if stored(name):
            os.fstat = real
            with name.open("ab") as file:
                file.write(bytes(5 << 20))
        return found

    os.fstat = measured


def deleted_before_it_writes() -> None:
    real = atomic_file.replace

    def replace(path: Path, data: bytes, *, durable: bool = True) -> atomic_file.Signature:
        if stored(path):
            atomic_file.replace = real
            shutil.rmtree(path.parent)
        return real(path, data, durable=durable)

    atomic_file.replace = replace


def owned_by_another(file: Path) -> None:
    os.chown(file.parent, NOBODY, NOBODY)
    for path in file.parent.iterdir():
        if path != file:
            os.chown(path, NOBODY, NOBODY)


def a_folder_of_another(file: Path) -> None:
    file.parent.chmod(0o755)
    file.chmod(0o644)


def full() -> None:
    failing(os, "open", errno.ENOSPC, writing)()


ROWS = [
    Row("a usual disk"),
    Row(
        "no fsync at all",
        spoil=failing(os, "fsync", errno.EINVAL),
        limits=file_words.CAN_NOT_CONFIRM,
    ),
    Row(
        "no fsync of folders",
        spoil=failing(os, "fsync", errno.EOPNOTSUPP, of_a_folder),
        limits=file_words.CAN_NOT_CONFIRM,
    ),
    Row(
        "fsync is not implemented",
        spoil=failing(os, "fsync", errno.ENOSYS),
        limits=file_words.CAN_NOT_CONFIRM,
    ),
    Row(
        "fsync of the folder fails",
        spoil=failing(os, "fsync", errno.EIO, of_a_folder),
        save=UNCONFIRMED,
        clear=UNCONFIRMED,
    ),
    Row(
        "fsync of the file fails",
        spoil=failing(os, "fsync", errno.EIO),
        save=f"The file of your stored session {NOT_WRITTEN}",
        then="old",
        clear=UNCONFIRMED,
    ),
    *(
        Row(
            f"no locks ({errno.errorcode[number]})",
            spoil=failing(fcntl, "flock", number),
            limits=file_words.NO_LOCKS,
        )
        for number in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
    ),
    Row("full", spoil=full, save=f"The file of your stored session {NOT_WRITTEN}", then="old"),
    Row(
        "over quota",
        spoil=failing(os, "open", errno.EDQUOT, writing),
        save=f"The file of your stored session {NOT_WRITTEN}",
        then="old",
    ),
    Row(
        "read-only for new files",
        spoil=failing(os, "open", errno.EROFS, writing),
        save=f"The file of your stored session {NOT_WRITTEN}",
        then="old",
    ),
    Row(
        "read failing",
        spoil=failing(atomic_file, "_without_waiting", errno.EIO),
        load="The file of your stored session can't be read now. Check the disk, then try again.",
        save="The file of your stored session can't be read now. Check the disk, then try again.",
        then="The file of your stored session can't be read now. Check the disk, then try again.",
    ),
    Row("the file is a link", a_link_to_the_file),
    Row("the folder is a link", a_link_to_the_folder),
    Row("the file is a link in a circle", a_link_in_a_circle, load=DAMAGED, aside=1),
    Row(
        "a link to nothing in its place",
        in_its_place(lambda file: file.symlink_to("nowhere")),
        load="nothing",
    ),
    Row("a device node in its place", in_its_place(a_device), load=DAMAGED, aside=1),
    Row("the folder was deleted", lambda file: shutil.rmtree(file.parent), load="nothing"),
    Row("the folder is deleted while the app runs", spoil=deleted_before_it_writes),
    Row(
        "full at the rename",
        spoil=failing(os, "replace", errno.ENOSPC),
        save=f"The file of your stored session {NOT_WRITTEN}",
        then="old",
    ),
    Row(
        "may not be changed",
        spoil=may_not_be_changed,
        save=f"The file of your stored session {NOT_WRITTEN}",
        then="old",
        clear="The file of your stored session could not be deleted. "
        "Free some disk space or mend the folder's permissions, then try again.",
    ),
    Row("growing while it is read", spoil=growing, load=DAMAGED, aside=1),
    Row(
        "the disk fails while it is read",
        # What lies at a process's address 0 can be opened, not read.
        in_its_place(lambda file: file.symlink_to("/proc/self/mem")),
        load="The file of your stored session can't be read now. Check the disk, then try again.",
        save="The file of your stored session can't be read now. Check the disk, then try again.",
        then="The file of your stored session can't be read now. Check the disk, then try again.",
    ),
    Row("a socket in its place", in_its_place(a_socket), load=DAMAGED, aside=1),
    Row("a pipe in its place", in_its_place(os.mkfifo), load=DAMAGED, aside=1),
    Row(
        "a folder in its place", in_its_place(a_folder_with_something_in_it), load=DAMAGED, aside=1
    ),
    Row("a huge file in its place", in_its_place(huge), load=DAMAGED, aside=1),
    Row("an empty file in its place", in_its_place(Path.touch), load=DAMAGED, aside=1),
    Row(
        "a device in its place",
        in_its_place(lambda file: file.symlink_to("/dev/full")),
        load=DAMAGED,
        aside=1,
    ),
    Row(
        "a file of another user",
        owned_by_another,
        somebody=True,
        load=f"The file of your stored session can't be read now. {NOT_OURS}",
        save=f"The file of your stored session can't be read now. {NOT_OURS}",
        then=f"The file of your stored session can't be read now. {NOT_OURS}",
    ),
    Row(
        "a folder of another user",
        a_folder_of_another,
        somebody=True,
        save=NO_FOLDER,
        then="old",
        clear=NO_FOLDER,
    ),
    Row("umask 000", spoil=lambda: os.umask(0) and None),
    Row("umask 077", spoil=lambda: os.umask(0o077) and None),
    Row("a clock before the file's times", clock=0.0),
    Row("a folder with blanks", folder=b" my  app "),
    Row("a folder with a newline", folder=b"my\napp"),
    Row("a folder whose name is no UTF-8", folder=b"m\xff\xfey"),
    Row(
        "a full folder whose name is no UTF-8",
        folder=b"m\xff\xfey",
        spoil=full,
        save=f"The file of your stored session {NOT_WRITTEN}",
        then="old",
    ),
]


def tokens(folder: Path, items: dict[str, bytes], clock: float) -> TokenService:
    keychain = FakeKeychain()
    keychain.items = items
    return TokenService(
        SecureStorage(folder, ORIGIN, "refapp", keychain, Recorder(), lambda: clock, 2.0)
    )


async def outcome(call: Awaitable[StoredSession | None]) -> str:
    try:
        found = await call
    except StorageError as error:
        said = f"{error.sentence} {error.cure}"
        said.encode()  # it can be sent to the window
        return said
    return "nothing" if found is None else {OLD.pair: "old", NEW.pair: "new"}[found.pair]


async def done(call: Awaitable[None]) -> str:
    said = await outcome(call)
    return "done" if said == "nothing" else said


def story(folder: Path, items: dict[str, bytes], row: Row) -> dict[str, str]:
    ours = tokens(folder, items, row.clock)
    found = {"load": asyncio.run(outcome(ours.load())), "save": asyncio.run(done(ours.save(NEW)))}
    found["then"] = asyncio.run(outcome(tokens(folder, items, row.clock).load()))
    found["limits"] = limits(folder)
    found["modes"] = " ".join(
        sorted(
            {f"{path.lstat().st_mode & 0o777:o}" for path in folder.glob("tokens-????????.json")}
        )
    )
    found["clear"] = asyncio.run(done(ours.forget()))
    found["stored"] = str(ours.on_file())
    return found


def in_a_process(folder: Path, items: dict[str, bytes], row: Row) -> dict[str, str]:
    """The story, as another user if that is the matter,
    in a process that the spoilt calls end with.
    """
    reading, writing_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        try:
            if row.somebody:
                os.setresuid(NOBODY, NOBODY, NOBODY)
            row.spoil()
            os.write(writing_end, json.dumps(story(folder, items, row)).encode())
        except BaseException:  # noqa: BLE001 - the top of a process
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(writing_end)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(pid, 0)
    found: dict[str, str] = json.loads(told)
    return found


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder whose parents anybody may pass."""
    for folder in (tmp_path, *tmp_path.parents):
        found = folder.stat()
        inside = folder.is_relative_to(tempfile.gettempdir())
        if inside and found.st_uid == os.getuid() and not found.st_mode & stat.S_ISVTX:
            folder.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_what_the_person_reads_and_what_became_of_the_tokens(place: Path, row: Row) -> None:
    if row.somebody and os.geteuid() != 0:
        pytest.skip("only root can give a file to somebody else")
    folder = Path(os.fsdecode(os.fsencode(place) + b"/" + row.folder))
    items: dict[str, bytes] = {}
    asyncio.run(tokens(folder, items, row.clock).save(OLD))
    (file,) = folder.glob("tokens-????????.json")
    row.arrange(file)
    found = in_a_process(folder, items, row)
    told = {name: getattr(row, name) for name in ("load", "save", "then", "limits", "clear")}
    assert {name: found[name] for name in told} == told
    if row.save == "done":
        assert found["modes"] == "600"
    assert len(list(folder.glob("tokens-????????.damaged-*"))) == row.aside
    gone = row.clear == "done" or "did not confirm" in row.clear
    assert found["stored"] == str(not gone)
