"""The pages of the window, and the one place where a snapshot becomes pixels.

Owns ``Local`` (the chosen page, whether a busy phase is long, what the banner covered) and the
shortcuts. Decides nothing that ``screens`` can decide.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import msgspec

from refapp import messages as m
from refapp.snapshot import StateParams
from refapp.untrusted.channel.actions import Actions
from refapp.untrusted.channel.link import Link
from refapp.untrusted.content.account_page import AccountPage
from refapp.untrusted.content.apart_bar import ApartBar
from refapp.untrusted.content.inspector_page import InspectorPage
from refapp.untrusted.content.leaving import Leaving
from refapp.untrusted.content.notes_page import NotesPage
from refapp.untrusted.content.services_strip import ServicesStrip
from refapp.untrusted.content.sight import Sight
from refapp.untrusted.frame.kept_window import KeptWindow
from refapp.untrusted.frame.menu import Menu
from refapp.untrusted.frame.window import Window
from refapp.untrusted.presentation.screens import busy_with, covered_by, page_of, screen
from refapp.untrusted.presentation.view import Answer, Ask, Local, Page, Screen
from refapp.untrusted.widgets.icon import icon_of
from refapp.untrusted.widgets.palette import PALETTES
from refapp.untrusted.wording import note_words

P = TypeVar("P", AccountPage, NotesPage, InspectorPage)
BUSY_AFTER_MS = 150
MEND_AFTER_MS = 100
"""What has just come takes the keyboard only once the display has shown it."""
CLOCK_MS = 1000


class Pages:
    """Fills ``window``."""

    def __init__(self, window: Window, link: Link, end: Callable[[], None]) -> None:
        self._window, self._link = window, link
        self.sight = Sight(window, link)
        self._actions = Actions(link, self._refused)
        self._state: StateParams | None = None
        self._screen: Screen | None = None
        self._local = Local()
        self._busy_timer = self._clock_timer = ""
        self._theme = window.theme
        self._built: dict[Page, AccountPage | NotesPage | InspectorPage] = {}
        self._account: AccountPage | None = None
        self._inspector: InspectorPage | None = None
        style, roster = window.style, window.roster
        notes = NotesPage(window.body, style, roster, self._actions, self.sight.look_later)
        self._notes = self._add("notes", notes)
        self._strip = ServicesStrip(self._notes, style, roster, self._sync, self._notes.summarise)
        self._apart = ApartBar(self._notes, style, roster, self._answer_apart)
        self._apart.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, style.px(12)))
        self._apart.grid_remove()
        self._strip.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(style.px(12), 0))
        window.go = self.go
        root, remember = window.root, self._actions.remember_window
        self._kept = KeptWindow(root, window.place, lambda: style.size, remember)
        self.leaving = Leaving(root, link, self._notes, self._kept, stay=self._refused, end=end)
        self._menu = Menu(
            window.top.bar, roster,
            new=self._new_note, apart=self._look_apart, resize=self._resize,
            colours=self._choose_colours, close=self.leaving.close,
        )  # fmt: skip
        self._menu.recolour(PALETTES[self._theme])
        self._icon = icon_of(window.root)
        window.root.bind("<Escape>", lambda _: self._back())

    def _build(self, page: Page) -> None:
        """A page opened for the first time: earlier Tk would draw it unseen, at the start."""
        body, style, roster = self._window.body, self._window.style, self._window.roster
        if page == "account" and self._account is None:
            account = AccountPage(body, style, roster, self._actions, self.sight.look_later)
            self._account = self._add(page, account)
        elif page == "inspector" and self._inspector is None:
            inspector = InspectorPage(body, style, roster, self._link.traffic)
            self._inspector = self._add(page, inspector)
            self._link.on_traffic = self._inspector.refresh

    def _add(self, name: Page, page: P) -> P:
        self._built[name] = page
        page.recolour(PALETTES[self._theme])
        page.grid(row=0, column=0, sticky="nsew")
        page.grid_remove()
        return page

    def start(self) -> None:
        """Ask for the first snapshot."""
        self._actions.plain(m.Initialize)

    def welcome(self, welcome: m.Welcome) -> None:
        """What the parent says before there is anything to show."""
        self.sight.observe = welcome.observe
        self._kept.colours = welcome.colours
        self._menu.choose(welcome.colours)
        self._recolour(welcome.theme)

    def _recolour(self, theme: str) -> None:
        if theme == self._theme:
            return
        self._theme = theme
        palette = PALETTES[theme]
        self._window.style.use(palette)
        for part in (*self._built.values(), self._menu):
            part.recolour(palette)

    def _choose_colours(self, colours: m.Colours) -> None:
        self._kept.colours = colours
        self._menu.choose(colours)
        self._kept.settle()

    def _resize(self, points: int | None) -> None:
        style = self._window.style
        style.resize(style.usual if points is None else style.size + points)
        self._window.small_screen.fit()
        self._kept.settle()
        self.sight.look_later()

    def show(self, state: StateParams) -> None:
        """A snapshot: it replaces all before."""
        before, self._state, self.sight.revision = self._state, state, state.revision
        self._recolour(state.theme)
        if before is None:
            self._kept.begin()
        if state.screen is not None and (before is None or before.screen != state.screen):
            self._window.stay_on(*state.screen)
        if before is None or busy_with(before) != busy_with(state):
            self._time_busy(busy_with(state))
        if before is None or page_of(before) != page_of(state):
            # Who is writing stays where she writes: her next keys belong to the note (NT-1).
            stays = self._screen is not None and self._screen.page == "notes" and self._notes.typing
            self._local = msgspec.structs.replace(self._local, page="notes" if stays else None)
        self._local = msgspec.structs.replace(self._local, covered=covered_by(state, self._local))
        self._keep_time()
        self._draw()
        self.sight.look()

    def go(self, page: Page) -> None:
        """A person chose a page."""
        self._notes.leave()
        self._local = msgspec.structs.replace(self._local, page=page)
        self._draw()
        self.sight.look_later()

    def _time_busy(self, busy: str) -> None:
        if self._busy_timer:
            self._window.root.after_cancel(self._busy_timer)
            self._busy_timer = ""
        self._local = msgspec.structs.replace(self._local, busy_long=False)
        if busy:
            self._busy_timer = self._window.root.after(BUSY_AFTER_MS, self._on_busy_long)

    def _on_busy_long(self) -> None:
        self._busy_timer = ""
        self._local = msgspec.structs.replace(self._local, busy_long=True)
        self._draw()
        self.sight.look()

    def _keep_time(self) -> None:
        """How long a pending sign-in has still, each second; at no other time anything ticks."""
        pending = self._state.pending if self._state is not None else None
        waits = pending is not None and pending.expires_at is not None
        self._local = msgspec.structs.replace(self._local, now=time.time() if waits else 0.0)
        if waits and not self._clock_timer:
            self._clock_timer = self._window.root.after(CLOCK_MS, self._on_second)

    def _on_second(self) -> None:
        self._clock_timer = ""
        self._keep_time()
        self._draw()

    def _draw(self) -> None:
        if self._state is None:
            return
        window, shown = self._window, screen(self._state, self._local)
        before, self._screen = self._screen, shown
        # What is copied is drawn, also where it says what it said: only what has changed is copied.
        if before is None or before.title != shown.title:
            window.root.title(shown.title)
        if before is None or before.warning != shown.warning:
            window.warning.warn(shown.warning)
        if before is None or before.banner != shown.banner:
            window.banner.show_banner(shown.banner, self._do)
        if before is None or before.notice != shown.notice:
            window.notice.show_notice(shown.notice, self._dismiss)
        if before is None or (before.header, before.page) != (shown.header, shown.page):
            window.top.show(shown.header, shown.page)
        self._notes.show(shown.notes)
        if before is None or before.apart != shown.apart:
            self._apart.show(shown.apart)
        if before is None or before.services != shown.services:
            self._strip.show(shown.services)
        opened = before is None or before.page != shown.page
        if opened:
            if before is None or shown.page not in self._built:
                window.input_method.hold()
            self._build(shown.page)
        if self._account is not None:
            self._account.show(shown.account)
        other = opened or before is None or before.inspector != shown.inspector
        if self._inspector is not None and other:
            self._inspector.show(shown.inspector)
        if opened:
            self._open(shown.page)
        else:
            self._window.root.after(MEND_AFTER_MS, self._mend_focus)

    def _mend_focus(self) -> None:
        """What had the keyboard is gone: it goes to where the person goes on."""
        root = self._window.root
        focused = str(root.tk.call("focus", "-lastfor", "."))
        if self._screen is None or (focused != "." and root.nametowidget(focused).winfo_viewable()):
            self._window.small_screen.follow()
            return
        told = self._screen.page == "account" and self._screen.account.message
        if told and self._window.banner.focus_action():
            return
        self._built[self._screen.page].focus_first()

    def _open(self, page: Page) -> None:
        if self._window.starting.winfo_manager():
            self._window.starting.grid_remove()
        # Laid out while it is not to be seen yet: each step of it would be drawn.
        self._window.root.update_idletasks()
        for built in self._built.values():
            built.grid_remove()
        self._built[page].grid()
        self._built[page].focus_first()

    def _do(self, ask: Ask) -> None:
        if ask == "sign_in":
            self.go("account")
            self._built["account"].focus_first()
        else:
            self._actions.banner(ask)

    def _refused(self, sentence: str) -> None:
        # Drawn anew, the form can be sent again.
        self._local = msgspec.structs.replace(self._local, refusal=sentence)
        self._draw()
        self.sight.look_later()

    def _dismiss(self, number: int | None) -> None:
        if number is not None:
            self._actions.dismiss(number)
            return
        self._local = msgspec.structs.replace(self._local, refusal="")
        self._draw()
        self.sight.look_later()

    def _new_note(self) -> None:
        if self._state is not None and self._screen is not None and self._screen.notes.editable:
            self.go("notes")
            self._notes.new()

    def _sync(self) -> None:
        self._actions.plain(m.SyncNow)
        self._notes.focus_first()

    def _look_apart(self) -> None:
        """A person asks what became of the notes beside hers."""
        if self._state is None:
            return
        if self._state.apart.state == "none":
            self._refused(note_words.NOTHING_APART)
            return
        self._local = msgspec.structs.replace(self._local, apart=True)
        self.go("notes")

    def _answer_apart(self, answer: Answer) -> None:
        self._local = msgspec.structs.replace(self._local, apart=answer != "hide")
        if answer == "hide":
            self._draw()
            self.sight.look_later()
        else:
            # Saved where it was begun first: the parent answers in turn.
            self._notes.join() if answer == "join" else self._notes.leave()
            self._actions.answer_apart(answer)

    def _back(self) -> None:
        if self._screen is None:
            return
        if self._screen.notice is not None:
            self._dismiss(self._screen.notice.number)
        elif self._screen.page == "account" and self._state and self._state.pending is not None:
            self._actions.plain(m.SignInCancel)
        elif self._screen.page == "notes":
            self._notes.stop_waiting()
        else:
            self.go("notes")
