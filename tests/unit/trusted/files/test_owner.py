"""Whose something is: nothing but the same person at the same server in the same session may go on
with it (OW-1).
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from refapp.trusted.files import places
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.generation import AtAnyTime, OfGeneration
from refapp.trusted.storage.secret import Bearer

FOLDER = Path("home")
ADA = Owner("https://auth.example.com", "ada", 3)
OTHERS = [
    replace(ADA, base="https://other.example.com"),
    replace(ADA, user_id="bob"),
    replace(ADA, user_id=""),
    replace(ADA, generation=4),
    NOBODY,
]


def test_she_is_still_herself() -> None:
    assert ADA.is_still(Owner("https://auth.example.com", "ada", 3))


@pytest.mark.parametrize("other", OTHERS)
def test_nobody_else_is(other: Owner) -> None:
    assert not ADA.is_still(other)
    assert not other.is_still(ADA)


def test_her_notes_are_in_one_place_in_every_session_and_nobody_elses() -> None:
    here = places.notes(FOLDER, ADA)
    assert places.notes(FOLDER, replace(ADA, generation=4)) == here
    others = [
        replace(ADA, base="https://other.example.com"),
        replace(ADA, user_id="bob"),
        replace(ADA, user_id=""),
    ]
    assert here not in {places.notes(FOLDER, other) for other in others}


def test_the_server_s_address_and_the_id_do_not_run_into_each_other() -> None:
    one, other = Owner("https://a", "b1", 0), Owner("https://ab", "1", 0)
    assert places.notes(FOLDER, one) != places.notes(FOLDER, other)


def test_each_server_has_a_profile_and_a_history_and_each_person_there_a_state_of_sync() -> None:
    for place in (places.profile, places.history):
        assert place(FOLDER, "https://a") != place(FOLDER, "https://b")
        assert place(FOLDER, "https://a", "one") != place(FOLDER, "https://a", "two")
        assert place(FOLDER, "https://a", "refapp") == place(FOLDER, "https://a")
    assert places.sync(FOLDER, ADA) != places.sync(FOLDER, replace(ADA, user_id="bob"))


def test_a_bearer_shows_whose_it_is_and_not_what() -> None:
    assert repr(Bearer(ADA, "secret")) == f"Bearer(owner={ADA!r}, token=…)"


@pytest.mark.parametrize("event", get_args(ev.Event))
def test_an_event_belongs_to_one_generation_or_to_none(event: type) -> None:
    assert issubclass(event, OfGeneration) != issubclass(event, AtAnyTime)
    assert issubclass(event, OfGeneration) == ("generation" in event.__struct_fields__)  # type: ignore[attr-defined]


def test_the_app_keeps_its_files_names_in_a_home_of_its_own() -> None:
    base = "https://auth.example.com"
    assert places.program(base, "refapp-0123abcd") == places.program(base)
    assert places.program(base, "refapp-notes") != places.program(base)
