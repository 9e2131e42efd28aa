"""A glance at a window sees what is wrong with it, and nothing wrong with one that is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from refapp.snapshot import Boundary, Phase, Service, StateParams, Storage
from refapp.tour.framebuffer import Area
from refapp.untrusted.presentation.screens import screen
from refapp.untrusted.presentation.view import Local
from steps.on_desktop.glance import as_drawn, as_told
from steps.scenario.window_texts import texts

WHITE, PALE, BLACK = b"\xff\xff\xff\0", b"\xd0\xd0\xd0\0", b"\0\0\0\0"


def lines(ink: bytes) -> as_drawn.Lines:
    def of(area: Area) -> Sequence[bytes]:
        return [WHITE * (area.width - 1) + ink] * area.height

    return of


def seen(**of: str) -> Mapping[str, str]:
    return {name.replace("__", ":").replace("_of_", "."): text for name, text in of.items()}


@pytest.mark.parametrize(
    ("now", "ink", "wrong"),
    [
        (seen(a="A", box__a="0,0,90,20", b="B", box__b="0,20,90,20"), BLACK, ""),
        (seen(a="A", box__a="0,0,90,20", b="B", box__b="0,10,90,20"), BLACK, "one over the other"),
        (seen(a="A", box__a="0,0,90,20", b="", box__b="0,10,90,20"), BLACK, ""),
        (seen(a="A", box__a="0,0,90,20"), PALE, "can't be told from its ground"),
        (seen(a="A", box__a="0,0,90,4"), PALE, ""),
        (seen(focus="a"), BLACK, "not to be seen"),
        (seen(notes_of_editor="", box__notes_of_editor="9,0,90,90"), BLACK, "moved"),
    ],
)
def test_a_window_that_can_t_be_read(now: Mapping[str, str], ink: bytes, wrong: str) -> None:
    before = seen(notes_of_editor="", box__notes_of_editor="0,0,90,90")
    found = as_drawn.amiss(now, [before], lines(ink))
    assert [wrong in one for one in found] == ([True] if wrong else [])


STATE = StateParams(
    revision=1, phase=Phase.SIGNED_OUT, server="http://server", version="1", theme="light",
    storage=Storage("ready", "Keychain"), sync=Service("off"), assistant=Service("off"),
    boundary=Boundary(False, [], ""), form_error="No.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("sign_in.email", "ada", ""),
        ("sign_in.heading", "Sign out", "sign_in.heading shows"),
        ("at:sign_in.browser", "", "at:sign_in.browser"),
        ("profile.name", "Ada", "profile.name shows"),
        ("notes.new", "New note", "not of this page"),
        ("state:nav.account", "", "pages are chosen"),
        ("error", "no such command", "had an error: no such command"),
    ],
)
def test_a_window_that_shows_something_else(name: str, text: str, wrong: str) -> None:
    right = {
        one: said
        for one, said in texts(screen(STATE, Local(page="account"))).items()
        if one.rpartition(":")[2].partition(".")[0]
        in ("title", "unsandboxed", "nav", "sign_in", "account")
    }
    assert as_told.amiss(right, [STATE]) == []
    found = as_told.amiss({**right, name: text}, [STATE])
    assert [wrong in one for one in found] == ([True] if wrong else [])
