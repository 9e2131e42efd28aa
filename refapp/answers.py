"""What a request is answered with: a result if it is accepted, else an error.
``messages`` says which request has which result.

A closed list. No result says what came of the request: that is in the next snapshot, but for texts
that a snapshot never has.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from refapp.params import Colours, NoteBody
from refapp.snapshot import Closed, Id, NoteId, Theme


class Welcome(Closed, frozen=True):
    """How the window should look, before it knows anything else.
    ``observe``: tell the parent what the widgets show;
    ``colours``: what the person chose.
    """

    protocol: int
    theme: Theme = "light"
    observe: bool = False
    colours: Colours = "system"


class Done(Closed, frozen=True):
    """Accepted. What came of it is in the next ``state``."""


class NoteText(Closed, frozen=True):
    note: NoteId
    text: NoteBody


class NoteSaved(Closed, frozen=True):
    note: NoteId


class Summary(Closed, frozen=True):
    note: NoteId
    text: str


class StorageAnswer(Closed, frozen=True):
    """The recipe's result of a storage operation:
    data only with success, error only without (SS-5).
    """

    success: bool
    data: str | None = None
    error: str | None = None


Result = Welcome | Done | NoteText | NoteSaved | Summary | StorageAnswer


class ErrorDetail(Closed, frozen=True):
    """``code`` is JSON-RPC's; ``reason`` is a closed word;
    ``message`` is a sentence for people, never an exception's text.
    """

    code: int
    message: str
    reason: str


class Answer(Closed, frozen=True):
    """The parent's answer to the request ``id``: exactly one of result and error."""

    id: Id | None
    jsonrpc: Literal["2.0"] = "2.0"
    result: Result | UnsetType = UNSET
    error: ErrorDetail | UnsetType = UNSET
