"""Whether this desktop is light or dark: its portal says so over D-Bus, else GTK's settings do, else it is not known.

Owns these questions. They are asked on a thread that nothing waits for, with a deadline, and never start a service; the answer
comes when it comes, and the window is told by its next snapshot.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

LIMIT_S = 1.0
Scheme = Literal["light", "dark"]
_ANSWERS: dict[int, Scheme] = {1: "dark", 2: "light"}
_NO_AUTO_START = 0x2
_YES = ("1", "true", "yes")


def ask(heard: Callable[[Scheme], None]) -> None:
    """Ask, and call ``heard`` on another thread if there is an answer."""

    def work() -> None:
        scheme = of_portal(os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")) or of_gtk(os.environ, Path.home())
        if scheme is not None:
            heard(scheme)

    # Not one of asyncio's: those keep the process from ending while a bus hangs.
    threading.Thread(target=work, name="colour-scheme", daemon=True).start()


def of_portal(address: str) -> Scheme | None:
    """``org.freedesktop.appearance color-scheme`` of the settings portal; None: no preference, no portal, or no answer."""
    if not address:
        return None
    from jeepney import DBusAddress, MessageFlag, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    portal = DBusAddress(
        "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Desktop", "org.freedesktop.portal.Settings"
    )
    question = new_method_call(portal, "Read", "ss", ("org.freedesktop.appearance", "color-scheme"))
    question.header.flags |= MessageFlag(_NO_AUTO_START)
    try:
        with open_dbus_connection(address) as connection:
            answer = connection.send_and_get_reply(question, timeout=LIMIT_S).body
    except (OSError, ValueError, RuntimeError):
        return None
    return _ANSWERS.get(_number_in(answer))


def _number_in(body: object) -> int:
    """The number in nested variants, each (signature, value); 0 if there is none, or an error stands in its place."""
    while isinstance(body, tuple) and body:
        body = body[-1]
    return body if isinstance(body, int) else 0


def of_gtk(environ: os._Environ[str] | dict[str, str], home: Path) -> Scheme | None:
    """What GTK's own settings say: GTK_THEME, else the settings files of GTK 4 and 3."""
    if environ.get("GTK_THEME"):
        return _named(environ["GTK_THEME"])
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    for version in ("4.0", "3.0"):
        try:
            text = (config / f"gtk-{version}" / "settings.ini").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        said = dict(_pair(line) for line in text.splitlines() if "=" in line)
        if "gtk-application-prefer-dark-theme" in said:
            return "dark" if said["gtk-application-prefer-dark-theme"].lower() in _YES else "light"
        if "gtk-theme-name" in said:
            return _named(said["gtk-theme-name"])
    return None


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value.strip()


def _named(theme: str) -> Scheme:
    return "dark" if theme.lower().endswith(("-dark", ":dark")) else "light"
