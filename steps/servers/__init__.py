"""The auth servers that scenarios run against: the embedded one here or in a process, and real BetterAuth on Node.

May import: ``scenario``, ``refapp.demo_server``.
Offers: ``local_server``, ``server_process``, ``real_server``, ``auth_servers`` and ``server_account`` (for tests of the servers).
"""

__all__ = ["local_server", "real_server"]
