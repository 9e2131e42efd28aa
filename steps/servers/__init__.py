"""The auth servers that scenarios run against: the embedded one here or in a process, and real
BetterAuth on Node.

May import: ``scenario``, ``refapp.demo_server``.
Offers: ``local_server``, ``server_process``, ``real_server``; ``app_client``, ``auth_servers``,
``server_account`` and ``second_factor`` (for tests of the servers); ``visitor`` and ``more_pages``
(a person in a browser), ``identity_provider``. ``hosts`` has the processes that they run in.
"""

__all__ = [
    "app_client",
    "auth_servers",
    "identity_provider",
    "local_server",
    "more_pages",
    "named_routes",
    "real_server",
    "request_form",
    "second_factor",
    "server_account",
    "visitor",
]
