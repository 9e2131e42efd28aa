"""The tour's page says what was recorded: every step, its picture, its messages, and which step
failed; and it stands alone.
"""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from refapp.tour.diagram import Message, sequence_svg
from refapp.tour.page import Result, messages, page, window_text
from refapp.trusted.recorder import Entry

PNG = b"\x89PNG\r\n\x1a\npixels"
WIDGETS = {
    "title": "refapp - Signed in",
    "at:sync.now": "1,2",
    "focus": "notes.editor",
    "notice": "<b>Bold</b> & told",
}
ENTRIES = (
    Entry(10.0, "window", "parent", "sign_in", {"email": "ada@example.com", "password": "…"}),
    Entry(
        10.25,
        "parent",
        "server",
        "sign-in",
        {"request": "POST /api/auth/sign-in/email", "authorised": False},
    ),
    Entry(10.5, "server", "parent", "sign-in", {"answer": 200}),
    Entry(10.6, "parent", "keychain", "write key", {}),
    Entry(10.7, "parent", "window", "state", {"phase": "signed_in", "revision": 4}),
    Entry(10.8, "parent", "window", "state", {"phase": "signed_in", "revision": 5}),
    Entry(
        10.9,
        "parent",
        "window",
        "answer",
        {"id": 3, "error": {"reason": "not_now", "message": "…"}},
    ),
    Entry(11.0, "window", "parent", "shown", {"revision": 5, "widgets": WIDGETS}),
)


def result(name: str, failure: str = "") -> Result:
    return Result(name, "Do <this>.", "That.", 1.25, failure, PNG, ENTRIES)


class Page(HTMLParser):
    """The page's elements, and its text outside of the style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] != "style":
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_every_step_is_there_with_its_picture_and_its_messages() -> None:
    found = Page(page([result("Sign-in"), result("Offline")], 2, {"Server": "embedded"}))
    text = " ".join(found.texts)
    assert "2 of 2 steps did what they should." in text
    assert text.count("Do <this>.") == 2
    assert [image["src"] for image in found.all("img")] == [
        f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    ] * 2
    assert len(found.all("tr")) == 2 * (1 + len(ENTRIES))
    assert len(found.all("svg")) == 2


def test_a_step_that_failed_is_named_and_the_missing_ones_are_counted() -> None:
    text = " ".join(
        Page(page([result("Sign-in"), result("Offline", "No <banner> came.")], 6, {})).texts
    )
    assert "1 of 6 steps did what they should." in text
    assert "Not every step" in text
    assert "No <banner> came." in text


def test_the_page_stands_alone_and_runs_nothing() -> None:
    found = Page(page([result("Sign-in")], 1, {}))
    assert found.all("script") == found.all("link") == found.all("iframe") == []
    for _, attributes in found.elements:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))


def test_it_can_be_read_without_eyes() -> None:
    found = Page(page([result("Sign-in"), result("Offline")], 2, {}))
    assert found.all("html")[0]["lang"] == "en"
    assert all("refapp - Signed in" in (image["alt"] or "") for image in found.all("img"))
    names = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(names) == len(set(names))
    for _, attributes in found.elements:
        for name in ("aria-labelledby", "href"):
            for target in (attributes.get(name) or "").split():
                assert target.removeprefix("#") in names
    assert all("scope" in heading for heading in found.all("th"))


def test_what_the_window_showed_is_told_without_its_coordinates() -> None:
    assert window_text(ENTRIES) == "refapp - Signed in; <b>Bold</b> & told"


def test_arrows_say_what_went_and_count_what_repeats() -> None:
    assert messages(ENTRIES) == [
        Message("window", "parent", "sign_in"),
        Message("parent", "server", "POST /api/auth/sign-in/email"),
        Message("server", "parent", "200", answer=True),
        Message("parent", "keychain", "write key"),
        Message("parent", "window", "state: signed in (x2)"),
        Message("parent", "window", "refused: not_now", answer=True),
    ]


def test_the_diagram_is_well_formed_and_described() -> None:
    svg = ElementTree.fromstring(sequence_svg(messages(ENTRIES), "Sign-in & more", "d1"))
    space = "{http://www.w3.org/2000/svg}"
    assert svg.findtext(f"{space}title") == "Sign-in & more"
    assert "window to parent: sign_in; parent to server" in (svg.findtext(f"{space}desc") or "")
    actors = [text.text for text in svg.iter(f"{space}text") if text.get("class") == "name"]
    assert actors == ["window", "parent", "keychain", "server"]
    arrows = [line for line in svg.iter(f"{space}line") if line.get("marker-end")]
    assert len(arrows) == 6
    assert [arrow.get("class") for arrow in arrows].count("answer") == 2


@pytest.mark.parametrize("failure", ["", "It did not."])
def test_a_step_without_picture_and_messages_is_still_told(failure: str) -> None:
    found = Page(page([Result("Sign-in", "a", "b", 0.0, failure, b"", ())], 1, {}))
    assert found.all("img") == found.all("svg") == found.all("table") == []
    assert "1. Sign-in " in found.texts
