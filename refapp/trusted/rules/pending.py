"""A sign-in that waits for a person: what it is, and what can happen to it. Plain data.

Three ways, a ladder: in the browser of this computer (RFC 8252, with PKCE), with a code on any
device (RFC 8628), with the password. ``signing_in`` has the rules, ``sign_in_work`` has who does
the work. ``PendingSignIn`` is all that the window may know of it: no verifier, no device code, no
authorization code that came by itself, no cookie, no token.
"""

from __future__ import annotations

from refapp.snapshot import Factor, PendingSignIn, SecondFactor, Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.rules.generation import AtAnyTime, OfGeneration
from refapp.trusted.storage.secret import DeviceGrant, FactorCode

NEXT = {Way.BROWSER: Way.DEVICE, Way.DEVICE: Way.PASSWORD}
"""The way that is offered when one came to nothing."""


class SignInElsewhereAsked(AtAnyTime, frozen=True):
    """A person wants to sign in by ``way``, which is not the password."""

    way: Way


class SignInPending(OfGeneration, frozen=True):
    """There is a link to go to, and from now on it is the person's turn."""

    pending: PendingSignIn


class PendingFound(OfGeneration, frozen=True):
    """No session on file, but a device sign-in that was pending when the app ended, or is in
    another copy of it.

    ``expired``: as ``events.NothingStored`` has it. ``before``: whose profile is kept.
    """

    grant: DeviceGrant
    expired: str = ""
    before: Profile | None = None


class PendingSaid(OfGeneration, frozen=True):
    """What keeps the pending sign-in from going on; empty: nothing any more."""

    sentence: str


class CodePasted(AtAnyTime, frozen=True):
    """A person pasted what the browser shows.
    Without the verifier, which never left the app, it is worth nothing.
    """

    text: str

    def __repr__(self) -> str:
        """Never show the code."""
        return "CodePasted(…)"


class SecondFactorWanted(OfGeneration, frozen=True):
    """The password was right, and the server wants a code besides.
    There is no session yet (TF-1).
    """

    wanted: SecondFactor
    expires_at: float


class CodeEntered(AtAnyTime, frozen=True):
    """A person entered the code of her second factor."""

    code: FactorCode


class CodeWanted(AtAnyTime, frozen=True):
    """A person wants such a code by e-mail."""


class SecondFactorSaid(OfGeneration, frozen=True):
    """What the server said to a code, or to the wish for one; it goes on waiting.
    ``sent``: it has sent one by e-mail.

    ``lacks``: a kind of code that the account has not.
    """

    sentence: str
    sent: bool = False
    lacks: Factor | None = None


class VerificationWanted(AtAnyTime, frozen=True):
    """A person wants the message again by which she confirms her e-mail address (TF-4)."""


class VerificationSent(OfGeneration, frozen=True):
    """What became of that."""

    sentence: str
    sent: bool


class LinkAsked(AtAnyTime, frozen=True):
    """A person wants the link opened in the browser, for the first time or again."""


class SignInAccepted(AtAnyTime, frozen=True):
    """A person was told who signed in, and goes on as that (SI-18)."""


class SignInCancelled(AtAnyTime, frozen=True):
    """A person gave the sign-in up."""


OfSecondFactor = SecondFactorWanted | CodeEntered | CodeWanted | SecondFactorSaid
OfVerification = VerificationWanted | VerificationSent
Happened = (
    SignInElsewhereAsked
    | SignInPending
    | PendingFound
    | PendingSaid
    | CodePasted
    | OfSecondFactor
    | OfVerification
    | LinkAsked
    | SignInAccepted
    | SignInCancelled
)
