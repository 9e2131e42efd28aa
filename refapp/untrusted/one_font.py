"""Where no font can be opened after the lock: all text in one family, loaded before it (DG-5).
On a kernel without Landlock.

Owns the choice that fontconfig has in this process. Tk would otherwise turn to another font at the
first character that asks for one, and end the process when that can't be opened; so there is none,
and such a character is a box. The text is not touched.
"""

from __future__ import annotations

import ctypes

FONTCONFIG = "libfontconfig.so.1"
_ONLY = """<fontconfig><selectfont>
<acceptfont><pattern><patelt name="family"><string>{}</string></patelt></pattern></acceptfont>
<rejectfont><pattern><patelt name="outline"><bool>true</bool></patelt></pattern></rejectfont>
<rejectfont><pattern><patelt name="outline"><bool>false</bool></patelt></pattern></rejectfont>
</selectfont></fontconfig>"""


def keep_to(family: str) -> bool:
    """Know no fonts but those of ``family`` from now on, and False if that can't be: where Tk has a
    fontconfig of its own, or draws without one. No font may be in use yet.
    """
    try:
        fontconfig = ctypes.CDLL(FONTCONFIG)
        load = fontconfig.FcInitLoadConfig
        parse, build, use = (
            fontconfig[f"FcConfig{name}"]
            for name in ("ParseAndLoadFromMemory", "BuildFonts", "SetCurrent")
        )
    except (OSError, AttributeError):
        return False
    load.restype = ctypes.c_void_p
    config = ctypes.c_void_p(load())
    only = _ONLY.format(family.replace("&", "&amp;").replace("<", "&lt;"))
    return bool(parse(config, only.encode(), 0) and build(config) and use(config))
