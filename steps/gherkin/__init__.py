"""Feature files as tests: read, collected, and checked for saying less than they seem to.

May import: ``scenario``.
Offers: ``specification`` (the one reader of Gherkin), ``strictness`` (what is wrong with what it
read), ``report`` (the world of the scenario that runs) and the plugins that ``steps`` lists.
"""

__all__ = ["collector", "report", "specification", "strictness"]
