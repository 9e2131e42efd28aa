"""The conformance kit: the features run against another implementation (``pytest features --sut 'COMMAND'``).

The command is an adapter that whoever builds the other app writes: it reads one JSON object a line, does what that says, and
writes one JSON object a line. The kit plays the server itself, over real HTTP on loopback, so what the app asked of it is
observed and not claimed; so are the files. What the window shows, and what it was sent, the adapter reports.

| ``do`` | with | the adapter |
|---|---|---|
| hello | protocol | says who it speaks for: ``protocol``, ``implementation``, ``version``, ``capabilities``, ``meanings`` |
| start | server, home | has a computer that never saw the app: its files go to ``home``; |
| open, close |  | the person opens the app, closes its window |
| open_unconfined |  | tries to open it with a window that does not confine itself: ``code``, ``said`` |
| sign_in | email, password | types these into the form and sends it off |
| press | button | one of sign out, try again, restart, unlock, sync, summarise (the newest note) |
| write_note | text | writes a new note and has it saved |
| channel | line | the window sends this line, whatever it is |
| misbehave | how | the window "crashes", "stops answering", "asks for 100 things at once" or "tries 30 passwords" |
| forbidden |  | the kernel stops the window at a call that it may not make: ``code``, ``said`` |
| call | method, path | the app itself makes this call with its token: ``outcome``, a text |
| keychain | state | missing, locked, insecure, silent, failing, forgetful, or works |
| replace_key |  | the app seals its tokens under a new key |
| disk_full |  | from now on the disk takes nothing |
| pass_time | seconds | that much time passes for the app (for the server it does so too) |
| at_once | acts | these commands, before anything can happen in between |
| report |  | answers as below |
| finish |  | the scenario is over: everything that it started ends |

Every command may name a ``copy``: 2 is another copy of the app on the same computer, 1 (the default) the person's own. An
answer is ``{}``, or what the table says. ``{"not offered": WORDS}`` skips the scenario, visibly; ``{"failed": WORDS}`` fails
it. Commands answer at once; the kit then asks for reports until the app rests.

| in a report | what it is |
|---|---|
| busy, waiting | whether anything is under way but requests to the server; how many of those have no answer yet |
| shows | everything that the window has shown since the start, in the words of features/README.md; the last is now |
| says | every text that a person can read now, on any page of the window |
| sync, assistant | ready, paused or off |
| form | ``email``, and ``password``: how many characters |
| notices | every notice since the start |
| windows | how many windows have been opened |
| sent | every line that a window was sent since the start |
| tokens | ``access`` and ``refresh`` as they are stored, or null |
| token_file | where, below ``home``; null if none are stored |
| keys | the ids of the app's keys in the keychain (with ``keys``) |
| did | party and words of what the app did, in order, as the features name it (with ``ledger``) |

``capabilities`` is the closed list that an adapter declares from (what is not declared is not asked for), ``features/meanings.toml``
the one of the meanings: an app's own sentences, by what they say.
"""

__all__ = ["expected", "not_offered", "under_test"]
