"""The attempts themselves, by what they go for.
Each runs inside the locked process, and as a control outside.

May import: ``attempt``, ``numbers``, the standard library.
Offers: a dictionary of attempts a module, which ``catalogue`` puts together.
"""

__all__ = [
    "descriptors",
    "display",
    "display_wire",
    "kernel_surface",
    "memory",
    "network",
    "parent",
    "programs",
    "reading",
    "resources",
    "undo",
    "writing",
]
