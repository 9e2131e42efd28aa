"""Every sentence of the display's gate: why it can't be.
It may import nothing of the app, which tells what it says.
"""

from __future__ import annotations


def can_not_listen(folder: str, why: str | None) -> str:
    return f"The display's gate can't listen in {folder}: {why}."


def can_not_reach(why: object) -> str:
    return f"The display's gate can't reach the display: {why}."
