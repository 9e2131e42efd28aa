"""How far the X server keeps the window from other programs' windows: a cookie of its own, and what to say if there is none.

With the person's own cookie a window can log keys, take pictures of the screen and type into other programs, however locked its
process is. The SECURITY extension gives out *untrusted* cookies that allow none of that. One is asked for before each window
process; the server forgets it ``UNUSED_S`` seconds after the window is gone, and never while it is up, so nothing needs
renewing. Whether it took is asked of the server with that cookie: a server that checks no cookies takes any.

Owns a private folder for the cookie. What is said to the display is in ``x11``: the parent asks for a cookie and opens no window,
for Tk would let any program on the display run commands in it. The window waits for this module, so it imports next to nothing.
"""

from __future__ import annotations

import os

from refapp.trusted import x11

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

UNUSED_S = 60
DOTS = 72, 480

ISOLATED = (
    "Display isolation: on. The X server keeps other programs' keys, pictures and windows from this window. It can still read "
    "what is copied elsewhere; what is copied here can't be pasted elsewhere (start with --share-display to allow it)."
)
NO_DISPLAY = "There is no display to keep from the window."
NOT_ISOLATED = (
    "Display isolation: none. {why} The window is an ordinary client of the display, and could see what other windows show, and "
    "type into them."
)


class NotIsolated(Exception):
    """This display can't be kept from the window; the text says why, in a sentence."""


class Display:
    """How windows reach the display. ``env`` is the next one's environment, and ``sentence`` says what that allows it.

    ``dots`` an inch are what the desktop's settings (``Xft.dpi``) say, 0 if they say nothing. A window can't ask for them itself:
    an untrusted client sees no properties of the root window.

    ``env``: what a window would be given without this (``spawn.environment``), the person's own XAUTHORITY in it.
    ``folder``: where a private folder may be made. ``shared``: the person chose not to isolate. Nothing is asked of the X server
    before ``admit``.
    """

    def __init__(self, env: Mapping[str, str], folder: str, *, shared: bool = False) -> None:
        self.env = self._own = dict(env)
        self.isolated, self.sentence = False, ""
        self._shared = shared
        self.dots = 0
        self._folder = f"{folder}/refapp-{os.urandom(8).hex()}"

    def admit(self) -> None:
        """Renew ``env`` for one window process. Blocks for a millisecond, and for seconds if the X server hangs."""
        if "DISPLAY" not in self._own:
            self.isolated, self.sentence = True, NO_DISPLAY
            return
        if self._shared:
            try:
                with self._connected() as server:
                    self.dots = dots_of(server.resources())
            except (NotIsolated, x11.NoAnswer, OSError):
                self.dots = 0
            self.sentence = NOT_ISOLATED.format(why="It is shared, as --share-display asks.")
            return
        try:
            cookie = self._kept(self._untrusted_cookie())
        except (NotIsolated, x11.NoAnswer) as error:
            why = str(error)
        except OSError:
            why = "The X server did not take a cookie of its own."
        else:
            self.env, self.isolated, self.sentence = {**self._own, "XAUTHORITY": cookie}, True, ISOLATED
            return
        self.env, self.isolated, self.sentence = self._own, False, NOT_ISOLATED.format(why=why)

    def close(self) -> None:
        """Delete the cookie: a window that has come in needs it no more."""
        for forget, place in ((os.unlink, f"{self._folder}/cookie"), (os.rmdir, self._folder)):
            try:
                forget(place)
            except OSError:
                return

    def _connected(self) -> x11.Server:
        number = number_of(self._own)
        return x11.connected(number, x11.cookie_for(number, self._own.get("XAUTHORITY", "")))

    def _untrusted_cookie(self) -> x11.Cookie:
        with self._connected() as server:
            self.dots = dots_of(server.resources())
            security = server.extension(b"SECURITY")
            if not security:
                raise NotIsolated("The X server lacks the SECURITY extension.")
            cookie = server.untrusted_cookie(security, UNUSED_S)
        with x11.connected(number_of(self._own), cookie) as server:
            # The server hides the extension from clients that it does not trust.
            if server.extension(b"SECURITY"):
                raise NotIsolated("The X server takes every client for a trusted one.")
        return cookie

    def _kept(self, cookie: x11.Cookie) -> str:
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        path = f"{self._folder}/cookie"
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(fd, x11.authority(cookie))
        finally:
            os.close(fd)
        return path


def dots_of(resources: str) -> int:
    """``Xft.dpi`` in X resources, if it is one that a screen can have; otherwise 0."""
    for line in resources.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "Xft.dpi":
            whole = value.strip().partition(".")[0]
            return int(whole) if whole.isdecimal() and len(whole) < 5 and DOTS[0] <= int(whole) <= DOTS[1] else 0
    return 0


def number_of(env: Mapping[str, str]) -> int:
    """The display's number on this computer. Raises NotIsolated for one of another."""
    host, _, rest = env.get("DISPLAY", "").partition(":")
    number, _, screen = rest.partition(".")
    if host not in ("", "unix") or not all(word.isascii() and word.isdigit() for word in (number, screen or "0")):
        raise NotIsolated("The display is not one of this computer.")
    return int(number)
