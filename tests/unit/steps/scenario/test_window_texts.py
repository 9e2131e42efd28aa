"""Nothing of the window's screen is unread by ``window_texts``: whatever a part of it says, what is
read of the screen is another when that part is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from refapp import snapshot as s
from refapp.untrusted.presentation.draft import Draft, editor
from refapp.untrusted.presentation.screens import screen
from refapp.untrusted.presentation.view import Editor, Local, Screen
from steps.scenario.whole_page import rows
from steps.scenario.window_texts import texts, texts_of, texts_of_editor

NOW = time.time()
READ_ELSEWHERE = {
    "Action.ask": "which request a button makes: shown_buttons reads it",
    "Choice.answer": "the same",
    "NoticeLine.number": "what dismissing names",
    "NoteRow.note": "what a row is called for the app",
    "SessionRow.session": "the same",
    "SessionsCard.again": "which request its button makes; its letter goes with its text",
    "Notes.owner": "the editor's business: draft.editor decides by it",
    "Notes.full": "the same",
    "Notes.limit": "the same",
    "SignInCard.pending": "a part of its own",
    "SignInCard.second_factor": "the same",
}
"""What a person does not see of a screen, and who reads it in place of ``texts``."""


def state(**more: Any) -> s.StateParams:
    given: dict[str, Any] = {
        "revision": 1, "phase": s.Phase.SIGNED_IN, "server": "http://server", "version": "1",
        "user": s.User("Ada Lovelace", "ada@example.com"),
        "storage": s.Storage("ready", "Test Keychain"),
        "boundary": s.Boundary(False, [s.Check("No files", True, "none")], "some of X11 is left"),
        "sync": s.Service("ready"), "assistant": s.Service("ready"),
        "notice": s.Notice(1, "info", "Read this."),
        "history": [s.Reason(NOW, "It expired.")], "notes": [s.NoteSummary("0" * 12, "One", NOW)],
        "apart": s.NotesApart("asked", 1),
        "own_sessions": s.OwnSessions(
            "failed", "No.", [s.OwnSession("1" * 12, "Edge", NOW, None, False)] * 2
        ),
    }  # fmt: skip
    return s.StateParams(**given | more)


SIGNED_OUT = {
    "phase": s.Phase.SIGNED_OUT, "form_error": "Wrong.", "form_wrong": True, "user": None,
    "form_email": "ada@example.com", "demo": s.DemoAccount("demo@example.com", "demo"),
}  # fmt: skip
WAITS: dict[str, Any] = {"phase": s.Phase.SIGNING_IN, "user": None}
LINK = s.PendingSignIn(s.Way.BROWSER, "http://server/in", "ABCDEFGH", NOW + 60, "Not yet.")
ELSE = s.PendingSignIn(s.Way.BROWSER, "http://server/in", other=s.User("Bob", "bob@example.com"))
CODE = s.PendingSignIn(
    s.Way.PASSWORD, second_factor=s.SecondFactor(list(s.Factor)), sentence="No.", expires_at=NOW
)
SCREENS = [
    screen(one, Local(busy_long=True, now=NOW, apart=True))
    for one in (
        state(),
        state(phase=s.Phase.OFFLINE),
        state(phase=s.Phase.SIGNING_OUT),
        state(phase=s.Phase.AWAITING_RESTART, notes=[]),
        state(phase=s.Phase.EXPIRED, form_error="Wrong."),
        state(own_sessions=s.OwnSessions("asking")),
        state(**SIGNED_OUT),
        state(**SIGNED_OUT, offer=s.Way.BROWSER),
        state(**WAITS),
        state(**WAITS, pending=LINK),
        state(**WAITS, pending=ELSE),
        state(**WAITS, pending=CODE),
    )
]


def parts(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each field anywhere in ``value``, and where it stands."""
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield f"{type(value).__name__}.{field}", (*path, field)
            yield from parts(getattr(value, field), (*path, field))
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from parts(one, (*path, place))


def is_part(value: Any, path: tuple[str | int, ...]) -> bool:
    """Whether there is a struct at ``path``, or could be one: its fields are tried in its place."""
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value is None or isinstance(value, msgspec.Struct)


def changed(value: Any, path: tuple[str | int, ...]) -> Any:
    """``value`` with something else at ``path``."""
    if not path:
        match value:
            case bool():
                return not value
            case int():
                return value + 1
            case str():
                return f"{value}!"
            case tuple() if value:
                return value[1:]
            case _:
                return value
    step, *rest = path
    if isinstance(step, int):
        return (*value[:step], changed(value[step], tuple(rest)), *value[step + 1 :])
    return msgspec.structs.replace(value, **{step: changed(getattr(value, step), tuple(rest))})


def fields(of: type[msgspec.Struct]) -> set[str]:
    """Every field of a screen, by its part's name."""
    found, structs = set(), [of]
    for struct in structs:
        for field in msgspec.structs.fields(struct):
            found.add(f"{struct.__name__}.{field.name}")
            inner = msgspec.inspect.type_info(field.type)
            for one in (inner, *getattr(inner, "types", ()), getattr(inner, "item_type", None)):
                cls = getattr(one, "cls", None)
                if cls is not None and cls not in structs:
                    structs.append(cls)
    return found


def read(seen: Screen) -> dict[str, str]:
    return dict(texts(seen))


@pytest.mark.parametrize("field", sorted(fields(Screen) - READ_ELSEWHERE.keys()))
def test_every_field_of_a_screen_is_read(field: str) -> None:
    places = [(seen, path) for seen in SCREENS for name, path in parts(seen) if name == field]
    assert places, f"no screen of this test has a {field}: give it one"
    others = [(seen, changed(seen, path)) for seen, path in places if not is_part(seen, path)]
    assert not others or any(read(other) != read(seen) for seen, other in others)


def test_what_is_read_elsewhere_is_there() -> None:
    assert READ_ELSEWHERE.keys() - fields(Screen) == set()


@pytest.mark.parametrize("field", Editor.__struct_fields__)
def test_every_field_of_the_editor_is_read(field: str) -> None:
    shown = editor(Draft(), "A summary.", editable=True, deleted=False)
    other = changed(shown, (field,))
    assert texts_of_editor(other) != texts_of_editor(shown)


def test_a_window_without_widgets_says_what_its_editor_says_before_anything_is_written() -> None:
    seen = texts_of(state(full=True, limit="There is room for none."))
    assert seen["notes.hint"] == "There is room for none."
    assert "at:notes.editor" not in seen
    assert "at:notes.editor" in texts_of(state())


def test_what_has_no_place_on_a_page_is_read_all_the_same() -> None:
    seen = {"notes.new_line": "Buy!", "focus": "notes.list", "at:notes.list": "1,1"}
    assert rows(seen, "notes")[-1] == ("no place", "notes.new_line: Buy!", "")
    assert [
        row for one in SCREENS for row in rows(read(one), "notes") if row[0] == "no place"
    ] == []
