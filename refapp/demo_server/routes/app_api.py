"""The application's own API, under ``/app``: who am I, the notes that sync, a summary.
Without a session: 401 JSON.
"""

from __future__ import annotations

import re

import msgspec

from refapp.demo_server.routes.backend import Backend, Routes
from refapp.demo_server.routes.requests import Request
from refapp.demo_server.state.answers import Answer, invalid, json_answer, refusal, unauthorized
from refapp.demo_server.state.notes import MAX_NOTES, Note

MAX_TEXT = 100_000
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


class Upload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of PUT notes:
    what has changed, and up to which revision the changes of others are known.
    """

    notes: list[Note]
    since: int = 0


def me(backend: Backend, request: Request) -> Answer:
    """GET me: {id, email, name}."""
    _, user = backend.signed_in(request)
    return json_answer({"id": user.id, "email": user.email, "name": user.name})


def jwt_me(backend: Backend, request: Request) -> Answer:
    """GET jwt-me: {id}, for a short-lived JWT instead of a session's token."""
    user_id = None if backend.jwts is None else backend.jwts.user_of(request.bearer)
    if user_id is None:
        raise unauthorized()
    return json_answer({"id": user_id})


def get_notes(backend: Backend, request: Request) -> Answer:
    """GET notes: {"notes": [{id, text, changedAt, deleted, revision}], "now"};
    unix seconds, ``now`` on the server's clock.
    """
    _, user = backend.signed_in(request)
    return json_answer({"notes": backend.notes.of_user(user.id), "now": backend.clock()})


def put_notes(backend: Backend, request: Request) -> Answer:
    """PUT notes {"notes": [...], "since"}: takes changes and answers with others' after ``since``,
    each in pieces.

    {"taken": {id: revision}, "notes": [...], "upTo", "more", "room", "now"}. What is neither in
    ``taken`` nor, as somebody else has changed it, among the notes up to the newest revision, found
    no room.
    """
    _, user = backend.signed_in(request)
    try:
        upload = msgspec.convert(request.read(), Upload)
    except msgspec.ValidationError as error:
        raise invalid(f"[body] {error}") from None
    if len(upload.notes) > MAX_NOTES or any(len(note.text) > MAX_TEXT for note in upload.notes):
        raise _too_large()
    taken = backend.notes.merge(user.id, upload.notes)
    page = backend.notes.page(user.id, upload.since)
    news = [note for note in page.notes if taken.get(note.id) != note.revision]
    return json_answer(
        {
            "taken": taken,
            "notes": news,
            "upTo": page.up_to,
            "more": page.more,
            "room": page.room,
            "now": backend.clock(),
        }
    )


def summarise(backend: Backend, request: Request) -> Answer:
    """POST summarise {"text"}: {"summary"}, the first sentence and two counts."""
    backend.signed_in(request)
    text = request.fields("text")["text"]
    if len(text) > MAX_TEXT:
        raise _too_large()
    return json_answer({"summary": summary_of(text)})


def summary_of(text: str) -> str:
    """The first sentence of ``text``, and how many sentences and words it has."""
    sentences = [found.strip() for found in _SENTENCE.findall(text) if found.strip()]
    if not sentences:
        return "Nothing to summarise."
    words = len(text.split())
    counts = f"{len(sentences)} sentence{_plural(len(sentences))}, {words} word{_plural(words)}"
    return f"{sentences[0]} ({counts})"


def _plural(count: int) -> str:
    return "" if count == 1 else "s"


def _too_large() -> Exception:
    return refusal(413, "TOO_LARGE", "Too large")


ROUTES: Routes = {
    ("GET", "/app/me"): me,
    ("GET", "/app/jwt-me"): jwt_me,
    ("GET", "/app/notes"): get_notes,
    ("PUT", "/app/notes"): put_notes,
    ("POST", "/app/summarise"): summarise,
}
