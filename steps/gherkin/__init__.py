"""Feature files as tests: read, collected, and checked for saying less than they seem to.

May import: ``scenario``.
Offers: ``specification`` (the one reader of Gherkin), ``report`` (the world of the scenario that
runs) and the plugins that ``steps`` lists.
"""

__all__ = ["collector", "report", "specification"]
