"""Why there is no display to open a window on, in one sentence with its cure. Asked once, after a window could not be opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from refapp.trusted import x11
from refapp.trusted.display import NotIsolated, number_of

ON_A_DESKTOP = "Start the app in a terminal of your desktop, or over ssh -X."


def why(env: Mapping[str, str]) -> str:
    """The reason, as far as it can be told from ``env``'s DISPLAY and XAUTHORITY; empty if the display lets this user in."""
    name, file = env.get("DISPLAY", ""), env.get("XAUTHORITY") or str(Path("~/.Xauthority").expanduser())
    if not name:
        return f"There is no display: DISPLAY is not set. {ON_A_DESKTOP}"
    try:
        number = number_of(env)
        with x11.connected(number, x11.cookie_for(number, file)):
            return ""
    except x11.NotLetIn:
        return (
            f"The display {name} does not let this user in; the authority file (XAUTHORITY) is {file}. {ON_A_DESKTOP}"
        )
    except (NotIsolated, x11.NoAnswer, OSError):
        return f"There is no display {name}, though DISPLAY says so. {ON_A_DESKTOP}"
