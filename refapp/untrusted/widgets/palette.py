"""The colours, light and dark, each also in high contrast.
Owns every colour of the window, and which of them stand on which (``READABLE_ON``).

Invariant, computed in one test from this table and in another from what the style really draws:
text has a contrast of 4.5 on what it stands on, edges of fields and the focus ring 3 (WCAG 2.2,
1.4.3 and 1.4.11). Nothing is said by colour alone; every state has its word too. And each red,
green and blue is a multiple of ``STEP``: what a picture may hold is asked of the display one shade
at a time, before the first picture is drawn: with 255 shades that was a tenth of the start-up.
"""

STEP = 15


class Palette:
    """``#rrggbb`` each. ``edge`` is a field's outline, ``line`` a decoration, ``*_on`` the text on
    the colour before it.
    """

    name: str
    page: str
    card: str
    text: str
    muted: str
    line: str
    edge: str
    hover: str
    accent: str
    accent_hover: str
    accent_on: str
    chosen: str
    info: str
    info_on: str
    warning: str
    warning_on: str
    error: str
    error_on: str
    wrong: str


class Light(Palette):
    """Dark text on white cards."""

    name = "light"
    page = "#f0f0f0"
    card = "#ffffff"
    text = "#1e1e2d"
    muted = "#5a5a69"
    line = "#e1e1e1"
    edge = "#788796"
    hover = "#f0f0ff"
    accent = "#2d5ad2"
    accent_hover = "#1e4ba5"
    accent_on = "#ffffff"
    chosen = "#d2e1ff"
    info = "#e1f0ff"
    info_on = "#0f3c87"
    warning = "#fff0d2"
    warning_on = "#694b00"
    error = "#ffe1e1"
    error_on = "#871e1e"
    wrong = "#b42d1e"


class Dark(Palette):
    """Light text on near-black cards."""

    name = "dark"
    page = "#0f0f1e"
    card = "#1e1e2d"
    text = "#e1e1f0"
    muted = "#a5a5b4"
    line = "#3c3c4b"
    edge = "#787887"
    hover = "#2d2d3c"
    accent = "#87b4ff"
    accent_hover = "#a5c3ff"
    accent_on = "#0f1e4b"
    chosen = "#2d3c69"
    info = "#1e2d4b"
    info_on = "#c3d2ff"
    warning = "#3c2d0f"
    warning_on = "#ffe196"
    error = "#3c1e1e"
    error_on = "#ffc3c3"
    wrong = "#ff9696"


class LightContrast(Palette):
    """Black on white, for a desktop that asks for high contrast: every line as strong as a text."""

    name = "light-contrast"
    page = "#ffffff"
    card = "#ffffff"
    text = "#000000"
    muted = "#000000"
    line = "#000000"
    edge = "#000000"
    hover = "#e1e1e1"
    accent = "#000087"
    accent_hover = "#00005a"
    accent_on = "#ffffff"
    chosen = "#c3e1ff"
    info = "#e1e1e1"
    info_on = "#000000"
    warning = "#ffe196"
    warning_on = "#000000"
    error = "#ffd2d2"
    error_on = "#000000"
    wrong = "#780000"


class DarkContrast(Palette):
    """White on black, and yellow for what can be pressed."""

    name = "dark-contrast"
    page = "#000000"
    card = "#000000"
    text = "#ffffff"
    muted = "#ffffff"
    line = "#ffffff"
    edge = "#ffffff"
    hover = "#2d2d2d"
    accent = "#ffff00"
    accent_hover = "#ffffa5"
    accent_on = "#000000"
    chosen = "#00005a"
    info = "#2d2d2d"
    info_on = "#ffffff"
    warning = "#3c2d00"
    warning_on = "#ffffff"
    error = "#4b0000"
    error_on = "#ffffff"
    wrong = "#ffb4b4"


PALETTES: dict[str, type[Palette]] = {
    one.name: one for one in (Light, Dark, LightContrast, DarkContrast)
}

TEXT, EDGE = 4.5, 3.0
HIGH = 7.0
"""Of everything in the palettes of high contrast (1.4.6)."""

READABLE_ON: tuple[tuple[str, str, float], ...] = (
    ("text", "page", TEXT),
    ("text", "card", TEXT),
    ("text", "hover", TEXT),
    ("text", "chosen", TEXT),
    ("muted", "page", TEXT),
    ("muted", "card", TEXT),
    ("muted", "hover", TEXT),
    ("accent_on", "accent", TEXT),
    ("accent_on", "accent_hover", TEXT),
    ("info_on", "info", TEXT),
    ("warning_on", "warning", TEXT),
    ("error_on", "error", TEXT),
    ("wrong", "card", TEXT),
    ("wrong", "card", EDGE),
    ("accent", "card", EDGE),
    ("accent", "hover", EDGE),
    ("accent", "chosen", EDGE),
    ("accent", "info", EDGE),
    ("accent", "warning", EDGE),
    ("accent", "error", EDGE),
    ("accent", "page", EDGE),
    ("edge", "card", EDGE),
    ("edge", "page", EDGE),
    ("edge", "hover", EDGE),
)
