"""From the command line to a running app.
Owns the order of the start: the window process first, then what is heavy to import.

The window paints while the parent is still importing (with two cores the other order makes it
wait). What has to come before the window process, and with it the parent's hardening, is in
``first_window``.
"""

from __future__ import annotations

import argparse
import errno
import os
import select
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec.structs import replace

from refapp.trusted.config import (
    APP_ID,
    Settings,
    auth_path_of,
    data_dir,
    page_of,
    server_of,
    words_of,
)
from refapp.trusted.errors import ConfigError, WindowRefused
from refapp.trusted.start.display import NoDisplay, NoWindow
from refapp.trusted.start.first_window import FirstWindow, of_the_app
from refapp.trusted.window.window_ends import NOT_CONFINED, Ending
from refapp.trusted.wording import start_words

if TYPE_CHECKING:
    from refapp.trusted.recorder import Recorder

FIRST_LINE_S = 2.0


def run(options: argparse.Namespace, first: FirstWindow | None) -> int:
    """Start the app and stay until it ends; the exit code (``cli``).
    ``first``: its window, if that has been started already.

    Raises:
        ConfigError: a setting can't be used, and no window is left.
        NoWindow: there is no display, or no gate for it.
    """
    try:
        options.sign_in_page = page_of(options.sign_in_page, "--sign-in-page ")
        options.auth_path = auth_path_of(options.auth_path, "--auth-path ")
        server = options.server
        origin = "" if server is None else server_of(server, options.auth_path, "--server ")
        options.browser = options.browser and _program("--browser", options.browser)
    except ConfigError:
        if first is not None:
            first.abandon()
        raise
    if not options.allow_unsandboxed_ui and not sys.platform.startswith("linux"):
        return _refused(WindowRefused(start_words.no_sandbox_on(sys.platform)))
    if sys.platform == "win32":
        return _refused(WindowRefused(start_words.NO_WINDOW_ON_WINDOWS))
    try:
        first = first or _first(options)
    except NoWindow:
        # What is wrong with the command line is told first.
        settings_of(origin, options.home)
        _recorder(options.trace)
        raise
    try:
        ending = _opened(options, origin, first)
    finally:
        last = first.display.close()
    import logging

    for word, said in last:
        logging.getLogger("refapp").debug("display's gate: %s %s", word, said)
    if ending.sentence:
        sys.stderr.write(f"refapp: {ending.sentence}\n")
    if ending.code == NOT_CONFINED:
        sys.stderr.write(f"{WindowRefused.cure}\n")
    if ending.sentence == start_words.NO_DISPLAY:
        sys.stderr.write(f"{NoDisplay.cure}\n")
    return ending.code


def _opened(options: argparse.Namespace, origin: str, first: FirstWindow) -> Ending:
    # Its first line means that it has painted;
    # until then our imports would only take the processor from it.
    select.select([first.child.stdout], [], [], FIRST_LINE_S)

    import asyncio

    from refapp.trusted.composition.launch_app import launch
    from refapp.trusted.start.hardening import harden

    try:
        settings = replace(
            settings_of(origin, options.home),
            auth_path=options.auth_path,
            sign_in_page=options.sign_in_page,
        )
        recorder = _recorder(options.trace)
    except ConfigError:
        first.abandon()
        raise
    demo_port = None if origin else urlsplit(settings.origin).port
    return asyncio.run(launch(settings, options, first, recorder, demo_port, harden()))


def settings_of(origin: str, home: Path | None, *, chooses: bool = True) -> Settings:
    """The settings for the server at ``origin``, the embedded one if that is empty;
    ``home`` is ``--home``.

    ``chooses``: whether that one gets a port here, if it never ran;
    without one nothing can be stored for it.

    Raises:
        ConfigError: their folder can't be made, or is none that this user may look into.
    """
    folder = data_dir(home)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.scandir(folder).close()
        origin = origin or f"http://127.0.0.1:{_demo_port(folder, chooses=chooses)}"
    except OSError as error:
        raise ConfigError(start_words.folder_unusable(folder, error.strerror)) from None
    return Settings(origin=origin, data_dir=folder, app_id=_app_id(home, folder))


def _recorder(trace: Path | None) -> Recorder:
    from refapp.trusted.recorder import Recorder

    try:
        return Recorder(trace)
    except OSError as error:
        raise ConfigError(f"--trace {trace}: {error.strerror}.") from None


def _first(options: argparse.Namespace) -> FirstWindow:
    if options.ui is None:
        if options.ui_toolkit != "tk":
            raise ConfigError(start_words.TOOLKIT_OF_NOTHING)
        return of_the_app(
            on_violation=options.on_violation,
            unsandboxed=options.allow_unsandboxed_ui,
            ungated=options.allow_ungated_display,
            theme=options.theme,
            home=str(options.home or ""),
        )
    program = _program("--ui", options.ui)
    try:
        ungated, toolkit = options.allow_ungated_display, options.ui_toolkit
        return FirstWindow(program, ungated=ungated, toolkit=toolkit)
    except OSError as error:
        raise ConfigError(start_words.program_not_started(options.ui, error.strerror)) from None


def _program(option: str, command: str) -> list[str]:
    words = words_of(option, command)
    program = shutil.which(words[0]) if words else None
    if program is None:
        raise ConfigError(start_words.no_such_program(option, command))
    return [program, *words[1:]]


def _app_id(home: Path | None, folder: Path) -> str:
    """``--home`` has keyring items of its own too: the service's name tells the folders apart."""
    if home is None:
        return APP_ID
    import hashlib

    return f"{APP_ID}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]}"


def _demo_port(folder: Path, *, chooses: bool) -> int:
    """The embedded server's port, or 0: chosen once, for the stored tokens belong to an origin, and
    a port is part of it.
    """
    kept = folder / "demo-port"
    try:
        port = int(kept.read_text())
    except (OSError, ValueError):
        port = 0
    if not 1024 <= port <= 65535:
        if not chooses:
            return 0
        port = _free_port()
        # As every file of the app:
        # nobody else's to read, whatever the umask, and no link is followed.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(kept, flags, 0o600), "w") as file:
            file.write(str(port))
    return port


def _free_port() -> int:
    """One at which nobody listens now: an embedded server that runs there, of another folder, would
    be taken for this one's.
    """
    import secrets
    import socket

    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
        return port


def _refused(error: WindowRefused) -> int:
    sys.stderr.write(f"refapp: {error.sentence}\n{error.cure}\n")
    return NOT_CONFINED
