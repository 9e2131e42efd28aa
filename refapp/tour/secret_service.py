"""A real Secret Service of its own: a private D-Bus session bus with GNOME Keyring on it, headless,
in a folder of its own.

Owns the processes that it starts (ended by their ids) and their folder. It never touches the
person's own bus or keyring: a program sees this one only through ``env``. Needs ``dbus-daemon`` and
``gnome-keyring-daemon``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, cast

from refapp.tour import wording

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

SERVICE = "/org/freedesktop/secrets"
NAME = "org.freedesktop.secrets"
INTERNAL = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
PASSWORD = "sesame"  # noqa: S105  # of a keyring that lives as long as the run
COLLECTION = "/org/freedesktop/secrets/collection/login"
COLLECTION_INTERFACE = "org.freedesktop.Secret.Collection"
PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")
START_LIMIT_S = 20.0
SERVICE_FOLDER = Path("/usr/share/dbus-1/services")
PROMPTER = "org.gnome.keyring.SystemPrompter.service"
SECRETS = "org.freedesktop.secrets.service"

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


def missing_programs() -> list[str]:
    """The programs that this machine lacks for a private Secret Service."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class PrivateSecretService:
    """A context manager: running and unlocked inside the block.

    ``activatable``: the bus starts a dead service again (locked), as a desktop's does. ``display``:
    an X display on which the service may ask for its password; without one every prompt counts as
    dismissed. ``start``: False leaves the service down.
    """

    def __init__(
        self,
        *,
        password: str = PASSWORD,
        activatable: bool = False,
        display: str | None = None,
        start: bool = True,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="refapp-keyring-"))
        self.password = password
        self.keyrings = self.folder / "home/.local/share/keyrings"
        self._activatable = activatable
        self._start = start
        self._bus: subprocess.Popen[bytes] | None = None
        self._daemon: subprocess.Popen[bytes] | None = None
        self.env = {
            "HOME": str(self.folder / "home"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "XDG_DATA_HOME": str(self.folder / "home/.local/share"),
            "XDG_CONFIG_HOME": str(self.folder / "home/.config"),
            "XDG_CACHE_HOME": str(self.folder / "home/.cache"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.folder / 'run/bus'}",
        }
        self._server_env = {"PATH": os.environ.get("PATH", os.defpath), **self.env}
        if display is not None:
            self._server_env["DISPLAY"] = display

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as undo:
            undo.callback(self.close)
            for name in ("run", "home/.local/share", "services"):
                (self.folder / name).mkdir(mode=0o700, parents=True)
            self.start_bus()
            if self._start:
                self.start_daemon()
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """``base`` for a program that sees this service, and nothing of the person's session."""
        kept = {
            name: value
            for name, value in base.items()
            if not name.startswith(("DBUS_", "XDG_", "DISPLAY"))
        }
        return {**kept, **self.env}

    def close(self) -> None:
        """End everything and delete the folder."""
        self.kill_daemon()
        self.stop_bus()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_bus(self) -> None:
        """Start the bus. It offers the prompter, and the keyring itself only if ``activatable``."""
        for name in (PROMPTER, SECRETS) if self._activatable else (PROMPTER,):
            if (SERVICE_FOLDER / name).exists():
                shutil.copy(SERVICE_FOLDER / name, self.folder / "services")
        config = self.folder / "bus.conf"
        config.write_text(
            BUS_CONFIG.format(socket=self.folder / "run/bus", services=self.folder / "services"),
            encoding="utf-8",
        )
        self._bus = self._spawn(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"]
        )
        self._until(self._bus_listens, "the bus")

    def stop_bus(self) -> None:
        """End the bus, and with it every connection to it."""
        _end(self._bus)
        self._bus = None
        (self.folder / "run/bus").unlink(missing_ok=True)

    def start_daemon(self, password: str | None = None) -> None:
        """Start the keyring and unlock it, made at the first start; ``password``: a wrong one."""
        unlock = ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"]
        self._daemon = self._spawn(unlock, stdin=subprocess.PIPE)
        with cast("IO[bytes]", self._daemon.stdin) as stdin:
            stdin.write((self.password if password is None else password).encode())
        self._until(self._answers, "the keyring")

    def kill_daemon(self) -> None:
        """SIGKILL, as a crash would. Nothing if it is not running."""
        _end(self._daemon)
        self._daemon = None

    def restart_daemon(self) -> None:
        """Kill it, start it, unlocked."""
        self.kill_daemon()
        self.start_daemon()

    def stop_daemon(self) -> None:
        """It is there and answers nothing."""
        self._signal(signal.SIGSTOP)

    def continue_daemon(self) -> None:
        self._signal(signal.SIGCONT)

    def lock(self) -> None:
        """Lock the default keyring, as a screen lock or the person may."""
        import secretstorage

        # On a busy computer it had one, and then told the next caller of none.
        self._until(self._answers, "the keyring")
        with self._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").lock()

    def unlock(self) -> None:
        """Unlock it with its password, as a prompt that is answered does; no window is involved."""
        from secretstorage.util import format_secret, open_session

        with self._connected() as connection:
            secret = format_secret(open_session(connection), self.password.encode(), "text/plain")
            self._call(
                connection, INTERNAL, "UnlockWithMasterPassword", "o(oayays)", COLLECTION, secret
            )

    def use_blank_keyring(self) -> None:
        """Make one with a blank password the default, as automatic log-in does: plain text."""
        self.use_another_keyring("Blank one", b"")

    def use_another_keyring(self, called: str = "Other", password: bytes = b"other") -> None:
        """Make a second keyring, open too, the default one; the first stays open."""
        from secretstorage.util import format_secret, open_session

        with self._connected() as connection:
            label = {f"{COLLECTION_INTERFACE}.Label": ("s", called)}
            secret = format_secret(open_session(connection), password, "text/plain")
            path = self._call(
                connection, INTERNAL, "CreateWithMasterPassword", "a{sv}(oayays)", label, secret
            )
        self.use_keyring(path)

    def use_keyring(self, path: str) -> None:
        """Make another collection the default one."""
        with self._connected() as connection:
            self._call(
                connection, "org.freedesktop.Secret.Service", "SetAlias", "so", "default", path
            )

    def delete_keyring(self) -> None:
        """Delete the default keyring and all that it holds; a new user has none either."""
        import secretstorage

        with self._connected() as connection:
            secretstorage.Collection(connection, COLLECTION).delete()

    def items(self) -> dict[str, str]:
        """What the unlocked default keyring holds: user name -> value."""
        import secretstorage
        from secretstorage.dhcrypto import Session
        from secretstorage.util import DBusAddressWrapper

        held = {}
        with self._connected() as connection:
            # In the clear, on a bus of its own: to agree on a key costs more than all else here.
            talk = Session.__new__(Session)
            talk.encrypted = False
            service = DBusAddressWrapper(SERVICE, "org.freedesktop.Secret.Service", connection)
            _, talk.object_path = service.call("OpenSession", "sv", "plain", ("s", ""))
            keyring = DBusAddressWrapper(COLLECTION, COLLECTION_INTERFACE, connection)
            for path in keyring.get_property("Items"):
                # The app may delete one that has just been listed.
                with contextlib.suppress(secretstorage.ItemNotFoundException):
                    item = secretstorage.Item(connection, path, talk)
                    held[item.get_attributes().get("username", "")] = item.get_secret().decode()
        return held

    def _bus_listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as ours:  # in the folder a moment before it listens
            return ours.connect_ex(str(self.folder / "run/bus")) == 0

    def _answers(self) -> bool:
        import secretstorage
        from jeepney.bus_messages import message_bus

        with self._connected() as connection:
            # A question to a service that is not there yet would make the bus start another one,
            # and that is locked.
            if not connection.send_and_get_reply(message_bus.NameHasOwner(NAME)).body[0]:
                return False
            with contextlib.suppress(secretstorage.SecretStorageException):
                return bool(secretstorage.get_collection_by_alias(connection, "default"))
            return False

    @staticmethod
    def _call(
        connection: DBusConnection, interface: str, method: str, signature: str, *arguments: object
    ) -> str:
        from secretstorage.util import DBusAddressWrapper

        service = DBusAddressWrapper(SERVICE, interface, connection)
        answer = service.call(method, signature, *arguments)
        return str(answer[0]) if answer else ""

    @contextlib.contextmanager
    def _connected(self) -> Iterator[DBusConnection]:
        from jeepney.io.blocking import open_dbus_connection
        from secretstorage.util import add_match_rules

        address = self.env["DBUS_SESSION_BUS_ADDRESS"]
        with contextlib.closing(open_dbus_connection(address)) as connection:
            add_match_rules(connection)
            yield connection

    def _spawn(
        self, command: Sequence[str], stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, stdin=stdin, stdout=log, stderr=log, env=self._server_env
            )

    def _signal(self, number: signal.Signals) -> None:
        if self._daemon is not None:
            os.kill(self._daemon.pid, number)

    def _until(self, done: Callable[[], bool], what: str) -> None:
        give_up = time.monotonic() + START_LIMIT_S
        while not done():
            if time.monotonic() > give_up:
                log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(wording.not_started(what, log))
            time.sleep(0.01)


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        process.kill()
        process.wait()
