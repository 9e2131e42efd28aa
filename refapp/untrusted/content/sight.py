"""What is to be seen of the window, told to the parent: that a snapshot is drawn, and what the
widgets show if it observes.

Owns the message ``shown`` and when it goes:
at once with each snapshot, and a moment after what a person does.
"""

from __future__ import annotations

from refapp import messages as m
from refapp.params import LONGEST_SHOWN
from refapp.untrusted.channel.link import Link
from refapp.untrusted.frame.window import Window
from refapp.untrusted.widgets.scrolled import MOVED

LOOK_AFTER_MS = 30


class Sight:
    """``observe``: tell what the widgets show, after each change.
    ``revision``: the newest snapshot's, None before the first.
    """

    def __init__(self, window: Window, link: Link) -> None:
        self.observe = False
        self.revision: int | None = None
        self._window, self._link = window, link
        self._looking = False
        # A paste is there after its keys are up, if the other program was slow to hand it over.
        for event in ("<KeyRelease>", "<ButtonRelease>", "<FocusIn>", "<<Paste>>", MOVED):
            window.root.bind(event, lambda _: self.look_later(), add=True)

    def look_later(self) -> None:
        """Something may have changed without a snapshot."""
        if self.observe and not self._looking:
            self._looking = True
            root = self._window.root
            # A second time, for Tk tells of keys when it has put all that came into the text: what
            # waits by then goes first, and what is shown here is in the draft as well. Not once Tk
            # is idle, which it is in the midst of drawing too.
            root.after(LOOK_AFTER_MS, lambda: root.after(0, self.look))

    def look(self) -> None:
        """Asked of the widgets, after they are drawn."""
        self._looking = False
        if self.revision is None:
            return
        widgets: dict[str, str] = {}
        if self.observe:
            self._window.root.update_idletasks()
            widgets = self._window.roster.read()
            if self._window.error:
                widgets["error"] = self._window.error[:LONGEST_SHOWN]
        self._link.tell(m.Shown(jsonrpc="2.0", params=m.ShownParams(self.revision, widgets)))
