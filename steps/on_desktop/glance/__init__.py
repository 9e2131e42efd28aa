"""What holds of the real window whenever it rests and at the end of every scenario,
whatever that is about.

May import: ``scenario``.
Offers: ``as_told`` (it shows what it was sent, and nothing else), ``as_drawn`` (a person can read
it), ``in_colours`` (which is a part of that), ``in_numbers`` (and so is that, for colours that no
example has), ``in_sight`` (what she works at is to be seen, and all is in its place), ``in_step``
(its parts agree with each other), ``in_time`` (what comes anew begins anew), ``in_words`` (what
always says the same does), ``whole`` (all of these), ``places`` (what the features call them).
"""

__all__ = [
    "as_drawn",
    "as_told",
    "in_colours",
    "in_numbers",
    "in_sight",
    "in_step",
    "in_time",
    "in_words",
    "places",
    "whole",
]
