"""The command line: ``refapp [run]``, ``refapp doctor``, ``refapp tour``, ``refapp attack``,
``refapp states``, ``refapp rotate-key``, ``refapp notes``. A command imports what it needs when it
runs.

Exit codes of run: 0 closed, 1 failed, 2 a setting that can't be used, 69 no display, 70 the window
can't be confined, 71 the window attempted a forbidden system call. doctor, tour, attack and
rotate-key document their own. Any command: 1 the disk refused something, or nobody takes what it
prints.
"""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

FAILED, USAGE = 1, 2
_HOLD_SECRETS = frozenset({"run", "rotate-key", "doctor"})
"""They read a key or a token, in a process that was closed before it began (SB-11)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    _have_three_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            # A reader that has left (refapp doctor | head) is nothing to complain of.
            sys.stderr.write(
                f"refapp: {f'{error.filename}: ' if error.filename else ''}{error.strerror}.\n"
            )
        _give_up_printing()
        return FAILED
    return code


def _have_three_streams() -> None:
    """Whoever starts this without one of them would have a pipe to the window in its place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _give_up_printing() -> None:
    """Python would write out the rest at its own end, and complain."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "run")
    if arguments is None and words[0] in _HOLD_SECRETS:
        from refapp.trusted.start.closed_process import go_on

        go_on()
    if words[0] == "run":
        from refapp.trusted.start.display import NoWindow
        from refapp.trusted.start.own_bus import have_one

        if arguments is None:
            have_one()
        try:
            return _open(words)
        except NoWindow as error:
            sys.stderr.write(f"refapp: {error}\n" + (f"{error.cure}\n" if error.cure else ""))
            return error.code
    from refapp.options import parser

    options = parser().parse_args(words)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that this locale has no letters for is printed all the same.
        sys.stdout.reconfigure(errors="backslashreplace")
    return _told(lambda: _COMMANDS[options.command](options))


def _open(words: Sequence[str]) -> int:
    from refapp.trusted.start.first_window import hold_signals, release_signals

    hold_signals()
    try:
        return _held(words)
    finally:
        release_signals()


def _held(words: Sequence[str]) -> int:
    from refapp.trusted.start.display import NoWindow
    from refapp.trusted.start.first_window import if_plain

    try:
        # The window needs longer for its first paint than everything below, so it starts first.
        first = if_plain(words[1:])
    except NoWindow:
        first = None  # tried again, once it is known that nothing else is wrong
    from refapp.options import parser

    options = parser().parse_args(words)
    from refapp.trusted.composition.launch import run

    return _told(lambda: run(options, first))


def _told(command: Callable[[], int]) -> int:
    """The exit code of ``command``; an error of ours becomes its sentence."""
    from refapp.trusted.errors import RefappError

    try:
        return command()
    except RefappError as error:
        sys.stderr.write(f"refapp: {error.sentence}\n" + (f"{error.cure}\n" if error.cure else ""))
        return USAGE


def _doctor(options: argparse.Namespace) -> int:
    from refapp.doctor import run
    from refapp.trusted.config import Settings, data_dir, page_of

    settings = Settings(
        origin=_origin(options),
        data_dir=data_dir(options.home),
        auth_path=_auth_path(options),
        sign_in_page=page_of(options.sign_in_page, "--sign-in-page "),
    )
    return run(settings, sys.stdout)


def _tour(options: argparse.Namespace) -> int:
    from refapp.tour import run

    return run(options.out)


def _attack(_: argparse.Namespace) -> int:
    from refapp.attack.command import run

    return run(sys.stdout, sys.stderr)


def _states(_: argparse.Namespace) -> int:
    from refapp.trusted.rules.state_diagram import mermaid

    sys.stdout.write(mermaid())
    return 0


def _rotate_key(options: argparse.Namespace) -> int:
    from msgspec.structs import replace

    from refapp.trusted.composition.launch import settings_of
    from refapp.trusted.storage.rotate_key import run

    origin = _origin(options)
    settings = replace(
        settings_of(origin, options.home, chooses=False), auth_path=_auth_path(options)
    )
    return run(settings, sys.stdout, "" if origin else "the embedded server")


def _notes(options: argparse.Namespace) -> int:
    from refapp.trusted.config import data_dir
    from refapp.trusted.services.notes_command import run

    return run(data_dir(options.home), options.release, sys.stdout)


def _origin(options: argparse.Namespace) -> str:
    from refapp.trusted.config import server_of

    server, path = options.server, options.auth_path
    return server_of(server, path, "--server ") if server is not None else ""


def _auth_path(options: argparse.Namespace) -> str:
    from refapp.trusted.config import auth_path_of

    return auth_path_of(options.auth_path, "--auth-path ")


_COMMANDS = {
    "doctor": _doctor,
    "tour": _tour,
    "attack": _attack,
    "states": _states,
    "rotate-key": _rotate_key,
    "notes": _notes,
}
