"""What the demo server knows: accounts, sessions, codes and notes in memory, and the answers that
come of them. No HTTP.

May import: nothing of the package's other parts.
Offers: a module for each kind of thing; ``answers`` and ``delivery`` are what an answer is made of.
"""

__all__ = [
    "accounts",
    "answers",
    "delivery",
    "device",
    "hand_over",
    "jwts",
    "notes",
    "rotation",
    "second_factors",
    "sessions",
]
