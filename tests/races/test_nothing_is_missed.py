"""What happens between the looks: another copy's changes, a keychain that is busy, answers that
come too late (NM-1 to NM-7).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import msgspec
import pytest

from refapp import messages as m
from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.composition.library import Session
from refapp.trusted.config import Settings
from refapp.trusted.errors import CallError, SessionClosed, StorageTimeout
from refapp.trusted.rules import events as ev
from refapp.trusted.storage.secret import Credentials
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.inproc import InProcess
from steps.in_process.one_app import one_app, signed_in, until
from steps.scenario.people import ADA, BOB
from steps.servers.local_server import ORIGIN, LocalServer

OUT = (Phase.SIGNED_OUT, Phase.AWAITING_RESTART)


class Computer:
    """One computer in virtual time, and its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = VirtualTime()
        self.server = LocalServer(self.time.now)
        self.server.add_account(BOB)
        self.keychain = FakeKeychain()

    def app(self) -> App:
        return one_app(self.folder, self.keychain, self.server.transport(), self.time.now)

    def asked(self) -> list[str]:
        return [request.url.path.rpartition("/")[2] for request in self.server.seen]

    def run(self, story: Callable[[], Coroutine[None, None, None]]) -> None:
        task = self.time.start(story())
        self.time.advance(3600)
        task.result()
        self.time.close()
        self.server.model.close()


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


async def restored(computer: Computer) -> App:
    app = computer.app()
    app.store.dispatch(ev.InitialiseAsked())
    await until(app, lambda a: a.store.state.phase is not Phase.RESTORING)
    return app


def test_a_look_that_the_keychain_cut_short_is_repeated(computer: Computer) -> None:
    """Bob's tokens are sealed under another key than Ada's, which this copy has to read."""
    read_key = computer.keychain.read_key

    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        other = await restored(computer)
        other.store.dispatch(ev.SignOutAsked())
        await until(other, lambda a: a.store.state.phase in OUT)
        other.store.dispatch(ev.RestartAsked())
        other.store.dispatch(ev.InitialiseAsked())
        await until(other, lambda a: a.store.state.phase is Phase.SIGNED_OUT)

        async def too_late(kid: str) -> bytes | None:
            computer.keychain.read_key = read_key  # type: ignore[method-assign]
            raise StorageTimeout("The keychain did not answer in time.")

        computer.keychain.read_key = too_late  # type: ignore[method-assign]
        other.store.dispatch(ev.SignInAsked(Credentials(BOB.email, BOB.password)))
        await asyncio.sleep(60)
        assert app.store.state.profile is not None
        assert app.store.state.profile.email == BOB.email
        await app.close()
        await other.close()

    computer.run(story)


def test_a_program_that_uses_the_session_notices_too(computer: Computer) -> None:
    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        session = Session(
            Settings(origin=ORIGIN, data_dir=computer.folder),
            computer.keychain,
            clock=computer.time.now,
        )
        session._parts.http._transport = computer.server.transport()
        assert await session.restore() is Phase.SIGNED_IN
        app.store.dispatch(ev.SignOutAsked())
        await asyncio.sleep(10)
        assert session.phase is Phase.SIGNED_OUT
        await session.close()
        await app.close()

    computer.run(story)


def test_a_sign_out_tells_the_server_with_the_pair_that_another_copy_has_renewed(
    computer: Computer,
) -> None:
    """The server takes the access token alone for what it is:
    of one that was replaced it says that all is done.
    """
    told: list[str] = []

    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        computer.server.outage = "unreachable"
        app.store.dispatch(
            ev.ServerUnreachable(app.store.state.generation, "The server can't be reached.")
        )
        assert app.store.state.phase is Phase.OFFLINE
        computer.server.outage = None
        other = await restored(computer)
        newest = other.store.held
        assert newest is not None
        assert newest != app.store.held
        computer.server.seen.clear()
        app.store.dispatch(ev.SignOutAsked())
        await until(app, lambda a: a.store.state.phase in OUT)
        await app.close()
        await other.close()
        told.extend(
            r.headers["authorization"]
            for r in computer.server.seen
            if r.url.path == "/api/auth/sign-out"
        )
        assert told == [f"Bearer {newest.pair.access}"]

    computer.run(story)


def test_a_pair_that_could_not_be_read_any_more_is_not_said_to_be_revoked_by_a_refusal(
    computer: Computer,
) -> None:
    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        app.tokens._vault._keys._held.clear()
        computer.keychain.trouble = StorageTimeout("The keychain did not answer in time.")
        computer.server.model.revoke_all(ADA.email)
        for path in ("/api/auth/sign-out", "/api/auth/refresh"):
            computer.server.do(
                "answer_next",
                path=path,
                status=401,
                content_type="application/json",
                body='{"code":"SESSION_EXPIRED"}',
            )
        app.store.dispatch(ev.SignOutAsked())
        await until(app, lambda a: a.store.state.phase in OUT)
        await asyncio.sleep(10)
        assert app.store.state.said is not None
        assert "could not be told" in app.store.state.said.text
        await app.close()

    computer.run(story)


def test_copies_that_come_back_online_share_one_refresh(computer: Computer) -> None:
    """RF-11, and NM-6: the second asks whether the first one's pair is good, and spends nothing."""

    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        await app.close()
        computer.server.outage = "unreachable"
        copies = [await restored(computer) for _ in range(3)]
        assert {copy.store.state.phase for copy in copies} == {Phase.OFFLINE}
        computer.server.outage = None
        computer.server.seen.clear()
        await asyncio.sleep(30)
        assert {copy.store.state.phase for copy in copies} == {Phase.SIGNED_IN}
        assert computer.asked().count("refresh") == 1
        for copy in copies:
            await copy.close()

    computer.run(story)


def test_a_validation_that_joined_a_call_s_renewal_asks_all_the_same(computer: Computer) -> None:
    """The call took another copy's pair from the file, which is no answer of the server's."""

    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        spent = app.store.held
        assert spent is not None
        other = await restored(computer)  # renews
        app.store.held = spent
        computer.server.seen.clear()
        app.store.state = msgspec.structs.replace(app.store.state, phase=Phase.OFFLINE)
        owner = app.store.owner
        await asyncio.gather(
            app.store.renew(spent.pair.access, owner), app.store.check_session(owner.generation)
        )
        assert app.store.state.phase is Phase.SIGNED_IN
        assert "get-session" in computer.asked()
        await app.close()
        await other.close()

    computer.run(story)


def test_a_call_after_the_end_is_an_error_of_calls_and_leaves_nothing_behind(
    computer: Computer,
) -> None:
    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        await app.close()
        app = await restored(computer)
        computer.server.do("hold_next", path="/app/me")
        under_way = asyncio.create_task(app.api.fetch("GET", "/app/me"))
        await asyncio.sleep(0.1)
        assert app.store._early._alarm.moment is not None
        await app.close()
        computer.server.seen.clear()
        computer.server.do("release")
        for call in (
            under_way,
            app.api.fetch("GET", "/app/me"),
            app.api.fetch("GET", "/app/me", jwt=True),
        ):
            with pytest.raises(SessionClosed):
                await call
        assert len(asyncio.all_tasks()) == 1, "something still waits"
        assert computer.server.seen == []
        assert not list(computer.folder.glob("refresh-*"))

    computer.run(story)


def test_who_waits_for_a_session_that_was_closed_half_way_waits_for_nothing(
    computer: Computer,
) -> None:
    async def story() -> None:
        settings = Settings(origin=ORIGIN, data_dir=computer.folder)
        session = Session(settings, computer.keychain, clock=computer.time.now)
        restoring = asyncio.create_task(session.restore())
        await asyncio.sleep(0)
        await session.close()
        async with asyncio.timeout(60):
            assert await restoring is Phase.RESTORING
            with pytest.raises(SessionClosed):
                await session.restore()
            with pytest.raises(SessionClosed):
                await session.sign_in(ADA.email, ADA.password)

    computer.run(story)


def test_an_unlock_while_nobody_is_signed_in_is_shown(tmp_path: Path) -> None:
    here = InProcess(tmp_path)
    here.open()
    here.type_credentials(ADA.email, ADA.password)
    here.close()
    here.trouble_keychain("locked")
    here.open()
    here.press("sign out")
    assert here.situation() == "the login form"
    assert here.window.snapshots[-1].storage.state == "locked"
    here.window.ask(m.UnlockStorage, m.Nothing())
    here.rest()
    assert here.window.snapshots[-1].storage.state == "ready"
    here.finish()


@pytest.mark.parametrize("while_offline", [True, False])
@pytest.mark.parametrize("key_lost", [True, False])
def test_a_token_file_that_is_damaged_while_the_session_is_held_is_written_anew(
    computer: Computer, *, while_offline: bool, key_lost: bool
) -> None:
    """Each renewal had failed on it, for ever (NM-2).
    What can't be read is set aside, not lost (SS-14).
    """

    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        if while_offline:
            computer.server.outage = "unreachable"
            app.store.dispatch(
                ev.ServerUnreachable(app.store.state.generation, "The server can't be reached.")
            )
            await asyncio.sleep(10)
        if key_lost:
            computer.keychain.items.clear()
            app.tokens._vault._keys._held.clear()
        else:
            app.tokens._vault.path.write_bytes(b"damaged")
        computer.server.outage = None
        computer.server.model.expire_access(ADA.email)
        await asyncio.sleep(0 if not while_offline else 180)
        assert (await app.api.fetch("GET", "/app/me")).status == 200
        assert app.store.state.phase is Phase.SIGNED_IN
        assert await app.tokens.load() == app.store.held
        assert len(list(computer.folder.glob("tokens-*.*-*.json"))) == 1
        await app.close()

    computer.run(story)


def test_one_of_a_newer_version_of_the_app_stays_as_it_is(computer: Computer) -> None:
    async def story() -> None:
        app = computer.app()
        await signed_in(app, ADA.email, ADA.password)
        path = app.tokens._vault.path
        newer = msgspec.json.decode(path.read_bytes())
        newer["v"] = 99
        path.write_bytes(msgspec.json.encode(newer))
        before = path.read_bytes()
        computer.server.model.expire_access(ADA.email)
        with pytest.raises(CallError):
            await app.api.fetch("GET", "/app/me")
        assert path.read_bytes() == before
        await app.close()

    computer.run(story)


def test_what_a_restart_leaves_behind_plans_nothing(tmp_path: Path) -> None:
    """What was typed last is saved for the former sync, which is nobody's by then (SO-5)."""
    here = InProcess(tmp_path)
    here.open()
    here.type_credentials(ADA.email, ADA.password)
    here.press("sign out")
    former = here.copy.app.around.sync
    here.type("Dear diary")
    here.press("restart")
    here.pass_time(5)
    assert here.copy.app.around.sync is not former
    assert former._next.moment is None
    here.finish()
