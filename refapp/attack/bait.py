"""What the attempts are aimed at: a folder that looks like the app's, a process that plays the app,
descriptors left open.

Owns setting it up and taking it down. Nothing in it is anybody's.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

from refapp.attack.attempt import MARK

_STANDIN = Path(__file__).parent / "standin.py"


class Bait:
    """A context manager.
    ``target`` is what a victim needs to know, by the names of ``attempt.Target``.
    """

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="refapp-attack-"))
        self._furnish()
        self._app = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_STANDIN), str(self._folder), MARK.decode()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"REFAPP_TOKEN": MARK.decode()},
        )
        assert self._app.stdout
        where: dict[str, int] = json.loads(self._app.stdout.readline())
        self._master, self._slave = os.openpty()
        self._file = os.open(self._folder / "tokens.json", os.O_RDONLY)
        self._place = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        self._connection, self._other = socket.socketpair()
        left_open = {
            "inherited_file": self._file,
            "inherited_folder": self._place,
            "inherited_socket": self._connection.fileno(),
        }
        for descriptor in left_open.values():
            os.set_inheritable(descriptor, True)
        self.target: dict[str, int | str] = {
            "folder": str(self._folder),
            "token": str(self._folder / "tokens.json"),
            "app": self._app.pid,
            "unix": str(self._folder / "bus"),
            "datagram": str(self._folder / "log"),
            "abstract": str(self._folder),
            "terminal": os.ttyname(self._slave),
            **where,
            **left_open,
        }
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in (self._master, self._slave, self._file, self._place):
            os.close(descriptor)
        self._connection.close()
        self._other.close()
        self._app.kill()
        self._app.communicate()
        shutil.rmtree(self._folder)

    def wake(self) -> None:
        """Have the app's stand-in go on, should an attempt have stopped it."""
        os.kill(self._app.pid, signal.SIGCONT)

    def _furnish(self) -> None:
        (self._folder / "tokens.json").write_bytes(b'{"secret": "' + MARK + b'"}')
        (self._folder / "shortcut").symlink_to(self._folder / "tokens.json")
        (self._folder / "victim").touch()
        (self._folder / "empty").mkdir()
        (self._folder / "bait.py").write_text("loaded = True\n")
        script = self._folder / "script"
        script.write_text("#!/bin/sh\nexit 0\n")
        script.chmod(0o700)
