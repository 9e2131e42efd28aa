"""Several accounts, servers and sessions of one program: side by side in one folder, and listed and
ended at the server.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from refapp import CallError, ConfigError, NoAccessToken, Phase
from refapp.blocking import Session, open_session
from refapp.testing import MemoryKeychain, ModelServer
from refapp.testing.model_server import Loopback
from refapp.trusted.files import places
from steps.scenario.people import BOB

Opened = Callable[..., Session]

pytest_plugins = ["refapp.testing"]


@pytest.fixture
def opened(refapp_server: ModelServer, refapp_keychain: MemoryKeychain, tmp_path: Path) -> Opened:
    def open_one(server: str = refapp_server.url, **settings: str) -> Session:
        return open_session(server, refapp_keychain, data_dir=tmp_path, **settings)  # type: ignore[arg-type]

    return open_one


def test_two_accounts_of_one_program_are_signed_in_at_once(
    opened: Opened, refapp_server: ModelServer
) -> None:
    refapp_server.add_account(BOB.name, BOB.email, BOB.password)
    for account, person in (("home", refapp_server), ("work", BOB)):
        with opened(account=account) as session:
            assert session.phase is Phase.SIGNED_OUT
            session.sign_in(person.email, person.password)
    with opened(account="home") as home, opened(account="work") as work:
        assert home.profile is not None
        assert work.profile is not None
        assert [home.profile.email, work.profile.email] == [refapp_server.email, BOB.email]
        home.sign_out()
        assert b"bob@" in work.fetch("GET", "/app/me").body
    with opened(account="work") as work, opened() as neither:
        assert work.phase is Phase.SIGNED_IN
        assert neither.phase is Phase.SIGNED_OUT


def test_two_servers_in_one_folder_know_each_its_person_without_a_network(
    opened: Opened, refapp_server: ModelServer
) -> None:
    other_place = Loopback()
    other = ModelServer(other_place)
    other.add_account(BOB.name, BOB.email, BOB.password)
    places = ((refapp_server, refapp_server), (other, BOB))
    for server, person in places:
        with opened(server.url) as session:
            session.sign_in(person.email, person.password)
    for server, person in places:
        server.go_offline()
        with opened(server.url) as session:
            assert session.phase is Phase.OFFLINE
            assert session.profile is not None
            assert session.profile.email == person.email
    other.close()
    other_place.close()


def test_two_programs_of_one_folder_know_nothing_of_each_other(
    opened: Opened, refapp_server: ModelServer, refapp_keychain: MemoryKeychain, tmp_path: Path
) -> None:
    refapp_server.add_account(BOB.name, BOB.email, BOB.password)
    people = {"one": refapp_server, "two": BOB, "refapp": refapp_server}
    for app, person in people.items():
        with opened(app=app) as session:
            assert (session.phase, session.profile) == (Phase.SIGNED_OUT, None)
            session.sign_in(person.email, person.password)
    for app, person in people.items():
        with opened(app=app) as session:
            assert session.phase is Phase.SIGNED_IN
            assert session.profile is not None
            assert session.profile.email == person.email
    with opened(app="two") as two:
        two.sign_out()
    with opened(app="one") as one, opened(app="refapp") as refapp, opened(app="two") as two:
        assert [one.phase, refapp.phase] == [Phase.SIGNED_IN] * 2
        assert two.phase is Phase.SIGNED_OUT
    assert [*tmp_path.glob("*damaged*"), *tmp_path.glob("keys-*")] == []
    assert len(refapp_keychain.items) == 2


@pytest.mark.parametrize("starts", [["one", "two"], ["two", "one"]])
def test_what_a_program_kept_where_the_app_s_own_files_are_goes_to_it_once(
    opened: Opened, refapp_server: ModelServer, tmp_path: Path, starts: list[str]
) -> None:
    """As versions up to 0.2.0 did."""
    with opened(app="one") as session:
        session.sign_in(refapp_server.email, refapp_server.password)
    now, former = (places.program(refapp_server.url, app) for app in ("one", "refapp"))
    for path in tmp_path.glob(f"*-{now}.json"):
        path.rename(path.with_name(path.name.replace(now, former)))
    refapp_server.go_offline()
    for app in starts:
        with opened(app=app) as session:
            assert session.phase is (Phase.OFFLINE if app == "one" else Phase.SIGNED_OUT)
            profile = session.profile
            assert (profile and profile.email) == (refapp_server.email if app == "one" else None)
    assert list(tmp_path.glob(f"*-{former}.json")) == []


@pytest.mark.parametrize("wrong", ["x" * 300, "a\nb"])
def test_an_account_that_can_t_be_one_is_a_sentence(wrong: str, opened: Opened) -> None:
    with pytest.raises(ConfigError, match="account"):
        opened(account=wrong)


def test_the_sessions_at_the_server_are_listed_and_ended(
    opened: Opened, refapp_server: ModelServer
) -> None:
    with opened(account="1", app="laptop") as here, opened(account="2", app="phone") as phone:
        with pytest.raises(NoAccessToken):
            here.sessions()
        for session in (phone, here):
            session.sign_in(refapp_server.email, refapp_server.password)
        first, second = here.sessions()
        assert [first.here, second.here] == [True, False]
        assert "phone" in second.device
        with pytest.raises(CallError, match="not in the list"):
            here.end_session(first.session)
        assert here.end_session(second.session) == [first]
        assert refapp_server.sessions == 1
        phone.try_again()
        with opened(account="3") as another:
            another.sign_in(refapp_server.email, refapp_server.password)
            assert [one.here for one in here.end_other_sessions()] == [True]
        assert refapp_server.sessions == 1


@pytest.mark.parametrize("status", [200, 307, 404, 429, 500, 503])
def test_fetch_gives_every_answer_and_says_nothing_about_the_session(
    status: int, opened: Opened, refapp_server: ModelServer
) -> None:
    with opened() as session:
        session.sign_in(refapp_server.email, refapp_server.password)
        refapp_server.answer_next("/app/me", status, b'{"why": "so"}')
        came = session.fetch("GET", "/app/me")
        assert (came.status, came.body) == (status, b'{"why": "so"}')
        assert session.phase is Phase.SIGNED_IN
        assert session.fetch("GET", "/app/me").status == 200
