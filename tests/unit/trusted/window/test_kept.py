"""What is said of a note when a window or the app ends:
up to when it is kept, and what is not (NT-2).
"""

from __future__ import annotations

import time

from refapp.trusted.window.kept import Kept, of_last_time
from refapp.trusted.wording import window_words

NOBODYS, ADAS = 0, 1
"""A new note of that owner's."""


def at(clock: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(clock))


def test_where_nothing_was_typed_nothing_is_lost() -> None:
    kept = Kept(lambda: 0.0)
    assert (kept.sentence, kept.trouble) == (window_words.NOTHING_LOST, False)


def test_the_last_save_is_the_moment_up_to_which_it_is_kept() -> None:
    now, told = [1_000_000.0], []
    kept = Kept(lambda: now[0], told.append)
    kept.saved(NOBODYS)
    now[0] += 60
    kept.saved("1" * 12)
    now[0] += 60
    assert kept.sentence == f"What was typed is kept up to {at(1_000_060)}."
    assert told == [1_000_000.0, 1_000_060.0]


def test_a_moment_of_another_day_has_its_day() -> None:
    then = time.mktime((2026, 11, 25, 23, 59, 59, 0, 0, -1))
    assert of_last_time(then, then + 0.5).endswith(" What was typed is kept up to 23:59:59.")
    assert of_last_time(then, then + 2).endswith(
        " What was typed is kept up to 2026-11-25, 23:59:59."
    )
    assert of_last_time(0.0, then).endswith(window_words.NOTHING_LOST)


def test_what_could_not_be_saved_is_said_until_it_is_saved() -> None:
    kept = Kept(lambda: 1_000_000.0)
    kept.refused(NOBODYS, "The disk is full.")
    assert (kept.trouble, kept.sentence) == (
        True,
        "What was typed could not be saved: The disk is full.",
    )
    kept.saved("1" * 12)
    assert kept.sentence == (
        f"What was typed is kept up to {at(1_000_000)}. What was typed after that could not be "
        "saved: The disk is full."
    )
    kept.saved(NOBODYS)
    assert (kept.trouble, kept.sentence) == (
        False,
        f"What was typed is kept up to {at(1_000_000)}.",
    )


def test_a_new_note_that_is_saved_takes_nobody_elses_refusal_with_it() -> None:
    kept = Kept(lambda: 1_000_000.0)
    kept.refused(NOBODYS, "The disk is full.")
    kept.saved(ADAS)
    assert kept.trouble


def test_what_a_person_gives_up_is_not_missing() -> None:
    kept = Kept(lambda: 1_000_000.0)
    kept.refused(NOBODYS, "The disk is full.")
    kept.refused("1" * 12, "The disk is full.")
    kept.given_up("1" * 12)
    assert kept.trouble
    kept.given_up(NOBODYS)
    assert (kept.trouble, kept.sentence) == (False, window_words.NOTHING_LOST)
