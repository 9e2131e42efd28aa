"""The conformance kit: the features run against another implementation
(``pytest features --sut 'COMMAND'``).

The command is an adapter that whoever builds the other app writes: it reads one JSON object a line,
does what that says, and writes one JSON object a line. The kit plays the server itself, over real
HTTP on loopback, so what the app asked of it is observed and not claimed; so are the files. What
the window shows, and what it was sent, the adapter reports.

README.md is the protocol, for implementers; ``hello`` has its version. ``capabilities`` is the
closed list of what an app may have, ``meanings`` compares its sentences, and ``offered`` leaves out
what it has not; ``verdicts`` is what comes of it all.
"""

__all__ = ["expected", "not_offered", "under_test", "verdicts"]
