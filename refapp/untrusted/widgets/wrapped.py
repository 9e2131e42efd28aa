"""A text that is broken into lines as wide as it has room for."""

from __future__ import annotations

from tkinter import ttk


def wrap(label: ttk.Label) -> None:
    """Break the text of ``label`` at its width, from now on."""
    known = 0

    def on_size(_event: object) -> None:
        nonlocal known
        # What is not shown yet has not got its width;
        # and told anew, a width has the text measured and drawn anew.
        if label.winfo_viewable() and label.winfo_width() != known:
            known = label.winfo_width()
            # Of large letters Tk draws a line some pixels wider than it measured it.
            label.configure(wraplength=known - known // 100)

    for event in ("<Configure>", "<Map>"):
        label.bind(event, on_size)
