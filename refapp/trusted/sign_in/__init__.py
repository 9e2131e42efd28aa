"""Ways to sign in outside the window: the browser with a loopback port, and the code for another device.

May import: everything above it: ``rules``, ``server``, ``storage``, ``scheduling``.
Offers: ``sign_in_work`` (starts and stops a way), ``browser`` and ``loopback`` (the ports that a composition fills).
Keeps to itself: ``browser_flow``, ``device_flow``.
"""
