"""What each path of the demo server answers: BetterAuth's wire format, over ``state``.

May import: ``state``.
Offers: ``backend`` (what all routes share) and a module for each group of paths.
"""
