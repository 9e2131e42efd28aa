"""What a window shows of its screen, by the real window's widget names, for a window that has no
widgets: ``texts`` reads all of ``view.Screen``, as ``roster`` reads the real one.

Beside the texts stand ``at:NAME`` for what can be used, ``letter:NAME`` for the letter that Alt
presses it with, and ``kind:NAME`` for how a line is coloured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from refapp.snapshot import StateParams
from refapp.untrusted.presentation.draft import Draft, editor
from refapp.untrusted.presentation.screens import covered_by, screen
from refapp.untrusted.presentation.sign_in_screen import BROWSER, DEVICE, TRUST
from refapp.untrusted.presentation.view import (
    AccountCards,
    Action,
    Editor,
    Inspector,
    Local,
    PendingCard,
    ProfileCard,
    Screen,
    SecondFactorCard,
    ServiceLine,
    SessionsCard,
    SignInCard,
)
from refapp.untrusted.wording import sign_in_words

Found = Iterator[tuple[str, str]]
REASONS_SHOWN = 5


def screen_of(snapshot: StateParams, before: Sequence[StateParams] = ()) -> Screen:
    """What the window shows of one snapshot of many, with whatever a person would have it show.
    ``before``: what it showed until then, so that it says nothing twice.
    """
    local = Local(busy_long=True, apart=True)
    for one in (*before, snapshot):
        local = msgspec.structs.replace(local, covered=covered_by(one, local))
    return screen(snapshot, local)


def texts_of(snapshot: StateParams, before: Sequence[StateParams] = ()) -> Mapping[str, str]:
    """The texts of all pages (``screen_of``), with nothing written in the editor."""
    seen = screen_of(snapshot, before)
    there = seen.notes
    shown = editor(
        Draft(owner=there.owner),
        "",
        editable=there.editable,
        deleted=False,
        full=there.full,
        limit=there.limit,
    )
    return {**texts(seen), **texts_of_editor(shown)}


def texts(seen: Screen) -> Mapping[str, str]:
    """The texts of all pages; what is empty is not there."""
    parts = _frame(seen), _notes(seen), _account(seen.account), _inspector(seen.inspector)
    return {name: text for part in parts for name, text in part if text}


def texts_of_editor(shown: Editor) -> Mapping[str, str]:
    """Those of the note that is open."""
    parts = (
        [("notes.saved", shown.status), ("notes.hint", shown.hint)],
        [("notes.summary", shown.summary), *_button("notes.hide_summary", "Hide")]
        if shown.summary
        else [],
        [("at:notes.editor", "usable" if shown.editable else "")],
        _button("notes.delete", "Delete") if shown.can_delete else [],
        _button("notes.undo_delete", "Undo delete") if shown.can_undo_delete else [],
    )
    return {name: text for part in parts for name, text in part if text}


def _button(name: str, text: str, *, usable: bool = True, letter: int | None = None) -> Found:
    if not text:
        return
    yield name, text
    if usable:
        yield f"at:{name}", "usable"
    if letter is not None:
        yield f"letter:{name}", text[letter : letter + 1].upper()


def _action(name: str, action: Action | None, *, usable: bool = True) -> Found:
    if action is not None:
        yield from _button(name, action.text, usable=usable, letter=action.underline)


def _frame(seen: Screen) -> Found:
    yield "title", seen.title
    yield f"state:nav.{seen.page}", "selected"
    yield "unsandboxed", seen.warning
    if seen.banner is not None:
        yield "banner", seen.banner.text
        yield "kind:banner", seen.banner.kind
        yield from _action("banner.action", seen.banner.action)
    if seen.notice is not None:
        yield "notice", seen.notice.text
        yield "kind:notice", seen.notice.kind
        yield from _button("notice.dismiss", "Dismiss")
    yield "account.initials", seen.header.initials
    yield "account.button", f"{seen.header.name} · {seen.header.state}"


def _notes(seen: Screen) -> Found:
    if seen.apart is not None:
        yield "apart", seen.apart.text
        for number, choice in enumerate(seen.apart.choices, start=1):
            yield from _button(f"apart.{number}", choice.text, letter=choice.underline)
    yield from _button("notes.new", "New note", usable=seen.notes.editable)
    yield "notes.list", "\n".join(f"{row.title} | {row.changed}" for row in seen.notes.rows)
    yield "notes.empty", seen.notes.empty
    yield from _service("sync", seen.services.sync, "now", "Sync now")
    yield from _service("assistant", seen.services.assistant, "summarise", "Summarise")


def _service(name: str, line: ServiceLine, what: str, text: str) -> Found:
    yield f"{name}.state", line.state
    yield f"{name}.detail", line.detail
    yield from _button(f"{name}.{what}", text, usable=line.usable)


def _account(account: AccountCards) -> Found:
    if account.sign_in is not None:
        yield from _sign_in(account.sign_in)
    if account.profile is not None:
        yield from _profile(account.profile)
    if account.sessions is not None:
        yield from _sessions(account.sessions)
    yield "account.heading", account.heading
    yield "account.message", account.message
    yield "account.kept", account.kept
    yield "account.history", "\n".join(account.history[:REASONS_SHOWN])


def _sign_in(form: SignInCard) -> Found:
    if form.pending is not None:
        yield from _pending(form.pending)
    elif form.second_factor is not None:
        yield from _second_factor(form.second_factor)
    else:
        yield from _form(form)


def _form(form: SignInCard) -> Found:
    """What became of another way stands beside the ways, and says nothing about the password."""
    usable = form.enabled
    yield "sign_in.heading", form.heading
    yield from _button("sign_in.browser", BROWSER, usable=usable)
    yield from _button("sign_in.device", DEVICE, usable=usable)
    yield "sign_in.way_error" if form.offer else "sign_in.error", form.error
    yield from _action("sign_in.offer", form.offer, usable=usable)
    yield "sign_in.or", form.where
    yield "sign_in.email", form.email
    yield "sign_in.password", "password: 0 characters"
    yield "kind:sign_in.error", "of the password" if form.wrong and form.error else ""
    yield from _button("sign_in.show_password", "Show password", usable=usable)
    yield from _button("sign_in.submit", "Sign in", usable=usable)
    yield "sign_in.busy", form.busy
    if not usable:
        yield from _button("sign_in.cancel_password", "Cancel")
    yield from _button("sign_in.no_account", sign_in_words.NO_ACCOUNT, usable=usable)
    yield from _button("sign_in.forgot", sign_in_words.FORGOTTEN, usable=usable)
    yield "sign_in.demo", form.hint
    if form.fill is not None:
        yield from _button("sign_in.fill", "Fill in", usable=usable)
        yield "filled in", ", ".join(form.fill)


def _pending(pending: PendingCard) -> Found:
    yield "sign_in.pending_heading", pending.heading
    yield "sign_in.pending_text", pending.text
    if pending.code:
        yield "sign_in.code", pending.code
        yield from _button("sign_in.copy_code", "Copy code")
        yield "copied.code", pending.plain_code
    if pending.link:
        yield "sign_in.link", pending.link
        yield from _button("sign_in.open_link", "Open the link")
        yield from _button("sign_in.copy_link", "Copy link")
    if pending.pastes:
        yield "sign_in.pasted_label", sign_in_words.PASTE_THE_CODE
        yield from _button("sign_in.use_code", "Use the code")
    yield "sign_in.sentence", pending.sentence
    yield "sign_in.left", pending.left
    yield from _button("sign_in.accept", pending.accept)
    yield from _button("sign_in.cancel", "Cancel")


def _second_factor(asked: SecondFactorCard) -> Found:
    """One kind of code is no choice. A code by e-mail can be sent once that is chosen."""
    usable = asked.enabled
    assert asked.factors, "it asks for no kind of code at all"
    yield "second_factor.heading", "Enter your code"
    yield "second_factor.text", asked.text
    for number, (_, text, letter) in enumerate(asked.factors, start=1):
        if len(asked.factors) > 1:
            name = f"second_factor.factor{number}"
            yield from _button(name, text, usable=usable, letter=letter)
    yield from _button("second_factor.send", asked.send, usable=usable)
    yield from _button("second_factor.trust", TRUST, usable=usable)
    yield "second_factor.sentence", asked.sentence
    yield from _button("second_factor.submit", "Go on", usable=usable)
    yield "second_factor.left", asked.busy or asked.left
    yield from _button("second_factor.cancel", "Cancel")


def _profile(profile: ProfileCard) -> Found:
    yield "profile.initials", profile.initials
    yield "profile.name", profile.name
    yield "profile.email", profile.email
    for number, (label, text) in enumerate(profile.rows, start=1):
        yield f"label:profile.row{number}", label
        yield f"profile.row{number}", text
    yield "profile.busy", profile.busy
    yield from _button("profile.sign_out", "Sign out", usable=profile.can_sign_out)


def _sessions(card: SessionsCard) -> Found:
    yield "sessions.list", "\n".join(f"{row.device} | {row.when}" for row in card.rows)
    for number, row in enumerate(card.rows, start=1):
        yield f"at:sessions.list.{number}", "usable" if row.can_revoke else ""
    yield "sessions.sentence", card.sentence
    yield "kind:sessions.sentence", "wrong" if card.wrong else ""
    if card.offers:
        yield from _button("sessions.sign_out_others", "Sign out all others", usable=card.enabled)
        yield from _button(
            "sessions.sign_out_everywhere", "Sign out everywhere", usable=card.enabled
        )
    letter = card.ask.find("gain") if card.again else 0
    yield from _button("sessions.ask", card.ask, usable=card.enabled, letter=letter)
    yield "sessions.busy", card.busy


def _inspector(shown: Inspector) -> Found:
    yield "inspector.verdict", shown.verdict
    yield "inspector.checks", "\n".join(" | ".join(filter(None, row)) for row in shown.checks)
    yield "inspector.display", shown.display
    yield "inspector.kept", shown.kept
