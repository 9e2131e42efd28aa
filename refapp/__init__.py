"""refapp: the reference for signing in from a desktop app.

Two processes, and the path of a module says on which side it runs (decision 11):

- ``trusted``: the parent. It alone may use the network, files and the keychain. Never Tk.
- ``untrusted``: the window, a sandboxed child. Tk, ``messages`` and ``wire``; never ``trusted``, httpx or keyring.
- ``messages``, ``params``, ``snapshot`` and ``wire`` are the only modules that both sides import: what may cross, and how it is
  written.
- ``demo_server`` is an auth server on loopback for a first run; ``tour`` walks the real app on a private screen; ``attack`` tries
  to get out of its window; ``doctor`` looks at a desktop and a server.
"""

__version__ = "0.1.0"
