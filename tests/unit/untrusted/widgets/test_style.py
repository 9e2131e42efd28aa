"""What is really drawn can be read: every text on every field that a style gives it, every outline
and ring, in every state.
"""

from __future__ import annotations

import tkinter
from collections.abc import Iterator
from tkinter import ttk
from typing import Any

import pytest

from refapp.untrusted.widgets.cut_off import cut_off
from refapp.untrusted.widgets.icon import icon_of
from refapp.untrusted.widgets.palette import EDGE, PALETTES, STEP, TEXT, Palette
from refapp.untrusted.widgets.rounded import corner, rounded_rectangle
from refapp.untrusted.widgets.style import LARGEST, SMALLEST, Style
from tests.unit.untrusted.widgets.test_palette import contrast

STATES = (
    (),
    ("disabled",),
    ("active",),
    ("focus",),
    ("selected",),
    ("invalid",),
    ("pressed",),
    ("selected", "focus"),
)
SHAPES_ONLY = ("TFrame", "TScrollbar", "TProgressbar", "Item", "Cell")


class Watched(Style):
    """A style that notes each face it draws: fill, outline, ground, width of the outline, gap."""

    def __init__(self, root: tkinter.Tk) -> None:
        super().__init__(root, 1.0)
        self.forget()
        configure = self._ttk.configure

        def watched(style: str, query_opt: None = None, **options: Any) -> Any:
            self.configured.setdefault(style, {}).update(options)
            return configure(style, query_opt, **options)

        self._ttk.configure = watched  # type: ignore[method-assign, assignment]

    def forget(self) -> None:
        """Note what is drawn from now on."""
        self.faces: set[tuple[str, str, str, float, float]] = set()
        self.buttons: set[tuple[str, str, str, str]] = set()
        self.configured: dict[str, dict[str, Any]] = {}

    def _rounded(
        self,
        fill: str,
        edge: str,
        ground: str,
        radius: float,
        width: float = 1,
        middle: tuple[int, int] = (8, 8),
        gap: float = 0,
    ) -> tkinter.PhotoImage:
        self.faces.add((fill, edge, ground, width, gap))
        return super()._rounded(fill, edge, ground, radius, width, middle, gap)

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
        self.buttons |= {(name, "", ink, fill), (name, "active", ink, over)}
        self.buttons.add((name, "disabled", c.muted, unusable or c.hover))
        super()._button(name, fill, edge, ink, ground, over, c, unusable)


@pytest.fixture(scope="module")
def style(tk_screen: str) -> Iterator[Watched]:
    made = tkinter.Tk(screenName=tk_screen)
    yield Watched(made)
    made.destroy()


@pytest.fixture(scope="module", params=PALETTES.values(), ids=lambda palette: palette.name)
def drawn(style: Watched, request: pytest.FixtureRequest) -> tuple[Watched, type[Palette]]:
    style.forget()
    style.use(request.param)
    return style, request.param


def test_every_text_of_every_style_can_be_read_in_every_state(
    drawn: tuple[Watched, type[Palette]],
) -> None:
    style, palette = drawn
    look = ttk.Style(style._root)
    fields = {(name, state): fill for name, state, _, fill in style.buttons}
    seen = 0
    for name in style.configured:
        if name.endswith(SHAPES_ONLY) or name == ".":
            continue
        for state in STATES:
            ink = look.lookup(name, "foreground", state)
            # A button's label stands on its face, a field's text on the field;
            # all else on its background.
            ground = fields.get((name, state[0] if state else "")) or fields.get((name, ""))
            ground = (
                ground
                or look.lookup(name, "fieldbackground", state)
                or look.lookup(name, "background", state)
            )
            if name == "Avatar.TLabel":
                ground = palette.accent
            if name == "Nav.TRadiobutton" and "selected" in state:
                ground = palette.chosen
            assert contrast(ink, ground) >= TEXT, (name, state, ink, ground)
            seen += 1
    assert seen > 100
    for name, state, ink, fill in style.buttons:
        assert contrast(ink, fill) >= TEXT, (name, state)


def test_every_ring_stands_out_from_what_is_beside_it(drawn: tuple[Watched, type[Palette]]) -> None:
    style, palette = drawn
    rings = [face for face in style.faces if face[3] > 1]
    assert len(rings) > 8
    for fill, edge, ground, _, gap in rings:
        assert edge in (palette.accent, palette.wrong)
        assert contrast(edge, ground) >= EDGE, (edge, ground)
        assert contrast(edge, ground if gap else fill) >= EDGE, (edge, fill)


def test_every_outline_that_says_what_can_be_used_stands_out(
    drawn: tuple[Watched, type[Palette]],
) -> None:
    style, palette = drawn
    decorations = {palette.line, palette.card, palette.hover, palette.chosen}
    outlines = [
        face
        for face in style.faces
        if face[3] <= 1 and face[1] not in decorations and face[0] != face[1]
    ]
    assert outlines
    for _, edge, ground, _, _ in outlines:
        assert contrast(edge, ground) >= EDGE, (edge, ground)


@pytest.mark.parametrize(("radius", "width", "gap"), [(6, 1, 0), (6, 2, 2), (12, 4, 4), (2, 2, 0)])
def test_a_pixel_of_a_corner_is_shared_out_to_the_last_bit(
    radius: int, width: int, gap: int
) -> None:
    for row in corner(radius, width, gap):
        for shares in row:
            assert sum(shares) == pytest.approx(1)
            assert min(shares) >= -1e-9


def test_a_gap_shows_the_ground_between_ring_and_fill() -> None:
    picture = rounded_rectangle("#0000ff", "#ff0000", "#ffffff", 6, 2, (4, 4), 2)
    side = 2 * 6 + 4
    rows = picture[-side * side * 3 :]
    middle = [rows[(side // 2 * side + x) * 3 :][:3] for x in range(6)]
    assert middle == [
        b"\xff\0\0",
        b"\xff\0\0",
        b"\xff\xff\xff",
        b"\xff\xff\xff",
        b"\0\0\xff",
        b"\0\0\xff",
    ]


def test_a_picture_has_no_colour_that_the_display_was_not_asked_for(
    drawn: tuple[Watched, type[Palette]],
) -> None:
    style, _ = drawn
    for shape in style._pictures:
        header, _, pixels = rounded_rectangle(*shape).partition(b" 255\n")
        assert header.startswith(b"P6")
        assert {part % STEP for part in pixels} == {0}, shape


def test_the_icon_can_be_told_on_a_light_and_on_a_dark_bar(style: Watched) -> None:
    picture = icon_of(style._root)
    ground, line = (
        f"#{r:02x}{g:02x}{b:02x}" for r, g, b in (picture.get(8, 6), picture.get(14, 16))
    )
    assert contrast(ground, line) >= EDGE
    assert contrast(ground, "#ffffff") >= EDGE
    assert contrast(line, "#000000") >= EDGE
    assert picture.transparency_get(0, 0)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_a_column_follows_its_text_at_every_size(style: Watched, scale: float) -> None:
    root = tkinter.Tk(screenName=style._root.winfo_screen())
    try:
        made = Style(root, scale)
        made.use(PALETTES["light"])
        table = ttk.Treeview(root, columns=("when",), show="tree")
        table.column("when", stretch=False)
        table.insert(
            "",
            "end",
            text="Of any length, since it is what a person wrote",
            values=("30 September",),
        )
        table.pack()
        assert cut_off(table) == ""
        table.column("when", width=40)
        assert cut_off(table) == "30 September"
        for points in (SMALLEST, 10, 15, 20, LARGEST):
            made.resize(points)
            made.fit(table, "when", "00:00", "30 September")
            assert cut_off(table) == "", points
        made.resize(SMALLEST)
        made.fit(table, "when", "30 September")
        made.resize(LARGEST)
        assert cut_off(table) == ""
        table.configure(show=("tree", "headings"))
        table.heading("when", text="A heading that is longer than what stands under it")
        assert cut_off(table).startswith(("A heading", "Of any length"))
    finally:
        root.destroy()


def test_a_label_is_cut_off_where_it_has_less_room_than_it_needs(style: Watched) -> None:
    style._root.geometry("500x200")
    frame = ttk.Frame(style._root)
    label = ttk.Label(frame, text="A sentence that needs its room.")
    label.place(x=0, y=0)
    frame.place(x=0, y=0, width=400, height=100)
    style._root.update()
    assert cut_off(label) == ""
    label.place_configure(width=label.winfo_reqwidth() // 2)
    style._root.update()
    assert cut_off(label) == "A sentence that needs its room."
    label.place_configure(width=label.winfo_reqwidth())
    frame.place_configure(x=-100)
    style._root.update()
    assert cut_off(label) == "A sentence that needs its room.", (
        "a part of it lies outside of the window"
    )
    frame.destroy()
