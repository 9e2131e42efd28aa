"""A minimal Debian or Ubuntu in a folder: made by debootstrap, entered in name spaces of
its own. Needs root.

Owns the folder and what is mounted in it; the mounts and every process end with the command that
was run there. What this computer has set up for apt, pip and npm (proxies, mirrors, certificates)
is passed on as it is: nothing of it is known here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# No more than the README asks for, and what any image of a system has:
# certificates, and sudo for the user.
NEEDED = "ca-certificates,git,make,python3,python3-pip,sudo"
PASSED_ON = re.compile(
    r"(https?|all|no)_proxy|PIP_\w+|npm_config_\w+|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|"
    r"REQUESTS_CA_BUNDLE",
    re.I,
)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
SCRIPTS = Path("/usr/share/debootstrap/scripts")
USER = "ada"

# $1: the root. What the shell mounts, nobody outside sees, and it is gone with its last process. It
# becomes the root of all there is: the kernel makes no name space for a user who is in a chroot.
ENTER = """
mount --bind "$1" "$1"
for each in dev dev/pts sys; do mount --bind "/$each" "$1/$each"; done
mount -t tmpfs tmpfs "$1/dev/shm"
mount -t proc proc "$1/proc"
mkdir -p "$1/tmp/.X11-unix"
if [ -d /tmp/.X11-unix ]; then mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"; fi
cd "$1"
shift
mkdir -p .outside
pivot_root . .outside
umount -l /.outside
rmdir /.outside
exec "$@"
"""


class SystemMissing(Exception):
    """It can't be made here; the text says why."""


class MinimalSystem:
    """The system ``suite`` in ``root``.
    ``mirror``: where its packages come from; empty: where this computer's do.
    """

    def __init__(self, suite: str, mirror: str, root: Path) -> None:
        self.root = root
        self._suite, self._mirror = suite, mirror

    def make(self, log: Path) -> None:
        """Make it anew. Raises SystemMissing."""
        self.delete()
        self.root.mkdir(parents=True)
        mirror = self._mirror or _own_mirror()
        components = "main,universe" if "ubuntu" in mirror else "main"
        command = [
            "unshare",
            "--mount",
            "debootstrap",
            "--variant=minbase",
            f"--components={components}",
            f"--include={NEEDED}",
        ]
        command += [self._suite, str(self.root)]
        if mirror:  # else debootstrap's own
            command.append(mirror)
        if mirror and not (SCRIPTS / self._suite).exists():
            # Newer than this debootstrap; all of a distribution's are made alike.
            command.append(str(SCRIPTS / ("gutsy" if "ubuntu" in mirror else "sid")))
        with log.open("wb") as said:
            done = subprocess.run(command, stdout=said, stderr=said, check=False)
        if done.returncode != 0:
            raise SystemMissing(f"debootstrap could not make {self._suite}; see {log}")
        self._pass_on()
        self.run("root", ["useradd", "--create-home", "--shell", "/bin/bash", USER], {}, log)
        (self.root / "etc/sudoers.d/fresh").write_text(
            f"{USER} ALL=(ALL) NOPASSWD: ALL\n", encoding="utf-8"
        )

    def copy(self, root: Path) -> MinimalSystem:
        """The same system in another folder: as if it were made anew, and much sooner."""
        other = MinimalSystem(self._suite, self._mirror, root)
        other.delete()
        root.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "--archive", "--reflink=auto", str(self.root), str(root)], check=True)
        return other

    def _pass_on(self) -> None:
        for file in (
            Path("/etc/resolv.conf"),
            Path("/etc/hosts"),
            Path("/etc/pip.conf"),
            CERTIFICATES,
        ):
            if file.exists():
                shutil.copy(file, self.root / file.relative_to("/"))
        ours = subprocess.run(
            ["apt-config", "dump", "--format", '%F "%v";%n', "Acquire::http", "Acquire::https"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        (self.root / "etc/apt/apt.conf.d/90fresh").write_text(ours.stdout, encoding="utf-8")
        for folder in ("auth.conf.d", "trusted.gpg.d"):
            shutil.copytree(
                Path("/etc/apt") / folder, self.root / "etc/apt" / folder, dirs_exist_ok=True
            )
        for home in ("root", "etc/skel"):
            for file in (
                Path("~/.config/pip/pip.conf").expanduser(),
                Path("~/.pip/pip.conf").expanduser(),
            ):
                if file.exists():
                    place = self.root / home / file.relative_to(Path.home())
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(file, place)
            (self.root / home / ".npmrc").write_text(_npm_settings(), encoding="utf-8")

    def clone(self, checkout: Path, home: str) -> None:
        """A clone of ``checkout`` in ``home``/refapp: what is committed there, and nothing that
        lies beside it.
        """
        place = self.root / home / "refapp"
        subprocess.run(
            ["git", "clone", "--quiet", "--no-hardlinks", str(checkout), str(place)], check=True
        )
        if home != "root":
            self.run("root", ["chown", "-R", f"{USER}:", f"/{home}/refapp"], {}, Path(os.devnull))

    def run(self, who: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> int:
        """Run it there as ``who`` ("root" or USER); its exit code.
        What it says is added to ``log``.
        """
        with log.open("ab") as said:
            return subprocess.run(
                self.command(who, command, env),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
            ).returncode

    def command(self, who: str, command: Sequence[str], env: Mapping[str, str]) -> list[str]:
        """The command line that runs ``command`` there.
        Killed, it takes along all that it has started.
        """
        home = "/root" if who == "root" else f"/home/{who}"
        passed_on = [
            f"{name}={value}" for name, value in os.environ.items() if PASSED_ON.fullmatch(name)
        ]
        own = [
            f"HOME={home}",
            f"USER={who}",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG=C.UTF-8",
        ]
        become = ["setpriv", f"--reuid={who}", f"--regid={who}", "--init-groups"]
        spaces = [
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "sh",
            "-ec",
            ENTER,
            "sh",
            str(self.root),
        ]
        given = [f"{name}={value}" for name, value in env.items()]
        return [*spaces, *become, "env", "-i", *passed_on, *own, *given, *command]

    def megabytes(self) -> int:
        """What it takes on disk."""
        done = subprocess.run(
            ["du", "-smx", str(self.root)], capture_output=True, text=True, check=True
        )
        return int(done.stdout.split()[0])

    def delete(self) -> None:
        """Delete the folder."""
        if self.root.exists():
            # What an interrupted debootstrap has left mounted is this computer's.
            subprocess.run(["rm", "-rf", "--one-file-system", str(self.root)], check=True)


def _own_mirror() -> str:
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    lines = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    return next((line for line in lines if "debian" in line and "security" not in line), "")


def _npm_settings() -> str:
    if shutil.which("npm") is None:
        return ""
    asked = ["npm", "config", "get", "globalconfig"]
    everybody = Path(
        subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    )
    files = (everybody, Path("~/.npmrc").expanduser())
    lines = [
        line
        for file in files
        if file.is_file()
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    # Where this computer has its own Node is nothing to a system that has none.
    return "".join(f"{line}\n" for line in lines if not line.startswith(("prefix", "nodedir")))
