"""The display's gate decides by its tables, whatever comes and however it is cut up (DG-1 to DG-4).
What is said here holds for each toolkit's, where it doesn't say Tk's. What only Qt's do is
test_display_for_qt's.
What a real server makes of it is tests/boundary/test_display's.
"""

from __future__ import annotations

import itertools
import socket
import struct
import threading

import pytest

from refapp.display_gate.decoder import UNANSWERED
from refapp.display_gate.known import LARGEST
from refapp.display_gate.process import carry
from refapp.display_gate.qt_rules import QtRules
from refapp.display_gate.rules import MOMENT_S, START_S, ForbiddenRequest, Rules
from refapp.display_gate.table import NEVER, Row
from tests.unit.display_gate.display_server import (
    BASE,
    COLOURS,
    FRAME,
    MAJOR,
    OWN,
    ROOT,
    STRANGER,
    TOP,
    Connection,
    event,
    reply,
    request,
    setup,
)

NO_OPERATION = 127
MENU = BASE + 9
PROPERTY_CHANGE, SUBSTRUCTURE, KEY_PRESS = 1 << 22, 1 << 19, 1
TO_THE_MANAGER = 0x180000


@pytest.fixture(autouse=True, params=[Rules, QtRules], ids=["tk", "qt"])
def rules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[Rules]:
    """A toolkit's, for each connection of the test."""
    chosen: type[Rules] = request.param
    monkeypatch.setattr(Connection, "rules", chosen)
    return chosen


TK_S = pytest.mark.parametrize("rules", [Rules], ids=["tk"], indirect=True)


@pytest.fixture
def x(rules: type[Rules]) -> Connection:
    assert Connection.rules is rules
    return Connection()


def replaced(asked: bytes) -> bytes:
    return bytes([NO_OPERATION]) + asked[1:]


def test_what_has_no_row_ends_the_window(rules: type[Rules]) -> None:
    for opcode in set(range(128)) - rules.table.core.keys():
        with pytest.raises(ForbiddenRequest, match=NEVER.get(opcode, f"request {opcode}")):
            Connection().asks(request(opcode, 0, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN))
    for opcode in range(128, 256):
        with pytest.raises(ForbiddenRequest, match=f"request {opcode}"):
            Connection().asks(request(opcode, 0, OWN, OWN, OWN))
    for name, rows in rules.table.extensions.items():
        for minor in set(range(256)) - rows.keys():
            fresh = Connection()
            fresh.extension(name)
            with pytest.raises(ForbiddenRequest):
                fresh.asks(request(MAJOR[name], minor, OWN, OWN, OWN))


def rows_of(rules: type[Rules]) -> list[tuple[bytes | None, int, Row]]:
    core = [(None, opcode, row) for opcode, row in rules.table.core.items()]
    others = rules.table.extensions.items()
    return [*core, *((name, minor, row) for name, rows in others for minor, row in rows.items())]


ROWS = [(rules, *case) for rules in (Rules, QtRules) for case in rows_of(rules)]


def named(value: object) -> str:
    return str(getattr(value, "name", getattr(value, "__name__", "")))


@pytest.mark.parametrize(
    ("rules", "extension", "opcode", "row"),
    [case for case in ROWS if case[3].whose],
    ids=named,
    indirect=["rules"],
)
@pytest.mark.parametrize("number", [STRANGER, 0, ROOT, COLOURS, 0x500])
def test_every_resource_of_every_row_is_looked_at(
    extension: bytes | None, opcode: int, row: Row, number: int
) -> None:
    """One offset after the other holds what is another's, and all else is the window's own."""
    for offset, whose in row.whose:
        x = Connection()
        if extension:
            x.extension(extension)
        asked = bytearray(
            request(
                MAJOR[extension] if extension else opcode, opcode if extension else 0, *[OWN] * 16
            )
        )
        for mask_at in () if row.mask is None else (row.mask[0],):
            asked[mask_at : mask_at + 4] = bytes(4)
        struct.pack_into("<I", asked, offset, number)
        kinds = {STRANGER: 0, 0: 2 | 32, ROOT: 4, COLOURS: 16, 0x500: 0}[number]
        if not whose & kinds:
            with pytest.raises(ForbiddenRequest, match=row.name):
                x.asks(bytes(asked))


@pytest.mark.parametrize(
    ("rules", "extension", "opcode", "row"),
    [case for case in ROWS if case[3].mask],
    ids=named,
    indirect=["rules"],
)
def test_every_resource_in_a_list_of_values_is_looked_at(
    extension: bytes | None, opcode: int, row: Row
) -> None:
    assert row.mask
    offset, width, by_bit = row.mask
    for bit in by_bit:
        x = Connection()
        if extension:
            x.extension(extension)
        asked = bytearray(
            request(
                MAJOR[extension] if extension else opcode,
                opcode if extension else 0,
                *[OWN] * 8,
                *[0] * 24,
            )
        )
        asked[offset : offset + 4] = (1 << bit | 0b11).to_bytes(width, "little") + bytes(4 - width)
        values = offset + 4
        asked[values : values + 12] = struct.pack("<3I", 0, 0, STRANGER)
        if bit < 2:
            asked[values : values + 12] = struct.pack(
                "<3I", *(STRANGER if place == bit else 0 for place in range(3))
            )
        with pytest.raises(ForbiddenRequest, match=row.name):
            x.asks(bytes(asked))


def test_what_is_its_own_passes_as_it_is(x: Connection) -> None:
    asked = b"".join([
        x.window(), request(55, 0, BASE + 2, ROOT, 0), request(53, 24, BASE + 3, ROOT, 0x00100010),
        request(62, 0, BASE + 3, TOP, BASE + 2, 0, 0, 0), request(70, 0, TOP, BASE + 2, 0, 0),
        request(84, 0, COLOURS, 0, 0),
    ])  # fmt: skip
    assert x.asks(asked) == asked
    assert x.gate.requests == 6


def test_copying_from_the_root_ends_the_window(x: Connection) -> None:
    """It shows everybody's windows."""
    with pytest.raises(ForbiddenRequest, match="CopyArea"):
        x.asks(request(62, 0, ROOT, TOP, BASE + 2, 0, 0, 0))
    x = Connection()
    x.extension(b"RENDER")
    with pytest.raises(ForbiddenRequest, match="CreatePicture"):
        x.asks(request(139, 4, BASE + 2, ROOT, 0, 0))


def test_taking_the_server_for_itself_is_replaced_by_nothing(x: Connection) -> None:
    grab, ungrab = request(36), request(37)
    assert x.asks(grab + ungrab) == replaced(grab) + replaced(ungrab)
    assert x.gate.requests == 2, "the server counts them too"


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 64])
def test_requests_that_come_in_pieces_pass_as_they_are(step: int) -> None:
    x = Connection()
    asked = request(43) * 2 + x.window() + request(36) + request(72, 2, TOP, BASE + 2, *range(50))
    passed = b"".join(x.asks(asked[at : at + step]) for at in range(0, len(asked), step))
    assert passed == asked.replace(request(36), replaced(request(36)))


def test_words_of_the_server_that_come_in_pieces_pass_as_they_are() -> None:
    x = Connection()
    x.asks(request(43) + request(14, 0, ROOT))
    said = reply(1, 1) + event(12, 0, 2, TOP) + reply(2, ROOT, more=bytes(40))
    assert b"".join(x.hears(said[at : at + 1]) for at in range(len(said))) == said


def test_a_round_trip_is_an_answer_that_the_window_waits_for(x: Connection) -> None:
    x.answered(request(43), 1)
    assert x.gate.round_trips == 1
    x.asks(request(14, 0, ROOT) * 2)
    x.hears(reply(2, ROOT))
    assert x.gate.round_trips == 1, "it had asked for more before it waited"
    x.hears(reply(3, ROOT))
    assert x.gate.round_trips == 2


@pytest.mark.parametrize(
    ("name", "heard"), [("RESOURCE_MANAGER", True), ("_NET_ACTIVE_WINDOW", False), ("", False)]
)
def test_of_the_desktop_s_changes_only_those_of_what_may_be_read_are_heard(
    x: Connection, name: str, heard: bool
) -> None:
    """The others tell when the person turns to another program,
    and each costs the window two round trips.
    """
    atom = x.atom(name) if name else 999
    said = event(28, 0, x.gate.requests, ROOT, atom)
    assert x.hears(said) == (said if heard else b"")
    own = event(28, 0, x.gate.requests, TOP, 999)
    assert x.hears(own) == own


def test_nothing_passes_before_the_server_has_answered() -> None:
    x = Connection.__new__(Connection)
    from refapp.display_gate.decoder import Decoder

    gate = Decoder()
    assert gate.greeting(b"") is None
    assert gate.up(request(43), 0.0) == b""
    gate.down(setup(), 0.0)
    assert gate.up(b"", 0.0) == request(43)
    with pytest.raises(ForbiddenRequest, match="before the display has answered"):
        Decoder().up(bytes(LARGEST + 1), 0.0)
    del x


# Lengths.


def long_request(opcode: int, *words: int, size: int | None = None) -> bytes:
    body = struct.pack(f"<{len(words)}I", *words)
    return struct.pack("<BBHI", opcode, 0, 0, len(body) // 4 + 2 if size is None else size) + body


def test_a_long_length_counts_only_once_the_server_has_agreed(x: Connection) -> None:
    """Before that the server would take the four bytes that follow for another request."""
    with pytest.raises(ForbiddenRequest, match="no length"):
        x.asks(long_request(14, ROOT))
    x = Connection()
    x.extension(b"BIG-REQUESTS")
    x.asks(request(133, 0))
    with pytest.raises(ForbiddenRequest, match="no length"):
        x.asks(long_request(14, ROOT))
    x = Connection()
    x.extension(b"BIG-REQUESTS")
    heard = x.answered(request(133, 0), 0x3FFFFF)
    assert struct.unpack_from("<I", heard, 8) == (LARGEST // 4,), (
        "the window is told that no more is taken"
    )
    assert x.asks(long_request(14, ROOT)) == long_request(14, ROOT)
    with pytest.raises(ForbiddenRequest, match="GetGeometry"):
        x.asks(long_request(14, STRANGER))


@pytest.mark.parametrize("size", [0, 1, LARGEST // 4 + 1, 0xFFFFFFFF])
def test_a_long_length_that_is_none_ends_the_window(x: Connection, size: int) -> None:
    x.extension(b"BIG-REQUESTS")
    x.answered(request(133, 0), 0x3FFFFF)
    with pytest.raises(ForbiddenRequest, match="length"):
        x.asks(long_request(14, ROOT, size=size))


def test_requests_that_are_cut_short_end_the_window(rules: type[Rules]) -> None:
    for extension, opcode, row in rows_of(rules):
        if row.whose or row.rule:
            x = Connection()
            if extension:
                x.extension(extension)
            with pytest.raises(ForbiddenRequest):
                x.asks(
                    request(MAJOR[extension] if extension else opcode, opcode if extension else 0)
                )


def test_more_requests_than_the_server_can_tell_apart_end_the_window(x: Connection) -> None:
    """Else the answer to one could be taken for another's."""
    nothing = request(127)
    x.asks(nothing * UNANSWERED)
    with pytest.raises(ForbiddenRequest, match="more at once"):
        x.asks(nothing)
    x = Connection()
    for _ in range(4):
        x.asks(nothing * (UNANSWERED - 1))
        x.event(12)
    assert len(x.answered(request(15, 0, ROOT), ROOT, 0, 1, more=struct.pack("<I", STRANGER))) == 32


# What others have.


def test_the_list_of_windows_names_only_its_own(x: Connection) -> None:
    more = struct.pack("<3I", STRANGER, TOP, STRANGER + 1)
    heard = x.answered(request(15, 0, ROOT), ROOT, 0, 3, more=more)
    assert struct.unpack_from("<I", heard, 4) == (1,)
    assert struct.unpack_from("<H", heard, 16) == (1,)
    assert heard[32:] == struct.pack("<I", TOP)


def test_an_error_in_place_of_the_list_leaves_the_order_of_answers_right(x: Connection) -> None:
    more = struct.pack("<I", STRANGER)
    x.asks(request(15, 0, ROOT) * 2)
    x.hears(struct.pack("<BBH28x", 0, 3, 1))
    assert len(x.hears(reply(2, ROOT, 0, 1, more=more))) == 32


def test_where_the_keyboard_is_else_is_not_said(x: Connection) -> None:
    assert struct.unpack_from("<I", x.answered(request(43), STRANGER), 8) == (0,)
    assert struct.unpack_from("<I", x.answered(request(43), TOP), 8) == (TOP,)


def test_whose_window_is_under_a_point_is_not_said(x: Connection) -> None:
    asked = request(40, 0, TOP, ROOT, 0)
    assert struct.unpack_from("<I", x.answered(asked, STRANGER), 8) == (0,)
    assert struct.unpack_from("<I", x.answered(asked, TOP), 8) == (TOP,)


@pytest.mark.parametrize(("opcode", "words"), [(15, ()), (20, (31, 0, 0, 9)), (14, ()), (3, ())])
def test_other_programs_windows_can_not_be_asked(
    x: Connection, opcode: int, words: tuple[int, ...]
) -> None:
    with pytest.raises(ForbiddenRequest):
        x.asks(request(opcode, 0, STRANGER, *words))


def test_of_the_root_only_what_a_desktop_tells_everybody_is_read(x: Connection) -> None:
    assert x.asks(request(20, 0, ROOT, 23, 31, 0, 9))
    with pytest.raises(ForbiddenRequest, match="_NET_CLIENT_LIST"):
        x.asks(request(20, 0, ROOT, x.atom("_NET_CLIENT_LIST"), 33, 0, 9))


def test_the_desktop_s_own_words_can_not_be_deleted(x: Connection) -> None:
    with pytest.raises(ForbiddenRequest, match="RESOURCE_MANAGER"):
        x.asks(request(20, 1, ROOT, 23, 31, 0, 9))


def test_tk_s_list_of_programs_that_take_commands_seems_empty_and_stays_as_it_is(
    x: Connection,
) -> None:
    name = x.atom("InterpRegistry")
    heard = x.answered(
        request(20, 0, ROOT, name, 31, 0, 9), 31, 0, 12, data=8, more=b"5 somebody\0\0"
    )
    assert heard[8:] == bytes(24)
    assert struct.unpack_from("<I", heard, 4) == (0,)
    write = request(18, 0, ROOT, name, 31, 8, 4, tail=b"abcd")
    assert x.asks(write) == replaced(write)


def test_the_frame_that_a_window_manager_puts_around_it_may_be_measured(x: Connection) -> None:
    measure = request(14, 0, FRAME) + request(15, 0, FRAME) + request(40, 0, TOP, FRAME, 0)
    with pytest.raises(ForbiddenRequest):
        x.asks(measure)
    x = Connection()
    x.asks(x.window())
    x.event(21, 0, TOP, TOP, FRAME)
    assert x.asks(measure) == measure
    with pytest.raises(ForbiddenRequest):
        x.asks(request(20, 0, FRAME, 39, 31, 0, 9))


def test_a_frame_around_the_frame_is_found_too(x: Connection) -> None:
    x.answered(request(15, 0, TOP), ROOT, FRAME, 0)
    x.answered(request(15, 0, FRAME), ROOT, FRAME + 1, 0)
    assert x.asks(request(14, 0, FRAME + 1))


def test_an_event_that_a_program_sent_shows_no_frame(x: Connection) -> None:
    x.event(21 | 0x80, 0, TOP, TOP, FRAME)
    with pytest.raises(ForbiddenRequest):
        x.asks(request(14, 0, FRAME))


def test_events_of_others_can_not_be_asked_for(x: Connection) -> None:
    assert x.asks(request(2, 0, ROOT, 1 << 11, PROPERTY_CHANGE))
    for window, wanted in (
        (ROOT, KEY_PRESS),
        (ROOT, SUBSTRUCTURE),
        (STRANGER, PROPERTY_CHANGE),
        (TOP, 1 << 14),
    ):
        with pytest.raises(ForbiddenRequest):
            Connection().asks(request(2, 0, window, 1 << 11, wanted))


@TK_S
def test_the_keyboard_tells_of_another_layout_and_of_no_key(x: Connection) -> None:
    x.extension(b"XKEYBOARD")

    def select(which: int, everything: int) -> bytes:
        return request(135, 1, tail=struct.pack("<6H", 0x100, which, 0, everything, 7, 7))

    assert x.asks(select(3, 0))
    for which, everything in ((4, 0), (0, 4), (1 << 10, 0)):
        with pytest.raises(ForbiddenRequest, match="others' keys"):
            x.asks(select(which, everything))


def test_other_extensions_seem_absent(x: Connection) -> None:
    assert x.extension(b"RENDER")[8:10] == bytes([1, 139])
    assert x.extension(b"MIT-SHM")[8:12] == bytes(4)
    assert x.extension(b"XTEST")[8:12] == bytes(4)


def test_an_extension_can_not_be_learned_from_the_answer_to_another_question(x: Connection) -> None:
    """65,536 requests later a number comes again."""
    x.asks(request(14, 0, ROOT))
    with pytest.raises(ForbiddenRequest, match="more at once"):
        x.asks(request(127) * 65535 + request(98, 0, 6, tail=b"RENDER"))


# Focus, menus.


def test_it_takes_the_keyboard_only_while_the_person_works_in_it(x: Connection) -> None:
    take = request(42, 2, TOP, 0)
    assert x.asks(take) == replaced(take)
    x.focus(has=True)
    assert x.asks(take) == take
    x.focus(has=False)
    assert x.asks(take) == replaced(take)
    x.key()
    assert x.asks(take) == take
    x.now += MOMENT_S + 1
    assert x.asks(take) == replaced(take)


def test_with_no_window_manager_it_takes_the_keyboard_once_if_nobody_has_it(x: Connection) -> None:
    take = request(42, 2, TOP, 0)
    x.answered(request(43), 1)
    assert x.asks(take) == take
    assert x.asks(take) == replaced(take)
    x = Connection()
    x.answered(request(43), STRANGER)
    assert x.asks(take) == replaced(take)
    x = Connection()
    x.answered(request(43), 1)
    x.now += START_S + 0.1
    assert x.asks(take) == replaced(take), "nor later than at its start"


def test_what_the_server_says_is_heard_before_what_the_window_asks_at_that_moment(
    x: Connection,
) -> None:
    """It could take the keyboard back in the moment in which it goes elsewhere."""
    (window, gate), (ours, server) = socket.socketpair(), socket.socketpair()
    with window, gate, ours, server:
        take = request(42, 2, TOP, 0)
        x.focus(has=True)
        window.sendall(take)
        server.sendall(event(10, 3, x.gate.requests, TOP))
        window.shutdown(socket.SHUT_WR)
        carry(gate.fileno(), ours.fileno(), x.gate)
        assert server.recv(100) == replaced(take)


def test_it_ends_in_order_with_bytes_on_the_way_whoever_ends(x: Connection) -> None:
    """The socket says then that it was reset, or broke: that is an end as any other, and the gate
    that fell over it was said to have failed.
    """
    for ends, unread in itertools.product(("window", "display"), (True, False)):
        (window, gate), (ours, server) = socket.socketpair(), socket.socketpair()
        with window, gate, ours, server:
            for end in (gate, ours):
                end.setblocking(False)
            goes, stays = (window, server) if ends == "window" else (server, window)
            if unread:
                (gate if ends == "window" else ours).sendall(event(10, 3, 1, TOP))
            stays.sendall(event(10, 3, x.gate.requests, TOP) if stays is server else request(43))
            goes.close()
            carry(gate.fileno(), ours.fileno(), x.gate)


def test_an_end_that_hears_no_more_and_still_speaks_costs_no_processor(
    x: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on the way to it can go nowhere, and poll would say for ever that it may be sent."""
    (window, gate), (ours, server) = socket.socketpair(), socket.socketpair()
    with window, gate, ours, server:
        for end in (gate, ours):
            end.setblocking(False)
        window.shutdown(socket.SHUT_RD)
        server.sendall(event(10, 3, x.gate.requests, TOP))
        ends = threading.Timer(0.5, window.close)
        ends.start()
        turns: list[float] = []
        monkeypatch.setattr(x.gate, "look", turns.append)
        carry(gate.fileno(), ours.fileno(), x.gate)
        ends.join()
    assert len(turns) < 10


@pytest.mark.parametrize("to", [ROOT, STRANGER])
def test_it_gives_the_keyboard_to_no_other(x: Connection, to: int) -> None:
    x.focus(has=True)
    with pytest.raises(ForbiddenRequest, match="SetInputFocus"):
        x.asks(request(42, 2, to, 0))


@pytest.mark.parametrize("to", [0, 1])
def test_what_the_pointer_gave_is_given_back_without_effect(x: Connection, to: int) -> None:
    """Tk does it when the pointer leaves, where the keyboard is where the pointer is."""
    give, take = request(42, 2, to, 0), request(42, 2, TOP, 0)
    assert x.asks(give) == replaced(give)
    x.answered(request(43), 1)
    assert x.asks(take) == take, "the one that is free at the start is not used up"
    x.focus(has=True)
    assert x.asks(give) == replaced(give)
    x.focus(has=False)
    assert x.asks(give + take) == replaced(give) + replaced(take)


def test_the_pointer_s_way_through_is_no_focus(x: Connection) -> None:
    x.event(9, 5, TOP)
    take = request(42, 2, TOP, 0)
    assert x.asks(take) == replaced(take)


@pytest.mark.parametrize(("size", "border", "ok"),
                         [((300, 200), 0, True), ((900, 640), 0, True), ((901, 20), 0, False),
                                                    ((20, 641), 0, False),
                                                    ((10, 10), 500, False)])  # fmt: skip
def test_a_menu_is_no_larger_than_the_window(
    x: Connection, size: tuple[int, int], border: int, *, ok: bool
) -> None:
    x.shown_window()
    x.asks(x.window(MENU, size, override=1, border=border))
    show = request(8, 0, MENU)
    if ok:
        assert x.asks(show) == show
        with pytest.raises(ForbiddenRequest, match="larger than its own"):
            x.asks(request(12, 0, MENU, 4 | 8, 2000, 1000))
    else:
        with pytest.raises(ForbiddenRequest, match="larger than its own"):
            x.asks(show)


def test_a_window_that_is_up_can_not_turn_into_a_menu_of_any_size(x: Connection) -> None:
    x.shown_window()
    x.asks(x.window(MENU, (2000, 2000)) + request(8, 0, MENU))
    with pytest.raises(ForbiddenRequest, match="larger than its own"):
        x.asks(request(2, 0, MENU, 1 << 9, 1))


def test_only_a_size_that_the_server_told_counts(x: Connection) -> None:
    """A window that hides its true size from the gate, and says that it is large."""
    x.shown_window()
    x.asks(request(12, 0, TOP, 4 | 8, 3000, 3000))
    x.asks(x.window(MENU, (1000, 700), override=1))
    with pytest.raises(ForbiddenRequest, match="larger than its own"):
        x.asks(request(8, 0, MENU))
    x = Connection()
    x.shown_window()
    x.asks(request(2, 0, TOP, 1 << 11, KEY_PRESS))
    x.asks(x.window(MENU, (100, 100), override=1))
    with pytest.raises(ForbiddenRequest, match="larger than its own"):
        x.asks(request(8, 0, MENU))


def test_a_window_that_grew_has_larger_menus(x: Connection) -> None:
    x.shown_window()
    x.event(22, 0, TOP, TOP, 0, 0, 1200 | 900 << 16)
    x.asks(x.window(MENU, (1000, 700), override=1))
    assert x.asks(request(8, 0, MENU)) == request(8, 0, MENU)


def test_without_focus_no_menu_comes_up_and_none_stays(x: Connection) -> None:
    x.shown_window()
    show = x.window(MENU, (300, 200), override=1) + request(8, 0, MENU)
    x.focus(has=False)
    assert x.asks(show) == show[:-8] + replaced(show[-8:])
    x.focus(has=True)
    assert x.asks(request(8, 0, MENU)) == request(8, 0, MENU)
    assert x.gate.on_top
    x.gate.look(x.now)
    x.focus(has=False)
    x.gate.look(x.now + MOMENT_S)
    with pytest.raises(ForbiddenRequest, match="while it has no focus"):
        x.gate.look(x.now + MOMENT_S + 0.1)
    x.asks(request(10, 0, MENU))
    x.gate.look(x.now + MOMENT_S + 0.1)
    assert not x.gate.on_top


def test_a_window_is_put_onto_the_root_by_the_window_manager_alone(x: Connection) -> None:
    with pytest.raises(ForbiddenRequest, match="ReparentWindow"):
        x.asks(request(7, 0, OWN, ROOT, 0))


# Properties.


@TK_S
def test_it_names_itself_and_takes_no_place_in_front_of_others(x: Connection) -> None:
    assert x.asks(request(18, 0, TOP, 39, 31, 8, 4, tail=b"name"))
    for name, value in (("_NET_WM_STATE", "_NET_WM_STATE_ABOVE"),
                        ("_NET_WM_STATE", "_NET_WM_STATE_FULLSCREEN"),
                        ("_NET_WM_WINDOW_TYPE", "_NET_WM_WINDOW_TYPE_DOCK")):  # fmt: skip
        fresh = Connection()
        with pytest.raises(ForbiddenRequest, match="in front of"):
            fresh.asks(request(18, 0, TOP, fresh.atom(name), 4, 32, 1, fresh.atom(value)))
    for name in ("_NET_WM_STRUT", "_NET_WM_USER_TIME", "_MOTIF_WM_HINTS"):
        fresh = Connection()
        with pytest.raises(ForbiddenRequest, match=name):
            fresh.asks(request(18, 0, TOP, fresh.atom(name), 6, 32, 1, 0))


def test_it_belongs_to_no_other_program_s_window(x: Connection) -> None:
    assert x.asks(request(18, 0, MENU, 68, 33, 32, 1, TOP))
    with pytest.raises(ForbiddenRequest, match="WM_TRANSIENT_FOR"):
        x.asks(request(18, 0, MENU, 68, 33, 32, 1, STRANGER))
    hints = [0] * 9
    hints[8] = STRANGER
    with pytest.raises(ForbiddenRequest, match="WM_HINTS"):
        Connection().asks(request(18, 0, TOP, 35, 35, 32, 9, *hints))


def test_nor_by_a_piece_that_is_added_to_what_it_said(x: Connection) -> None:
    assert x.asks(request(18, 0, TOP, 35, 35, 32, 8, *[0] * 8))
    with pytest.raises(ForbiddenRequest, match="WM_HINTS"):
        x.asks(request(18, 2, TOP, 35, 35, 32, 1, STRANGER))


@pytest.mark.parametrize("width", [8, 16])
def test_numbers_in_pieces_are_not_passed_over(x: Connection, width: int) -> None:
    """Not every window manager looks at how wide they are said to be."""
    state, above = x.atom("_NET_WM_STATE"), x.atom("_NET_WM_STATE_ABOVE")
    for number, said in ((state, above), (68, STRANGER), (35, STRANGER)):
        with pytest.raises(ForbiddenRequest, match=r"in front of|not its own"):
            x.asks(request(18, 0, TOP, number, 4, width, 32 // width, said))


def test_what_it_asks_itself_for_gives_it_no_right_to_a_property(x: Connection) -> None:
    """It has copied something, and pastes it into a property of which others read."""
    x.shown_window()
    x.key()
    state, above = x.atom("_NET_WM_STATE"), x.atom("_NET_WM_STATE_ABOVE")
    assert x.asks(request(22, 0, TOP, x.atom("CLIPBOARD"), 0))
    assert x.asks(request(24, 0, TOP, x.atom("CLIPBOARD"), 31, state, 0))
    selection_request(x, TOP, "UTF8_STRING", "_NET_WM_STATE")
    with pytest.raises(ForbiddenRequest, match="in front of"):
        x.asks(request(18, 0, TOP, state, 4, 32, 1, above))


@pytest.mark.parametrize("window", [ROOT, STRANGER])
def test_it_writes_on_no_other_window(x: Connection, window: int) -> None:
    with pytest.raises(ForbiddenRequest, match="WM_NAME"):
        x.asks(request(18, 0, window, 39, 31, 8, 4, tail=b"name"))


@TK_S
def test_names_that_it_has_not_asked_for_stay_unknown(x: Connection) -> None:
    assert x.asks(request(17, 0, x.atom("UTF8_STRING")))
    with pytest.raises(ForbiddenRequest, match="names of others"):
        x.asks(request(17, 0, 999))


def test_a_name_is_not_learned_as_the_type_of_what_it_has_written(x: Connection) -> None:
    assert x.asks(request(18, 0, TOP, 39, x.atom("UTF8_STRING"), 8, 4, tail=b"name"))
    with pytest.raises(ForbiddenRequest, match="names of others"):
        x.asks(request(18, 0, TOP, 39, 999, 8, 4, tail=b"name"))


def test_of_long_names_little_is_kept(x: Connection) -> None:
    for _ in range(100):
        x.asks(
            request(16, 0, 60_000, tail=b"a" * 60_000) + request(98, 0, 60_000, tail=b"b" * 60_000)
        )
    kept = [kept for *_, kept in x.gate._expected]
    assert len(kept) == 200
    assert sum(len(name) for name in kept if isinstance(name, (str, bytes))) < 60_000


# Events to others.


def message(
    x: Connection,
    to: int,
    kind: str,
    window: int,
    *data: int,
    mask: int = TO_THE_MANAGER,
    beyond: int = 0,
) -> bytes:
    """``beyond``: if nobody listens there, to who listens on what it stands in."""
    body = struct.pack("<BBHII", 33, 32, 0, window, x.atom(kind)) + struct.pack(
        "<5I", *data, *[0] * (5 - len(data))
    )
    return request(25, beyond, to, mask, tail=body)


@TK_S
def test_it_tells_the_window_manager_about_its_own_windows_only(x: Connection) -> None:
    assert x.asks(message(x, ROOT, "WM_CHANGE_STATE", TOP, 3))
    assert x.asks(message(x, ROOT, "_NET_WM_STATE", TOP, 1, x.atom("_NET_WM_STATE_MAXIMIZED_VERT")))
    assert x.asks(message(x, ROOT, "WM_PROTOCOLS", ROOT, x.atom("_NET_WM_PING"), 1, TOP))
    for forbidden in (
        message(x, ROOT, "WM_CHANGE_STATE", STRANGER, 3),
        message(x, ROOT, "_NET_WM_STATE", TOP, 1, x.atom("_NET_WM_STATE_FULLSCREEN")),
        message(x, ROOT, "_NET_ACTIVE_WINDOW", TOP, 1),
        message(x, ROOT, "_NET_CLOSE_WINDOW", STRANGER, 1),
        message(x, STRANGER, "WM_PROTOCOLS", STRANGER, 1),
        message(x, TOP, "WM_PROTOCOLS", TOP, 1),
        message(x, ROOT, "WM_CHANGE_STATE", TOP, 3, mask=1),
        request(
            25, 0, STRANGER, 1, tail=struct.pack("<BBH7I", 2, 40, 0, 0, ROOT, STRANGER, 0, 0, 0, 1)
        ),
    ):
        with pytest.raises(ForbiddenRequest, match="event to others"):
            x.asks(forbidden)


# Copy and paste.


def selection_request(x: Connection, requestor: int, target: str, prop: str) -> None:
    x.event(30, 0, 0, TOP, requestor, x.atom("CLIPBOARD"), x.atom(target), x.atom(prop))


def test_it_pastes_only_right_after_a_key_or_a_button(x: Connection) -> None:
    paste = request(24, 0, TOP, x.atom("CLIPBOARD"), 31, x.atom("GOT"), 0)
    assert x.asks(paste) == replaced(paste)
    x.event(2 | 0x80, 40, 0, ROOT, OWN)
    assert x.asks(paste) == replaced(paste), "a key that a program sent"
    x.key()
    x.now += MOMENT_S
    assert x.asks(paste) == paste
    x.now += 0.1
    assert x.asks(paste) == replaced(paste)
    x.event(5, 2, 0, ROOT, OWN)
    assert x.asks(paste) == paste


def test_dragging_counts_and_mere_moving_does_not(x: Connection) -> None:
    own = request(22, 0, TOP, 1, 0)
    x.event(6, 0, 0, ROOT, OWN, 0, 0, 0, 0)
    assert x.asks(own) == replaced(own)
    x.event(6, 0, 0, ROOT, OWN, 0, 0, 0, 0x100)
    assert x.asks(own) == own


def test_what_was_copied_is_handed_to_who_asked_for_it(x: Connection) -> None:
    hand_over = lambda: request(18, 0, STRANGER, x.atom("HERE"), 31, 8, 4, tail=b"text")  # noqa: E731
    with pytest.raises(ForbiddenRequest):
        x.asks(hand_over())
    selection_request(x, STRANGER, "UTF8_STRING", "HERE")
    assert x.asks(hand_over()) == hand_over()
    assert x.asks(request(2, 0, STRANGER, 1 << 11, PROPERTY_CHANGE)), (
        "a long text is fetched in pieces"
    )
    heard = x.answered(
        request(15, 0, STRANGER), ROOT, STRANGER + 1, 1, more=struct.pack("<I", STRANGER + 2)
    )
    assert heard[4:8] + heard[12:] == bytes(24), (
        "Tk asks then where that window is, and is told nothing"
    )
    told = struct.pack(
        "<BBH6I4x", 31, 0, 0, 0, STRANGER, x.atom("CLIPBOARD"), 31, x.atom("HERE"), 0
    )
    assert x.asks(request(25, 0, STRANGER, 0, tail=told))
    assert x.asks(request(17, 0, x.atom("UTF8_STRING")))
    with pytest.raises(ForbiddenRequest):
        x.asks(request(18, 0, STRANGER, 39, 31, 8, 4, tail=b"text"))


def test_who_asks_for_several_kinds_at_once_gets_them(x: Connection) -> None:
    selection_request(x, STRANGER, "MULTIPLE", "PAIRS")
    pairs = (x.atom("UTF8_STRING"), x.atom("FIRST"), 31, x.atom("SECOND"))
    x.answered(
        request(20, 0, STRANGER, x.atom("PAIRS"), 0, 0, 99),
        0,
        0,
        4,
        data=32,
        more=struct.pack("<4I", *pairs),
    )
    for name in ("FIRST", "SECOND"):
        assert x.asks(request(18, 0, STRANGER, x.atom(name), 31, 8, 4, tail=b"text"))


@TK_S
def test_who_has_copied_something_is_not_said(x: Connection) -> None:
    with pytest.raises(ForbiddenRequest, match="who has copied"):
        x.asks(request(23, 0, x.atom("CLIPBOARD")))
    with pytest.raises(ForbiddenRequest, match="another selection"):
        x.asks(request(22, 0, TOP, x.atom("_NET_WM_CM_S0"), 0))


# Input methods.


def test_an_input_method_is_spoken_to_and_no_other_window(x: Connection) -> None:
    server = STRANGER + 7
    hello = message(x, server, "_XIM_XCONNECT", OWN, OWN, mask=0)
    with pytest.raises(ForbiddenRequest):
        x.asks(hello)
    x.answered(request(23, 0, x.atom("@server=ibus")), server)
    assert x.asks(hello) == hello
    said = event(33 | 0x80, 32, x.gate.requests, OWN, x.atom("_XIM_XCONNECT"), server + 1)
    assert x.hears(said) == said
    words = message(x, server + 1, "_XIM_PROTOCOL", server + 1, 1, mask=0)
    assert x.asks(words) == words
    long_words = request(18, 2, server + 1, x.atom("_client0"), 31, 8, 4, tail=b"text")
    assert x.asks(long_words) == long_words
    with pytest.raises(ForbiddenRequest):
        x.asks(request(18, 0, server, 39, 31, 8, 4, tail=b"name"))


@pytest.mark.parametrize(("mask", "beyond"), [(0, 1), (PROPERTY_CHANGE, 0), (PROPERTY_CHANGE, 1)])
def test_who_listens_at_an_input_method_hears_nothing_from_it(
    x: Connection, mask: int, beyond: int
) -> None:
    """Else it would type into others; or hear itself, name any window, and have it for a method."""
    server = STRANGER + 7
    x.answered(request(23, 0, x.atom("@server=ibus")), server)
    assert x.asks(request(2, 0, server, 1 << 11, PROPERTY_CHANGE))
    with pytest.raises(ForbiddenRequest, match="event to others"):
        x.asks(message(x, server, "_XIM_XCONNECT", OWN, STRANGER, mask=mask, beyond=beyond))


@pytest.mark.parametrize(("mask", "beyond"), [(0, 1), (PROPERTY_CHANGE, 0), (PROPERTY_CHANGE, 1)])
def test_who_listens_at_a_window_that_pastes_hears_nothing_from_it(
    x: Connection, mask: int, beyond: int
) -> None:
    selection_request(x, STRANGER, "UTF8_STRING", "HERE")
    told = struct.pack("<BBH5I8x", 31, 0, 0, 0, STRANGER, x.atom("CLIPBOARD"), 31, x.atom("HERE"))
    assert x.asks(request(25, 0, STRANGER, 0, tail=told))
    with pytest.raises(ForbiddenRequest, match="event to others"):
        x.asks(request(25, beyond, STRANGER, mask, tail=told))


# The greeting.


@pytest.mark.parametrize("step", [1, 5, 48])
def test_the_cookie_is_read_and_what_follows_it_waits(step: int) -> None:
    from refapp.display_gate.decoder import Decoder

    gate = Decoder()
    words = (
        struct.pack("<BxHHHHxx", ord("l"), 11, 0, 18, 16) + b"MIT-MAGIC-COOKIE-1\0\0" + b"c" * 16
    )
    given = [gate.greeting(words[at : at + step]) for at in range(0, len(words), step)]
    assert given[-1] == b"c" * 16
    assert not any(given[:-1])


@pytest.mark.parametrize(
    "words",
    [
        b"B\0\0\x0b" + bytes(8),
        b"l\0\x0a\0" + bytes(8),
        struct.pack("<BxHHHHxx", 108, 11, 0, 9999, 0),
    ],
)
def test_another_protocol_or_byte_order_is_refused(words: bytes) -> None:
    from refapp.display_gate.decoder import Decoder

    with pytest.raises(ForbiddenRequest, match="another protocol or byte order"):
        Decoder().greeting(words)


def test_a_server_that_refuses_is_heard() -> None:
    from refapp.display_gate.decoder import Decoder

    gate = Decoder()
    refused = struct.pack("<BBHHH", 0, 5, 11, 0, 2) + b"no entry"
    assert gate.down(refused, 0.0) == refused
    assert gate.up(request(43), 0.0) == b""
