"""The whole app over ``ssh -X``: a real server of it, and a display that is forwarded."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from refapp.tour.desktop import Output, PrivateDesktop
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService
from refapp.tour.walk import sign_in
from tests.boundary.test_display import attacked

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin")

pytestmark = pytest.mark.skipif(
    SSHD is None
    or any(shutil.which(name) is None for name in ("ssh", "xauth", "Xvfb", "xdotool", "openbox")),
    reason="openssh-server, xauth or a private screen is missing",
)


@contextlib.contextmanager
def forwarded(env: Mapping[str, str], folder: Path, option: str) -> Iterator[dict[str, str]]:
    """The display of ``env`` as a program sees it that was started through ``ssh option`` on this
    computer.
    """
    for name in ("host", "mine"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    cookies = folder / "forwarded"
    cookies.touch(0o600)
    (folder / "sshd_config").write_text(
        f"HostKey {folder}/host\nAuthorizedKeysFile "
        f"{folder}/mine.pub\nPidFile none\n"
        "StrictModes no\nUsePAM no\nPermitRootLogin yes\nX11Forwarding yes\nSetEnv "
        f"XAUTHORITY={cookies}\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it locks itself in
    assert SSHD
    # Through a pipe, as inetd has it: a port that is free may be another's before it listens.
    server = shlex.join([SSHD, "-i", "-e", "-f", str(folder / "sshd_config")])
    client = [
        "ssh", "-F", "none", "-i", str(folder / "mine"), option, "127.0.0.1",
        "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
        "BatchMode=yes", "-o", f"ProxyCommand={server}", "echo $DISPLAY; cat",
    ]  # fmt: skip
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            client, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        ) as session,
    ):
        assert session.stdout
        display = session.stdout.readline().decode().strip()
        try:
            assert display.startswith("localhost:"), (folder / "log").read_text()
            yield {"DISPLAY": display, "XAUTHORITY": str(cookies)}
        finally:
            session.terminate()


def test_nothing_gets_through_over_ssh(tmp_path: Path) -> None:
    """With -Y, where the display refuses a program next to nothing: X servers know ssh, and let it
    change no rights of hosts.
    """
    with PrivateDesktop({}) as screen, forwarded(screen.env, tmp_path, "-Y") as display:
        assert [
            said
            for said in attacked(display)
            if not re.match("display.hosts(-list)?: not proved", said)
        ] == []


class Remote(PrivateDesktop):
    """A screen on which programs are started that reach it by another way, once ``way`` is set."""

    way: Mapping[str, str] = {}

    def start(
        self, command: Sequence[str], *, stdout: Output = None, stderr: Output = None
    ) -> subprocess.Popen[bytes]:
        setting = [f"{name}={value}" for name, value in self.way.items()]
        return super().start(["env", *setting, *command], stdout=stdout, stderr=stderr)


@pytest.mark.parametrize("option", ["-X", "-Y"])
def test_a_person_signs_in_over_ssh(tmp_path: Path, option: str) -> None:
    """With -X the display gives the app little: no RENDER, and nothing to copy to."""
    with (
        PrivateServer(tmp_path / "server", "rotating") as server,
        PrivateSecretService() as keychain,
        Remote(keychain.env) as desktop,
        forwarded(desktop.env, tmp_path, option) as desktop.way,
    ):
        app = RunningApp(desktop, server.url, tmp_path)
        sign_in(app, server)
        app.click("notes.editor")
        app.type("Over ssh")
        app.wait_until(
            "The note in the list", lambda widgets: "Over ssh" in widgets.get("notes.list", "")
        )
        assert app.quit() == 0
