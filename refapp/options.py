"""What may be typed after ``refapp``: its commands and their options, with the help for each.

Owns the names and the defaults. What a value means is checked where it is used.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from refapp import __version__
from refapp.trusted.wording import command_words


def _place(name: str) -> Path:
    if not name:
        # Path would take it for the folder that one happens to be in.
        raise argparse.ArgumentTypeError("give the name of a place")
    return Path(name)


def parser() -> argparse.ArgumentParser:
    """For every command; it ends the process where it can't make sense of one."""
    made = argparse.ArgumentParser(prog="refapp", description=command_words.DESCRIPTION)
    made.add_argument("--version", action="version", version=f"refapp {__version__}")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="open the app (the default)")
    doctor = commands.add_parser(
        "doctor", help="what works on this desktop, and what to do about the rest"
    )
    tour = commands.add_parser(
        "tour", help="walk through the app on a private screen and write a page about it"
    )
    commands.add_parser(
        "attack",
        help="attack a window process from inside: try every known escape, and print "
        "what became of it",
    )
    commands.add_parser(
        "states", help="print the session's state diagram, drawn from the code, as Mermaid"
    )
    rotate_key = commands.add_parser(
        "rotate-key", help="seal the stored session under a new key in the keychain"
    )
    notes = commands.add_parser(
        "notes", help="whose notes are on this computer, also of an account that is gone"
    )
    notes.add_argument("--release", metavar="NAME", help="offer these to whoever signs in next")
    notes.add_argument(
        "--home", type=_place, metavar="DIR", help="the app's files, if not in the usual place"
    )
    for command in (run, doctor, rotate_key):
        command.add_argument(
            "--server", metavar="URL", help="the auth server; without it the embedded one"
        )
        command.add_argument(
            "--auth-path",
            metavar="PATH",
            default="/api/auth",
            help="where under that its auth endpoints are",
        )
        command.add_argument(
            "--home",
            type=_place,
            metavar="DIR",
            help="keep all files and the keyring item apart, under DIR",
        )
    for command in (run, doctor):
        command.add_argument(
            "--sign-in-page",
            metavar="PATH",
            default="/sign-in",
            help="where a person signs in with the browser: a path of the server, or "
            "an https address",
        )
    _add_run_options(run)
    tour.add_argument(
        "--out", type=_place, default=Path("tour"), metavar="DIR", help="where the page goes"
    )
    return made


def _add_run_options(run: argparse.ArgumentParser) -> None:
    run.add_argument(
        "--ui",
        metavar="COMMAND",
        help="another program as the window process, speaking the same channel",
    )
    run.add_argument(
        "--ui-toolkit",
        choices=("tk", "qt"),
        default="tk",
        help="what that program is made with: what it may ask the display for is as little as "
        "this needs",
    )
    run.add_argument(
        "--browser",
        metavar="COMMAND",
        default="",
        help="what opens a link, instead of the desktop's browser",
    )
    run.add_argument(
        "--theme",
        choices=("system", "light", "dark", "contrast"),
        default="system",
        help="for this run; system: as the desktop has it",
    )
    run.add_argument(
        "--on-violation",
        choices=("refuse", "kill"),
        default="refuse",
        help="at a forbidden system call",
    )
    run.add_argument(
        "--trace",
        type=_place,
        metavar="FILE",
        help="append what happens between the parts, masked, as NDJSON",
    )
    run.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="warning"
    )
    run.add_argument(
        "--allow-unsandboxed-ui",
        action="store_true",
        help="start although the window process can't be confined; it says so as long as it runs",
    )
    run.add_argument(
        "--allow-ungated-display",
        action="store_true",
        help="start the window as any other program on the display: it could see what other "
        "windows show, and type into them; it says so as long as it runs",
    )
