"""What is around the app, as the in-process driver has it: where it is started from, its network,
other people's programs, and what months and other copies bring. Parts of ``InsideDriver``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

Lacking = Literal["locks", "confirmations"]


class LongLived(Protocol):
    """Sleep, stops, locks that go, and copies that are looked at."""

    def press_in_copy(self, button: str) -> None:
        """Use this button in the other copy's window."""

    def situation_of_copy(self) -> str:
        """What the other copy's window shows."""

    def sleep(self, seconds: float) -> None:
        """The computer sleeps: no timer runs, and the clock goes on."""

    def go_on_after(self, seconds: float) -> None:
        """The app was stopped for so long;
        it goes on, and what the server has answered meanwhile is there.
        """

    def close_before_the_answer(self, seconds: float) -> None:
        """The person closes the window;
        the server answers ``seconds`` later, and the app has to end with that.
        """

    def delete_lock(self) -> None:
        """Somebody deletes the lock file."""

    def replace_lock(self) -> None:
        """Somebody deletes the lock file that the app has opened, before it is locked, and puts
        another in its place.
        """

    def lack(self, what: Lacking) -> None:
        """The file system of the app's folder has no such thing."""

    def begin_trace(self, mib: int) -> None:
        """From now on the app appends to a trace that is this large already."""

    def traces(self) -> list[int]:
        """The sizes of the trace and of its earlier files, in bytes."""


class OwnNetwork(Protocol):
    """A real network of the computer's own, with a proxy on it. ``went_to``: whom the app has
    connected to since the When, "the server" or "the proxy", in order.
    """

    went_to: list[str]

    def meet(self) -> None:
        """An app that starts from now on is on it."""

    def spoil_server(self, trouble: str | None) -> None:
        """From now on the server, or the way to it, is as ``trouble`` says."""

    def spoil_proxy(self, trouble: str) -> None:
        """From now on the proxy is as ``trouble`` says."""

    def let_in(self, name: str, password: str) -> None:
        """The proxy wants these two of everybody from now on."""

    def set_variable(self, name: str, value: str) -> None:
        """An app that starts finds it in its environment."""

    def name_certificates(self, variable: str, what: str) -> None:
        """``variable`` names that, and nothing else says whom to trust."""

    def said_to_server(self) -> Sequence[bytes]:
        """The head of each request that came through to the server, or to who is in its place,
        since the When.
        """

    def said_to_proxy(self) -> Sequence[bytes]:
        """The same, of the proxy."""


XServer = Literal["lets nobody in", "lets the app in", "wants its cookie"]
OwnPort = Literal[
    "that of her other copy's server", "that of another program of hers",
    "that of another user's server", "none that can be", "none yet",
    "that of her other copy's server, which has just begun",
]  # fmt: skip
"""What is at the port that was kept for the app's own server."""


class Launcher(Protocol):
    """Where the app is started from. ``outer``: what the environment says; None: it does not.
    ``begun``: the numbers of the window processes that the newest start has begun.
    """

    outer: dict[str, str | None]
    begun: list[int]
    x_server: XServer | None
    cookie: bytes
    settings: str
    words: Sequence[str]
    has_no_gate: bool
    nohup: bool
    gate_says: Sequence[bytes]
    heeds_signals: bool
    waits_for_the_screen: bool

    def hold(self, place: Path) -> None:
        """This folder of a cookie is another start's, which is under way."""

    @property
    def display(self) -> str:
        """What DISPLAY says."""

    @property
    def own_window(self) -> str:
        """The command of the window that comes with the app, not confined."""

    def left(self) -> list[int]:
        """Those of them that still run, or that nobody has asked how they ended."""


class Outcome(NamedTuple):
    """What another program was answered; or what was raised: its class, its sentence and its cure,
    whether it is an error of the session's, all that it says to whoever prints it, and as what
    else it can be caught.
    """

    answer: str | None = None
    error: str = ""
    sentence: str = ""
    cure: str = ""
    ours: bool = False
    printed: str = ""
    families: Collection[str] = ()


class Programs(Protocol):
    """``who`` is one of them, by the features' name for it."""

    def left_in_the_old_place(self) -> list[str]:
        """The files that lie where the first version of another program kept its own."""

    def do(self, who: str, deed: str) -> None:
        """Let it do something with its session, until all has happened that needs no time."""

    def outcome(self, who: str) -> Outcome:
        """What came of what it asked for."""

    def sees(self, who: str) -> tuple[str, str, str]:
        """How its session says that it is, in the words of ``features/README.md``; why; and what
        to do.
        """

    def told(self, who: str) -> Sequence[tuple[str, str]]:
        """The changes that it has followed since the beginning, in the same words; "the end" when
        there will be no more.
        """

    def shown(self, who: str) -> Sequence[str]:
        """Each time that it was to show the link: what it was to say with it, which may be
        nothing.
        """

    def sent(self) -> Sequence[tuple[str, str]]:
        """The calls of the programs' own clients since the beginning: to which server, with which
        token, which may be none.
        """

    def api_answers(self, statuses: Sequence[int]) -> None:
        """What Alan's own API answers to the next calls, whatever they carry."""

    def hold_api(self, *, held: bool) -> None:
        """From now on that API answers later; not ``held``: it answers now."""
