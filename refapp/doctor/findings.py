"""What each thing that ``probes`` looked at means: a verdict, a sentence, and the cure. Pure.

``failed``: the app can't do its work. ``attention``: it works, and something could be better or
will need you. The rules of the verdicts are here and nowhere else, and so is the table's form.
"""

from __future__ import annotations

import dataclasses
import enum
import textwrap
import time
from collections.abc import Iterable, Sequence

import msgspec

from refapp.snapshot import Check, Reason
from refapp.trusted.errors import UNDECODABLE
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.network.no_answer_words import cure, sentence
from refapp.trusted.network.stranger import stranger
from refapp.trusted.server.verdict import Reply
from refapp.trusted.wording import start_words

FINE, SOMETHING_FAILED = 0, 1
OLDEST_PYTHON = (3, 11)
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


class Verdict(enum.Enum):
    """How a finding is to be taken, in the table's words."""

    OK = "ok"
    ATTENTION = "attention"
    FAILED = "FAILED"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One row of the table. ``sentence`` and ``cure`` are for people and hold no secret."""

    name: str
    verdict: Verdict
    sentence: str
    cure: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class SeenDisplay:
    """What a process of its own saw of Tk and the display.
    ``tk`` is empty without tkinter; ``wrong`` says why no window could be started.
    """

    tk: str
    reached: bool
    wrong: str


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """A file or folder of the app: name, permission bits, size in bytes. Never its content."""

    name: str
    mode: int
    size: int
    is_folder: bool = False


def versions(python: tuple[int, int, int], screen: SeenDisplay) -> list[Finding]:
    """Whether Python is new enough, and Tk there."""
    said = ".".join(map(str, python))
    if python[:2] < OLDEST_PYTHON:
        first = Finding(
            "Python", Verdict.FAILED, f"Python {said} is too old.", "Use Python 3.11 or newer."
        )
    else:
        first = Finding("Python", Verdict.OK, f"Python {said}.")
    if not screen.tk:
        cure = "sudo apt-get install python3-tk, or use a Python that was built with Tk."
        said = "This Python has no tkinter, so there is no window."
        return [first, Finding("Tk", Verdict.FAILED, said, cure)]
    return [first, Finding("Tk", Verdict.OK, f"Tk {screen.tk}.")]


def display(name: str, *, wayland: bool, screen: SeenDisplay) -> Finding:
    """Whether a window opens on the display ``name``, and its gate can be had."""
    if not name:
        if wayland:
            return Finding(
                "Display",
                Verdict.FAILED,
                "This is a Wayland session without X11, which Tk needs.",
                "Install xwayland.",
            )
        cure = start_words.START_IN_A_DESKTOP
        return Finding("Display", Verdict.FAILED, "There is no display: DISPLAY is not set.", cure)
    if not screen.reached:
        cure = "Check DISPLAY and XAUTHORITY; `refapp tour` needs no display."
        said = f"The display {name} can't be reached. {screen.wrong}".strip()
        return Finding("Display", Verdict.FAILED, said, cure)
    if screen.wrong:
        cure = (
            "Mend that; --allow-ungated-display starts without, and leaves other programs "
            "open to the window."
        )
        return Finding("Display", Verdict.FAILED, f"The display {name} works. {screen.wrong}", cure)
    said = (
        f"The display {name} works, and a gate in front of it keeps other programs' "
        "windows from the app's."
    )
    return Finding("Display", Verdict.OK, said)


def disk(said: str) -> list[Finding]:
    """What the file system under the app's folder can't do; nothing if there is nothing to say."""
    cure = "Use a folder on a disk of this computer: --home FOLDER."
    return [Finding("Disk", Verdict.ATTENTION, said, cure)] if said else []


def keychain(state: StorageState, *, bus: bool = True, lacking: Sequence[str] = ()) -> Finding:
    """Whether secrets can be kept, and who keeps them.

    ``bus``: whether there is a session bus;
    ``lacking``: the Debian packages that an app on a bus of its own would still need.
    """
    if not bus and state.state == "unavailable":
        said = "This desktop has no session bus, and without one there is no keychain"
        if lacking:
            return Finding(
                "Keychain", Verdict.FAILED, f"{said}.", f"sudo apt-get install {' '.join(lacking)}"
            )
        cure = (
            "A program that uses the library has none here: start it in a desktop session, or "
            "with dbus-run-session."
        )
        said = f"{said}: the app starts both for itself (dbus-run-session)."
        return Finding("Keychain", Verdict.OK, said, cure)
    if state.ready:
        keeper = state.keeper or state.backend
        said = f"{keeper[:1].upper()}{keeper[1:]} is open and encrypts what it keeps."
        return Finding("Keychain", Verdict.OK, said)
    verdict = Verdict.ATTENTION if state.state == "locked" else Verdict.FAILED
    keeper = f" ({state.keeper})" if state.keeper else ""
    return Finding("Keychain", verdict, f"{state.sentence}{keeper}", state.cure)


REQUIRED = {
    "Processor": "Use a machine with an x86-64 or aarch64 processor.",
    "System call filter": (
        "Use a kernel with seccomp filters; a container may need a setting that lets them through."
    ),
    "State of processes": "Mount /proc such that a process can read about its own children.",
    "Confinement": "Use Linux, or accept the risk with --allow-unsandboxed-ui.",
}
ADVISABLE = {
    "Landlock": "Linux 6.12 or newer has all of it; it must be named in the kernel's lsm= list.",
    "Debugging of other processes": "On a kernel with Yama: sudo sysctl kernel.yama.ptrace_scope=1",
    "No typing into terminals": "Since Linux 6.2: sudo sysctl dev.tty.legacy_tiocsti=0",
}


def sandbox(checks: Iterable[Check]) -> list[Finding]:
    """What can hold the window: without the required ones none starts."""
    found = []
    for check in checks:
        sentence = f"{check.name}: {check.detail}" if check.detail else f"{check.name}."
        if check.held:
            found.append(Finding("Sandbox", Verdict.OK, sentence))
        elif check.name in REQUIRED:
            found.append(Finding("Sandbox", Verdict.FAILED, sentence, REQUIRED[check.name]))
        else:
            found.append(
                Finding("Sandbox", Verdict.ATTENTION, sentence, ADVISABLE.get(check.name, ""))
            )
    return found


def parent(checks: Iterable[Check]) -> list[Finding]:
    """Whether the app's own process is closed to other programs of the same user."""
    return [
        Finding(
            "App",
            Verdict.OK if check.held else Verdict.ATTENTION,
            f"{check.name}. {check.detail}".strip(),
        )
        for check in checks
    ]


def server(origin: str, came: Reply | NoAnswer | None, *, demo: bool) -> Finding:
    """Whether ``origin`` is an auth server that answers;
    ``demo``: whether the embedded one is installed, if none is named.
    """
    if not origin or came is None:
        if demo:
            return Finding(
                "Server", Verdict.OK, "None named with --server: the app brings an embedded one."
            )
        install = "pip install 'refapp[demo]', or name a server with --server URL."
        return Finding(
            "Server", Verdict.FAILED, "None named, and the embedded one is not installed.", install
        )
    if isinstance(came, NoAnswer):
        return Finding("Server", Verdict.FAILED, f"{origin}: {sentence(came)}", cure(came))
    if came.status == 200 and _says_ok(came.body):
        return Finding("Server", Verdict.OK, f"{origin} answers as an auth server.")
    if came.status == 429 or (came.status >= 500 and came.status != 511):
        said = (
            f"{origin} answers with status {came.status}: it has a problem, or it wants to be "
            "left alone for a while."
        )
        return Finding(
            "Server",
            Verdict.FAILED,
            said,
            "Run doctor again later. Signed-in sessions are kept meanwhile.",
        )
    why = stranger(came.status, came.headers, came.body)
    return Finding("Server", Verdict.FAILED, f"{origin}: {sentence(why)}", cure(why))


def _says_ok(body: bytes) -> bool:
    try:
        return msgspec.json.decode(body, type=dict[str, object]).get("ok") is True
    except UNDECODABLE:
        return False


def files(folder: str, found: Sequence[File] | None) -> Finding:
    """Whether the app's files are the user's alone;
    ``found`` None: there is no such folder, empty: it can't be read; the folder itself comes first.
    """
    if found is None:
        return Finding("Files", Verdict.OK, f"None yet; they will be in {folder}.")
    if not found:
        cure = f"It has to be a folder of yours: sudo chown -R $USER '{folder}'"
        return Finding("Files", Verdict.FAILED, f"{folder} can't be read.", cure)
    sizes = ", ".join(
        f"{file.name} {file.mode:04o} {file.size} B" for file in found if not file.is_folder
    )
    # Behind a folder that is closed to others a file's own mode lets nobody in.
    reachable = found if found[0].mode & ~PRIVATE_FOLDER else ()
    open_ones = [
        f for f in reachable if f.mode & ~(PRIVATE_FOLDER if f.is_folder else PRIVATE_FILE)
    ]
    if open_ones:
        names = ", ".join(f"{file.name} ({file.mode:04o})" for file in open_ones)
        return Finding(
            "Files",
            Verdict.ATTENTION,
            f"Other users have access in {folder}: {names}.",
            f"chmod -R u=rwX,go= '{folder}'",
        )
    return Finding("Files", Verdict.OK, f"All yours alone, in {folder}: {sizes or 'nothing yet'}.")


def history(reasons: Sequence[Reason]) -> list[Finding]:
    """Why the last session ended, if one did: the newest of ``reasons``, which are oldest first."""
    if not reasons:
        return []
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(reasons[-1].at))
    return [Finding("Last end", Verdict.OK, f"{when}: {reasons[-1].sentence}")]


def exit_code(findings: Iterable[Finding]) -> int:
    """1 if something failed, else 0: what only needs attention does not stop the app."""
    return SOMETHING_FAILED if any(f.verdict is Verdict.FAILED for f in findings) else FINE


def table(findings: Sequence[Finding], width: int) -> str:
    """As text of at most ``width`` columns: verdict, name, sentence, and below it the cure."""
    names = max(len(finding.name) for finding in findings)
    lines: list[str] = []
    for finding in findings:
        start = (
            f"{finding.verdict.value:<{len(Verdict.ATTENTION.value)}}  {finding.name:<{names}}  "
        )
        lines += _wrapped(finding.sentence, start, width)
        if finding.cure:
            lines += _wrapped(finding.cure, " " * len(start) + "-> ", width)
    counts = {verdict: sum(f.verdict is verdict for f in findings) for verdict in Verdict}
    lines += ["", ", ".join(f"{number} {verdict.value}" for verdict, number in counts.items())]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, start: str, width: int) -> list[str]:
    after = " " * len(start)
    # A command is copied from here: it is never cut inside a word.
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=start,
        subsequent_indent=after,
        break_long_words=False,
        break_on_hyphens=False,
    )
