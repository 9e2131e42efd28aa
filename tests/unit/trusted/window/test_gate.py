"""What the gate answers a window, and when it ends one: by stage, by phase, when too much waits,
and when a line is no message.

The window is a plain one that keeps what it was sent; the handlers keep what they were asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from refapp import messages as m
from refapp.snapshot import Check, Phase
from refapp.trusted.errors import StorageLocked, WindowRefused
from refapp.trusted.window import gate as gates
from refapp.trusted.window.gate import PERMITTED, Gate, Greeting, Stage
from refapp.trusted.window.window_ends import NOT_CONFINED
from refapp.wire import ArrivedAnswer, decode_down, encode, result_as

NOTE = "0123456789ab"
EXAMPLES: dict[str, msgspec.Struct] = {
    "sign_in": m.SignInParams("ada@example.com", "correct horse"),
    "sign_in_elsewhere": m.SignInElsewhereParams("browser"),
    "sign_in_paste": m.SignInPasteParams("code"),
    "sign_in_second_factor": m.SecondFactorParams("mail", "123456", trust=False),
    "revoke_session": m.SessionParams(NOTE),
    "dismiss": m.DismissParams(1),
    "remember_window": m.WindowParams(0, 0, 900, 640, 11, "system"),
    "note_open": m.NoteParams(NOTE),
    "note_save": m.NoteSaveParams(None, "Milk", 0),
    "note_delete": m.NoteParams(NOTE),
    "notes_apart": m.NotesApartParams("join"),
    "summarise": m.NoteParams(NOTE),
    "storage_set": m.StorageSetParams("accessToken", "value"),
    "storage_get": m.StorageKeyParams("accessToken"),
    "storage_delete": m.StorageKeyParams("accessToken"),
}
KINDS = {str(kind.__struct_config__.tag): kind for kind in PERMITTED}

ANY_TIME = {
    "initialize",
    "cancel_prompt",
    "dismiss",
    "remember_window",
    "note_save",
    "storage_is_available",
    "storage_get",
}
NOTES = {"note_open", "note_delete"}
HERS = {"notes_apart"}
SIGN_IN = {"sign_in", "sign_in_elsewhere", "sign_in_send_verification"}
PENDING = {
    "sign_in_open_link",
    "sign_in_paste",
    "sign_in_accept",
    "sign_in_second_factor",
    "sign_in_send_code",
    "sign_in_cancel",
}
VAULT = {"storage_delete", "storage_clear"}
SESSION = {
    "list_sessions",
    "revoke_session",
    "revoke_other_sessions",
    "sign_out_everywhere",
    "sync_now",
    "summarise",
}
ALLOWED: dict[Phase, set[str]] = {
    Phase.UNAVAILABLE: ANY_TIME
    | NOTES
    | SIGN_IN
    | VAULT
    | {"sign_out", "try_again", "unlock_storage", "keep_in_memory"},
    Phase.SIGNED_OUT: ANY_TIME | NOTES | SIGN_IN | VAULT | {"unlock_storage", "storage_set"},
    Phase.SIGNING_IN: ANY_TIME | NOTES | PENDING,
    Phase.RESTORING: ANY_TIME | NOTES | HERS | {"sign_out"},
    Phase.SIGNED_IN: ANY_TIME | NOTES | HERS | SESSION | {"sign_out"},
    Phase.OFFLINE: ANY_TIME | NOTES | HERS | {"sign_out", "try_again"},
    Phase.EXPIRED: ANY_TIME | NOTES | HERS | SIGN_IN | {"sign_out", "unlock_storage"},
    Phase.SIGNING_OUT: ANY_TIME,
    Phase.AWAITING_RESTART: ANY_TIME | {"restart"},
}


class Window:
    """Keeps the answers, and why it was ended."""

    def __init__(self) -> None:
        self.answers: list[ArrivedAnswer] = []
        self.ended: list[str] = []

    def send(self, line: bytes) -> None:
        assert not self.ended, "nothing is sent to a window that was ended"
        answer = decode_down(line.removesuffix(b"\n"))
        assert isinstance(answer, ArrivedAnswer)
        self.answers.append(answer)

    def end(self, why: str, counts_as: int | None = None) -> None:
        self.ended.append(why)
        self.counts_as = counts_as


class Here:
    """A gate with its window.
    ``asked`` is what reached a handler; those of ``waits`` wait for ``free``.
    """

    def __init__(
        self, phase: Phase = Phase.SIGNED_IN, *, waits: frozenset[str] = frozenset()
    ) -> None:
        self.window = Window()
        self.asked: list[m.Request] = []
        self.heard: list[m.Up] = []
        self.sent: list[m.Answer] = []
        self.greeted: list[object] = []
        self.trouble: Exception | None = None
        self.closes = False
        self.free: asyncio.Future[m.Result]
        self.too_often: dict[type[m.Request], str] = {}
        self.gate = Gate(
            self.window,
            greeting=Greeting(
                self._hello, self._confined, self.greeted.append, self.greeted.append
            ),
            handlers={
                kind: self._handler(kind, waits=method in waits) for method, kind in KINDS.items()
            },
            phase=lambda: phase,
            too_often=lambda request: self.too_often.get(type(request), ""),
            heard=self.heard.append,
            sent=self.sent.append,
        )

    def _hello(self, params: m.HelloParams) -> m.Welcome:
        self.greeted.append(params)
        return m.Welcome(m.PROTOCOL, "dark")

    def _confined(self, params: m.ConfinedParams) -> None:
        self.greeted.append(params)
        if self.trouble:
            raise self.trouble

    def _handler(self, kind: type[m.Request], *, waits: bool) -> gates.Handler:
        def handle(request: m.Request) -> m.Result:
            assert type(request) is kind, "the handler of another request was asked"
            self.asked.append(request)
            if self.trouble:
                raise self.trouble
            if self.closes:
                self.gate.close()
            return m.NoteSaved(NOTE)

        async def wait(request: m.Request) -> m.Result:
            handle(request)
            return await self.free

        return wait if waits else handle

    def say(self, message: m.Up) -> None:
        self.gate.on_line(encode(message).removesuffix(b"\n"))

    def ask(self, method: str, number: int = 7) -> m.Request:
        request = KINDS[method]("2.0", number, EXAMPLES.get(method, m.Nothing()))
        self.say(request)
        return request

    def greet(self) -> None:
        self.say(m.Hello("2.0", 1, m.HelloParams(m.PROTOCOL)))

    def confine(self) -> None:
        self.say(m.Confined("2.0", 2, m.ConfinedParams([Check("seccomp", True)])))

    def open(self) -> None:
        """Go through the greeting, and forget it."""
        self.greet()
        self.confine()
        assert self.gate.stage is Stage.OPEN
        for kept in (self.window.answers, self.heard, self.sent, self.greeted):
            kept.clear()

    def expect_ended(self, number: int | None, code: int, reason: str, sentence: str) -> None:
        """The window was told why, once, was ended, and nothing that it says is read any more."""
        *_, last = self.window.answers
        assert (last.id, last.error) == (number, m.ErrorDetail(code, sentence, reason))
        assert self.window.ended == [f"The window broke the protocol: {sentence}"]
        assert self.gate.stage is Stage.CLOSED
        answers, heard = len(self.window.answers), len(self.heard)
        self.ask("dismiss")
        self.gate.on_line(b"nonsense")
        assert (len(self.window.answers), len(self.heard), self.asked) == (answers, heard, [])
        assert len(self.window.ended) == 1


@pytest.fixture
def here() -> Here:
    here = Here()
    here.open()
    return here


def waiting(methods: set[str], script: Callable[[Here], Awaitable[None]]) -> Here:
    """Run ``script`` with a window whose ``methods`` wait until it says so."""
    here = Here(waits=frozenset(methods))

    async def run() -> None:
        here.free = asyncio.get_running_loop().create_future()
        here.open()
        await script(here)

    asyncio.run(run())
    return here


async def turn() -> None:
    """Let what can go on go on."""
    for _ in range(5):
        await asyncio.sleep(0)


class TestGreeting:
    """The stages before the channel is open."""

    def test_the_window_is_welcomed_then_locked_then_heard(self) -> None:
        here = Here()
        assert here.gate.stage is Stage.HELLO
        here.greet()
        assert here.gate.stage is Stage.CONFINED
        here.confine()
        assert here.gate.stage is Stage.OPEN
        here.ask("dismiss", 3)
        assert [answer.id for answer in here.window.answers] == [1, 2, 3]
        welcome, done, _ = here.window.answers
        assert result_as(welcome.result, m.Welcome) == m.Welcome(m.PROTOCOL, "dark")
        assert result_as(done.result, m.Done) == m.Done()
        assert here.greeted == [
            m.HelloParams(m.PROTOCOL),
            m.ConfinedParams([Check("seccomp", True)]),
        ]
        assert here.window.ended == []

    @pytest.mark.parametrize("method", sorted(KINDS))
    def test_nothing_is_asked_before_the_window_says_hello(self, method: str) -> None:
        here = Here()
        here.ask(method)
        here.expect_ended(7, -32600, "forbidden", "The window is not confined yet.")

    def test_nothing_is_asked_before_the_window_is_locked(self) -> None:
        here = Here()
        here.greet()
        here.ask("sign_out")
        here.expect_ended(7, -32600, "forbidden", "The window is not confined yet.")

    def test_a_window_is_not_locked_before_it_says_hello(self) -> None:
        here = Here()
        here.confine()
        here.expect_ended(2, -32600, "forbidden", "This message is not allowed now.")
        assert here.greeted == []

    def test_a_window_of_another_version_is_not_welcomed(self) -> None:
        here = Here()
        here.say(m.Hello("2.0", 1, m.HelloParams(m.PROTOCOL + 1)))
        here.expect_ended(
            1,
            -32600,
            "forbidden",
            f"Its version is {m.PROTOCOL + 1}, and the app's is {m.PROTOCOL}.",
        )
        assert here.greeted == []

    def test_a_window_says_hello_once(self) -> None:
        for meanwhile in (lambda _: None, Here.confine):
            here = Here()
            here.greet()
            meanwhile(here)
            here.greet()
            here.expect_ended(1, -32600, "forbidden", "This message is not allowed now.")

    def test_a_window_is_locked_once(self, here: Here) -> None:
        here.confine()
        here.expect_ended(2, -32600, "forbidden", "This message is not allowed now.")

    @pytest.mark.parametrize(
        "message",
        [m.Shown("2.0", m.ShownParams(1, {})), m.Pong("2.0", m.PongParams(1))],
        ids=["shown", "pong"],
    )
    def test_what_has_no_id_waits_for_the_lock_too(self, message: m.Up) -> None:
        for so_far in (lambda _: None, Here.greet):
            here = Here()
            so_far(here)
            here.greeted.clear()
            here.say(message)
            here.expect_ended(None, -32600, "forbidden", "This message is not allowed now.")
            assert here.greeted == []

    def test_a_window_that_is_not_locked_is_told_so_and_ended(self) -> None:
        here = Here()
        here.trouble = WindowRefused("The window could not be confined: seccomp.")
        here.greet()
        here.confine()
        refused = here.trouble.sentence
        *_, last = here.window.answers
        assert last.error == m.ErrorDetail(-32000, refused, WindowRefused.code)
        assert (here.window.ended, here.window.counts_as) == ([refused], NOT_CONFINED)


class TestOpen:
    """What a locked window is answered."""

    def test_a_request_reaches_its_handler_and_its_answer_the_window(self, here: Here) -> None:
        request = here.ask("note_save", 9)
        assert here.asked == [request]
        (answer,) = here.window.answers
        assert (answer.id, result_as(answer.result, m.NoteSaved)) == (9, m.NoteSaved(NOTE))

    def test_what_was_said_and_answered_is_told_to_who_records_it(self, here: Here) -> None:
        request = here.ask("note_save", 9)
        assert here.heard == [request]
        assert here.sent == [m.Answer(id=9, result=m.NoteSaved(NOTE))]

    def test_what_was_drawn_is_taken_and_not_answered(self, here: Here) -> None:
        here.say(m.Shown("2.0", m.ShownParams(4, {"title": "refapp"})))
        assert (here.greeted, here.window.answers) == ([m.ShownParams(4, {"title": "refapp"})], [])

    def test_a_pong_is_taken_and_not_answered(self, here: Here) -> None:
        here.say(m.Pong("2.0", m.PongParams(5)))
        assert (here.greeted, here.window.answers) == ([m.PongParams(5)], [])

    @pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.value)
    def test_what_a_person_may_ask_in_each_phase(self, phase: Phase) -> None:
        here = Here(phase)
        here.open()
        refused: set[str] = set()
        for number, method in enumerate(sorted(KINDS)):
            here.ask(method, number)
            answer = here.window.answers[-1]
            assert answer.id == number
            if answer.error:
                assert answer.error == m.ErrorDetail(-32001, "This is not possible now.", "not_now")
                refused.add(method)
        assert KINDS.keys() - refused == ALLOWED[phase]
        assert len(here.asked) == len(ALLOWED[phase])
        assert here.window.ended == []

    def test_what_nobody_permitted_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(gates, "PERMITTED", {m.Dismiss: frozenset(Phase)})
        monkeypatch.setattr(f"{__name__}.KINDS", {"dismiss": m.Dismiss})
        here = Here()
        here.open()
        here.say(m.SignOut("2.0", 8, m.Nothing()))
        (answer,) = here.window.answers
        assert (answer.id, answer.error) == (
            8,
            m.ErrorDetail(-32001, "This is not possible now.", "not_now"),
        )
        assert here.window.ended == []

    def test_what_fails_is_said_and_the_window_stays(self, here: Here) -> None:
        here.trouble = StorageLocked("The keychain is locked.")
        here.ask("note_open", 4)
        here.trouble = None
        here.ask("note_open", 5)
        failed, fine = here.window.answers
        assert (failed.id, failed.error) == (
            4,
            m.ErrorDetail(-32000, "The keychain is locked.", "locked"),
        )
        assert (fine.id, result_as(fine.result, m.NoteSaved)) == (5, m.NoteSaved(NOTE))
        assert here.window.ended == []


@pytest.mark.parametrize(
    ("line", "number", "code", "reason", "sentence"),
    [
        (b"{", None, -32700, "not_json", "The line is not JSON."),
        (b"", None, -32700, "empty", "The line is empty."),
        (
            b"[]",
            None,
            -32600,
            "not_a_message",
            "The line is JSON, but not a message of this protocol.",
        ),
        (
            b'{"jsonrpc":"2.0","method":"get_token","id":6,"params":{}}',
            6,
            -32601,
            "unknown_method",
            "The protocol has no such method.",
        ),
        (
            b'{"jsonrpc":"2.0","method":"dismiss","id":6,"params":{}}',
            6,
            -32602,
            "bad_params",
            "The parameters are not what the method takes.",
        ),
    ],
)
def test_a_line_that_is_no_message_ends_the_window(
    here: Here, line: bytes, number: int | None, code: int, reason: str, sentence: str
) -> None:
    here.gate.on_line(line)
    assert here.heard == []
    here.expect_ended(number, code, reason, sentence)


class TestWaiting:
    """Requests whose answer takes time."""

    def test_the_answer_comes_when_the_work_is_done(self) -> None:
        async def script(here: Here) -> None:
            request = here.ask("sync_now", 4)
            await turn()
            assert (here.asked, here.window.answers) == ([request], [])
            here.free.set_result(m.NoteSaved(NOTE))
            await turn()

        (answer,) = waiting({"sync_now"}, script).window.answers
        assert (answer.id, result_as(answer.result, m.NoteSaved)) == (4, m.NoteSaved(NOTE))

    def test_a_failure_is_said_and_the_window_stays(self) -> None:
        async def script(here: Here) -> None:
            here.ask("sync_now", 4)
            here.free.set_exception(StorageLocked("The keychain is locked."))
            await turn()

        here = waiting({"sync_now"}, script)
        (answer,) = here.window.answers
        assert (answer.id, answer.error) == (
            4,
            m.ErrorDetail(-32000, "The keychain is locked.", "locked"),
        )
        assert here.window.ended == []

    def test_others_are_answered_meanwhile(self) -> None:
        async def script(here: Here) -> None:
            here.ask("sync_now", 4)
            here.ask("dismiss", 5)
            assert [answer.id for answer in here.window.answers] == [5]

        waiting({"sync_now"}, script)

    def test_one_request_more_than_32_that_wait_ends_the_window(self) -> None:
        async def script(here: Here) -> None:
            for number in range(32):
                here.ask("sync_now", number)
            await turn()
            assert len(here.asked) == 32
            assert (here.window.answers, here.window.ended) == ([], [])
            here.asked.clear()
            here.ask("sync_now", 99)
            await turn()
            here.expect_ended(99, -32600, "flood", "Too many requests are waiting.")

        waiting({"sync_now"}, script)

    def test_what_was_answered_waits_no_more(self) -> None:
        async def script(here: Here) -> None:
            for number in range(32):
                here.ask("sync_now", number)
            here.free.set_result(m.Done())
            await turn()
            here.ask("sync_now", 99)
            await turn()

        here = waiting({"sync_now"}, script)
        assert [answer.id for answer in here.window.answers] == [*range(32), 99]
        assert here.window.ended == []


class TestClosed:
    """After the window's end."""

    def test_what_waits_is_dropped_and_not_answered(self) -> None:
        async def script(here: Here) -> None:
            here.ask("sync_now", 4)
            await turn()
            here.gate.close()
            await turn()
            assert here.free.cancelled()
            assert here.gate.stage is Stage.CLOSED

        here = waiting({"sync_now"}, script)
        assert (here.window.answers, here.sent, here.window.ended) == ([], [], [])

    def test_an_answer_that_comes_all_the_same_is_not_sent(self, here: Here) -> None:
        here.closes = True
        request = here.ask("sign_out")
        assert (here.asked, here.window.answers, here.sent) == ([request], [], [])

    def test_nothing_that_is_said_then_is_heard(self, here: Here) -> None:
        here.gate.close()
        here.ask("sign_out")
        here.gate.on_line(b"{")
        assert (here.heard, here.asked, here.window.answers, here.window.ended) == ([], [], [], [])


@pytest.mark.parametrize(
    "table", [PERMITTED.keys() - {m.SignOut}, PERMITTED.keys() | {m.Hello}, set()]
)
def test_a_gate_without_exactly_one_handler_for_each_request_is_not_built(
    table: set[type[m.Request]],
) -> None:
    with pytest.raises(
        ValueError, match=r"^every permitted request has one handler, and no other has one$"
    ):
        Gate(
            Window(),
            greeting=Greeting(
                lambda _: m.Welcome(1), lambda _: None, lambda _: None, lambda _: None
            ),
            handlers=dict.fromkeys(table, lambda _: m.Done()),
            phase=lambda: Phase.SIGNED_OUT,
            too_often=lambda _: "",
            heard=lambda _: None,
            sent=lambda _: None,
        )

    def test_what_is_asked_too_often_is_refused_with_the_sentence_and_not_carried_out(
        self, here: Here
    ) -> None:
        here.too_often[m.SignIn] = "Wait."
        here.ask("sign_in", 9)
        here.ask("note_save", 10)
        assert [type(request) for request in here.asked] == [m.NoteSave]
        refused, _ = here.window.answers
        assert refused.error == m.ErrorDetail(-32002, "Wait.", "too_often")
        assert here.window.ended == []


class TestLeaving:
    """A window that was asked for its last words may save, and nothing else."""

    @pytest.mark.parametrize("method", sorted(KINDS))
    def test_only_what_is_left_to_save_is_taken(self, here: Here, method: str) -> None:
        assert here.gate.leave()
        here.ask(method, 1)
        taken = method in {"note_save", "remember_window"}
        refused = [answer.error for answer in here.window.answers if answer.error]
        assert [str(type(request).__struct_config__.tag) for request in here.asked] == (
            [method] if taken else []
        )
        assert refused == (
            [] if taken else [m.ErrorDetail(-32001, "This is not possible now.", "not_now")]
        )
        assert here.window.ended == []

    def test_its_last_words_are_bounded(self, here: Here) -> None:
        here.gate.leave()
        for number in range(gates.LAST_LIMIT):
            here.ask("note_save", number)
        assert len(here.asked) == gates.LAST_LIMIT
        here.ask("note_save", 99)
        assert len(here.asked) == gates.LAST_LIMIT
        assert here.window.ended == ["The window broke the protocol: Too many requests at the end."]

    def test_what_it_draws_meanwhile_is_nobodys_business(self, here: Here) -> None:
        here.gate.leave()
        here.say(m.Shown("2.0", m.ShownParams(4, {})))
        here.say(m.Pong("2.0", m.PongParams(5)))
        assert (here.greeted, here.window.ended) == ([], [])

    def test_a_window_that_is_not_locked_yet_is_not_asked(self) -> None:
        here = Here()
        here.greet()
        assert not here.gate.leave()
        assert here.gate.stage is Stage.CONFINED
