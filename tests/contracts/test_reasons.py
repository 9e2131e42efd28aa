"""Why nothing came back, on real sockets: each fault of a network has its own cause, and every
place says the same of it.

The client is the real one, certificates, proxies and all. A row stands for one thing that people
have; it is met at a start of a sliding session, at a call, at a sign-out and by doctor. What the
window says of it at a sign-in and at a start is ``networks.feature``'s.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from refapp.demo_server.model import AuthServerModel, ServerSettings
from refapp.doctor import findings, server_probes
from refapp.doctor.server_probes import Question
from refapp.snapshot import Phase
from refapp.trusted.composition.library import Session
from refapp.trusted.composition.session_words import SignInFailed
from refapp.trusted.config import Settings
from refapp.trusted.errors import CannotTell
from refapp.trusted.network.certificates import OF_OTHERS
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.network.no_answer_words import cure, sentence
from refapp.trusted.wording import sign_out_words
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.fake_resolver import resolver
from steps.network.authority import HOST, Authority
from steps.network.faulty_proxy import FaultyProxy
from steps.network.faulty_server import ELSEWHERE, FaultyServer
from steps.scenario.people import ADA

SOON_S, EVER_S = 2.0, 20.0


class Row(NamedTuple):
    """What is wrong, and the cause that it has to have.
    ``said``: what its sentence names, as a regular expression.
    """

    fault: str
    cause: Cause
    said: str = ""


SERVER = [
    Row("is not there", Cause.REFUSED),
    Row(
        "has a certificate that nobody here knows",
        Cause.UNKNOWN_ISSUER,
        "it says Nobody's Authority",
    ),
    Row("has a certificate that has expired", Cause.EXPIRED, r"on 20\d\d-\d\d-\d\d \d\d:\d\d UTC"),
    Row(
        "has a certificate that is not valid yet",
        Cause.NOT_YET_VALID,
        r"before 20\d\d-\d\d-\d\d \d\d:\d\d UTC",
    ),
    Row("has a certificate for another name", Cause.WRONG_NAME, "but for other.test, 192.0.2.7"),
    Row("speaks an old TLS", Cause.OLD_TLS),
    Row("has no cipher in common", Cause.OLD_TLS),
    Row("wants a certificate of the client, TLS 1.2", Cause.CLIENT_CERTIFICATE),
    Row("wants a certificate of the client, TLS 1.3", Cause.CLIENT_CERTIFICATE),
    Row("speaks no TLS", Cause.NOT_TLS),
    Row("closes before TLS", Cause.CUT_OFF_CONNECTING),
    Row("speaks no HTTP", Cause.UNREADABLE),
    Row("speaks no HTTP, in one line", Cause.UNREADABLE),
    Row("damages its answer", Cause.UNREADABLE),
    Row("breaks off its answer", Cause.CUT_OFF),
    Row("closes without an answer", Cause.CUT_OFF),
    Row("resets its answer", Cause.CUT_OFF),
    Row("is too large", Cause.TOO_LARGE, "8 MiB"),
]
SLOW = [
    Row("does not take connections", Cause.TIMED_OUT_CONNECTING),
    Row("does not answer to TLS", Cause.TIMED_OUT_CONNECTING),
    Row("does not answer", Cause.TIMED_OUT_ANSWERING),
    Row("does not end its answer", Cause.TIMED_OUT_READING),
]
STRANGERS = [
    Row("redirects", Cause.REDIRECT, re.escape(ELSEWHERE)),
    Row("is a web page", Cause.WEB_PAGE, "404"),
    Row("is the network's sign-in page", Cause.NETWORK_PAGE),
    Row("wants its own password", Cause.PASSWORD_WALL),
    Row("wants its own password, as Windows asks for one", Cause.PASSWORD_WALL),
    Row("is another API", Cause.OTHER_API, "404"),
    Row("says in a page that it wants a certificate", Cause.CLIENT_CERTIFICATE),
    Row("says with a status of its own that it wants a certificate", Cause.CLIENT_CERTIFICATE),
]
PROXY = [
    Row("is not there", Cause.PROXY_DOWN),
    Row("wants a password", Cause.PROXY_PASSWORD),
    Row("forbids it", Cause.PROXY_FORBIDS, "403 Forbidden"),
    Row("can't reach the server", Cause.PROXY_FAILS, "502 Bad Gateway"),
    Row("speaks no HTTP", Cause.PROXY_GARBLED),
    Row("closes without an answer", Cause.PROXY_GARBLED),
    Row("does not answer", Cause.PROXY_SILENT),
]
RESOLVER = [
    Row("says that there is no such name", Cause.NAME_UNKNOWN),
    Row("can't be asked", Cause.NO_NAME_SERVICE),
]
NUMBERS = {"says that there is no such name": socket.EAI_NONAME, "can't be asked": socket.EAI_AGAIN}


class World:
    """A server, a proxy, a resolver and a folder, all in order until a test breaks one of them."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.folder = folder
        self.names: dict[str, str | int] = {HOST: "127.0.0.1"}
        self.authority = authority
        self.model = AuthServerModel(ServerSettings(mode="rotating", scrypt_n=2), clock=time.time)
        self.model.add_user(ADA.name, ADA.email, ADA.password)
        self.server = FaultyServer(self.authority, self.model)
        self.proxy = FaultyProxy()
        self.keychain = FakeKeychain()
        self.limit_s = EVER_S
        self.name = f"{HOST}:{self.server.port}"

    def settings(self) -> Settings:
        return Settings(
            origin=self.server.url,
            data_dir=self.folder / "app",
            connect_timeout_s=self.limit_s,
            request_timeout_s=self.limit_s,
        )

    def use_sliding_sessions(self) -> None:
        self.model.close()
        self.model = AuthServerModel(ServerSettings(mode="sliding", scrypt_n=2), clock=time.time)
        self.model.add_user(ADA.name, ADA.email, ADA.password)
        self.server.answer_from(self.model)

    def session(self) -> Session:
        return Session(self.settings(), self.keychain)

    def spoil(self, row: Row) -> None:
        """From now on it is as ``row`` says."""
        if row in PROXY:
            self.proxy.fault = row.fault
        elif row in RESOLVER:
            self.names[HOST] = NUMBERS[row.fault]
            self.server.fault = "is not there"  # no connection is left that needs no name
        else:
            self.server.fault = row.fault

    def why(self, row: Row) -> NoAnswer:
        """What has to be said then, but for what only ``row.said`` describes."""
        if row in PROXY:
            return NoAnswer(row.cause, f"127.0.0.1:{self.proxy.port}", "HTTPS_PROXY")
        return NoAnswer(row.cause, "" if row in STRANGERS else self.name)

    def close(self) -> None:
        self.server.close()
        self.proxy.close()
        self.model.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def world(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in OF_OTHERS:  # this computer's, which take 30 ms to read
        monkeypatch.delenv(name, raising=False)
    made = World(tmp_path, authority)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with resolver(made.names):
        yield made
    made.close()


Break = Callable[[], None]
Place = Callable[[World, Break], Awaitable[str]]


async def signed_in_before(world: World) -> None:
    first = world.session()
    await first.restore()
    await first.sign_in(ADA.email, ADA.password)
    await first.close()


async def restoring(world: World, spoil: Break) -> str:
    """A start; with refresh tokens it is a refresh, without it is a session check."""
    await signed_in_before(world)
    spoil()
    second = world.session()
    assert await second.restore() is Phase.OFFLINE
    said = second.store.state.sentence
    await second.close()
    assert await kept(world)
    return said


async def restoring_a_sliding_session(world: World, spoil: Break) -> str:
    world.use_sliding_sessions()
    return await restoring(world, spoil)


async def calling(world: World, spoil: Break) -> str:
    session = world.session()
    await session.restore()
    await session.sign_in(ADA.email, ADA.password)
    spoil()
    with pytest.raises(CannotTell) as failed:
        await session.fetch("GET", "/app/notes")
    await session.close()
    assert await kept(world)
    return failed.value.sentence


async def asking_doctor(world: World, spoil: Break) -> str:
    spoil()
    came = (await server_probes.ask(world.server.url))[Question.RUNS]
    found = findings.server(world.server.url, came, demo=False)
    assert found.verdict is findings.Verdict.FAILED
    return f"{found.sentence} {found.cure}"


async def kept(world: World) -> bool:
    """Whether tokens are on file, as the next start would find them."""
    parts = world.session()
    try:
        return await parts._parts.tokens.load() is not None
    finally:
        await parts.close()


EVERYWHERE: list[Place] = [restoring_a_sliding_session, calling, asking_doctor]
OF_THE_SERVER_ITSELF = [place for place in EVERYWHERE if place is not calling]
"""What an application's own endpoint answers, a page too, is the application's business."""


def said_of(world: World, place: Place, spoil: Break) -> str:
    return asyncio.run(asyncio.wait_for(_in_time(place(world, spoil)), 60))


async def _in_time(work: Awaitable[str]) -> str:
    return await work


def has_said(text: str, why: NoAnswer, said: str = "") -> None:
    """``text`` holds the sentence and the cure of ``why``,
    and in the sentence what ``said`` stands for.
    """
    mark = "\0" if said else ""
    pattern = re.escape(sentence(NoAnswer(why.cause, why.name, why.variable, mark))).replace(
        "\0", said
    )
    assert re.search(pattern, text), f"{pattern}\n{text}"
    assert cure(why) in text


def ids(row: object) -> str:
    return (
        row.fault if isinstance(row, Row) else getattr(row, "__name__", str(row)).replace("_", " ")
    )


@pytest.mark.parametrize("place", EVERYWHERE, ids=ids)
@pytest.mark.parametrize("row", SERVER, ids=ids)
def test_a_server_that(row: Row, place: Place, world: World) -> None:
    text = said_of(world, place, lambda: setattr(world.server, "fault", row.fault))
    has_said(text, NoAnswer(row.cause, world.name), row.said)


@pytest.mark.parametrize("place", EVERYWHERE, ids=ids)
@pytest.mark.parametrize("row", SLOW, ids=ids)
def test_a_slow_server_that(
    row: Row, place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.limit_s = SOON_S
    monkeypatch.setattr(server_probes, "LIMIT_S", SOON_S)
    text = said_of(world, place, lambda: setattr(world.server, "fault", row.fault))
    has_said(text, NoAnswer(row.cause, world.name), row.said)


@pytest.mark.parametrize("place", OF_THE_SERVER_ITSELF, ids=ids)
@pytest.mark.parametrize("row", STRANGERS, ids=ids)
def test_something_in_the_server_s_place_that(row: Row, place: Place, world: World) -> None:
    text = said_of(world, place, lambda: setattr(world.server, "fault", row.fault))
    has_said(text, NoAnswer(row.cause), row.said)


@pytest.mark.parametrize("place", EVERYWHERE, ids=ids)
@pytest.mark.parametrize("row", PROXY, ids=ids)
def test_a_proxy_that(
    row: Row, place: Place, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    if row.cause is Cause.PROXY_SILENT:
        world.limit_s = SOON_S
        monkeypatch.setattr(server_probes, "LIMIT_S", SOON_S)
    monkeypatch.setenv("HTTPS_PROXY", world.proxy.address.replace("//", "//ada:secret@"))
    text = said_of(world, place, lambda: setattr(world.proxy, "fault", row.fault))
    has_said(text, NoAnswer(row.cause, f"127.0.0.1:{world.proxy.port}", "HTTPS_PROXY"), row.said)
    assert "secret" not in text
    if place is calling:
        assert world.proxy.heads[0].startswith(f"CONNECT {world.name} ".encode()), (
            "it was asked all the time"
        )


@pytest.mark.parametrize("place", EVERYWHERE, ids=ids)
@pytest.mark.parametrize("row", RESOLVER, ids=ids)
def test_a_resolver_that(row: Row, place: Place, world: World) -> None:
    def spoil() -> None:
        world.names[HOST] = NUMBERS[row.fault]
        world.server.fault = "is not there"  # no connection is left that needs no name

    has_said(said_of(world, place, spoil), NoAnswer(row.cause, world.name))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://127.0.0.1:99999", NoAnswer(Cause.PROXY_MISSPELT, variable="HTTPS_PROXY")),
        ("gopher://proxy.example", NoAnswer(Cause.PROXY_MISSPELT, variable="HTTPS_PROXY")),
        ("http://proxy.test:3128", NoAnswer(Cause.PROXY_UNKNOWN, "proxy.test:3128", "HTTPS_PROXY")),
    ],
)
def test_a_variable_that_names_no_proxy(
    address: str, why: NoAnswer, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.names["proxy.test"] = socket.EAI_NONAME
    monkeypatch.setenv("HTTPS_PROXY", address)
    has_said(said_of(world, asking_doctor, lambda: None), why)


def test_a_proxy_over_tls_that_can_not_prove_who_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = FaultyProxy(Authority(world.folder / "other").context())
    monkeypatch.setenv("https_proxy", f"https://{HOST}:{stranger.port}")
    text = said_of(world, asking_doctor, lambda: None)
    stranger.close()
    has_said(
        text,
        NoAnswer(Cause.PROXY_UNTRUSTED, f"{HOST}:{stranger.port}", "https_proxy"),
        "it says trustme.*",
    )


@pytest.mark.parametrize(
    "variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
)
@pytest.mark.parametrize("place", [calling, asking_doctor], ids=ids)
def test_a_variable_that_names_no_certificates(
    place: Place, variable: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = world.folder / "missing"

    def spoil() -> None:
        monkeypatch.setenv(variable, str(missing))
        world.server.fault = "has a certificate that nobody here knows"

    has_said(
        said_of(world, place, spoil),
        NoAnswer(Cause.CA_FILE, variable=variable),
        f"{missing}: no such .*",
    )


def test_a_folder_in_which_openssl_finds_nothing_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate is in it, and has not the name by which OpenSSL looks."""
    monkeypatch.delenv("SSL_CERT_FILE")
    folder = world.authority.file.parent
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    text = said_of(world, asking_doctor, lambda: None)
    has_said(
        text,
        NoAnswer(Cause.CA_FILE, variable="SSL_CERT_DIR"),
        f"{folder}: no file in it has the name .*",
    )


def test_a_file_without_a_certificate_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = world.folder / "empty.pem"
    empty.write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    text = said_of(world, asking_doctor, lambda: None)
    has_said(
        text, NoAnswer(Cause.CA_FILE, variable="SSL_CERT_FILE"), f"{empty}: it holds no certificate"
    )


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_certificate_that_is_added_counts_at_the_next_try(
    variable: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tried() -> None:
        session = world.session()
        await session.restore()
        with pytest.raises(SignInFailed):
            await session.sign_in(ADA.email, ADA.password)
        added.write_bytes(world.authority.file.read_bytes())
        await session.sign_in(ADA.email, ADA.password)
        assert session.phase is Phase.SIGNED_IN
        await session.close()

    added = world.folder / "added.pem"
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv(variable, str(added))
    asyncio.run(tried())


async def signed_out(world: World, spoil: Break) -> str:
    session = world.session()
    await session.restore()
    await session.sign_in(ADA.email, ADA.password)
    spoil()
    await session.sign_out()
    async with asyncio.timeout(30):
        while session.store.state.said is None:  # noqa: ASYNC110 - the server is told after the sign-out
            await asyncio.sleep(0.01)
    said, log = session.store.state.said.text, session._parts.http._recorder.entries()
    await session.close()
    assert not await kept(world)
    assert said == sign_out_words.SERVER_NOT_TOLD
    return "\n".join(str(entry.detail["answer"]) for entry in log if "answer" in entry.detail)


@pytest.mark.parametrize("row", [*SERVER, *SLOW, *STRANGERS, *PROXY, *RESOLVER], ids=ids)
def test_a_sign_out_comes_through_here_and_says_that_the_server_was_not_told(
    row: Row, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window says what it means for the person; why it was so is in the log."""
    world.limit_s = SOON_S if row in SLOW or row.cause is Cause.PROXY_SILENT else EVER_S
    if row in PROXY:
        monkeypatch.setenv("HTTPS_PROXY", world.proxy.address)
    log = said_of(world, signed_out, lambda: world.spoil(row))
    if row not in STRANGERS:
        has_said(log, world.why(row), row.said)


async def everywhere_at_once(world: World, spoil: Break) -> dict[str, str]:
    """What the window, doctor, the log and the library say of one thing."""
    await signed_in_before(world)
    spoil()
    session = world.session()
    assert await session.restore() is Phase.OFFLINE
    window = session.store.state.sentence
    log = session._parts.http._recorder.entries()
    await session.close()
    doctor = await asking_doctor(world, lambda: None)
    other = Session(
        msgspec.structs.replace(world.settings(), data_dir=world.folder / "other"), FakeKeychain()
    )
    await other.restore()
    with pytest.raises(SignInFailed) as failed:
        await other.sign_in(ADA.email, ADA.password)
    await other.close()
    logged = "\n".join(str(entry.detail["answer"]) for entry in log if "answer" in entry.detail)
    return {"window": window, "doctor": doctor, "library": failed.value.sentence, "log": logged}


@pytest.mark.parametrize("row", [*SERVER, *SLOW, *STRANGERS, *PROXY, *RESOLVER], ids=ids)
def test_window_doctor_log_and_library_say_the_same(
    row: Row, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.limit_s = SOON_S if row in SLOW or row.cause is Cause.PROXY_SILENT else EVER_S
    monkeypatch.setattr(server_probes, "LIMIT_S", world.limit_s)
    if row in PROXY:
        monkeypatch.setenv("HTTPS_PROXY", world.proxy.address)
    said = asyncio.run(asyncio.wait_for(everywhere_at_once(world, lambda: world.spoil(row)), 60))
    for place, text in said.items():
        # A whole answer of somebody else is in the log with its status;
        # what that means is found later.
        if place != "log" or row not in STRANGERS:
            has_said(text, world.why(row), row.said)
