"""The gate before a window made with Qt: what Qt asks of itself comes to nothing or to little, and
what a window that is taken over tries does not get through by its table either (DG-1 to DG-4).
"""

from __future__ import annotations

import struct

import pytest

from refapp.attack.attempts import display
from refapp.display_gate.process import rules_of
from refapp.display_gate.qt_rules import QtRules
from refapp.display_gate.qt_table import EVENTS_OF_THE_ROOT, LEFT_OUT, QT
from refapp.display_gate.rules import Asked, ForbiddenRequest, Rules
from refapp.display_gate.table import NEVER, TK
from steps.fakes.fake_display import FakeDisplay
from tests.unit.display_gate.display_server import (
    COLOURS,
    OWN,
    ROOT,
    STRANGER,
    TOP,
    Connection,
    event,
    reply,
    request,
)
from tests.unit.display_gate.test_display_gate import TO_THE_MANAGER, message, replaced

SOMETHING = request(43)
GRAB_KEYBOARD = request(31, 1, ROOT, 0, 0x0101)


@pytest.fixture
def x(monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setattr(Connection, "rules", QtRules)
    return Connection()


# The two tables.


def test_nothing_passes_by_qt_s_table_that_tk_s_keeps_back_but_colormaps() -> None:
    beyond = {opcode for opcode, row in QT.core.items() if TK.core.get(opcode) is not row}
    passes = {opcode for opcode in beyond if not QT.core[opcode].instead}
    assert passes == {17, 23, 78, 79}
    assert not passes & NEVER.keys()
    assert all(TK.extensions[name] is rows for name, rows in QT.extensions.items())
    assert QT.properties <= TK.properties
    assert QT.root_properties <= TK.root_properties
    assert QT.seem_absent >= TK.seem_absent
    assert QT.states - TK.states == {"_NET_WM_STATE_HIDDEN"}


def test_a_window_made_with_tk_gets_none_of_qt_s_rows() -> None:
    assert rules_of("tk") is Rules
    assert rules_of("qt") is QtRules
    for opcode in QT.core.keys() - TK.core.keys():
        with pytest.raises(ForbiddenRequest, match=NEVER.get(opcode, f"request {opcode}")):
            Connection().asks(request(opcode, 0, OWN, ROOT, 0, 0))
    for name in LEFT_OUT - TK.properties:
        window = Connection()
        with pytest.raises(ForbiddenRequest, match=name):
            window.asks(request(18, 0, TOP, window.atom(name), 6, 32, 1, 0))
    with pytest.raises(ForbiddenRequest, match="others' keys"):
        Connection().asks(request(2, 0, ROOT, 1 << 11, EVENTS_OF_THE_ROOT))


class Open(Rules):
    """Everything passes: no gate."""

    def decide(self, r: bytes, now: float) -> Asked | None:
        del r, now
        return "", None


@pytest.mark.parametrize("attempt", [attempt.id for attempt in display.ATTEMPTS])
@pytest.mark.parametrize("rules", [Rules, QtRules])
def test_every_attack_is_stopped_by_each_table(attempt: str, rules: type[Rules]) -> None:
    assert FakeDisplay(Open).attempt(attempt), "without a gate it works"
    gated = FakeDisplay(rules)
    gated.go_elsewhere()
    assert not gated.attempt(attempt)


# What Qt does of itself.


def test_a_grab_of_the_keyboard_never_goes_up_and_is_answered(x: Connection) -> None:
    """Else a window that has opened a menu would have all that is typed."""
    assert x.asks(GRAB_KEYBOARD + request(14, 0, ROOT)) == SOMETHING + request(14, 0, ROOT)
    heard = x.hears(reply(1, STRANGER) + reply(2, ROOT))
    assert heard == reply(1, data=1) + reply(2, ROOT), "AlreadyGrabbed, and the next as it is"


@pytest.mark.parametrize("step", [1, 3, 7])
def test_a_grab_that_comes_in_pieces_never_goes_up(x: Connection, step: int) -> None:
    asked = x.window() + GRAB_KEYBOARD + GRAB_KEYBOARD + request(36) + request(8, 0, TOP)
    passed = b"".join(x.asks(asked[at : at + step]) for at in range(0, len(asked), step))
    rest = replaced(request(36)) + request(8, 0, TOP)
    assert passed == x.window() + SOMETHING * 2 + rest
    assert x.gate.requests == 5


def test_a_grab_tells_nothing_of_where_the_keyboard_is(x: Connection) -> None:
    take = request(42, 2, TOP, 0)
    x.asks(GRAB_KEYBOARD)
    x.hears(reply(1, 1))
    assert x.asks(take) == replaced(take), "nor does the gate take it for an answer about the focus"


def test_where_the_pointer_is_is_not_said(x: Connection) -> None:
    assert x.asks(request(38, 0, ROOT)) == SOMETHING
    assert x.hears(reply(1, STRANGER)) == reply(1, data=1)


def test_an_error_in_place_of_an_answer_leaves_the_order_right(x: Connection) -> None:
    x.asks(GRAB_KEYBOARD + request(43))
    x.hears(struct.pack("<BBH28x", 0, 3, 1))
    assert x.hears(reply(2, TOP)) == reply(2, TOP)


def test_the_desktop_s_events_are_not_asked_for(x: Connection) -> None:
    asked = request(2, 0, ROOT, 1 << 11, EVENTS_OF_THE_ROOT)
    assert x.asks(asked) == replaced(asked)
    for window, wanted in ((ROOT, 1), (ROOT, 0x30), (STRANGER, EVENTS_OF_THE_ROOT)):
        with pytest.raises(ForbiddenRequest):
            x.asks(request(2, 0, window, 1 << 11, wanted))


@pytest.mark.parametrize("name", [b"XKEYBOARD", b"XFIXES", b"RANDR", b"XInputExtension", b"SYNC"])
def test_extensions_that_it_can_do_without_seem_absent(x: Connection, name: bytes) -> None:
    assert x.extension(name)[8:12] == bytes(4)


@pytest.mark.parametrize("name", ["_NET_SUPPORTED", "_NET_SUPPORTING_WM_CHECK", "_NET_WORKAREA"])
def test_what_the_desktop_says_seems_absent(x: Connection, name: str) -> None:
    asked = request(20, 0, ROOT, x.atom(name), 0, 0, 9)
    assert x.answered(asked, 33, 0, 1, data=32, more=struct.pack("<I", STRANGER))[8:] == bytes(24)


def test_what_it_says_about_its_own_windows_is_left_out(x: Connection) -> None:
    for name in sorted(LEFT_OUT):
        asked = request(18, 0, TOP, x.atom(name), 6, 32, 1, 0)
        assert x.asks(asked) == replaced(asked)
        with pytest.raises(ForbiddenRequest, match=name):
            x.asks(request(18, 0, STRANGER, x.atom(name), 6, 32, 1, 0))
    with pytest.raises(ForbiddenRequest, match="_NET_WM_STRUT"):
        x.asks(request(18, 0, TOP, x.atom("_NET_WM_STRUT"), 6, 32, 1, 0))
    above = request(18, 0, TOP, x.atom("_NET_WM_STATE"), 4, 32, 1, x.atom("_NET_WM_STATE_ABOVE"))
    with pytest.raises(ForbiddenRequest, match="in front of"):
        x.asks(above)


def test_it_asks_the_window_manager_for_no_place_in_front(x: Connection) -> None:
    def state(name: str, window: int = TOP, to: int = ROOT) -> bytes:
        return message(x, to, "_NET_WM_STATE", window, 1, x.atom(name), mask=0x120000)

    largest = state("_NET_WM_STATE_MAXIMIZED_VERT")
    assert x.asks(largest) == largest
    away = message(x, ROOT, "WM_CHANGE_STATE", TOP, 3, mask=0x120000)
    assert x.asks(away) == away
    for name in ("_NET_WM_STATE_ABOVE", "_NET_WM_STATE_FULLSCREEN"):
        assert x.asks(state(name)) == replaced(state(name))
    for forbidden in (
        state("_NET_WM_STATE_MAXIMIZED_VERT", STRANGER),
        state("_NET_WM_STATE_MAXIMIZED_VERT", to=STRANGER),
        message(x, ROOT, "WM_CHANGE_STATE", STRANGER, 3, mask=0x120000),
        message(x, ROOT, "_NET_ACTIVE_WINDOW", TOP, 1),
        message(x, ROOT, "_NET_CLOSE_WINDOW", TOP, 1),
        # To all who listen for what changes on the desktop.
        message(x, ROOT, "WM_CHANGE_STATE", TOP, 3, mask=1 << 22),
        message(x, ROOT, "_NET_WM_STATE", TOP, 1, mask=1 << 22),
    ):
        with pytest.raises(ForbiddenRequest, match="event to others"):
            x.asks(forbidden)


def test_to_itself_it_says_only_that_its_connection_ends(x: Connection) -> None:
    ends = message(x, OWN, "_QT_CLOSE_CONNECTION", OWN, mask=0)
    assert x.asks(ends) == ends
    for forbidden in (
        message(x, STRANGER, "_QT_CLOSE_CONNECTION", OWN, mask=0),
        # On its way from there to the root every program of Qt's would hear it, and end its own.
        message(x, OWN, "_QT_CLOSE_CONNECTION", OWN, mask=1 << 22, beyond=1),
        message(x, OWN, "_QT_CLOSE_CONNECTION", OWN, mask=0, beyond=1),
        message(x, OWN, "_QT_CLOSE_CONNECTION", OWN, mask=1 << 22),
        message(x, OWN, "_XIM_XCONNECT", OWN, STRANGER, mask=0),
        message(x, ROOT, "_QT_CLOSE_CONNECTION", ROOT, mask=TO_THE_MANAGER),
    ):
        with pytest.raises(ForbiddenRequest, match="event to others"):
            x.asks(forbidden)


def test_a_name_that_it_has_not_asked_for_is_empty(x: Connection) -> None:
    """It asks for the name of each kind as which another program offers what was copied."""
    known, unknown = request(17, 0, x.atom("UTF8_STRING")), request(17, 0, 999)
    named = reply(2, 11, more=b"UTF8_STRING\0")
    assert x.asks(known + unknown + known) == known + SOMETHING + known
    last = reply(4, 11, more=b"UTF8_STRING\0")
    assert x.hears(named + reply(3, STRANGER) + last) == named + reply(3, data=1) + last


def test_of_what_was_copied_it_learns_only_whether_it_is_its_own(x: Connection) -> None:
    def owner(name: str, is_: int) -> int:
        heard = x.answered(request(23, 0, x.atom(name)), is_)
        return int(struct.unpack_from("<I", heard, 8)[0])

    for name in ("PRIMARY", "CLIPBOARD"):
        assert owner(name, TOP) == TOP
        assert owner(name, STRANGER) == ROOT
        assert owner(name, 0) == ROOT, "nor whether anybody has copied anything"
    assert owner("_NET_WM_CM_S0", STRANGER) == 0
    assert owner("CLIPBOARD_MANAGER", STRANGER) == 0
    with pytest.raises(ForbiddenRequest, match="event to others"):
        x.asks(message(x, STRANGER, "_XIM_XCONNECT", OWN, OWN, mask=0))
    assert owner("@server=ibus", STRANGER) == STRANGER, "an input method's server, as Tk's"


def test_a_colormap_is_its_own(x: Connection) -> None:
    assert x.asks(request(78, 0, OWN, ROOT, 0x21) + request(79, 0, OWN))
    for forbidden in (request(78, 0, STRANGER, ROOT, 0x21), request(79, 0, COLOURS)):
        with pytest.raises(ForbiddenRequest, match="Colormap"):
            x.asks(forbidden)
    x.hears(event(12, 0, x.gate.requests, TOP))
