"""One screen for every Tk in this process: Tk keeps its connection until the process ends, and one
that broke would end that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from refapp.tour.desktop import DesktopError, PrivateDesktop


@pytest.fixture(scope="session")
def tk_screen() -> Iterator[str]:
    """The name of the display."""
    try:
        desktop = PrivateDesktop().__enter__()
    except DesktopError as error:
        pytest.skip(error.sentence)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "XAUTHORITY", desktop.env["XAUTHORITY"])
        yield desktop.env["DISPLAY"]
    desktop.close()
