"""What holds of the real window at the end of every scenario, whatever that is about.

May import: ``scenario``.
Offers: ``as_told`` (it shows what it was sent, and nothing else), ``as_drawn`` (a person can read
it).
"""

__all__ = ["as_drawn", "as_told"]
