"""How the widgets look: one ttk theme per palette, drawn from a few rounded rectangles made here.

Owns fonts, distances and ttk styles; colours are ``palette``'s. No theme package, no picture files:
everything is computed, since nothing can be loaded once the window is locked, and a start-up has no
time to spare. Sizes follow the display's resolution.

Styles: a plain name stands on the page, ``Card.`` on a card. Buttons: ``TButton``,
``Accent.TButton`` (the one thing to do), ``Link.TButton`` (quiet). ``Panel.`` stands in a card,
apart from the rest of it. A card whose own part has the keyboard has the state "focus" and shows
the ring itself. Lines across the window: ``Info.``, ``Warning.`` and ``Error.`` frames, labels,
buttons.
"""

from __future__ import annotations

import tkinter
from tkinter import font, ttk

from refapp.untrusted.widgets.palette import STEP, Palette
from refapp.untrusted.widgets.rounded import Middle, rounded_rectangle

NAMED_FONTS = (
    "TkDefaultFont", "TkTextFont", "refapp.strong", "refapp.title", "refapp.small",
    "refapp.initials",
)  # fmt: skip
_GROWTH = {"refapp.title": 1.5, "refapp.small": 0.9}
SMALLEST, LARGEST = 7, 28
MIDDLE, LARGE_MIDDLE, SMALL_MIDDLE, BAR_MIDDLE = (128, 24), (320, 240), (1, 1), (64, 1)
"""Tk fills a face with copies of the middle, each of which is four requests
to the display: so it is about as large as what it has to fill, and no larger, for it takes memory.
"""
SHADES = "/".join([str(255 // STEP + 1)] * 3)
"""Per colour in a picture, as Tk counts: shades between would be drawn as a pattern."""


class Style:
    """The look of one root window. ``px``: a distance at 96 dots an inch, on this display."""

    def __init__(self, root: tkinter.Tk, scale: float, text: int = 0) -> None:
        """``scale``: of 96 dots an inch; ``text``: its size in points, 0 for the usual one."""
        self._root = root
        self._ttk = ttk.Style(root)
        self._pictures: dict[tuple[str, str, str, int, int, Middle, int], tkinter.PhotoImage] = {}
        self._scale = scale
        self.fonts = {name: self._font(name) for name in NAMED_FONTS}
        self.usual = self.size = 10
        self._columns: dict[tuple[ttk.Treeview, str], tuple[str, ...]] = {}
        self.resize(text or self.usual)

    def _font(self, name: str) -> font.Font:
        exists = name.startswith("Tk")
        made = font.Font(self._root, name=name, exists=exists)
        if not exists:
            family = str(font.nametofont("TkDefaultFont", root=self._root).cget("family"))
            made.configure(family=family, weight="normal" if name == "refapp.small" else "bold")
        return made

    def px(self, distance: float) -> int:
        """``distance`` pixels at 96 dots an inch, on this display."""
        return round(distance * self._scale)

    def resize(self, points: int) -> None:
        """Make all text ``points`` large; titles and small print keep their proportion."""
        self.size = min(LARGEST, max(SMALLEST, points))
        for name, made in self.fonts.items():
            # Initials stand in a picture, which does not grow.
            size = self.usual if name == "refapp.initials" else self.size
            made.configure(size=round(size * _GROWTH.get(name, 1)))
        self._ttk.configure("Treeview", rowheight=self._row_height())
        for (table, column), texts in self._columns.items():
            self._widen(table, column, texts)

    def fit(self, table: ttk.Treeview, column: str, *texts: str) -> None:
        """Make ``column`` wide enough for each of ``texts``, at any size; the last call holds."""
        self._columns[table, column] = texts
        self._widen(table, column, texts)

    def _widen(self, table: ttk.Treeview, column: str, texts: tuple[str, ...]) -> None:
        widest = max(self.fonts["TkDefaultFont"].measure(text) for text in texts)
        table.column(column, width=widest + self.px(28))

    def _row_height(self) -> int:
        return int(self.fonts["TkDefaultFont"].metrics("linespace")) + self.px(12)

    def use(self, palette: type[Palette]) -> None:
        """Draw everything in the colours of ``palette``. The root's own background is set too."""
        name = f"refapp-{palette.name}"
        if name not in self._ttk.theme_names():
            self._ttk.theme_create(name, parent="clam")
            self._ttk.theme_use(name)
            self._draw(palette)
            # Until a widget of Tk's own gets its colours: Tk's would be asked of the display.
            for of in ("Background", "Foreground", "HighlightColor", "DisabledForeground"):
                self._root.option_add(f"*{of}", palette.card)
        self._ttk.theme_use(name)
        self._root.configure(background=palette.page)

    def _draw(self, c: type[Palette]) -> None:
        s = self._ttk
        s.configure(
            ".", background=c.page, foreground=c.text, font="TkDefaultFont", bordercolor=c.line,
            troughcolor=c.page, focuscolor=c.accent, selectbackground=c.chosen,
            selectforeground=c.text, insertcolor=c.text, lightcolor=c.page, darkcolor=c.page,
        )  # fmt: skip
        self._draw_labels(c)
        self._draw_buttons(c)
        self._draw_fields(c)
        self._draw_lists(c)

    def _draw_labels(self, c: type[Palette]) -> None:
        s = self._ttk
        s.element_create(
            "Card.edge", "image", self._rounded(c.card, c.line, c.page, 9, middle=LARGE_MIDDLE),
            ("focus", self._rounded(c.card, c.accent, c.page, 9, 2, LARGE_MIDDLE)),
            width=1, height=1, border=self.px(10), sticky="nsew",
        )  # fmt: skip
        s.layout("Card.TFrame", [("Card.edge", {"sticky": "nsew"})])
        s.configure("Bar.TFrame", background=c.card)
        s.configure("Rule.TFrame", background=c.line)
        for place, ground in (("", c.page), ("Card.", c.card)):
            s.configure(f"{place}TLabel", background=ground)
            s.configure(f"{place}Strong.TLabel", background=ground, font="refapp.strong")
            s.configure(f"{place}Title.TLabel", background=ground, font="refapp.title")
            s.configure(f"{place}Muted.TLabel", background=ground, foreground=c.muted)
            s.configure(
                f"{place}Small.TLabel", background=ground, foreground=c.muted, font="refapp.small"
            )
            s.configure(f"{place}Wrong.TLabel", background=ground, foreground=c.wrong)
        s.configure("Plain.TFrame", background=c.card)
        panel = self._rounded(c.hover, c.hover, c.card, 6)
        s.element_create(
            "Panel.edge", "image", panel, width=1, height=1, border=self.px(7), sticky="nsew"
        )
        s.layout("Panel.TFrame", [("Panel.edge", {"sticky": "nsew"})])
        s.configure("Panel.TLabel", background=c.hover)
        self._button("Panel.TButton", c.hover, c.hover, c.muted, c.hover, c.card, c)
        s.configure(
            "Panel.Small.TLabel", background=c.hover, foreground=c.muted, font="refapp.small"
        )
        avatar = self._rounded(c.accent, c.accent, c.card, 15, middle=SMALL_MIDDLE)
        s.configure("Avatar.TLabel", image=avatar, compound="center", background=c.card,
                    foreground=c.accent_on,
                    font="refapp.initials")  # fmt: skip
        for kind in ("info", "warning", "error"):
            ground, ink = getattr(c, kind), getattr(c, f"{kind}_on")
            name = kind.capitalize()
            s.configure(f"{name}.TFrame", background=ground)
            s.configure(f"{name}.TLabel", background=ground, foreground=ink)
            self._button(f"{name}.TButton", ground, ink, ink, ground, ground, c)

    def _draw_buttons(self, c: type[Palette]) -> None:
        self._button("TButton", c.card, c.edge, c.text, c.card, c.hover, c)
        self._button("Page.TButton", c.card, c.edge, c.text, c.page, c.hover, c)
        self._button("Accent.TButton", c.accent, c.accent, c.accent_on, c.card, c.accent_hover, c)
        self._button("Link.TButton", c.card, c.card, c.muted, c.card, c.hover, c, unusable=c.card)
        self._button("Account.TButton", c.card, c.card, c.text, c.card, c.hover, c, unusable=c.card)
        self._ttk.configure("Accent.TButton", font="refapp.strong")
        s = self._ttk
        plain = self._rounded(c.card, c.card, c.card, 6)
        here = self._rounded(c.chosen, c.chosen, c.card, 6)
        over = self._rounded(c.hover, c.hover, c.card, 6)
        ring = self._rounded(c.hover, c.accent, c.card, 6, 2)
        ring_here = self._rounded(c.chosen, c.accent, c.card, 6, 2)
        s.element_create(
            "Nav.face", "image", plain, ("selected", "focus", ring_here), ("selected", here),
            ("focus", ring), ("active", over), width=1, height=1, border=self.px(7),
            padding=(self.px(10), self.px(5)), sticky="nsew",
        )  # fmt: skip
        self._inside("Nav.TRadiobutton", "Nav.face", "Radiobutton.label", sticky="")
        s.configure("Nav.TRadiobutton", background=c.card, foreground=c.text)
        s.map(
            "Nav.TRadiobutton", foreground=[("selected", c.text)], background=[("active", c.card)]
        )
        s.element_create(
            "Menu.face", "image", plain, ("focus", ring), ("pressed", here), ("active", over),
            width=1, height=1, border=self.px(7), padding=(self.px(10), self.px(5)), sticky="nsew",
        )  # fmt: skip
        self._inside("Menu.TMenubutton", "Menu.face", "Menubutton.label", sticky="")
        s.configure("Menu.TMenubutton", background=c.card, foreground=c.text)
        s.map("Menu.TMenubutton", background=[("active", c.card)])
        for name in ("TCheckbutton", "Card.TRadiobutton"):
            s.configure(name, background=c.card, indicatorbackground=c.card,
                        indicatorforeground=c.accent_on,
                        bordercolor=c.edge, upperbordercolor=c.edge, lowerbordercolor=c.edge,
                        indicatorsize=self.px(13),
                        indicatormargin=(0, 0, self.px(7), 0))  # fmt: skip
            s.map(name, background=[("active", c.card)], foreground=[("disabled", c.muted)],
                  indicatorbackground=[("selected", c.accent), ("active", c.hover)])  # fmt: skip

    def _button(
        self,
        name: str,
        fill: str,
        edge: str,
        ink: str,
        ground: str,
        over: str,
        c: type[Palette],
        unusable: str = "",
    ) -> None:
        """``unusable``: the field of a disabled one that shows no outline either."""
        s = self._ttk
        disabled = self._rounded(unusable or c.hover, unusable or c.line, ground, 6)
        # On a field of the accent's own colour the ring is seen by a gap alone.
        gap = 2 if fill == c.accent else 0
        s.element_create(
            f"{name}.face", "image", self._rounded(fill, edge, ground, 6),
            ("disabled", disabled),
            ("focus", "active", self._rounded(over, c.accent, ground, 6, 2, gap=gap)),
            ("focus", self._rounded(fill, c.accent, ground, 6, 2, gap=gap)),
            ("active", self._rounded(over, edge, ground, 6)), width=1, height=1, border=self.px(7),
            padding=(self.px(12), self.px(6)), sticky="nsew",
        )  # fmt: skip
        self._inside(name, f"{name}.face", "Button.label")
        s.configure(name, background=ground, foreground=ink, anchor="center", shiftrelief=0)
        s.map(name, foreground=[("disabled", c.muted)], background=[("active", ground)])

    def _draw_fields(self, c: type[Palette]) -> None:
        s = self._ttk
        s.element_create(
            "Field.face", "image", self._rounded(c.card, c.edge, c.card, 6),
            ("disabled", self._rounded(c.hover, c.line, c.card, 6)),
            ("invalid", "focus", self._rounded(c.card, c.wrong, c.card, 6, 2)),
            ("focus", self._rounded(c.card, c.accent, c.card, 6, 2)),
            ("invalid", self._rounded(c.card, c.wrong, c.card, 6)), width=1, height=1,
            border=self.px(7), padding=(self.px(9), self.px(6)), sticky="nsew",
        )  # fmt: skip
        self._inside("TEntry", "Field.face", "Entry.textarea")
        s.configure("TEntry", background=c.card, fieldbackground=c.card, foreground=c.text)
        s.map("TEntry", fieldbackground=[("disabled", c.hover)], foreground=[("disabled", c.muted)],
              background=[("disabled", c.card)], selectbackground=[("", c.chosen)])  # fmt: skip
        for part, colour, width in (("trough", c.hover, 8), ("bar", c.accent, 60)):
            s.element_create(
                f"Progress.{part}", "image",
                self._rounded(colour, colour, c.card, 2, middle=BAR_MIDDLE), width=self.px(width),
                height=self.px(4), border=self.px(2), sticky="ew",
            )  # fmt: skip
        moving = ("Progress.bar", {"side": "left", "sticky": ""})
        trough = ("Progress.trough", {"sticky": "ew", "children": [moving]})
        s.layout("Horizontal.TProgressbar", [trough])  # type: ignore[list-item]

    def _draw_lists(self, c: type[Palette]) -> None:
        s = self._ttk
        s.element_create(
            "List.face", "image", self._rounded(c.card, c.card, c.card, 4, middle=LARGE_MIDDLE),
            ("focus", self._rounded(c.card, c.accent, c.card, 4, 2, LARGE_MIDDLE)),
            width=1, height=1, border=self.px(5), padding=self.px(3), sticky="nsew",
        )  # fmt: skip
        self._inside("Treeview", "List.face", "Treeview.treearea")
        text = ("Treeitem.text", {"side": "left", "sticky": ""})
        padding = ("Treeitem.padding", {"sticky": "nsew", "children": [text]})
        s.layout("Item", [padding])  # type: ignore[list-item]
        s.configure("Item", padding=(self.px(8), 0, 0, 0))
        s.configure("Cell", padding=(self.px(8), 0))
        s.configure("Treeview", background=c.card, fieldbackground=c.card, foreground=c.text,
                    borderwidth=0,
                    rowheight=self._row_height())  # fmt: skip
        s.map("Treeview", background=[("selected", c.chosen)], foreground=[("selected", c.text)])
        s.configure("Heading", background=c.card, foreground=c.muted, relief="flat",
                    font="refapp.small",
                    padding=(self.px(8), self.px(3)))  # fmt: skip
        s.map("Heading", background=[("active", c.card)])
        thumb = ("Vertical.Scrollbar.thumb", {"expand": True, "sticky": "nsew"})
        for place, ground in (("", c.card), ("Page.", c.page)):
            trough = ("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [thumb]})
            s.layout(f"{place}Vertical.TScrollbar", [trough])  # type: ignore[list-item]
            s.configure(f"{place}Vertical.TScrollbar", troughcolor=ground, bordercolor=ground)
        thumb = ("Horizontal.Scrollbar.thumb", {"expand": True, "sticky": "nsew"})
        trough = ("Horizontal.Scrollbar.trough", {"sticky": "ew", "children": [thumb]})
        s.layout("Page.Horizontal.TScrollbar", [trough])  # type: ignore[list-item]
        s.configure("Page.Horizontal.TScrollbar", troughcolor=c.page, bordercolor=c.page)
        s.configure("TScrollbar", background=c.line, lightcolor=c.line, darkcolor=c.line,
                    gripcount=0,
                    arrowsize=self.px(9), width=self.px(9))  # fmt: skip
        s.map("TScrollbar", background=[("disabled", c.card), ("active", c.edge)],
              lightcolor=[("disabled", c.card)], darkcolor=[("disabled", c.card)])  # fmt: skip

    def _inside(self, name: str, face: str, part: str, sticky: str = "nsew") -> None:
        """Widgets of the style ``name`` are a ``part`` on a ``face``."""
        inner = (part, {"sticky": sticky} if sticky else {})
        layout = [(face, {"sticky": "nsew", "children": [inner]})]
        self._ttk.layout(name, layout)  # type: ignore[arg-type]

    def _rounded(
        self,
        fill: str,
        edge: str,
        ground: str,
        radius: float,
        width: float = 1,
        middle: Middle = MIDDLE,
        gap: float = 0,
    ) -> tkinter.PhotoImage:
        key = (fill, edge, ground, self.px(radius), self.px(width), middle, self.px(gap))
        if key not in self._pictures:
            # Tk keeps no reference of its own.
            # Given as an option, the data would be kept beside the picture.
            made = self._pictures[key] = tkinter.PhotoImage(master=self._root, palette=SHADES)
            made.tk.call(str(made), "put", rounded_rectangle(*key), "-format", "ppm")
        return self._pictures[key]
