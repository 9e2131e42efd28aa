"""Feature files as tests: read, collected, and checked for saying less than they seem to.

May import: ``scenario``.
Offers: ``specification`` (the one reader of Gherkin) and the plugins that ``steps`` lists.
"""

__all__ = ["collector", "specification"]
