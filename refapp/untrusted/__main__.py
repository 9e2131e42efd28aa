"""The window process.
The order of what happens here is the security; do not change it without the attacks at hand.

1. ``sandbox.begin``: from its first lines on the process can read few files, start nothing, and
   dies with the app.
2. The channel is put aside:
   what anything prints from now on goes to the error pipe, never between two messages.
3. Tk, an empty window, first paint;
   then ``hello``, a constant: all else is imported only afterwards, so that the paint is early.
4. The frame and the first page are built, while the parent imports what it needs to answer.
   ``warm_up`` uses once what will load something.
5. ``strip_tcl`` and ``sandbox.lock``.
   From here on nothing can be opened, loaded or imported, and only now is the channel read.
6. ``Welcome`` says how the window should look. ``confined`` goes up: the parent looks in /proc
   itself, and only its answer leads to ``initialize`` and to data of the server.

Exit codes: 0 closed by the person or the app; 1 Tk has an error of its own; 65 the app broke the
protocol; 69 no display; 70 the process can't be confined; 72, in tests, a late import. Only
``refapp.untrusted``, ``refapp.lock``, the four modules that both sides share and the codec can be
imported besides the standard library.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from typing import NoReturn

    from refapp.snapshot import Check, StateParams
    from refapp.untrusted.content.pages import Pages
    from refapp.untrusted.frame.window import Window

HELLO = b'{"method":"hello","jsonrpc":"2.0","id":0,"params":{"protocol":1,"leaves":true}}\n'
NO_TK, NO_DISPLAY, NOT_CONFINED, LATE_IMPORT = 1, 69, 70, 72
SHARED = (
    "refapp",
    "refapp.untrusted",
    "refapp.lock",
    "refapp.answers",
    "refapp.messages",
    "refapp.params",
    "refapp.snapshot",
    "refapp.wire",
)


class Importable:
    """Finds the packages that are named, and in ``refapp`` only this side: there is no
    site-packages on the path.
    """

    def __init__(self, packages: dict[str, str]) -> None:
        self._packages = packages

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> "ModuleSpec | None":
        """See importlib.abc.MetaPathFinder."""
        del path, target
        if (
            name.startswith("refapp.")
            and name not in SHARED
            and not name.startswith(("refapp.untrusted.", "refapp.lock."))
        ):
            raise ModuleNotFoundError(f"No module named {name!r} on this side", name=name)
        if name not in self._packages:
            return None
        # importlib.util has it from there, and costs the first paint two milliseconds.
        from importlib._bootstrap_external import spec_from_file_location

        place = self._packages[name]
        return spec_from_file_location(
            name, f"{place}/__init__.py", submodule_search_locations=[place]
        )


class Options:
    """The command line that ``trusted.start.spawn`` writes.
    Parsed by hand: argparse costs the start-up milliseconds.
    """

    def __init__(self, words: list[str]) -> None:
        given = dict(zip(words, [*words[1:], ""], strict=True))
        self.codec = given["--codec"]
        self.parent = int(given["--parent"])
        self.kill = given["--on-violation"] == "kill"
        self.theme = given.get("--theme", "light")
        self.place = tuple(int(part) for part in given.get("--place", "").split(",") if part)
        self.text = int(given.get("--text", 0))
        self.dots = int(given.get("--dots", 0))
        self.unsandboxed = "--unsandboxed" in given
        self.no_late_imports = "--no-late-imports" in given


def main(words: list[str]) -> None:
    """Run until the window is closed or the app ends. Does not return."""
    options = Options(words)
    here = __file__.rpartition("/untrusted/")[0]
    sys.meta_path.insert(0, Importable({"refapp": here, "msgspec": options.codec}))
    import os

    from refapp.lock import sandbox
    from refapp.untrusted.display_end import DisplayEnd

    try:
        display_end = DisplayEnd()
    except OSError as error:
        from refapp.untrusted.wording import (
            window_words,
        )  # before the first paint only where there will be none

        end(NOT_CONFINED, window_words.its_code_can_be_changed(error.strerror))
    readable = [here, options.codec, os.environ.get("XAUTHORITY", "")]
    if not options.unsandboxed:
        try:
            sandbox.begin([path for path in readable if path], options.parent)
        except sandbox.SandboxUnavailable as error:
            end(NOT_CONFINED, str(error))
    channel = os.dup(1)
    os.dup2(2, 1)
    import tkinter

    from refapp.untrusted.frame.window import Window

    try:
        window = Window(options.theme, options.place, options.text, options.dots)
    except tkinter.TclError as error:
        from refapp.untrusted.wording import window_words

        said = " ".join(str(error).split())
        if "display" in said:
            end(NO_DISPLAY, window_words.NO_DISPLAY)
        end(NO_TK, window_words.tk_does_not_start(said))
    window.paint()
    os.write(channel, HELLO)
    if not fonts_stay(options):
        keep_to_one_font(window)
    window.furnish()
    pages = open_channel(window, channel, options)

    from refapp.untrusted.wording import window_words

    def display_gone() -> None:
        pages.leaving.last_words()
        end(NO_DISPLAY, window_words.DISPLAY_WENT_AWAY)

    display_end.act = display_gone
    display_end.watch()
    window.root.mainloop()
    end(0)


def fonts_stay(options: Options) -> bool:
    """Whether fonts can still be opened after the lock."""
    from refapp.lock import sandbox

    return options.unsandboxed or sandbox.fonts_stay()


def keep_to_one_font(window: "Window") -> None:
    """All text in the family of what is drawn first."""
    from refapp.untrusted.one_font import keep_to

    keep_to(str(window.root.tk.call("font", "actual", "TkDefaultFont", "-family")))


def open_channel(window: "Window", channel: int, options: Options) -> "Pages":
    """The pages, the lock, and then the channel. ``Welcome`` leads on from here."""
    from refapp.messages import Confined, ConfinedParams, Done, Welcome
    from refapp.untrusted.channel.link import Link
    from refapp.untrusted.content.pages import Pages

    def show(state: "StateParams") -> None:
        pages.show(state)

    def welcomed(welcome: Welcome) -> None:
        pages.welcome(welcome)
        link.ask(
            Confined,
            ConfinedParams(checks),
            Done,
            lambda _: pages.start(),
            lambda error: end(0, error.message),
        )

    link = Link(
        window.root,
        incoming=0,
        outgoing=channel,
        show=show,
        ended=end,
        leave=lambda: pages.leaving.leave(),
    )
    pages = Pages(window, link, lambda: end(0))
    checks = lock(window, options)
    link.expect(0, "hello", Welcome, welcomed)
    return pages


def lock(window: "Window", options: Options) -> "list[Check]":
    """Use everything once, then give everything up.
    Returns what is enforced, for people; the parent looks for itself.
    """
    from refapp.lock import sandbox
    from refapp.snapshot import Check
    from refapp.untrusted.warm_up import warm_up
    from refapp.untrusted.wording import window_words

    warm_up(window.root, window.style, fonts_stay=fonts_stay(options))
    sandbox.strip_tcl(window.root.tk.call)
    if options.unsandboxed:
        return [Check("Sandbox", held=False, detail=window_words.SANDBOX_SWITCHED_OFF)]
    try:
        held = sandbox.lock(on_violation="kill" if options.kill else "refuse")
    except sandbox.SandboxUnavailable as error:
        end(NOT_CONFINED, str(error))
    if options.no_late_imports:
        sys.addaudithook(no_import)
    return [Check(name, holds, detail) for name, holds, detail in held]


def no_import(event: str, arguments: tuple[object, ...]) -> None:
    """For tests: an import after the lock would fail only where it is used, with a misleading
    error. Fail at once.
    """
    if event == "import":
        from refapp.untrusted.wording import window_words  # it is there, and no import

        end(LATE_IMPORT, window_words.imported_after_the_lock(arguments[0]))


def end(code: int, sentence: str = "") -> "NoReturn":
    """Leave at once: what Python would tidy up at its end may call what the lock forbids."""
    import os

    if sentence:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
