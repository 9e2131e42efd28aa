"""The window's side: a sandboxed process that is trusted in nothing, and given nothing worth
stealing (SB-1, SB-3).

What may be imported below this package: ``tkinter``, the standard library's plain parts,
``msgspec``, ``refapp.messages``, ``refapp.answers``, ``refapp.params``, ``refapp.snapshot`` and
``refapp.wire``. Never ``refapp.trusted``, httpx, keyring, ``socket``, ``subprocess``, ``asyncio``.

What must stay true:

- ``sandbox.begin`` runs in the first lines of the process,
  before tkinter and before any second thread.
- Whatever is needed after ``sandbox.lock`` is imported, loaded and drawn once before it:
  afterwards no file opens.
- Nothing that came from the server reaches this process before the parent saw the lock in /proc
  (``trusted.window.confinement``).
- The modules ``kernel``, ``landlock``, ``seccomp`` and ``sandbox`` stand alone: standard library
  only, light to import.
"""
