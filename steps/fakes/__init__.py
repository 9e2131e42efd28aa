"""Stand-ins for what is outside the app: they keep the promises of the real parts, and one contract
test runs against both.

May import: ``scenario``, ``refapp``.
Offers: ``fake_keychain``, ``asked_directly``, ``fake_browser``, ``fake_display``, ``fake_kernel``,
``virtual_time``, ``frozen_clock``, ``fake_resolver``, ``launcher``, ``fake_secret_service``,
``keychain_on_the_bus``, ``x_server``; windows are in ``windows``.
"""

__all__ = [
    "asked_directly",
    "fake_browser",
    "fake_display",
    "fake_kernel",
    "fake_keychain",
    "fake_resolver",
    "fake_secret_service",
    "frozen_clock",
    "keychain_on_the_bus",
    "launcher",
    "virtual_time",
    "x_server",
]
