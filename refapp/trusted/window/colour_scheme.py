"""Whether this desktop is light or dark, and wants high contrast: its portal says so over D-Bus,
else GTK's settings do, else it is not known.

Owns these questions. They are asked on a thread that nothing waits for, with a deadline, and never
start a service; the answer comes when it comes, and the window is told by its next snapshot.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

LIMIT_S = 1.0
Scheme = Literal["light", "dark"]
Contrast = Literal["usual", "high"]
_ANSWERS: dict[int, Scheme] = {1: "dark", 2: "light"}
_CONTRASTS: dict[int, Contrast] = {0: "usual", 1: "high"}
_NO_AUTO_START = 0x2
_YES = ("1", "true", "yes")


def ask(heard: Callable[[Scheme], None], heard_contrast: Callable[[Contrast], None]) -> None:
    """Ask, and call each on another thread if there is an answer."""

    def work() -> None:
        bus = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
        scheme = of_portal(bus) or of_gtk(os.environ, Path.home())
        if scheme is not None:
            heard(scheme)
        contrast = contrast_of_portal(bus), contrast_of_gtk(os.environ, Path.home())
        if "high" in contrast or any(contrast):
            heard_contrast("high" if "high" in contrast else "usual")

    # Not one of asyncio's: those keep the process from ending while a bus hangs.
    threading.Thread(target=work, name="colour-scheme", daemon=True).start()


def of_portal(address: str) -> Scheme | None:
    """``org.freedesktop.appearance color-scheme`` of the settings portal;
    None: no preference, no portal, or no answer.
    """
    return _ANSWERS.get(_setting(address, "color-scheme", 0))


def contrast_of_portal(address: str) -> Contrast | None:
    """``org.freedesktop.appearance contrast``;
    None: no portal, one that does not know it, or no answer.
    """
    return _CONTRASTS.get(_setting(address, "contrast", -1))


def _setting(address: str, key: str, unknown: int) -> int:
    """A number of the settings portal at the bus ``address``; ``unknown`` if there is none."""
    if not address:
        return unknown
    from jeepney import DBusAddress, MessageFlag, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    portal = DBusAddress(
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Desktop",
        "org.freedesktop.portal.Settings",
    )
    question = new_method_call(portal, "Read", "ss", ("org.freedesktop.appearance", key))
    question.header.flags |= MessageFlag(_NO_AUTO_START)
    try:
        with open_dbus_connection(address) as connection:
            answer = connection.send_and_get_reply(question, timeout=LIMIT_S).body
    except (OSError, ValueError, RuntimeError):
        return unknown
    # Nested variants, each (signature, value); an error may stand in their place.
    while isinstance(answer, tuple) and answer:
        answer = answer[-1]
    return answer if isinstance(answer, int) else unknown


def of_gtk(environ: os._Environ[str] | dict[str, str], home: Path) -> Scheme | None:
    """What GTK's own settings say: GTK_THEME, else the settings files of GTK 4 and 3."""
    if environ.get("GTK_THEME"):
        return _named(environ["GTK_THEME"])
    for said in _gtk_settings(environ, home):
        if "gtk-application-prefer-dark-theme" in said:
            return "dark" if said["gtk-application-prefer-dark-theme"].lower() in _YES else "light"
        if "gtk-theme-name" in said:
            return _named(said["gtk-theme-name"])
    return None


def contrast_of_gtk(environ: os._Environ[str] | dict[str, str], home: Path) -> Contrast | None:
    """What the name of GTK's theme says: desktops without a portal switch to one of that name."""
    themes = [environ["GTK_THEME"]] if environ.get("GTK_THEME") else []
    themes += [
        said["gtk-theme-name"] for said in _gtk_settings(environ, home) if "gtk-theme-name" in said
    ]
    if not themes:
        return None
    return "high" if themes[0].lower().replace("-", "").startswith("highcontrast") else "usual"


def _gtk_settings(
    environ: os._Environ[str] | dict[str, str], home: Path
) -> Iterator[dict[str, str]]:
    """The settings files that there are."""
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    for version in ("4.0", "3.0"):
        try:
            text = (config / f"gtk-{version}" / "settings.ini").read_text(
                encoding="utf-8", errors="replace"
            )
        except OSError:
            continue
        yield dict(_pair(line) for line in text.splitlines() if "=" in line)


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value.strip()


def _named(theme: str) -> Scheme:
    return "dark" if theme.lower().endswith(("-dark", ":dark", "contrastinverse")) else "light"
