"""Stand-ins for what is outside the app: they keep the promises of the real parts, and one contract
test runs against both.

May import: ``scenario``, ``refapp``.
Offers: ``fake_keychain``, ``fake_browser``, ``fake_display``, ``fake_kernel``, ``fake_window``,
``piped_window``, ``virtual_time``, ``frozen_clock``, ``fake_resolver``, ``shown_buttons``,
``launcher``, ``fake_secret_service``, ``keychain_on_the_bus``, ``told_windows``,
``x_server``.
"""

__all__ = [
    "fake_browser",
    "fake_display",
    "fake_kernel",
    "fake_keychain",
    "fake_resolver",
    "fake_secret_service",
    "fake_window",
    "frozen_clock",
    "keychain_on_the_bus",
    "launcher",
    "piped_window",
    "shown_buttons",
    "told_windows",
    "virtual_time",
    "x_server",
]
