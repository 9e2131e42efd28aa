"""The whole of what the window may know: one immutable snapshot, sent down as ``state`` whenever
something changed.

Owns the shapes, no decisions: ``trusted.rules.session`` and ``trusted.shell.auth_store`` decide
what stands in them, ``untrusted.presentation.screens`` what each widget shows of it. A snapshot
holds no token, key, verifier, device code or user id. Times are unix seconds.
"""

from __future__ import annotations

import enum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Id = Annotated[int, Meta(ge=0, le=2**53)]
Theme = Literal["light", "dark", "light-contrast", "dark-contrast"]
Pixels = Annotated[int, Meta(ge=1, le=65535)]
Short = Annotated[str, Meta(max_length=400)]
NoteId = Annotated[str, Meta(pattern=r"^[0-9a-f]{12}\Z")]
NOBODY = 0
"""``StateParams.owner`` while nobody is signed in."""
SessionId = Annotated[str, Meta(pattern=r"^[0-9a-f]{12}\Z")]


class Phase(enum.Enum):
    """Where the session is. ``trusted.rules.session`` says what leads from one to the next."""

    UNAVAILABLE = "unavailable"
    SIGNED_OUT = "signed_out"
    SIGNING_IN = "signing_in"
    RESTORING = "restoring"
    SIGNED_IN = "signed_in"
    OFFLINE = "offline"
    EXPIRED = "expired"
    SIGNING_OUT = "signing_out"
    AWAITING_RESTART = "awaiting_restart"


WITH_SESSION = frozenset({Phase.RESTORING, Phase.SIGNED_IN, Phase.OFFLINE})
"""A session is there, whatever the server will say of it: calls may be made in its name."""


class Way(enum.Enum):
    """How to sign in: a rung of the ladder (``trusted.rules.pending``)."""

    BROWSER = "browser"
    DEVICE = "device"
    PASSWORD = "password"  # noqa: S105 - the name of a way


class Factor(enum.Enum):
    """What a second factor's code comes from: an authenticator app, a message by e-mail, or the
    list of backup codes.
    """

    AUTHENTICATOR = "authenticator"
    MAIL = "mail"
    BACKUP = "backup"


class Closed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of everything that crosses: immutable, and an unknown field is an error."""


class Check(Closed, frozen=True):
    """One restriction of the window process.
    ``held``: the kernel enforces it. ``detail`` is for people.
    """

    name: Short
    held: bool
    detail: Short = ""


class User(Closed, frozen=True):
    name: str
    email: str

    @property
    def known_as(self) -> str:
        """For a sentence about somebody;
        the e-mail first, which nobody chooses as freely as a name.
        """
        return (
            f"{self.email} ({self.name})" if self.name and self.email else self.email or self.name
        )


NoticeKind = Literal["info", "warning", "error"]


class Notice(Closed, frozen=True):
    """A sentence to be read once. ``number`` tells two equal sentences apart."""

    number: Id
    kind: NoticeKind
    text: str


class DemoAccount(Closed, frozen=True):
    """The embedded server's seeded account, shown as a hint in demo mode only."""

    email: str
    password: str


class Storage(Closed, frozen=True):
    """Where the secret is kept.
    ``state`` is a closed word of ``trusted.errors``; ``sentence`` and ``cure`` are for people.

    ``waiting``: what the keychain asks the person now, and which program asks, or which other copy
    of the app is waited for; empty while nothing is.
    """

    state: str
    backend: str
    sentence: str = ""
    cure: str = ""
    waiting: str = ""


class NoteSummary(Closed, frozen=True):
    note: NoteId
    title: str
    changed_at: float


class NotesApart(Closed, frozen=True):
    """Notes on this computer beside the signed-in person's that may be hers, and how many: she is
    ``asked`` whether they join hers, they have ``joined``, or they stay ``apart``.
    """

    state: Literal["none", "asked", "joined", "apart"]
    count: int = 0


class Service(Closed, frozen=True):
    """A service around the session.
    ``off``: no session; ``paused``: expired or offline; ``ready``; ``busy``; ``failed``.
    """

    state: Literal["off", "paused", "ready", "busy", "failed"]
    sentence: str = ""
    done_at: float | None = None


class Boundary(Closed, frozen=True):
    """What holds the window process.
    ``verified``: the parent has looked itself, and saw ``checks``.

    ``claims``: what else the window says of itself. ``display``: what X11 still allows.
    """

    verified: bool
    checks: list[Check]
    display: str
    claims: list[Check] = []


class OwnSession(Closed, frozen=True):
    """One session of the signed-in person at the server.
    ``session`` is an id of the parent's own making, never the token.

    ``seen_at`` is when the server last moved the session's end,
    which may be a day behind its last use.
    """

    session: SessionId
    device: Short
    began_at: float | None
    seen_at: float | None
    here: bool


class OwnSessions(Closed, frozen=True):
    """Where the person is signed in.
    ``unknown``: not asked for; ``not_fresh``: the server wants a newer sign-in for that.
    """

    state: Literal["unknown", "asking", "known", "not_fresh", "failed"]
    sentence: str = ""
    sessions: list[OwnSession] = []


class Reason(Closed, frozen=True):
    """One entry of "why was I signed out": unix seconds and a sentence."""

    at: float
    sentence: str


class SecondFactor(Closed, frozen=True):
    """What the server wants beside the password: a code from one of ``factors``.
    ``sent``: it has sent one by e-mail;
    ``asking``: it is being asked.
    """

    factors: list[Factor]
    sent: bool = False
    asking: bool = False


class PendingSignIn(Closed, frozen=True):
    """A sign-in that waits for a person or a server. ``link`` is empty until the server was asked.

    ``expires_at``: unix seconds on this computer's clock, None while a password is looked at.
    ``sentence``: what keeps it from going on. ``second_factor``: the password was right, and a code
    is wanted (TF-1).
    ``other``: who signed in, if that is somebody else than ``before``; the person is asked whether
    to go on (SI-18), and does once there is no link any more. Both as people know them; without
    ``before`` it was somebody who is not known by name.
    """

    way: Way
    link: str = ""
    user_code: str = ""
    expires_at: float | None = None
    sentence: str = ""
    second_factor: SecondFactor | None = None
    other: User | None = None
    before: User | None = None


class StateParams(Closed, kw_only=True, frozen=True):
    """The whole of what the window may know. Times are unix seconds.

    ``offer``: the way to try after one that failed; ``unverified``: ``form_email`` has to be
    confirmed first; ``form_wrong``: ``form_error`` is about the credentials. ``owner``: whose the
    notes are, by a number of this run that names nobody; a save names it again
    (``NoteSaveParams``). ``full``: no note can be begun; ``limit``: why, or what to know before one
    is.
    ``screen``: its width and height in pixels, once they have changed.
    """

    revision: Id
    phase: Phase
    server: str
    version: str
    theme: Theme = "light"
    screen: tuple[Pixels, Pixels] | None = None
    user: User | None = None
    expired: bool = False
    form_email: str = ""
    form_error: str = ""
    form_wrong: bool = False
    pending: PendingSignIn | None = None
    offer: Way | None = None
    unverified: bool = False
    sentence: str = ""
    retry_at: float | None = None
    notice: Notice | None = None
    demo: DemoAccount | None = None
    storage: Storage
    boundary: Boundary
    mode: Literal["unknown", "sliding", "rotating"] = "unknown"
    notes: list[NoteSummary] = []
    owner: Id = NOBODY
    apart: NotesApart = NotesApart("none")
    full: bool = False
    limit: str = ""
    sync: Service
    assistant: Service
    own_sessions: OwnSessions = OwnSessions(state="unknown")
    history: list[Reason] = []
