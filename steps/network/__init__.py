"""The network of the app's computer as a scenario has it, for real: names, proxies, certificates.

May import: ``fakes``, ``servers``, ``scenario``.
Offers: ``own_network``, ``far_ends``.
"""

__all__ = ["far_ends", "own_network"]
