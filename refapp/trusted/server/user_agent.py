"""How the app names itself to the server, and what other programs' names mean in plain words.
Pure but for the system's name.

A server keeps the User-Agent of each session, and lists it. So the app says its name, its version
and the system (WS-6); no computer's name and no person's. What others say is their own claim: it is
read totally, shortened, and stripped of everything that could break a line.
"""

from __future__ import annotations

import platform
import re

# Patterns as text: they are compiled when a list comes, not at each start.
LONGEST = 60
UNKNOWN = "An unknown program"

_OWN = r"^([\w.-]{1,30})/([\w.+-]{1,20}) \(([^()]{1,40})\)$"
_FIRST = r"^([\w.-]{1,30})(?:/([\w.+-]{1,20}))?"
_BROWSERS = (
    (r"\bEdg(?:e|A|iOS)?/", "Edge"),
    (r"\b(?:OPR|Opera)/", "Opera"),
    (r"\b(?:Firefox|FxiOS)/", "Firefox"),
    (r"\b(?:Chrome|Chromium|CriOS)/", "Chrome"),
    (r"\bSafari/", "Safari"),
)
_SYSTEMS = (
    (r"\biPhone\b", "an iPhone"),
    (r"\biPad\b", "an iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bMac ?OS X\b|\bmacOS\b|\bMacintosh\b", "macOS"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bLinux\b", "Linux"),
)


def own_user_agent(program: str) -> str:
    """``refapp/0.1.0 (Debian GNU/Linux 12)``: what ``program`` (name/version) sends with each
    request. ASCII.
    """
    return f"{program} ({system_name()})"


def system_name() -> str:
    """The operating system and its release, as its users call it: "Debian GNU/Linux 12", "Windows
    11", "macOS 14.5".
    """
    system = platform.system()
    if system == "Linux":
        try:
            release = platform.freedesktop_os_release()
        except OSError:
            return "Linux"
        named = f"{release.get('NAME', 'Linux')} {release.get('VERSION_ID', '')}"
    elif system == "Darwin":
        named = f"macOS {platform.mac_ver()[0]}"
    else:
        named = f"{system} {platform.release()}"
    plain = re.sub(r"[^ -'*-~]", "", named).strip()[:40].strip()
    return plain or "an unknown system"


def device_of(user_agent: str) -> str:
    """A program and its system in plain words: "Firefox on Windows", "refapp 0.1.0 on Debian
    GNU/Linux 12". Total.
    """
    said = "".join(c for c in user_agent[:1000] if c.isprintable())
    if said.startswith(("Mozilla/", "Opera/")):
        browser = next((name for sign, name in _BROWSERS if re.search(sign, said)), "A browser")
        system = next((f" on {name}" for sign, name in _SYSTEMS if re.search(sign, said)), "")
        return browser + system
    own = re.match(_OWN, said)
    if own is not None:
        return f"{own[1]} {own[2]} on {own[3]}"[:LONGEST]
    first = re.match(_FIRST, said)
    return " ".join(part for part in first.groups() if part)[:LONGEST] if first else UNKNOWN
