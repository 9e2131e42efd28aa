"""What the features call a place of the window -> its widget, and where that is on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from refapp.tour.framebuffer import Area

Lines = Callable[[Area], Sequence[bytes]]
"""The pixels of a part of the screen, row by row, four bytes each, blue first."""

PLACES: Mapping[str, str] = {
    "title": "title",
    "Notes": "nav.notes", "Account": "nav.account", "Inspector": "nav.inspector",
    "account button": "account.button", "initials": "account.initials", "menu": "menu",
    "banner": "banner", "banner's button": "banner.action",
    "line of notice": "notice", "dismiss": "notice.dismiss",
    "new note": "notes.new", "list": "notes.list", "empty list": "notes.empty",
    "first row": "notes.list.1", "second row": "notes.list.2", "third row": "notes.list.3",
    "note": "notes.editor", "hint": "notes.hint", "below the note": "notes.saved",
    "delete": "notes.delete", "undo delete": "notes.undo_delete",
    "summary": "notes.summary", "hide the summary": "notes.hide_summary",
    "sync": "sync.state", "sync now": "sync.now", "summarise": "assistant.summarise",
    "notes apart": "apart", "first choice": "apart.1", "second choice": "apart.2",
    "e-mail": "sign_in.email", "password": "sign_in.password",
    "show password": "sign_in.show_password", "Caps Lock": "sign_in.caps_lock",
    "complaint": "sign_in.error", "sign in": "sign_in.submit",
    "stop signing in": "sign_in.cancel_password", "working": "sign_in.busy",
    "in the browser": "sign_in.browser", "with a code": "sign_in.device",
    "no account yet": "sign_in.no_account", "forgot your password": "sign_in.forgot",
    "what came of it": "sign_in.way_error", "what to try instead": "sign_in.offer",
    "pending": "sign_in.pending_heading", "code to enter": "sign_in.code",
    "copy the code": "sign_in.copy_code", "link": "sign_in.link",
    "open the link": "sign_in.open_link", "copy the link": "sign_in.copy_link",
    "pasted code": "sign_in.pasted", "use the code": "sign_in.use_code",
    "cancel": "sign_in.cancel",
    "from the authenticator": "second_factor.factor1", "by e-mail": "second_factor.factor2",
    "backup code": "second_factor.factor3", "send a code": "second_factor.send",
    "code": "second_factor.one_time_code", "trust this computer": "second_factor.trust",
    "wrong code": "second_factor.sentence", "go on": "second_factor.submit",
    "give up": "second_factor.cancel",
    "reasons": "account.history", "name": "profile.name", "sign out": "profile.sign_out",
    "where am I signed in": "sessions.ask", "sessions": "sessions.list",
    "first session": "sessions.list.1", "second session": "sessions.list.2",
    "third session": "sessions.list.3",
    "what became of it": "sessions.sentence",
    "sign out selected": "sessions.sign_out_one",
    "sign out all others": "sessions.sign_out_others",
    "sign out everywhere": "sessions.sign_out_everywhere",
    "checks": "inspector.checks", "messages": "inspector.messages", "verdict": "inspector.verdict",
}  # fmt: skip
NAMES = {widget: name for name, widget in PLACES.items()}


def area(seen: Mapping[str, str], name: str, what: str = "box") -> Area | None:
    """Where ``name`` is, as far as it is to be seen; ``what`` is "cursor" for that of a text."""
    told = seen.get(f"{what}:{name}")
    return Area(*map(int, told.split(","))) if told else None
