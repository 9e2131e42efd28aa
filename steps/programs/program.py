"""A program with an event loop, in virtual time: what it does with its session, one deed after the
other, and what came of the one that was asked for first and has not been told yet.

It takes ``refapp.open_session`` as it is offered; each deed is what its author would write.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx

from refapp import Change, Factor, PendingSignIn, Phase, RefappError, Session, Way, open_session
from refapp.trusted.config import APP_ID, Settings
from refapp.trusted.files import places
from steps.programs.around_it import API, FILES, ITEM, ITEMS, Around, OtherServers
from steps.scenario.people import ADA, PEOPLE, Person

STATES = {
    Phase.SIGNED_OUT: "nobody signed in",
    Phase.SIGNING_IN: "that a sign-in is under way",
    Phase.SIGNING_OUT: "that a sign-out is under way",
    Phase.RESTORING: "that the server is being asked",
    Phase.UNAVAILABLE: "that signing in is not possible",
    Phase.SIGNED_IN: "{who} signed in",
    Phase.OFFLINE: "{who} offline",
    Phase.EXPIRED: "{who} with an expired session",
}
SELDOM = {"refresh": '{"fingerprint":"","at":0.0}', "keys": "[]", "history": "[]"}
"""Kinds of files that a program seldom has -> what may be in one."""


def told(change: Change) -> str:
    """As ``features/README.md`` says what a window shows."""
    email = change.profile.email if change.profile is not None else ""
    known = {person.email: name for name, person in PEOPLE.items()}
    return STATES[change.phase].format(who=known.get(email, "somebody"))


class Program:
    """``name`` and ``account`` are what it opens its session with."""

    def __init__(self, around: Around, servers: OtherServers, name: str, account: str = "") -> None:
        self.name = name
        self.changes: list[Change] = []
        self.shown: list[PendingSignIn] = []
        self.session: Session | None = None
        self.goes_on = self.hesitates = self.dropped = self.fails = False
        self._around = around
        self._servers = servers
        self._settings: dict[str, Any] = {
            "server": around.server().model.origin,
            "keychain": around.keychain,
            "app": name,
            "version": "2.1",
            "account": account,
            "data_dir": around.folder,
            "client_id": "refapp",
            "browser": around.browser,
        }
        self._opened: AbstractAsyncContextManager[Session] | None = None
        self._asked: asyncio.Future[str] | None = None
        self._others: list[asyncio.Task[str]] = []
        self._following: asyncio.Task[None] | None = None

    def ask(self, deed: Callable[[Program], Coroutine[None, None, str]]) -> None:
        """Begin ``deed``, and let all happen that needs no time."""
        asked = self._around.time.start(deed(self))
        if self._asked is None or self._asked.done():
            if self._asked is not None and not self._asked.cancelled():
                self._asked.exception()  # nobody asks for that any more
            self._asked = asked
        else:
            self._others.append(asked)
        self._around.time.settle()

    def ask_in_another_loop(self, deed: Callable[[Program], Coroutine[None, None, str]]) -> None:
        """The same while the session's own loop rests."""
        self._asked = self._around.time.loop.create_future()
        try:
            self._asked.set_result(asyncio.run(deed(self)))
        except (RefappError, RuntimeError) as error:
            self._asked.set_exception(error)

    def outcome(self) -> str | BaseException:
        """What came of it: an answer, or what was raised."""
        assert self._asked is not None, "it has asked for nothing"
        assert self._asked.done(), "it still waits"
        for other in self._others:
            other.result()
        if self._asked.cancelled():
            return asyncio.CancelledError()
        return self._asked.exception() or self._asked.result()

    @property
    def used(self) -> Session:
        """The session; it has to be there."""
        assert self.session is not None, "it has opened no session"
        return self.session

    async def open(self) -> str:
        with self._around.opening():
            self._opened = open_session(**self._settings)
            self.session = await self._opened.__aenter__()
        return told(self.session.state)

    def give(self, **settings: Any) -> None:
        """It opens its session with these, whatever they are."""
        self._settings |= settings

    def move(self, path: str) -> None:
        """Its server is asked below this ``path``."""
        self._around.server().auth_path = self._settings["auth_path"] = path

    def age(self, *, beside: bool = False) -> None:
        """What it keeps is where versions up to 0.2.0 kept it: where the app's own files are;
        ``beside``: there too.
        """
        now, former = (
            places.program(self._around.server().model.origin, app) for app in (self.name, APP_ID)
        )
        for path in self._around.folder.glob(f"*-{now}.json"):
            place = path.with_name(path.name.replace(now, former))
            place.write_bytes(path.read_bytes())
            if not beside:
                path.unlink()
        for kind, holds in SELDOM.items():
            (self._around.folder / f"{kind}-{former}.json").write_text(holds)

    async def open_with_callbacks(self) -> str:
        def reset() -> None:
            self.dropped = True
            raise ZeroDivisionError

        def changed() -> None:
            raise ZeroDivisionError

        asyncio.get_running_loop().set_exception_handler(lambda _, __: None)
        given = self._settings
        settings = Settings(origin=given["server"], data_dir=given["data_dir"], app_id=self.name)
        with self._around.opening():
            self.session = Session(settings, given["keychain"], changed=changed, reset=reset)
        self._opened = contextlib.nullcontext(self.session)
        await self.session.restore()
        return told(self.session.state)

    async def close(self) -> str:
        if self._opened is not None:
            opened, self._opened = self._opened, None
            await opened.__aexit__(None, None, None)
            if self.session is not None:
                await self.session.close()
        return "closed"

    async def close_again(self) -> str:
        await self.used.close()
        return "closed"

    async def hear(self) -> str:
        async for change in self.used.changes():
            return told(change)
        return "the end"

    async def follow(self, takes_s: float = 0.0) -> str:
        async def listen() -> None:
            async for change in self.used.changes():
                self.changes.append(change)
                if takes_s:
                    await asyncio.sleep(takes_s)

        self._following = asyncio.get_running_loop().create_task(listen())
        return "followed"

    def follows_still(self) -> bool:
        return self._following is not None and not self._following.done()

    async def sign_in(self, password: str = "", who: Person = ADA) -> str:
        self._around.server().add_account(who)
        return (await self.used.sign_in(who.email, password or who.password)).email

    async def sign_in_asking(self) -> str:
        return (await self.used.sign_in(ADA.email, ADA.password, show=self._show)).email

    async def enter_code(self, code: str, factor: Factor, *, trust: bool) -> str:
        self.used.enter_code(code, factor, trust=trust)
        return "entered"

    async def send_code(self) -> str:
        self.used.send_code()
        return "sent"

    def _show(self, pending: PendingSignIn) -> None:
        if self.fails:
            raise ZeroDivisionError
        if pending.second_factor is None or not pending.second_factor.asking:
            self.shown.append(pending)

    async def sign_in_elsewhere(self, way: Way) -> str:
        async def another(_: PendingSignIn) -> bool:
            if self.hesitates:
                await asyncio.Event().wait()
            return True

        waited = (
            self.used.sign_in_elsewhere(way, self._show, another=another)
            if self.goes_on or self.hesitates
            else self.used.sign_in_elsewhere(way, self._show)
        )
        return (await waited).email

    async def cancel(self) -> str:
        self.used.cancel_sign_in()
        return "given up"

    async def leave(self) -> str:
        assert self._asked is not None
        self._asked.cancel()
        return "left"

    async def paste(self, text: str) -> str:
        self.used.paste(text)
        return "pasted"

    async def open_link(self) -> str:
        self.used.open_link()
        return "opened"

    async def sign_out(self) -> str:
        await self.used.sign_out()
        return told(self.used.state) + ("; what was hers is dropped" if self.dropped else "")

    async def sign_in_meanwhile(self) -> str:
        leaving = asyncio.create_task(self.sign_out())
        await asyncio.sleep(0)
        try:
            return await self.sign_in()
        finally:
            await leaving

    async def sign_out_and_close(self) -> str:
        said, _ = await asyncio.gather(self.sign_out(), self.used.close())
        return said

    async def try_again(self) -> str:
        await self.used.try_again()
        return told(self.used.state)

    async def list_sessions(self) -> str:
        return ", ".join(one.device for one in await self.used.sessions())

    async def end_one(self, program: str) -> str:
        [other] = [one for one in await self.used.sessions() if program in one.device]
        left = await self.used.end_session(other.session)
        return ", ".join(one.device for one in left)

    async def end_others(self) -> str:
        return ", ".join(one.device for one in await self.used.end_other_sessions())

    async def fetch(self, path: str = "/app/me", *, jwt: bool = False) -> str:
        came = await self.used.fetch("GET", path, jwt=jwt)
        return f"{came.status} {came.body.decode()}"

    async def call(self, url: str = ITEMS, times: int = 1, *, read_once: bool = False) -> str:
        async def once(number: int) -> str:
            item = _read_once() if read_once else ITEM
            sends = url == ITEMS and not number % 2
            came = await (client.post(url, content=item) if sends else client.get(url))
            return came.text or str(came.status_code)

        async with self._client() as client:
            return " / ".join(set(await asyncio.gather(*map(once, range(times)))))

    async def call_named(self, origin: str) -> str:
        self.used.auth(origin)
        return "named"

    async def call_the_server(self) -> str:
        network = httpx.MockTransport(self._servers.answer)
        async with httpx.AsyncClient(auth=self.used.auth(), transport=network) as client:
            return (await client.get(f"{self._settings['server']}/app/me")).text

    async def hold_up(self) -> str:
        auth = self.used.auth(API)
        with httpx.Client(auth=auth, transport=httpx.MockTransport(self._servers.answer)) as client:
            return client.get(ITEMS).text  # noqa: ASYNC212 - the mistake that is shown

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            auth=self.used.auth(API, FILES),
            transport=httpx.MockTransport(self._servers.answer_in_time),
            follow_redirects=True,
        )


async def _read_once() -> AsyncIterator[bytes]:
    yield ITEM
