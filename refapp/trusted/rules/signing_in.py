"""The rules of signing in, by any of the three ways: how a session begins.
Pure, and a part of ``session``.

A ladder (SI-11): in the browser, with a code on another device, with the password. Each rung can be
cancelled, ends by itself, and offers the next one. Cancelling bumps the generation: a session that
is opened all the same is revoked when it comes (SI-16).

Outside the window somebody else may have signed in than the person at it: by mistake, or because
the link was passed on. So when that is not who was here before, she is asked, and nothing is stored
until she has said yes (SI-18). With the password she has named herself.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from refapp.snapshot import Factor, Notice, NoticeKind, PendingSignIn, Phase, User, Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.rules import effects as do, events as ev, pending as pn
from refapp.trusted.rules.session_state import State
from refapp.trusted.server.refusals import WAY_ON, Refusal
from refapp.trusted.storage.secret import Credentials, StoredSession, TokenPair
from refapp.trusted.wording import session_words, sign_in_words

Step = tuple[State, tuple[do.Effect, ...]]

SIGN_IN_FROM = frozenset({Phase.SIGNED_OUT, Phase.EXPIRED, Phase.UNAVAILABLE})

OfSignIn = (
    ev.SignInAsked
    | ev.SignInUnsuccessful
    | ev.Authenticated
    | ev.PairStored
    | ev.PairNotStored
    | ev.StorageReady
)


def on_sign_in(state: State, event: OfSignIn) -> Step:
    """What is the same for every way: storage first, the session stored before it is shown."""
    if isinstance(event, ev.SignInAsked):
        return _begin(state, PendingSignIn(Way.PASSWORD), event.credentials)
    if state.phase is not Phase.SIGNING_IN or state.pending is None:
        return state, _left_behind(event)
    way, generation = state.pending.way, state.generation
    match event:
        case ev.StorageReady(credentials=credentials, before=before):
            begins = (
                do.Authenticate(generation, credentials)
                if credentials
                else do.StartElsewhere(generation, way)
            )
            return replace(state, trouble=None, before=before), (begins,)
        case ev.SignInUnsuccessful(sentence=sentence, pair=pair, refusal=refusal):
            revoke = () if pair is None else (do.Revoke(pair),)
            failed = replace(state, form_error=sentence, form_wrong=refusal is Refusal.CREDENTIALS)
            back, look = _back(failed, refusal)
            return back, (*_forget(way), *revoke, *look)
        case ev.Authenticated(profile=profile, session=session, accepted=accepted, trust=trust):
            if way is not Way.PASSWORD and not accepted and _somebody_else(state, profile):
                return _asked(state, state.pending, profile), (
                    *_forget(way),
                    do.HoldBack(generation, profile, session),
                )
            return state, (do.StorePair(generation, profile, session, trust),)
        case ev.PairStored(profile=profile, session=session, former=former):
            good, effects = signed_in(replace(state, form_email="", mode=session.mode), profile)
            return good, (do.Hold(session), *effects, *([do.Revoke(former)] if former else []))
        case ev.PairNotStored(sentence=sentence, pair=pair, former=former):
            back, look = _back(replace(state, form_error=sign_in_words.tokens_not_stored(sentence)))
            ended = (do.Revoke(pair), *([do.Revoke(former)] if former else []))
            return back, (do.ForgetPair(pair), *_forget(way), *ended, *look)
        case _:
            assert_never(event)


def _left_behind(event: OfSignIn) -> tuple[do.Effect, ...]:
    """What to do about a session that was opened for a sign-in that has failed meanwhile: nobody
    would ever end it (SI-16).
    """
    match event:
        case (
            ev.Authenticated(session=StoredSession(pair=pair))
            | ev.SignInUnsuccessful(pair=TokenPair() as pair)
        ):
            return (do.Revoke(pair),)
        case _:
            return ()


def on_pending(state: State, event: pn.Happened) -> Step:
    """What a person does, and is told, while a sign-in is pending."""
    match event:
        case pn.VerificationWanted() | pn.VerificationSent():
            return _on_verification(state, event)
        case pn.SignInElsewhereAsked(way=way):
            return _begin(state, PendingSignIn(way), None)
        case pn.PendingFound(grant=grant, before=before):
            if state.phase not in {Phase.RESTORING, Phase.UNAVAILABLE}:
                return state, ()
            shown = PendingSignIn(Way.DEVICE, grant.link, grant.user_code, grant.expires_at)
            resumed, _ = _begin(replace(state, phase=Phase.SIGNED_OUT), shown, None)
            return replace(resumed, before=before), (do.ResumeDevice(resumed.generation, grant),)
        case _:
            if state.phase is not Phase.SIGNING_IN or state.pending is None:
                return state, ()
            return _while_pending(state, state.pending, event)


def _on_verification(state: State, event: pn.OfVerification) -> Step:
    """The message by which an e-mail address is confirmed, sent again, and only to the one that the
    server refused for it.
    """
    if isinstance(event, pn.VerificationWanted):
        asks = state.phase in SIGN_IN_FROM and state.unverified
        return state, (do.SendVerification(state.generation, state.form_email),) if asks else ()
    return say(state, "info" if event.sent else "warning", event.sentence), ()


_Meanwhile = (
    pn.OfSecondFactor
    | pn.SignInPending
    | pn.PendingSaid
    | pn.CodePasted
    | pn.LinkAsked
    | pn.SignInAccepted
    | pn.SignInCancelled
)


def _while_pending(state: State, pending: PendingSignIn, event: _Meanwhile) -> Step:
    match event:
        case pn.SignInPending(pending=begun):
            # A code is for any device, the link of a browser sign-in for this one.
            opens = (do.OpenLink(state.generation, begun.link),) if begun.way is Way.BROWSER else ()
            return replace(state, pending=begun), opens
        case pn.PendingSaid(sentence=sentence):
            return replace(state, pending=replace(pending, sentence=sentence)), ()
        case pn.CodePasted(text=text):
            return state, (
                do.TakeCode(state.generation, text),
            ) if pending.way is Way.BROWSER else ()
        case pn.LinkAsked():
            return state, (do.OpenLink(state.generation, pending.link),) if pending.link else ()
        case pn.SignInAccepted():
            if pending.other is None or not pending.link:
                return state, ()
            # Without a link it waits for nobody any more.
            return replace(state, pending=replace(pending, link="")), (do.TakeUp(),)
        case pn.SignInCancelled():
            forget = _forget(pending.way) if pending.other is None else ()
            said = "" if pending.other is None else sign_in_words.not_as(pending.other.known_as)
            given_up, look = _back(replace(state, generation=state.generation + 1, form_error=said))
            return given_up, (do.StopWaiting(), *forget, *look)
        case _:
            return _on_second_factor(state, pending, event)


def _on_second_factor(state: State, pending: PendingSignIn, event: pn.OfSecondFactor) -> Step:
    """One question to the server at a time;
    a wrong answer leaves the person where she was (TF-2).
    """
    if isinstance(event, pn.SecondFactorWanted):
        return replace(
            state, pending=replace(pending, second_factor=event.wanted, expires_at=event.expires_at)
        ), ()
    asked = pending.second_factor
    if asked is None:
        return state, ()
    busy = replace(
        state, pending=replace(pending, second_factor=replace(asked, asking=True), sentence="")
    )
    match event:
        case pn.CodeEntered(code=code):
            return (
                (busy, (do.AnswerSecondFactor(state.generation, code),))
                if not asked.asking
                else (state, ())
            )
        case pn.CodeWanted():
            may = not asked.asking and Factor.MAIL in asked.factors
            return (busy, (do.SendCode(state.generation),)) if may else (state, ())
        case pn.SecondFactorSaid(sentence=sentence, sent=sent, lacks=lacks):
            left = [factor for factor in asked.factors if factor is not lacks] or asked.factors
            told = replace(asked, factors=left, asking=False, sent=sent or asked.sent)
            return replace(
                state, pending=replace(pending, second_factor=told, sentence=sentence)
            ), ()
        case _:
            assert_never(event)


def _somebody_else(state: State, profile: Profile) -> bool:
    """Whether ``profile`` is not who was here before; nobody was, after a sign-out."""
    before = state.user_id or (state.before.id if state.before is not None else "")
    return before not in {"", profile.id}


def _asked(state: State, pending: PendingSignIn, profile: Profile) -> State:
    known = state.profile or state.before
    before = None if known is None else User(known.name, known.email)
    other = User(profile.name, profile.email)
    return replace(
        state, pending=replace(pending, other=other, before=before, expires_at=None, sentence="")
    )


def _begin(state: State, pending: PendingSignIn, credentials: Credentials | None) -> Step:
    if state.phase not in SIGN_IN_FROM:
        return state, ()
    begun = replace(
        state,
        phase=Phase.SIGNING_IN,
        generation=state.generation + 1,
        form_email=state.form_email if credentials is None else credentials.email,
        form_error="",
        form_wrong=False,
        trouble=None,
        pending=pending,
        before=None,
        offer=None,
        unverified=False,
        return_to=Phase.UNAVAILABLE if state.phase is Phase.UNAVAILABLE else None,
    )
    return begun, (do.Hold(None), do.CheckStorage(begun.generation, credentials))


def _back(state: State, refusal: Refusal | None = None) -> Step:
    """No session came of it: the form again, with the next way, or what the keychain kept from
    being read before (SS-13).
    """
    offer = None if state.pending is None else pn.NEXT.get(state.pending.way)
    if refusal is not None:
        offer = WAY_ON.get(refusal, offer)
    unverified = refusal is Refusal.NOT_VERIFIED and "@" in state.form_email
    back = replace(
        state, pending=None, before=None, offer=offer, unverified=unverified, return_to=None
    )
    if state.return_to is Phase.UNAVAILABLE:
        return replace(back, phase=Phase.RESTORING), (do.ReadStore(state.generation),)
    return replace(back, phase=Phase.EXPIRED if state.expired else Phase.SIGNED_OUT), ()


def _forget(way: Way) -> tuple[do.Effect, ...]:
    return (do.ForgetPending(),) if way is Way.DEVICE else ()


def signed_in(state: State, profile: Profile | None) -> Step:
    """The session is good: stored, or confirmed by the server."""
    known = profile or state.profile
    good = replace(
        state,
        said=_still_true(state.said),
        phase=Phase.SIGNED_IN,
        user_id=known.id if known else state.user_id,
        profile=known,
        expired=False,
        form_error="",
        form_wrong=False,
        sentence="",
        trouble=None,
        attempt=0,
        asking=False,
        pending=None,
        before=None,
        offer=None,
        unverified=False,
        return_to=None,
    )
    changed = known is not None and (known != state.profile or state.phase is Phase.SIGNING_IN)
    return good, (do.CancelRetry(), *((do.RememberProfile(known),) if changed and known else ()))


def _still_true(said: Notice | None) -> Notice | None:
    """That a session has expired is not; what was said beside it (``told``) is."""
    if said is None or not said.text.startswith(session_words.EXPIRED):
        return said
    beside = said.text.removeprefix(session_words.EXPIRED).strip()
    return replace(said, text=beside) if beside else None


def told(state: State, event: ev.Told) -> State:
    """``state`` with what happened beside the session."""
    if not isinstance(event, ev.NotesHidden):
        return say(state, "warning", event.sentence)
    # What was said of them before is not true any more, or the same once more.
    beside = state.said.text.replace(state.hidden, "").strip() if state.said is not None else ""
    text = f"{beside} {event.sentence}".strip()
    return say(replace(state, hidden=event.sentence), "warning", text)


def say(state: State, kind: NoticeKind, text: str) -> State:
    """``state`` with a notice to be read once."""
    number = state.said_count + 1
    return replace(state, said=Notice(number, kind, text), said_count=number)
