"""The display's gate: a process of its own between the window and the X server, that lets through
what the table of the window's toolkit names (DG).

Owns the window's second way out, as ``gate`` on the trusted side owns the first. ``table`` says
what may pass, and ``rules`` what its rows can't; both by what is ``known`` from the server's words.
``qt_table`` and ``qt_rules`` say it for windows made with Qt.
``decoder`` (pure: bytes in, bytes out) takes the bytes apart; ``process`` moves them; ``lock``
holds it to that. It reads what a window that is taken over may write, so it knows no secret and
nothing of the app.
"""

__all__ = ["decoder", "process", "rules"]
