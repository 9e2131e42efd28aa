"""The network of the app's computer, for real: its names, proxies, certificates, and what is wrong
with each.

May import: ``fakes``, ``servers``, ``scenario``.
Offers: ``own_network`` (what a scenario has) and ``embedded``; to tests also ``authority``,
``faulty_server``, ``faulty_proxy`` and ``listener``.
"""

__all__ = ["authority", "embedded", "faulty_proxy", "faulty_server", "listener", "own_network"]
