"""The parameters of what the window may send: their types and limits.
``messages`` says what each request is for.

Owns the limits: a value that is longer or of another form is a protocol error,
before any handler sees it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from refapp.snapshot import Check, Closed, Id, NoteId, SessionId, Short

Email = Annotated[str, Meta(max_length=320)]
Password = Annotated[str, Meta(max_length=1024)]
NoteBody = Annotated[str, Meta(max_length=100_000)]
Value = Annotated[str, Meta(min_length=1, max_length=16_384)]
Pasted = Annotated[str, Meta(min_length=1, max_length=2048)]
Code = Annotated[str, Meta(min_length=1, max_length=128)]
Colours = Literal["system", "light", "dark", "contrast"]
StorageKey = Literal["accessToken", "refreshToken"]
LONGEST_SHOWN = 2000
"""Characters that a window tells of one widget."""


class Nothing(Closed, frozen=True):
    """No parameters."""


class HelloParams(Closed, frozen=True):
    """``leaves``: the window knows ``leave``, and is asked for its last words;
    another is just ended.
    """

    protocol: int
    leaves: bool = False


class ConfinedParams(Closed, frozen=True):
    checks: Annotated[list[Check], Meta(max_length=40)]


class SignInParams(Closed, frozen=True):
    email: Email
    password: Password

    def __repr__(self) -> str:
        """Never show the password."""
        return f"SignInParams(email={self.email!r}, password=…)"


class SignInElsewhereParams(Closed, frozen=True):
    way: Literal["browser", "device"]


class SignInPasteParams(Closed, frozen=True):
    pasted: Pasted

    def __repr__(self) -> str:
        """Never show the code."""
        return "SignInPasteParams(pasted=…)"


class SecondFactorParams(Closed, frozen=True):
    """``trust``: the person does not want to be asked here again until she signs out."""

    factor: Literal["authenticator", "mail", "backup"]
    code: Code
    trust: bool

    def __repr__(self) -> str:
        """Never show the code."""
        return f"SecondFactorParams(factor={self.factor!r}, code=…, trust={self.trust})"


class DismissParams(Closed, frozen=True):
    notice: Id


class SessionParams(Closed, frozen=True):
    session: SessionId


class NoteParams(Closed, frozen=True):
    note: NoteId


class NoteSaveParams(Closed, frozen=True):
    """``owner``: whose note it is, as the snapshot said when it was begun.
    That is not left to when it arrives (SB-8). Neither ``note`` nor ``text``: of a new note that
    was refused nothing is left, and nothing is kept.
    """

    note: NoteId | None
    text: NoteBody
    owner: Id


class NotesApartParams(Closed, frozen=True):
    """What becomes of the notes beside hers (``snapshot.NotesApart``)."""

    answer: Literal["join", "keep", "undo"]


class StorageKeyParams(Closed, frozen=True):
    key: StorageKey


class StorageSetParams(Closed, frozen=True):
    key: StorageKey
    value: Value

    def __repr__(self) -> str:
        """Never show the value."""
        return f"StorageSetParams(key={self.key!r}, value=…)"


class ShownParams(Closed, frozen=True):
    revision: Id
    widgets: Annotated[
        dict[Short, Annotated[str, Meta(max_length=LONGEST_SHOWN)]], Meta(max_length=200)
    ]


class WindowParams(Closed, frozen=True):
    """Where the window is, in pixels;
    how large its text, in points; which colours the person chose.
    """

    x: Annotated[int, Meta(ge=-32768, le=32767)]
    y: Annotated[int, Meta(ge=-32768, le=32767)]
    width: Annotated[int, Meta(ge=200, le=32767)]
    height: Annotated[int, Meta(ge=200, le=32767)]
    text: Annotated[int, Meta(ge=7, le=28)]
    colours: Colours


class PongParams(Closed, frozen=True):
    n: Id
