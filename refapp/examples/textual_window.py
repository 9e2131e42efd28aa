"""A window for ``refapp run --ui`` made with Textual: boxes, a list and a mouse, in a terminal.
The process is confined.

    python -m refapp.examples.textual_app [--server URL ...]    # the options of refapp run;
                                                                pip install 'refapp[textual]'

What is said and understood is ``terminal_talk``'s, as in ``terminal``; this draws it. Textual opens
a terminal and starts threads, which a confined process may not, so keys come in and the screen goes
out over two pipes (KEYS WORDS), whose other ends ``textual_app`` holds. What it gives up: some of
Textual (its own input thread, suspending, links, clipboard, loading styles from files); what was
not drawn once before the lock, for code can't be loaded after it; and private names of asyncio's
and Textual's, because an event loop wakes itself by a socket and Textual reads its terminal itself.
As any terminal program, it can be read by whoever owns the terminal.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import selectors
import sys
import time
from pathlib import Path
from typing import ClassVar

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.driver import Driver
from textual.geometry import Size
from textual.widgets import Footer, Input, Label, RichLog

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
from refapp.examples.terminal_talk import COMMANDS, NO_MORE, TerminalWindow
from refapp.examples.terminal_window import write_all
from refapp.lock import sandbox


class Loop(asyncio.SelectorEventLoop):
    """Without the socket by which threads wake it:
    there is one thread, and the lock leaves no such socket open.
    """

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None
        self._internal_fds = 0

    def _close_self_pipe(self) -> None:
        return


class PipeDriver(Driver):
    """Textual's terminal:
    ``ends`` are the pipe with what was typed and the one for what is to be seen.
    """

    ends = (-1, -1)

    def write(self, data: str) -> None:
        write_all(self.ends[1], data.encode())

    def start_application_mode(self) -> None:
        self.write("\x1b[?1049h\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[?25l")
        size = Size(*(self._size or (80, 24)))
        self.send_message(events.Resize(size, size))
        parser, decoder = XTermParser(), codecs.getincrementaldecoder("utf-8")("replace")

        def came() -> None:
            for event in parser.feed(decoder.decode(os.read(self.ends[0], 65_536))):
                self.process_message(event)

        def waited() -> None:
            for event in parser.tick():
                self.process_message(event)
            self._waiting = self._loop.call_later(0.1, waited)

        self._loop.add_reader(self.ends[0], came)
        waited()

    def disable_input(self) -> None:
        self._waiting.cancel()
        self._loop.remove_reader(self.ends[0])

    def stop_application_mode(self) -> None:
        self.disable_input()
        self.write("\x1b[?25h\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[?1049l")


class Line(Input):
    """Enters at the key itself:
    Textual's own way comes round later, when the next line may have been begun.
    """

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted(self, self.value))
            self.clear()


class Window(App[None]):
    """``talk`` is what stands between the channel and the person;
    None while it is drawn for the first time.
    """

    CSS = "RichLog { border: round $primary; } #state { text-style: bold; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("ctrl+q,ctrl+d", "leave", "Quit"),
        ("f2", "enter('notes')", "Notes"),
        ("f5", "enter('sync')", "Sync"),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, checks: list[dict[str, object]] | None = None) -> None:
        super().__init__(driver_class=PipeDriver)
        self._checks, self._rest = checks, b""
        self.talk: TerminalWindow | None = None

    def compose(self) -> ComposeResult:
        yield Label("…", id="state")
        yield RichLog(wrap=True, id="said")
        yield Line(placeholder="help lists what can be entered")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        if self._checks is not None:
            self.talk = TerminalWindow(lambda data: write_all(1, data), self.say, self._checks)
            self.talk.begin()
            asyncio.get_running_loop().add_reader(0, self._heard)

    def say(self, line: str) -> None:
        """One sentence for the person. The newest state also stands above."""
        self.query_one(RichLog).write(line)
        self.query_one("#state", Label).update(line)

    def _heard(self) -> None:
        data = os.read(0, 65_536)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self.talk is not None:
                self.talk.heard(json.loads(line))
        if not data:
            self.exit()
        self._end_if_done()

    def on_input_submitted(self, entered: Input.Submitted) -> None:
        self.action_enter(entered.value)

    def action_enter(self, line: str) -> None:
        """What a key or the person enters, as a line of ``terminal_talk``'s."""
        if self.talk is not None:
            self.talk.typed(line)
            self._end_if_done()

    def action_leave(self) -> None:
        """A note's lines are saved as they are entered; an answer may still be on its way."""
        self.action_enter(NO_MORE)

    def _end_if_done(self) -> None:
        if self.talk is not None and self.talk.ended:
            self.exit()


def window(keys: str, words: str) -> int:
    """The confined process: the exit code."""
    time.localtime()  # loads the time zone, while files can be read
    # To read and write: a pipe whose other end is not there yet is not waited for.
    PipeDriver.ends = os.open(keys, os.O_RDWR), os.open(words, os.O_RDWR)
    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(draw_once())
    try:
        held = sandbox.confine(keep=PipeDriver.ends)
    except sandbox.SandboxUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 70
    app = Window([{"name": name, "held": holds, "detail": detail} for name, holds, detail in held])
    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(app.run_async())
    return app.return_code or 0


async def draw_once() -> None:
    """Load what drawing and typing load, without a terminal."""
    app = Window()
    async with app.run_test() as person:
        app.say(COMMANDS)
        await person.press("a", "enter")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.stderr.write(
            "usage: textual_window.py KEYS WORDS (python -m "
            "refapp.examples.textual_app starts it)\n"
        )
        sys.exit(2)
    sys.exit(window(*sys.argv[1:]))
