"""The top of the window: the app's name, the pages, the account button;
below it the lines that everybody must see.

Owns these widgets and copies what ``screens`` says into them.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.style import Style
from refapp.untrusted.widgets.wrapped import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from refapp.untrusted.presentation.view import Action, Ask, Banner, Header, NoticeLine, Page

PAGES = (("notes", "Notes"), ("account", "Account"), ("inspector", "Inspector"))


class TopBar(ttk.Frame):
    """Pages and account. ``go(page)`` is called when a person chooses one."""

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, go: Callable[[Page], None]
    ) -> None:
        super().__init__(parent, style="Bar.TFrame")
        px = style.px
        self.bar = bar = ttk.Frame(self, style="Bar.TFrame", padding=(px(16), px(9)))
        self._margin, self._gap = px(16), px(18)
        bar.pack(fill="x")
        self._brand = ttk.Label(bar, text="refapp", style="Card.Strong.TLabel")
        self._name = self._state = ""
        self.bind("<Configure>", lambda _: self._make_room())
        self._page = tkinter.StringVar(self)
        for page, text in PAGES:
            button = ttk.Radiobutton(
                bar,
                text=text,
                value=page,
                variable=self._page,
                underline=0,
                style="Nav.TRadiobutton",
                command=lambda page=page: go(page),  # type: ignore[misc]
            )
            button.pack(side="left", padx=(0, px(4)))
            roster.add(f"nav.{page}", button)
        self._first = bar.pack_slaves()[0]
        self._button = ttk.Button(bar, style="Account.TButton", command=lambda: go("account"))
        self._button.pack(side="right")
        self._avatar = ttk.Label(bar, style="Avatar.TLabel", cursor="hand2")
        self._avatar.bind("<Button-1>", lambda _: go("account"))
        # The bar is as high without the avatar as with it.
        ttk.Frame(bar, style="Bar.TFrame", height=px(34), width=0).pack(side="right")
        roster.add("brand", self._brand)
        roster.add("account.button", self._button)
        roster.add("account.initials", self._avatar)
        ttk.Frame(self, style="Rule.TFrame", height=px(1)).pack(fill="x")

    def _make_room(self) -> None:
        """Large text in a narrow window: what can be read elsewhere gives way, the app's name
        first, the state never.
        """
        whole = f"{self._name} · {self._state}"
        for brand, avatar, text in (
            (True, True, whole), (False, True, whole), (False, False, whole),
            (False, True, self._state),
        ):  # fmt: skip
            if text != str(self._button.cget("text")):
                self._button.configure(text=text)
            _pack(self._brand, shown=brand, side="left", padx=(0, self._gap), before=self._first)
            _pack(
                self._avatar,
                shown=avatar and bool(self._avatar.cget("text")),
                side="right",
                after=self._button,
            )
            if self._wanted() <= self.winfo_width():
                break

    def _wanted(self) -> int:
        """Pixels for all that stands in the bar now;
        what the bar itself asks for is still of before the last change.
        """
        parts = [
            (part.winfo_reqwidth(), part.pack_info()["padx"]) for part in self.bar.pack_slaves()
        ]
        return 2 * self._margin + sum(
            width + (sum(pad) if isinstance(pad, tuple) else 2 * pad) for width, pad in parts
        )

    def show(self, header: Header, page: Page) -> None:
        """Copy what the account button says and which page is chosen."""
        self._page.set(page)
        self._name, self._state = header.name, header.state
        if header.initials != str(self._avatar.cget("text")):
            self._avatar.configure(text=header.initials)
        self._make_room()


class Line(ttk.Frame):
    """A sentence across the window with at most one button; absent while it has nothing to say."""

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, name: str, button: str
    ) -> None:
        super().__init__(parent, padding=(style.px(16), style.px(6)))
        self._text = ttk.Label(self, anchor="w", justify="left")
        self._text.pack(side="left", fill="x", expand=True)
        self._button = ttk.Button(self)
        wrap(self._text)
        roster.add(name, self._text)
        roster.add(f"{name}.{button}", self._button)
        self._styled = ""

    def _say(self, kind: str, text: str) -> None:
        self._text.configure(text=text)
        if not text:
            self.grid_remove()
            return  # no colours are asked of the display for what is not to be seen
        if self._styled != kind:
            self._styled = kind
            self.configure(style=f"{kind.capitalize()}.TFrame")
            self._text.configure(style=f"{kind.capitalize()}.TLabel")
            self._button.configure(style=f"{kind.capitalize()}.TButton")
        self.grid()

    def _offer(self, text: str, underline: int, command: Callable[[], None]) -> None:
        self._button.configure(text=text, underline=underline, command=command)
        self._button.pack(
            side="right", padx=(self._button.winfo_reqheight() // 3, 0), before=self._text
        )

    def warn(self, text: str) -> None:
        """A sentence that nothing can be done about here."""
        self._say("error", text)

    def show_banner(self, banner: Banner | None, ask: Callable[[Ask], None]) -> None:
        """The trouble that stands, and its one action."""
        if banner is None:
            self._say("info", "")
            return
        action: Action | None = banner.action
        self._say(banner.kind, banner.text)
        if action is None:
            self._button.pack_forget()
        else:
            self._offer(action.text, action.underline, lambda: ask(action.ask))

    def focus_action(self) -> bool:
        """Give the keyboard to the button; False if there is none."""
        there = bool(self._button.winfo_viewable())
        if there:
            self._button.focus_set()
        return there

    def show_notice(self, notice: NoticeLine | None, dismiss: Callable[[int | None], None]) -> None:
        """A sentence to be read once."""
        if notice is None:
            self._say("info", "")
            return
        number = notice.number
        self._say(notice.kind, notice.text)
        self._offer("Dismiss", 6, lambda: dismiss(number))


def _pack(part: ttk.Label, *, shown: bool, **where: Any) -> None:
    """Touches nothing that is as it should be: a label that is packed anew flickers."""
    if shown and not part.winfo_manager():
        part.pack(**where)
    elif not shown and part.winfo_manager():
        part.pack_forget()
