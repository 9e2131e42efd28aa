"""What one example on the desktop leaves to the next, whatever went wrong in it."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from steps.on_desktop.desktop import Desktop


@pytest.mark.parametrize("fails", ["_app.wait", "_witness.close", "server.end", "_looker.close"])
def test_the_next_example_has_its_computer_whatever_failed_at_the_end_of_one(fails: str) -> None:
    names = ("let_go", "_app", "_looker", "server", "_witness", "_computer")
    desktop = SimpleNamespace(_troubled=True, _asked=True, **{name: Mock() for name in names})
    desktop.ask_of_the_screen = Mock()
    desktop.mend_computer = partial(Desktop.mend_computer, cast("Any", desktop))
    desktop._app.poll.return_value = None
    part, does = fails.split(".")
    getattr(getattr(desktop, part), does).side_effect = OSError
    with pytest.raises(OSError):
        Desktop.finish(cast("Any", desktop))
    desktop._app.kill.assert_called_once_with()
    desktop._computer.keyring.restart_daemon.assert_called_once_with()
    desktop.ask_of_the_screen.assert_called_once_with("")
