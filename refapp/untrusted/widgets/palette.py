"""The colours, light and dark. Owns every colour of the window, and which of them stand on which (``READABLE_ON``).

Invariant, computed in one test from this table and in another from what the style really draws: text has a contrast of 4.5 on
what it stands on, edges of fields and the focus ring 3 (WCAG 2.2, 1.4.3 and 1.4.11). Nothing is said by colour alone; every
state has its word too. And each red, green and blue is a multiple of ``STEP``: what a picture may hold is asked of the display
one shade at a time, before the first picture is drawn, and 255 shades were a tenth of the start-up.
"""

STEP = 5


class Palette:
    """``#rrggbb`` each. ``edge`` is a field's outline, ``line`` a decoration, ``*_on`` the text on the colour before it."""

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
    page = "#f5f5f5"
    card = "#ffffff"
    text = "#191e28"
    muted = "#5a5f6e"
    line = "#dce1e6"
    edge = "#7d8796"
    hover = "#ebf0f5"
    accent = "#285ad2"
    accent_hover = "#1e4baa"
    accent_on = "#ffffff"
    chosen = "#d7e6ff"
    info = "#e6f0ff"
    info_on = "#144187"
    warning = "#fff0cd"
    warning_on = "#644600"
    error = "#ffe6e6"
    error_on = "#8c1e19"
    wrong = "#b4281e"


class Dark(Palette):
    """Light text on near-black cards."""

    name = "dark"
    page = "#14191e"
    card = "#1e2328"
    text = "#e6ebf0"
    muted = "#a5aab9"
    line = "#323741"
    edge = "#737d8c"
    hover = "#282d37"
    accent = "#8cafff"
    accent_hover = "#aac8ff"
    accent_on = "#0f1e46"
    chosen = "#2d4169"
    info = "#1e2d4b"
    info_on = "#bed2ff"
    warning = "#3c3214"
    warning_on = "#f5dc91"
    error = "#41231e"
    error_on = "#ffc3be"
    wrong = "#ff9b91"


PALETTES: dict[str, type[Palette]] = {"light": Light, "dark": Dark}

TEXT, EDGE = 4.5, 3.0

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
