"""The phrases of the features, by what they are about.
A step asks the ``driver`` and knows no driver.

May import: ``scenario``; ``desktop_steps`` alone also ``on_desktop``.
Offers: step definitions, through the list of plugins in ``steps``.
"""
