"""Steps at the terminal: how somebody starts the app, or one of its commands, and what that says
there when it ends. They are about refapp's own command line, and tagged @inproc.
"""

from __future__ import annotations

import os
import shlex
import struct
from typing import get_args

import pytest
from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import Inside, own
from steps.scenario.around_it import OwnPort, XServer
from steps.scenario.driver import Driver
from steps.scenario.inside_driver import InsideDriver
from steps.scenario.ledger import Ledger
from steps.scenario.people import PEOPLE

SAYS_HELLO = (
    'say() { printf \'{"jsonrpc":"2.0","id":%s,"method":"%s","params":%s}\\n\' "$@"; }; '
    "say 0 hello '{\"protocol\":1}'; "
)
SHOWN = "is shown, and then finds its display gone"
OPENS = (
    f"{SAYS_HELLO} read -r _; say 1 confined '{{\"checks\":[]}}'; read -r _; "
    "say 2 initialize '{}'; "
    'until_shown() { while read -r line; do case "$line" in *\'"phase":"signed_out"\'*) '
    "return;; esac; done; }; until_shown; "
)
HEARS = "is closed when it has heard of a smaller screen, and of the first size again"
TOLD_TOO = "is told to end as all programs are, and goes on"
DOES = {
    "closes at once": "exit 0",
    "warns, and then says what it fails by": "echo a warning >&2; echo No fonts. >&2; exit 3",
    "fails without a word": "exit 3",
    "fails with words that clear a terminal": "printf '\\033[2JNo fonts.\\n' >&2; exit 3",
    "says nothing": "cat >/dev/null",
    "hears that the terminal is gone, and fails": "kill -HUP $PPID; exit 3",
    "finds no display": "exec THE_APPS",
    SHOWN: (
        f"{SAYS_HELLO} say 1 confined '{{\"checks\":[]}}'; say 2 initialize '{{}}'; "
        "for _ in 1 2 3 4; do read -r _; done; exit 69"
    ),
    "can't confine itself": "echo Too old a kernel. >&2; exit 70",
    "the kernel stops at a forbidden call": "kill -SYS $$",
    "says that it is confined, and is not": (
        f"{SAYS_HELLO} say 1 confined '{{\"checks\":[]}}'; cat >/dev/null"
    ),
    "speaks nonsense": "echo nonsense; cat >/dev/null",
    "says what it was given": (
        'echo "TZ=$TZ, LANG=$LANG, LC_ALL=$LC_ALL, LC_CTYPE=$LC_CTYPE, XMODIFIERS=$XMODIFIERS, '
        'DISPLAY=$DISPLAY, API_TOKEN=$API_TOKEN." >&2; exit 3'
    ),
    "says where the fonts of its own are": (
        'echo "$XDG_DATA_HOME, $XDG_CACHE_HOME, $XDG_CONFIG_HOME." >&2; exit 3'
    ),
    TOLD_TOO: 'kill -HUP $$; kill -INT $$; kill -TERM $$; echo "It is still here." >&2; exit 3',
    "says how it gets to the display": (
        '[ "$DISPLAY" = OWN ] && to=own || to=another; '
        'echo "$to display, cookie: $(stat -c "%a, %s bytes" "$XAUTHORITY")." >&2; exit 3'
    ),
    "greets, and says whether its cookie is there": (
        f'{SAYS_HELLO} read -r _; [ -e "$XAUTHORITY" ] && is=there || is=gone; '
        'echo "The cookie is $is." >&2; exit 3'
    ),
    "is closed when it has shown Ada whose server it is": (
        f'{OPENS} case "$line" in *\'"password":"lovelace-1815"\'*) exit 0;; esac; exit 5'
    ),
    HEARS: (
        f'{OPENS} kill -WINCH $PPID; now=4; while read -r line; do case "$line" in '
        "*'\"screen\":[1024,768]'*) [ $now = 0 ] || kill -WINCH $PPID; now=0;; "
        "*'\"screen\":[1280,800]'*) exit $now;; *'\"screen\":['* | *'\"ping\"'*) exit 70;; "
        "esac; done"
    ),
    "crashes once, and then says whether its cookie is there": (
        'if mkdir "${XAUTHORITY%/*/*}/crashed" 2>/dev/null; '
        f"then {OPENS} exit 4; fi; {SAYS_HELLO} read -r _; "
        '[ -e "$XAUTHORITY" ] && is=there || is=gone; echo "The cookie is $is." >&2; exit 3'
    ),
    **{
        f"hears that the app is {how}": (
            f"{SAYS_HELLO} read -r _; kill -{name} $PPID; cat >/dev/null"
        )
        for how, name in (
            ("to end with the computer", "TERM"),
            ("to end with its terminal", "HUP"),
            ("interrupted by Ctrl and C", "INT"),
            ("killed", "KILL"),
            ("ended by a limit on its time", "XCPU"),
        )
    },
    **{
        f"hears that what was started is {how}": (
            f"{SAYS_HELLO} read -r _; read -r _ _ _ first _ </proc/$PPID/stat; "
            f"kill -{name} $first; cat >/dev/null"
        )
        for how, name in (("told to end", "TERM"), ("killed", "KILL"))
    },
}
"""What the features say of a window program -> words of a shell; OWN, THE_APPS: display, window."""

OF_ANOTHER = "refapp-0123456789abcdef"
BEGUN = {
    "no window was begun": 0,
    "the window that was begun is gone": 1,
    "both windows that were begun are gone": 2,
}
UNCONFINED = {SHOWN, *(name for name, words in DOES.items() if OPENS in words)}
"""No shell locks itself, so the app has to be told to take it as it is."""
COOKIE = b"MIT-MAGIC-COOKIE-1"
HERE = 256, os.uname().nodename
ENTRIES = {
    "any display": (65535, "", ""),
    "any display of this computer": (*HERE, ""),
    "this display of any computer": (65535, "", "its"),
    "this display of this computer": (*HERE, "its"),
    "another display of this computer": (*HERE, "0"),
    "this display of another computer": (256, "elsewhere", "its"),
    "this display of a computer with that address": (0, "elsewhere", "its"),
}
"""Where an authority file says that its cookie is good (libXau): family, address and number."""
BUS = """\
#!/bin/sh
# Ctrl and C is for the app: where it would end the bus as well, there is none.
read -r _ _ _ _ _ session _ </proc/$$/stat
[ "$session" = $$ ] || exit 1
shift
DBUS_SESSION_BUS_ADDRESS=unix:path=/own "$@"
"""
"""What starts a session bus, as far as an address goes."""
WITH_A_WINDOW = (
    r"(?P<who>\w+) (starts|has started) the app(?P<apart> on the desktop)?"
    r'( for ("(?P<address>[^"]+)"|a server of its own))?'
    rf" with a window that (?P<does>{'|'.join(DOES)})$"
)


@pytest.fixture
def here(driver: Driver) -> InsideDriver:
    """Only for scenarios that are tagged @inproc, and for refapp."""
    return own(driver, "the command line of refapp")


@given(parsers.re(r'(?P<name>[A-Z_]+) is "(?P<value>[^"]*)" where the app is started'))
def _(here: InsideDriver, name: str, value: str) -> None:
    here.launcher.outer[name] = value


@given("there is no display")
def _(here: InsideDriver) -> None:
    here.launcher.outer["DISPLAY"] = None


@given("the app is started with nohup")
def _(here: InsideDriver) -> None:
    here.launcher.nohup = True


@given("another start has its cookie there, and one that was killed left its own")
def _(here: InsideDriver) -> None:
    for name in (OF_ANOTHER, "refapp-fedcba9876543210"):
        folder = here.folder.parent / name
        folder.mkdir()
        (folder / "cookie").touch()
    here.launcher.hold(here.folder.parent / OF_ANOTHER)


@given(parsers.re(rf"the port of the app's own server is (?P<port>{'|'.join(get_args(OwnPort))})"))
def _(here: InsideDriver, port: OwnPort) -> None:
    here.serve_itself(port)


@given("the display's gate can't listen")
def _(here: InsideDriver) -> None:
    here.launcher.has_no_gate = True


@given("the display's gate meets an extension whose name clears a terminal")
def _(here: InsideDriver) -> None:
    here.launcher.gate_says = [b'forbidden the extension "\x1b[2J"\n']


@given("the display's gate fails once")
def _(here: InsideDriver) -> None:
    here.launcher.gate_says = [b"gone 1\n", b"gone 0\n"]


@given(
    parsers.re(
        r"the X server (?P<does>lets nobody in|lets the app in|wants its cookie)"
        rf"(, which Ada has for (?P<entry>{'|'.join(ENTRIES)}))?$"
    )
)
def _(here: InsideDriver, does: XServer, entry: str | None) -> None:
    here.launcher.x_server = does
    own_place = str(here.folder.parent)
    here.launcher.outer |= {"XDG_RUNTIME_DIR": own_place, "TMPDIR": own_place}
    if entry is not None:
        family, address, number = ENTRIES[entry]
        number = here.launcher.display.removeprefix(":") if number == "its" else number
        texts = (address.encode(), number.encode(), COOKIE, here.launcher.cookie)
        written = b"".join(struct.pack(">H", len(text)) + text for text in texts)
        file = here.folder.parent / "Xauthority"
        file.write_bytes(struct.pack(">H", family) + written)
        here.launcher.outer["XAUTHORITY"] = str(file)


@given(
    parsers.re(r"there is no session bus(, and (?P<runner>nothing that starts one|one can be had))")
)
def _(here: InsideDriver, runner: str) -> None:
    folder = here.folder.parent / "bin"
    folder.mkdir()
    if runner == "one can be had":
        program = folder / "dbus-run-session"
        program.write_text(BUS)
        program.chmod(0o700)
    # What lies there by that name is no socket, and a variable that is empty names none.
    (folder / "bus").touch()
    here.launcher.outer |= dict.fromkeys(("PATH", "XDG_RUNTIME_DIR"), str(folder))
    here.launcher.outer["DBUS_SESSION_BUS_ADDRESS"] = "" if runner == "one can be had" else None


@when(
    parsers.re(r'(?P<who>\w+) starts the app(?P<apart> on the desktop)?( with "(?P<words>.+)")?$'),
    target_fixture="ended",
)
def _(here: InsideDriver, who: str, apart: str | None, words: str | None) -> tuple[int, str]:
    assert who in PEOPLE
    return here.start_with(shlex.split(words or ""), apart=apart is not None)


@given(parsers.re(WITH_A_WINDOW))
@when(parsers.re(WITH_A_WINDOW), target_fixture="ended")
def _(
    here: InsideDriver, who: str, apart: str | None, address: str | None, does: str
) -> tuple[int, str]:
    assert who in PEOPLE
    words = ["--server", address] if address else []
    at = here.launcher
    words += [] if at.x_server else ["--allow-ungated-display"]
    words += ["--allow-unsandboxed-ui"] if does in UNCONFINED else []
    program = DOES[does].replace("OWN", at.display).replace("THE_APPS", at.own_window)
    at.heeds_signals, at.waits_for_the_screen = does == TOLD_TOO, does == HEARS
    words += ["--ui", shlex.join(["/bin/sh", "-c", program])]
    return here.start_with(words, apart=apart is not None)


@then(parsers.re(r"the app has ended with (?P<code>-?\d+), and said this:"))
def _(ended: tuple[int, str], code: str, docstring: str) -> None:
    assert ended == (int(code), f"{docstring}\n")


@then(parsers.re(r"the app has ended with (?P<code>-?\d+), and said nothing"))
def _(ended: tuple[int, str], code: str) -> None:
    assert ended == (int(code), "")


@then(parsers.re(r"no cookie is left(?P<other> but that of the other start)?$"))
def _(here: InsideDriver, other: str | None) -> None:
    left = [str(path.relative_to(here.folder.parent)) for path in here.cookies()]
    assert left == ([f"{OF_ANOTHER}/cookie"] if other else [])


@then(parsers.re(rf"(?P<what>{'|'.join(BEGUN)})"))
def _(here: InsideDriver, what: str) -> None:
    assert (len(here.launcher.begun), here.launcher.left()) == (BEGUN[what], [])


@when("the app's command replaces the master key", target_fixture="ended")
def _(inside: Inside) -> tuple[int, str]:
    return inside.driver.replace_key()


@then(parsers.re(r'the command (?P<how>succeeds|fails) and says "(?P<text>[^"]+)"'))
def _(ended: tuple[int, str], how: str, text: str) -> None:
    code, said = ended
    assert text in said
    assert "" not in said.splitlines(), "it says an empty line"
    assert (code == 0) == (how == "succeeds")


@then("the command fails and names the old key as the keychain does")
def _(ledger: Ledger, ended: tuple[int, str]) -> None:
    code, said = ended
    [old] = ledger.keys_before
    assert f'Delete the item "master-key:{old}" of "refapp" in the keychain.' in said
    assert code != 0
