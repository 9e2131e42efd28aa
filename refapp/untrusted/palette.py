"""The colours, light and dark. Owns every colour of the window, and which of them stand on which (``READABLE_ON``).

Invariant, computed in one test from this table and in another from what the style really draws: text has a contrast of 4.5 on
what it stands on, edges of fields and the focus ring 3 (WCAG 2.2, 1.4.3 and 1.4.11). Nothing is said by colour alone; every
state has its word too.
"""


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
    page = "#f3f4f7"
    card = "#ffffff"
    text = "#1b1f26"
    muted = "#59616e"
    line = "#dde1e8"
    edge = "#7f8896"
    hover = "#eceff5"
    accent = "#2a5bd0"
    accent_hover = "#2049ac"
    accent_on = "#ffffff"
    chosen = "#d6e4ff"
    info = "#e4eefe"
    info_on = "#143f85"
    warning = "#fff1cc"
    warning_on = "#654400"
    error = "#fde7e5"
    error_on = "#8c1d18"
    wrong = "#b3261e"


class Dark(Palette):
    """Light text on near-black cards."""

    name = "dark"
    page = "#15171b"
    card = "#1e2126"
    text = "#e7eaee"
    muted = "#a4acb8"
    line = "#343941"
    edge = "#757e8b"
    hover = "#2a2e35"
    accent = "#8ab1ff"
    accent_hover = "#a9c6ff"
    accent_on = "#0d2047"
    chosen = "#2b4069"
    info = "#1c2d4b"
    info_on = "#bcd4ff"
    warning = "#3b3013"
    warning_on = "#f6dc93"
    error = "#43211f"
    error_on = "#ffc5bf"
    wrong = "#ff9b92"


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
