"""What is written of an error in one of the window's callbacks."""

from __future__ import annotations

import pytest

from refapp.untrusted.frame.window import report


def _callback() -> None:
    raise LookupError("no such page")


def test_an_error_is_told_with_the_places_that_led_to_it_and_its_own_words_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        _callback()
    except LookupError as error:
        report(LookupError, error, error.__traceback__)
    lines = capsys.readouterr().err.splitlines()
    # The last line is what the parent gives as the reason, should the window end.
    assert lines[-1] == "LookupError: no such page"
    assert [line.rpartition(" in ")[2] for line in lines[1:-1]] == [
        "test_an_error_is_told_with_the_places_that_led_to_it_and_its_own_words_last",
        "_callback",
    ]
    assert all(f"{__file__}, line " in line for line in lines[1:-1])
