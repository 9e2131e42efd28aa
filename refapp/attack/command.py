"""``refapp attack``: the suite against this installation, on the display of this session if that
can be reached.

Exit codes: 0 nothing got through, 1 something did or an attempt broke,
70 a window process can't be confined here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

from refapp.attack import suite, wording
from refapp.attack.catalogue import ALL
from refapp.doctor import probes
from refapp.trusted.errors import WindowRefused
from refapp.trusted.start.display import NoWindow
from refapp.trusted.start.spawn import environment
from refapp.trusted.window.window_ends import NOT_CONFINED


def run(out: TextIO, progress: TextIO) -> int:
    """The table goes to ``out``, line by line; what is under way goes to ``progress``."""
    display = _display()
    place = (
        f"with a window on display {display['DISPLAY']}"
        if display
        else "without a display: there is none to reach"
    )
    progress.write(wording.attempts(len(ALL), place))

    def report(line: str) -> None:
        out.write(f"{line}\n")
        out.flush()

    try:
        return suite.run(report, display)
    except NoWindow as error:
        progress.write(f"refapp: {error}\n{error.cure}\n")
        return error.code
    except WindowRefused as error:
        progress.write(f"refapp: {error.sentence}\n{error.cure}\n")
        return NOT_CONFINED


def _display() -> dict[str, str]:
    """DISPLAY and XAUTHORITY of this session's screen; empty without one."""
    if not os.environ.get("DISPLAY") or not probes.screen().reached:
        return {}
    found = environment(os.environ, str(Path.home()))
    return {name: found[name] for name in ("DISPLAY", "XAUTHORITY") if name in found}
