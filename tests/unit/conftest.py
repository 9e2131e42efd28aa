"""One screen for every Tk in this process: Tk keeps its connection until the process ends, and one
that broke would end that.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What Tk leaves goes here, in its own thread:
    found later, in another test's, it would raise there.
    """
    done = yield
    if isinstance(item, pytest.Function) and "tk_screen" in item.fixturenames:
        gc.collect()
    return done
