"""Every sentence that the app can show, read as a whole: plain words, whole sentences, and nothing
that helps nobody.
"""

from __future__ import annotations

import re

import pytest

from refapp.trusted.wording import session_words as app_session_words, start_words
from refapp.untrusted.wording import session_words, window_words
from steps.site import sentences

FOUND = {
    f"{path.relative_to(sentences.ROOT)}: {sentence}"
    for places in sentences.SIDES.values()
    for path in sentences.modules(places)
    for sentence in sentences.sentences(path)
}
NOT_SAID = {
    "blames": r"(?i)\b(illegal|bad request|you failed|wrong input)\b",
    "says nothing": (
        r"(?i)(went wrong|unexpected error|unknown error|an error occurred|please "
        r"try again later)"
    ),
    "shouts": r"!",
    "is for programmers": r"(?i)\b(exception|traceback|null|none type|stack)\b",
    "has a space before its end": r" [.,;?]",
    "ends twice": r"[.?!]{2,}",
    "is a command that a shell takes apart": r"pip install [^']*\[",
}
NO_SENTENCE = {
    "refapp/untrusted/frame/window.py: Traceback (most recent call last):",
    "refapp/attack/attempts/network.py: connect to /proc/self/root/...",
    "refapp/trusted/server/origin_client.py: Bearer …",
    "refapp/trusted/shell/session_auth.py: Bearer …",
}
"""As Python begins what is for the error pipe of a window that has a mistake, as a request carries
its token, and an attempt.
"""
KNOWN = {
    "refapp/tour/wording.py: …/… … ...",
    "refapp/doctor/server_findings.py: Asked without a token who is signed in, it answers with "
    "status … and something else than null.",
}
"""Which step the tour is at, and a word of the protocol, for who runs the server."""


def test_they_are_found_on_each_side() -> None:
    listed = sentences.listed()
    for sentence in (
        "Write something. It is kept as you type.",
        "The window keeps ending. … …",
        "The server did not take the notes (error …). They are kept here.",
    ):
        assert f"- {sentence}\n" in listed
    assert len(FOUND) > 300


@pytest.mark.parametrize("fault", NOT_SAID)
def test_none_of_them(fault: str) -> None:
    assert {
        one for one in FOUND - KNOWN if re.search(NOT_SAID[fault], one.partition(": ")[2])
    } == set()


def test_no_module_has_a_sentence_but_the_places_for_them() -> None:
    places = {path for places in sentences.SIDES.values() for path in sentences.modules(places)}
    rest = (
        set(sentences.modules(("refapp",))) - places - set(sentences.modules(sentences.NOT_SHOWN))
    )
    found = {
        f"{path.relative_to(sentences.ROOT)}: {one}"
        for path in rest
        for one in sentences.sentences(path)
    }
    assert found == NO_SENTENCE


def test_both_sides_say_the_same_of_the_same() -> None:
    assert session_words.EXPIRED == app_session_words.EXPIRED
    assert window_words.NO_DISPLAY == start_words.NO_DISPLAY
