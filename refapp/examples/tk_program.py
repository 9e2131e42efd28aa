"""A Tk program in one process: ``python -m refapp.examples.tk_program SERVER``.

What it gives up: the tokens are in the process that draws. Whoever can speak to the display can
read what is typed into it, and a mistake in how it shows a text is a mistake beside the tokens.
``refapp`` itself therefore has two processes; this is for a program that can't have them, and it
keeps the rest: one key in the keychain, sealed tokens, one renewal for all.

Owns the window and a thread for what takes time. Tk is touched in its own thread alone: ten times a
second it looks at ``session.state`` and at what has come back.
"""

from __future__ import annotations

import contextlib
import sys
import tkinter as tk
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from tkinter import ttk

import httpx

from refapp import PendingSignIn, Phase, RefappError, Way
from refapp.blocking import Session, open_session

LOOK_EVERY_MS = 100


class Program:
    """The window over ``session``;
    ``api`` is the application's own client, with the session's token.
    """

    def __init__(self, root: tk.Tk, session: Session, api: httpx.Client) -> None:
        self._root, self._session, self._api = root, session, api
        self._worker = ThreadPoolExecutor(1)
        self._busy: Future[str] | None = None
        root.title("refapp, in one process")
        root.protocol("WM_DELETE_WINDOW", self.end)
        with contextlib.suppress(tk.TclError):  # there is none but on X
            # Or every program on the display could tell this one what to do.
            root.tk.call("rename", "send", "")
        self.said = tk.StringVar(root, "")
        ttk.Label(root, textvariable=self.said, wraplength=380).pack(padx=12, pady=12)
        self.button = ttk.Button(root, command=self.press)
        self.button.pack(pady=(0, 12))
        self._look()

    def press(self) -> None:
        """What the one button does now."""
        if self._session.state.pending is not None:
            self._session.cancel_sign_in()
        elif self._session.phase in (Phase.SIGNED_IN, Phase.OFFLINE):
            self._start(self._sign_out)
        elif self._session.phase is Phase.UNAVAILABLE:
            self._start(lambda: self._session.try_again().value)
        else:
            self._start(self._sign_in)

    def end(self) -> None:
        """Close: who waits is told, and the window goes."""
        self._session.close()
        self._worker.shutdown()
        self._root.destroy()

    def _sign_in(self) -> str:
        self._session.sign_in_elsewhere(Way.DEVICE, _open_once(self._session))
        return self._greet()

    def _greet(self) -> str:
        return (
            "The API says that you are "
            f"{self._api.get('/app/me').raise_for_status().json()['name']}."
        )

    def _sign_out(self) -> str:
        self._session.sign_out()
        return "Signed out."

    def _start(self, work: Callable[[], str]) -> None:
        if self._busy is None:
            self._busy = self._worker.submit(work)

    def _look(self) -> None:
        state = self._session.state
        if self._busy is not None and self._busy.done():
            done, self._busy = self._busy, None
            self.said.set(_outcome(done))
        elif state.pending is not None and state.pending.user_code:
            self.said.set(
                f"Open {state.pending.link} and enter {state.pending.user_code}. "
                f"{state.pending.sentence}".strip()
            )
        elif self._busy is None and state.sentence:
            self.said.set(f"{state.sentence} {state.cure}".strip())
        words = {
            Phase.SIGNED_IN: "Sign out",
            Phase.OFFLINE: "Sign out",
            Phase.UNAVAILABLE: "Try again",
        }
        self.button["text"] = (
            "Cancel" if state.pending is not None else words.get(state.phase, "Sign in")
        )
        self._root.after(LOOK_EVERY_MS, self._look)


def _open_once(session: Session) -> Callable[[PendingSignIn], None]:
    opened: list[str] = []

    def show(pending: PendingSignIn) -> None:
        if not opened:
            opened.append(pending.link)
            session.open_link()

    return show


def _outcome(done: Future[str]) -> str:
    try:
        return done.result()
    except RefappError as error:
        return f"{error.sentence} {error.cure}".strip()
    except httpx.HTTPError as error:
        return f"The API did not answer ({type(error).__name__}). You stay signed in."


def main() -> None:
    """Run it as a program."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m refapp.examples.tk_program SERVER\n")
        sys.exit(2)
    server = sys.argv[1]
    try:
        # The example servers know one client, by the name of refapp.
        session = open_session(server, app="refapp-tk", version="1.0", client_id="refapp")
    except RefappError as error:
        sys.exit(f"{error.sentence} {error.cure}".strip())
    with session, httpx.Client(base_url=server, auth=session.auth(server)) as api:
        root = tk.Tk()
        Program(root, session, api)
        root.mainloop()


if __name__ == "__main__":
    main()
