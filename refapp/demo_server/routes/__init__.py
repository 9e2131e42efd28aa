"""What each path of the demo server answers: BetterAuth's wire format, over ``state``.

May import: ``state``.
Offers: ``backend`` (what all routes share) and a module for each group of paths.
"""

__all__ = [
    "app_api",
    "auth_api",
    "backend",
    "device_api",
    "hand_over_api",
    "pages",
    "requests",
    "second_factor_api",
]
