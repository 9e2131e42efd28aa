"""The shapes of what each part of the window shows.
Plain values: ``screens`` makes them, one widget each copies them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from refapp.snapshot import NoticeKind

Page = Literal["notes", "account", "inspector"]
Answer = Literal["join", "keep", "undo", "hide"]
Ask = Literal[
    "try_again", "unlock_storage", "cancel_prompt", "keep_in_memory", "restart", "sign_in",
    "password", "sign_in_browser", "sign_in_device", "send_verification",
]  # fmt: skip


class Local(msgspec.Struct, frozen=True):
    """What only the window knows. ``page`` None: where the session's phase leads.
    ``busy_long``: a busy phase for 150 ms.

    ``covered`` is the newest notice that the banner said in the same words, so that it is not said
    again later. ``refusal`` is why the parent did not accept the last request. ``now``: unix
    seconds, kept up to date while a sign-in is pending.
    ``apart``: show what became of the notes beside hers, though there is nothing to ask.
    """

    page: Page | None = None
    busy_long: bool = False
    covered: int = -1
    refusal: str = ""
    now: float = 0.0
    apart: bool = False


class Action(msgspec.Struct, frozen=True):
    """A button: its text, the letter that Alt presses it with (an index), and what it asks for."""

    text: str
    underline: int
    ask: Ask


class Banner(msgspec.Struct, frozen=True):
    """What stands until it is mended, with the one thing to do about it;
    None if that is done elsewhere.
    """

    kind: NoticeKind
    text: str
    action: Action | None


class NoticeLine(msgspec.Struct, frozen=True):
    """A sentence to be read once.
    ``number`` is the parent's, None for a refusal, which only the window knows of.
    """

    kind: NoticeKind
    text: str
    number: int | None


class Header(msgspec.Struct, frozen=True):
    """The account button. ``initials`` is empty when nobody is known."""

    initials: str
    name: str
    state: str


class PendingCard(msgspec.Struct, frozen=True):
    """A sign-in in the browser or with a code, while it waits. ``pastes``: a code can be pasted;
    ``left``: how long it waits; ``plain_code`` is what copying ``code`` gives. ``accept``: the
    button that goes on as who signed in, if that is asked.
    """

    heading: str
    text: str
    code: str
    plain_code: str
    link: str
    pastes: bool
    sentence: str
    left: str
    accept: str = ""


class SecondFactorCard(msgspec.Struct, frozen=True):
    """The question for a code beside the password. ``factors``: a choice each, its name, text and
    letter for Alt; ``send``: the button that has one sent, empty if none can be.
    """

    text: str
    factors: tuple[tuple[str, str, int], ...]
    send: str
    sentence: str
    busy: str
    enabled: bool
    left: str


class SignInCard(msgspec.Struct, frozen=True):
    """The ways to sign in.
    ``email`` is what to start with; ``busy`` empty when there is nothing to wait for.

    ``offer``: what to try after a way that came to nothing; ``pending`` and ``second_factor`` stand
    in place of all else. ``where`` says where a password goes; ``wrong``: the error is about the
    password.
    """

    heading: str
    email: str
    error: str
    busy: str
    enabled: bool
    hint: str
    fill: tuple[str, str] | None
    where: str
    wrong: bool
    offer: Action | None
    pending: PendingCard | None
    second_factor: SecondFactorCard | None


class ProfileCard(msgspec.Struct, frozen=True):
    """Who is signed in and where."""

    initials: str
    name: str
    email: str
    rows: tuple[tuple[str, str], ...]
    busy: str
    can_sign_out: bool


class SessionRow(msgspec.Struct, frozen=True):
    """One session of the person at the server. ``can_revoke`` is False for this app's own."""

    session: str
    device: str
    when: str
    can_revoke: bool


class SessionsCard(msgspec.Struct, frozen=True):
    """Where the person is signed in.
    ``ask`` is the text of the button that asks the server; ``wrong``: the sentence is trouble.

    ``offers``: the server has been asked, so there is something to sign out.
    ``again``: the button leads to a new sign-in, since the server wants one for the list.
    """

    ask: str
    again: bool
    rows: tuple[SessionRow, ...]
    offers: bool
    sentence: str
    wrong: bool
    busy: str
    enabled: bool


class AccountCards(msgspec.Struct, frozen=True):
    """The account page. ``heading`` and ``message``: in place of form and profile.
    ``kept``: where the secret is; ``history``: why earlier sessions ended, newest first.
    """

    sign_in: SignInCard | None
    profile: ProfileCard | None
    heading: str
    sessions: SessionsCard | None
    message: str
    kept: str
    history: tuple[str, ...]


class NoteRow(msgspec.Struct, frozen=True):
    note: str
    title: str
    changed: str


class Notes(msgspec.Struct, frozen=True):
    """``editable`` is False while signing out and until the restart: the notes are being closed.
    ``empty``: why no rows;
    ``owner``: whose they are;
    ``full`` and ``limit``: whether another can be begun (``snapshot.StateParams``).
    """

    rows: tuple[NoteRow, ...]
    editable: bool
    empty: str
    owner: int = 0
    full: bool = False
    limit: str = ""


class Choice(msgspec.Struct, frozen=True):
    """A button of the line about notes beside hers: its text, the letter for Alt, and what it
    answers; "hide" answers nothing.
    """

    text: str
    underline: int
    answer: Answer


class ApartLine(msgspec.Struct, frozen=True):
    """Notes on this computer beside the person's: what there is to say, and her choices."""

    text: str
    choices: tuple[Choice, ...]


class Editor(msgspec.Struct, frozen=True):
    """The note that is open.
    ``hint`` stands where the first words will; ``summary`` is what the assistant said, if anything.
    """

    status: str
    hint: str
    summary: str
    editable: bool
    can_delete: bool
    can_undo_delete: bool


class ServiceLine(msgspec.Struct, frozen=True):
    """A service of the session: its name and state in two words, more about it, and whether its
    button can be used.
    """

    state: str
    detail: str
    usable: bool


class Services(msgspec.Struct, frozen=True):
    sync: ServiceLine
    assistant: ServiceLine


class Inspector(msgspec.Struct, frozen=True):
    """``checks`` are name, "✓ enforced", "says the window" or "✗ NOT enforced", detail."""

    verdict: str
    display: str
    checks: tuple[tuple[str, str, str], ...]
    kept: str


class Screen(msgspec.Struct, frozen=True):
    """Everything that the window shows."""

    title: str
    page: Page
    warning: str
    banner: Banner | None
    notice: NoticeLine | None
    header: Header
    account: AccountCards
    notes: Notes
    apart: ApartLine | None
    services: Services
    inspector: Inspector
