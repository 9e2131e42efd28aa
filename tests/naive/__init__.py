"""An app that follows the recipe's sample code to the letter, in Python: what the conformance kit
must find fault with.

Nothing here is how it should be done; ``refapp`` is. One module for each of the recipe's two sides:
``main_process`` (phases 1, 2 and 7) and ``renderer`` (phases 3 to 6). ``adapter`` speaks for it to
the kit: ``python tests/naive/adapter.py``.
"""
