"""Whose something is: nothing but the same person at the same server in the same session may go on with it (OW-1)."""

from __future__ import annotations

from typing import get_args

import pytest
from msgspec.structs import replace

from refapp.trusted.rules import events as ev
from refapp.trusted.rules.generation import AtAnyTime, OfGeneration
from refapp.trusted.storage.owner import NOBODY, Owner
from refapp.trusted.storage.secret import Bearer

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


def test_her_place_on_the_disk_is_the_same_in_every_session_and_nobody_elses() -> None:
    assert replace(ADA, generation=4).place == ADA.place
    assert ADA.place not in {replace(ADA, base="https://other.example.com").place, replace(ADA, user_id="bob").place}
    assert len(ADA.place) == 16


def test_the_server_s_address_and_the_id_do_not_run_into_each_other() -> None:
    assert Owner("https://a", "b1", 0).place != Owner("https://ab", "1", 0).place


def test_a_bearer_shows_whose_it_is_and_not_what() -> None:
    assert repr(Bearer(ADA, "secret")) == f"Bearer(owner={ADA!r}, token=…)"


@pytest.mark.parametrize("event", get_args(ev.Event))
def test_an_event_belongs_to_one_generation_or_to_none(event: type) -> None:
    assert issubclass(event, OfGeneration) != issubclass(event, AtAnyTime)
    assert issubclass(event, OfGeneration) == ("generation" in event.__struct_fields__)  # type: ignore[attr-defined]
