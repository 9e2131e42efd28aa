"""The window's end of the channel, on real pipes, in a loop that the test turns by hand."""

from __future__ import annotations

import os
import select
import tkinter
from collections.abc import Callable, Iterator

import msgspec
import pytest

from refapp import messages as m, wire
from refapp.snapshot import Boundary, Phase, Service, StateParams, Storage
from refapp.untrusted.channel.link import BROKEN, GONE, Link


class HandLoop:
    """Tk's file events and timers; ``turn`` runs what is ready, ``pass_time`` what is due."""

    def __init__(self) -> None:
        self.files: dict[int, tuple[int, Callable[[int, int], object]]] = {}
        self.timers: list[tuple[int, Callable[[], object]]] = []
        self.redrawn = 0

    def createfilehandler(self, file: int, mask: int, func: Callable[[int, int], object]) -> None:
        self.files[file] = (mask, func)

    def deletefilehandler(self, file: int) -> None:
        del self.files[file]

    def after(self, ms: int, func: Callable[[], object]) -> str:
        self.timers.append((ms, func))
        return ""

    def update_idletasks(self) -> None:
        self.redrawn += 1

    def turn(self) -> None:
        for file, (mask, func) in list(self.files.items()):
            reading, writing = mask == tkinter.READABLE, mask == tkinter.WRITABLE
            ready = select.select([file] if reading else [], [file] if writing else [], [], 0)
            if file in self.files and (ready[0] or ready[1]):
                func(file, mask)

    def pass_time(self) -> None:
        due, self.timers = self.timers, []
        for _, func in due:
            func()


class Parent:
    """The other end, and what the link told its owner."""

    def __init__(self) -> None:
        self.loop = HandLoop()
        incoming, self.down = os.pipe()
        self.up, outgoing = os.pipe()
        self.fds = {incoming, self.down, self.up, outgoing}
        self.shown: list[StateParams] = []
        self.ended: list[tuple[int, str]] = []
        self.link = Link(
            self.loop,
            incoming=incoming,
            outgoing=outgoing,
            show=self.shown.append,
            ended=lambda code, sentence: self.ended.append((code, sentence)),
        )

    def send(self, *messages: m.Snapshot | m.Ping | m.Answer) -> None:
        self.send_bytes(b"".join(wire.encode(message) for message in messages))

    def send_bytes(self, data: bytes) -> None:
        os.write(self.down, data)
        self.loop.turn()

    def received(self) -> list[m.Up]:
        return [wire.decode_up(line) for line in os.read(self.up, 2**20).splitlines()]

    def close(self, fd: int) -> None:
        self.fds.remove(fd)
        os.close(fd)


@pytest.fixture
def parent() -> Iterator[Parent]:
    made = Parent()
    yield made
    for fd in made.fds:
        os.close(fd)


def state(revision: int) -> m.Snapshot:
    params = StateParams(
        revision=revision,
        phase=Phase.SIGNED_OUT,
        server="https://auth.example.com",
        version="0",
        storage=Storage("available", "Secret Service"),
        boundary=Boundary(verified=True, checks=[], display=""),
        sync=Service("off"),
        assistant=Service("off"),
    )
    return m.Snapshot(params=params)


def ask(parent: Parent, note: str = "0" * 12) -> list[object]:
    got: list[object] = []
    parent.link.ask(m.NoteOpen, m.NoteParams(note), m.NoteText, got.append, got.append)
    return got


def test_an_answer_finds_who_asked(parent: Parent) -> None:
    first, second = ask(parent), ask(parent, "1" * 12)
    asked = parent.received()
    assert [request.id for request in asked if isinstance(request, m.NoteOpen)] == [1, 2]
    refusal = m.ErrorDetail(-32001, "Not now.", "not_now")
    parent.send(m.Answer(id=2, error=refusal), m.Answer(id=1, result=m.NoteText("0" * 12, "text")))
    assert first == [m.NoteText("0" * 12, "text")]
    assert second == [refusal]


def test_of_a_burst_only_the_newest_snapshot_is_shown_from_a_timer(parent: Parent) -> None:
    parent.send(state(1))
    assert parent.shown == []
    parent.loop.pass_time()
    parent.send(*(state(n) for n in range(2, 40)))
    assert len(parent.loop.timers) == 1
    parent.loop.pass_time()
    assert [seen.revision for seen in parent.shown] == [1, 39]
    assert parent.loop.redrawn == 2


def test_a_ping_is_answered(parent: Parent) -> None:
    parent.send(m.Ping(params=m.PingParams(n=7)))
    assert parent.received() == [m.Pong(jsonrpc="2.0", params=m.PongParams(n=7))]


def test_a_parent_that_reads_late_gets_everything_in_order_and_blocks_nothing(
    parent: Parent,
) -> None:
    sent = ["x" * 90_000 + str(number) for number in range(5)]
    for text in sent:
        parent.link.ask(
            m.NoteSave, m.NoteSaveParams(None, text, 0), m.NoteSaved, lambda _: None, lambda _: None
        )
    reader, got = wire.LineReader(), list[m.Up]()
    while len(got) < len(sent):
        got += [wire.decode_up(line) for line in reader.feed(os.read(parent.up, 65_536))]
        parent.loop.turn()
    assert [request.params.text for request in got if isinstance(request, m.NoteSave)] == sent
    assert all(mask == tkinter.READABLE for mask, _ in parent.loop.files.values())


def test_a_parent_that_never_reads_ends_the_window(parent: Parent) -> None:
    for _ in range(60):
        parent.link.ask(
            m.NoteSave,
            m.NoteSaveParams(None, "x" * 90_000, 0),
            m.NoteSaved,
            lambda _: None,
            lambda _: None,
        )
    assert parent.ended[0] == (BROKEN, "The app stopped listening.")


def test_leaving_waits_until_all_is_sent_and_answered(parent: Parent) -> None:
    left: list[str] = []
    ask(parent)
    parent.link.when_sent(lambda: left.append("left"))
    assert left == []
    parent.send(m.Answer(id=1, result=m.NoteText("0" * 12, "")))
    assert left == ["left"]


def test_the_end_of_the_channel_ends_the_window_quietly(parent: Parent) -> None:
    parent.close(parent.down)
    parent.loop.turn()
    assert parent.ended == [(GONE, "")]


def test_a_parent_that_is_gone_ends_the_window_quietly(parent: Parent) -> None:
    parent.close(parent.up)
    ask(parent)
    assert parent.ended == [(GONE, "")]


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense\n",
        b"\n",
        b'{"method":"exec","jsonrpc":"2.0","params":{}}\n',
        b'{"method":"state","jsonrpc":"2.0","params":{"revision":1}}\n',
        b'{"id":99,"jsonrpc":"2.0","result":{}}\n',
        b'{"id":1,"jsonrpc":"2.0","result":{"wrong":1}}\n',
        b'{"id":1,"jsonrpc":"2.0"}\n',
        b"[" * 5000 + b"\n",
    ],
)
def test_a_parent_that_breaks_the_protocol_ends_the_window(parent: Parent, line: bytes) -> None:
    ask(parent)
    parent.send_bytes(line)
    assert [code for code, _ in parent.ended] == [BROKEN]
    assert parent.ended[0][1].startswith("The app broke the protocol: ")


def test_the_record_of_messages_holds_no_contents(parent: Parent) -> None:
    credentials = m.SignInParams("ada@example.com", "hunter2")
    parent.link.ask(m.SignIn, credentials, m.Done, lambda _: None, lambda _: None)
    parent.send(m.Answer(id=1, result=m.Done()), state(1))
    listed = [one.what for one in parent.link.traffic]
    assert listed == ["sign_in", "sign_in: answered", "state 1: signed_out"]
    assert b"hunter2" not in msgspec.json.encode(list(parent.link.traffic))
