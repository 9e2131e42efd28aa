"""All attempts by their full id, ``group.id``, in the order of the table."""

from __future__ import annotations

from refapp.attack.attempt import Attempt
from refapp.attack.attempts import (
    descriptors,
    display,
    kernel_surface,
    memory,
    network,
    parent,
    programs,
    reading,
    resources,
    undo,
    writing,
)

GROUPS: dict[str, tuple[Attempt, ...]] = {
    "reading": reading.ATTEMPTS,
    "writing": writing.ATTEMPTS,
    "network": network.NETWORK,
    "bus": network.BUS,
    "programs": programs.ATTEMPTS,
    "app": parent.ATTEMPTS,
    "descriptors": descriptors.ATTEMPTS,
    "kernel": kernel_surface.ATTEMPTS,
    "code": memory.ATTEMPTS,
    "undo": undo.ATTEMPTS,
    "resources": resources.ATTEMPTS,
    "display": display.ATTEMPTS,
}

ALL: dict[str, Attempt] = {
    f"{group}.{attempt.id}": attempt for group, attempts in GROUPS.items() for attempt in attempts
}
