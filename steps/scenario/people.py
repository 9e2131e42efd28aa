"""The people of the specification, and the accounts they have on the server.
``features/README.md`` introduces them.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """``known_as`` is the name in the features."""

    known_as: str
    name: str
    email: str
    password: str


ADA = Person("Ada", "Ada Lovelace", "ada@example.com", "analytical engine")
"""The embedded server's seeded account is hers."""
BOB = Person("Bob", "Bob Kahn", "bob@example.com", "packets of packets ")
GRACE = Person("Grace", "Grace Hopper", "grace@example.com", "nanoseconds of wire")

PEOPLE = {person.known_as: person for person in (ADA, BOB, GRACE)}
