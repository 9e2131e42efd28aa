"""Ways to sign in outside the window: the browser with a loopback port, and the code for another
device (decision 12).

May import: ``rules``, ``server``, ``storage``, ``scheduling``.
Offers: ``sign_in_work`` (starts and stops a way), ``browser`` and ``loopback`` (the ports that a
composition fills), and ``connected_user`` (whose the other end of a connection is).
"""

__all__ = ["browser", "connected_user", "loopback", "sign_in_work"]
