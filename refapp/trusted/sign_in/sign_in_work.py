"""The work behind the effects of signing in:
password, browser and device flow, the link, the sealed code.

Owns who does what of it, and the one session that waits in memory for the person's word (SI-18);
decides nothing. Every piece ends in events through ``dispatch``. Invariant: a session that is held
back, was opened and is not known yet (``unclaimed``), or is on its way to the disk, is taken up or
ended at the server, when the app is closed too.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import assert_never

import msgspec

from refapp.snapshot import Way
from refapp.trusted.recorder import Recorder
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.pending import PendingSaid, SignInCancelled
from refapp.trusted.rules.shell import Shell
from refapp.trusted.scheduling.tasks import Tasks, in_turn
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.sign_in.browser import Browser
from refapp.trusted.sign_in.browser_flow import BrowserFlow
from refapp.trusted.sign_in.device_flow import DeviceFlow
from refapp.trusted.sign_in.loopback import OpenReturn
from refapp.trusted.sign_in.password_flow import PasswordFlow
from refapp.trusted.sign_in.unclaimed import Opening
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import sign_in_words

STORED_WITHIN_S = 1.0
"""So long a session may take to be stored when the app is closed."""
OPENS_MOST, OPENS_WITHIN_S = 5, 60.0
"""A window that was taken over may not bury the person under browser tabs."""


class Elsewhere(msgspec.Struct, frozen=True):
    """What signing in outside the window stands on: what opens links, and the way back from it."""

    browser: Browser
    open_return: OpenReturn
    recorder: Recorder


class SignInWork:
    """``shell`` gets the events on the way;
    ``last_words`` is what may still be finished when the app is closed.
    """

    def __init__(
        self,
        auth: AuthClient,
        tokens: TokenService,
        elsewhere: Elsewhere,
        shell: Shell,
        last_words: Tasks,
    ) -> None:
        self._browser = elsewhere.browser
        self._recorder = elsewhere.recorder
        self._shell = shell
        self._opened: list[float] = []
        self._held_back: do.HoldBack | None = None
        self._tasks, self._storing = Tasks(), Tasks()
        self._not_stored: list[do.StorePair] = []
        self._last_words = last_words
        opening = Opening(shell, last_words)
        self._by_browser = BrowserFlow(auth, elsewhere.open_return, opening)
        self._by_device = DeviceFlow(auth, tokens, opening)
        self._by_password = PasswordFlow(auth, tokens, opening)

    def perform(self, effect: do.OfPending) -> None:
        """Do it, or begin to."""
        match effect:
            case do.Authenticate(generation=generation, credentials=credentials):
                self._start(effect, self._by_password.sign_in(generation, credentials))
            case do.AnswerSecondFactor(generation=generation, code=code):
                self._start(effect, self._by_password.answer(generation, code))
            case do.SendCode(generation=generation):
                self._start(effect, self._by_password.send_code(generation))
            case do.SendVerification(generation=generation, email=email):
                self._start(effect, self._by_password.send_verification(generation, email))
            case do.StartElsewhere(generation=generation, way=way):
                flow = self._by_browser if way is Way.BROWSER else self._by_device
                self._start(effect, flow.sign_in(generation))
            case do.ResumeDevice(generation=generation, grant=grant):
                self._start(effect, self._by_device.resume(generation, grant))
            case do.OpenLink(generation=generation, link=link):
                self._start(effect, self._open(generation, link))
            case do.TakeCode(generation=generation, text=text):
                self._by_browser.take(generation, text)
            case do.HoldBack():
                self._held_back = effect
            case do.TakeUp():
                self._take_up(accepted=True)
            case do.StopWaiting():
                self._stop()
                self._take_up(accepted=False)
            case do.ForgetPending():
                self._last_words.start(self._by_device.forget())
            case _:
                assert_never(effect)

    def store(
        self, effect: do.StorePair, work: Callable[[], Coroutine[None, None, ev.Event]]
    ) -> None:
        """Begin ``work``, which makes the pair durable."""

        async def stored() -> None:
            event = await work()
            self._not_stored.remove(effect)
            self._shell.dispatch(event)

        self._not_stored.append(effect)
        self._storing.start(stored(), lambda: self._give_up_storing(effect))

    def _give_up_storing(self, effect: do.StorePair) -> None:
        self._not_stored.remove(effect)
        self._shell.give_up(effect)

    def _take_up(self, *, accepted: bool) -> None:
        """Hand on what was held back.
        After a cancellation its generation is over, and so is the session (SI-16).
        """
        held, self._held_back = self._held_back, None
        if held is not None:
            self._shell.dispatch(
                ev.Authenticated(held.generation, held.profile, held.session, accepted)
            )

    def _start(self, effect: do.OfPending, work: Coroutine[None, None, None]) -> None:
        self._tasks.start(work, lambda: self._shell.give_up(effect))

    async def _open(self, generation: int, link: str) -> None:
        now = self._shell.clock()
        self._opened = [at for at in self._opened if 0 <= now - at < OPENS_WITHIN_S]
        if len(self._opened) >= OPENS_MOST:
            self._shell.dispatch(PendingSaid(generation, sign_in_words.LINK_TOO_OFTEN))
            return
        self._opened.append(now)
        self._recorder.note("parent", "browser", "open the link")
        opened = await self._browser.open(link)
        self._shell.dispatch(
            PendingSaid(generation, "" if opened else sign_in_words.BROWSER_NOT_OPENED)
        )

    async def close(self) -> None:
        """End what is under way.
        A sealed device code stays, for the next start; a session that nobody took is ended.
        """
        if self._held_back is not None:
            self._shell.dispatch(SignInCancelled())
        self._stop()
        await in_turn(self._tasks.close, lambda: self._storing.finish(STORED_WITHIN_S))
        for effect in list(self._not_stored):
            self._give_up_storing(effect)

    def _stop(self) -> None:
        self._by_browser.stop()
        self._by_password.stop()
