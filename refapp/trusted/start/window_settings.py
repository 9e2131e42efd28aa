"""How the person left the window: its place, its size, the size of its text and its colours, in
plain ``window.conf``.

Owns that file: one ``name = value`` a line, nothing secret in it. It is read before the first
paint, so this imports next to nothing; whatever is wrong with it counts as not said. The window
sees to it that it comes up on the screen that there is.
"""

from __future__ import annotations

import os

NAME = "window.conf"
PLACE = ("x", "y", "width", "height")
LIMITS = {
    "x": (-32768, 32767),
    "y": (-32768, 32767),
    "width": (200, 32767),
    "height": (200, 32767),
    "text": (7, 28),
}
"""The same as ``params.WindowParams`` has."""
WORDS = {
    "colours": ("system", "light", "dark", "contrast"),
    "desktop": ("light", "dark"),
    "contrast": ("usual", "high"),
}
"""``colours`` is the person's choice,
``desktop`` and ``contrast`` what the desktop's own were when last asked.
"""
HIGH = "-contrast"
_LARGEST = 4096


def folder_of(home: str) -> str:
    """Where the file is: ``home`` if there is one, else as ``config.data_dir`` has it on Linux."""
    if home:
        return os.path.abspath(home)
    return os.path.join(
        os.environ.get("XDG_DATA_HOME", "").strip() or os.path.expanduser("~/.local/share"),
        "refapp",
    )


def read(folder: str) -> dict[str, str]:
    """What the file says, as far as it can be used."""
    try:
        # A pipe would be waited for.
        fd = os.open(os.path.join(folder, NAME), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(fd, encoding="ascii", errors="replace") as file:
            text = file.read(_LARGEST)
    except OSError:
        return {}
    parts = [line.partition("=") for line in text.splitlines()]
    return {
        name.strip(): value.strip()
        for name, _, value in parts
        if _usable(name.strip(), value.strip())
    }


def _usable(name: str, value: str) -> bool:
    if name in WORDS:
        return value in WORDS[name]
    if name not in LIMITS or len(value) > 6 or not value.removeprefix("-").isdecimal():
        return False
    least, most = LIMITS[name]
    return least <= int(value) <= most


def theme(said: dict[str, str], wanted: str) -> str:
    """``light`` or ``dark``: what the command line wants, else the person's choice, else the
    desktop's when last asked. With ``HIGH`` after it if the desktop asked for high contrast then,
    or that was chosen.
    """
    choice = said.get("colours", "system") if wanted == "system" else wanted
    scheme = choice if choice in WORDS["desktop"] else said.get("desktop", "light")
    high = choice == "contrast" or said.get("contrast") == "high"
    return f"{scheme}{HIGH}" if high else scheme


def words(home: str, wanted: str) -> list[str]:
    """The window's command line, as far as it is about this. ``wanted`` is ``--theme``."""
    said = read(folder_of(home))
    found = ["--theme", theme(said, wanted)]
    if all(name in said for name in PLACE):
        found += ["--place", ",".join(said[name] for name in PLACE)]
    return found + (["--text", said["text"]] if "text" in said else [])


def lines(said: dict[str, str]) -> bytes:
    """The file that says ``said``."""
    return "".join(f"{name} = {value}\n" for name, value in said.items()).encode()
