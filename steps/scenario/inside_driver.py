"""What a step may do and ask inside the app's process: more than any real desktop offers.
``inproc`` implements it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, Protocol

import httpx

from steps.scenario.around_it import Launcher, LongLived, OwnNetwork, OwnPort, Programs
from steps.scenario.driver import Driver, Told
from steps.scenario.people import Person
from steps.scenario.writing import WritingInside

WindowProcess = Literal[
    "does not confine itself", "starts an unlocked thread while the app looks",
    "starts a locked thread while the app looks", "starts threads as long as the app looks",
    "has a thread that may gain privileges", "has a thread that may be given a capability",
    "has ended by then", "may not be looked at",
]  # fmt: skip
"""What a window's process does, or has done, when the app asks the kernel about it."""
UNCONFINED: Final = "does not confine itself"


class InsideDriver(Driver, WritingInside, LongLived, Protocol):
    """What no real desktop offers:
    the window's own words, copies of the app, calls and answers of any kind.
    """

    def bring_server(self) -> None:
        """From now on the app is one that starts a server of its own, with an account to try."""

    def use_network(self, origin: str, *, sliding: bool) -> None:
        """The server is at ``origin``; before anything else."""

    def on_network(self) -> OwnNetwork:
        """That network."""

    portal_says: Mapping[str, int]
    """What the desktop's portal says of its appearance, by its names and numbers."""

    def set_desktop(self, gtk: str, setting: str, *, apart: bool = False) -> None:
        """The desktop's settings for this version of GTK say so; an app that starts looks there.
        ``apart``: not where they usually are, but where the environment says.
        """

    def open_before_its_window(self) -> None:
        """Start the app, whose window is still on its way to its first word."""

    def open_with_other_make(self) -> None:
        """Start the app with a window that can't be asked for its last words."""

    def open_in_colours(self, colours: Literal["dark"]) -> None:
        """Start the app as its command line allows: with these colours."""

    def open_unconfined(self, process: WindowProcess = UNCONFINED) -> tuple[int, str]:
        """See ``Driver``, with a window that the kernel says this of."""

    def open_looked_at(self, process: WindowProcess | None) -> None:
        """Start the app with a window that the kernel says this of; None: as its command line
        allows, with one that nothing confines.
        """

    def take_over(self) -> None:
        """From now on it is Mallory who speaks through the window that is up."""

    def work_elsewhere(self) -> None:
        """The person goes to another program."""

    def press_a_key(self) -> None:
        """The person presses a key in the window."""

    def attempt(self, name: str) -> tuple[bool, tuple[int, str]]:
        """Mallory tries something with the display (``refapp.attack.attempts.display``).

        Whether it brought anything, and how the app ended: (0, "") if it did not."""

    def open_behind_the_lock(self) -> dict[str, bool]:
        """Have a locked window open a "font" and another "file"; whether it could."""

    def say(self, method: str, **params: object) -> None:
        """Send a request of the channel as the window would, whether it is a good one or not."""

    def leave_window(self, left: Mapping[str, object]) -> None:
        """Have the window say that it is left like this."""

    def write(self, line: bytes) -> None:
        """Send a line as the window would."""

    def answer(self) -> Told:
        """The last answer that the window got."""

    def sent_down(self) -> Sequence[str]:
        """Every line that went down to a window since the When,
        but for the question whether it is alive.
        """

    def sign_out_own(self) -> None:
        """Have the window ask to end, from the list, the session that it belongs to."""

    def set_clock(self, ahead_s: float) -> None:
        """Set the computer's clock: so many seconds ahead of the server's."""

    def say_often(self, method: str, params: Mapping[str, object], times: int) -> None:
        """Send a request of the channel so many times within a moment."""

    def notes_told(self, last: int) -> list[str]:
        """The texts of notes in so many of the newest answers that the window got."""

    def wait_for_window(self) -> tuple[int, str]:
        """The window has not got ready in half a minute; how the app ends."""

    def put_pipes(self) -> None:
        """A window that comes up from now on is at the far end of real pipes, which hold little."""

    def crash_saving(self, text: str) -> None:
        """Let the window crash with a note in its pipe."""

    def misbehave(self, how: str) -> None:
        """Let the window crash, hang or flood."""

    def crash_often(self) -> tuple[int, str]:
        """Let each window crash as soon as it is up, until the app gives up;
        its exit code and last words.
        """

    def crash_with_the_display(self) -> tuple[int, str]:
        """Let the window crash, and the next one end since there is no display any more;
        the app's exit code and last words.
        """

    def do_the_forbidden(self) -> tuple[int, str]:
        """The kernel stops the window; the app's exit code and last words."""

    def open_copy(self) -> object:
        """Start another copy of the app beside the first."""

    def copy_signs_out(self) -> None:
        """Another copy of the app signs out; the first has time to notice.
        The When comes in between.
        """

    def copy_signs_out_beside(self, key: str) -> None:
        """The other copy signs out, and before this one has noticed its window reads ``key``."""

    def copy_renews(self) -> None:
        """The server is there for another copy of the app,
        which renews the tokens at its start and is closed.
        """

    def hold_lease(self) -> None:
        """Another copy of the app takes the lease on the token file."""

    def hold_on(self, seconds: float, *, closing: bool) -> None:
        """The lease is given back ``seconds`` later, and the app has time to go on with that.
        ``closing``: the person closes the window before, and the app has to end.
        """

    def both_say(self, method: str, **params: object) -> None:
        """Each copy's window sends the request before anything can happen in between."""

    def copy_signs_in(self, person: Person) -> None:
        """Whoever is signed in there signs out in the other copy,
        and ``person`` signs in there. No time passes.
        """

    def copy_changes_note(self, text: str) -> None:
        """Write ``text`` in place of the newest note's, in the other copy."""

    def copy_deletes_note(self) -> None:
        """Delete the newest note in the other copy."""

    def another_program_stores(self, **tokens: str) -> None:
        """Another program of this computer stores ``tokens``, by their names, and does not say
        whose they are.
        """

    def opened_by_another_program(self, person: Person) -> dict[str, str]:
        """The tokens of a session of ``person`` that another program has opened, by the names under
        which they are stored.
        """

    def last_sync(self) -> float | None:
        """The last sync that the window was told of, unix seconds."""

    def change_servers(self) -> None:
        """From now on the app is started for the other one of two servers."""

    def count_users(self) -> None:
        """From now on each server gives its users the ids 1, 2, 3 …; before anything else."""

    def sign_in_at(self, page: str) -> None:
        """From now on the app is started with this page for signing in with the browser."""

    def keep_browser(self) -> None:
        """What opens a link is the browser itself, and does not end."""

    def break_browser(self, after_s: float = 0.0) -> None:
        """See ``Driver``; its program ends so many seconds after it was started."""

    def delay_ports(self) -> None:
        """From now on it takes a second to get a port for the way back from the browser."""

    def use_ipv6(self) -> None:
        """From now on the browser comes back with a socket of IPv6."""

    def knock_as_another_user(self) -> None:
        """Somebody else who uses the computer has read the link,
        and goes the way back with a code of his own.
        """

    def start_call(self, method: str, path: str, *, jwt: bool = False, times: int = 1) -> None:
        """Let the app make a call of its own, ``times`` times at once, which need not be answered
        yet.
        """

    def call_came_to(self) -> str:
        """What came of that call."""

    def notes_of(self, person: Person) -> list[str]:
        """The notes that the server holds for ``person``."""

    def sent_as(self, text: str) -> set[str]:
        """The e-mails of those whose tokens requests with ``text`` in their body carried, at
        whichever server.
        """

    def press_at_once(self, *buttons: str) -> None:
        """Use these buttons before anything can happen in between."""

    def call(self, method: str, path: str, *, jwt: bool = False, times: int = 1) -> str:
        """Let the app make a call of its own, ``times`` times at once;
        what came of it, if it was the same each time.
        """

    @property
    def programs(self) -> Programs:
        """The programs of other people that use the session as a library."""

    launcher: Launcher

    def cookies(self) -> list[Path]:
        """The cookies of the display's gates that are there, and the folders without one."""

    def start_with(self, words: Sequence[str], *, apart: bool) -> tuple[int, str]:
        """Start the app with these words of its command line where it ends by itself; its exit
        code, and all that it says in the terminal. ``apart``: as a process of its own.
        """

    def serve_itself(self, port: OwnPort) -> None:
        """Such starts name no server. ``port``: what is at the one that was kept for its own."""

    def user_id(self, person: Person) -> str:
        """The server's id of ``person``."""

    def holds_jwt(self) -> bool:
        """Whether the app has a JWT in its memory."""

    def replace_key(self) -> tuple[int, str]:
        """Seal the tokens under a new master key, with the app's own command beside it; its exit
        code and what it says.
        """

    def run_notes(self, given_up: str | None) -> tuple[int, str]:
        """List whose notes there are, with the app's own command, or give those of that folder to
        whoever signs in next; its exit code and what it says.
        """

    def answer_next(self, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Put an answer in place of the server's next one to ``path``."""

    def break_off(self, path: str) -> None:
        """Cancel the app's work on its next request to ``path``, from within."""

    def requests(self) -> Sequence[httpx.Request]:
        """Every request that the app has sent, to whichever server."""
