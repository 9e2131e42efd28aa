"""The attack suite: what a window process that has been taken over would try, native code included,
and how each try ends (SB-3).

Every attempt is made twice: in a process that differs from the window in nothing but the sandbox
(the *control*), and in one that is locked as the app locks its window, and that the parent's own
check found locked. Only an attempt whose control works proves anything by failing; the others are
printed as "not proved". ``suite.run`` makes them all and prints the table.

- ``attempt`` is the shape of an attempt,
  of what it is aimed at (the bait), and the raw system call it uses;
- ``numbers`` the machines' numbers of the calls that are tried;
- ``reading`` ... ``undo`` hold the attempts, by what they are after;
- ``standin`` plays the app: a process of the same user with a secret in its memory, and ports and
  sockets that answer;
- ``victim`` runs inside:
  it locks itself (or, as control, does not) and makes the attempts it is told to;
- ``suite`` is the driver.

Nothing here harms the system it runs on:
controls act on the bait, on themselves, or change nothing.
"""
