"""What is said of the keychain: that it is not there, locked, silent, or does not keep; what it asks, and what to do."""

from __future__ import annotations

CURE_UNAVAILABLE = "Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC), then try again."
CURE_INSECURE = "Remove that keyring setting, or give the keyring a password, then try again."
CURE_LOCKED = "Unlock your keychain, then try again."
CURE_TIMEOUT = "Look for a keychain window that waits for you, or restart the keychain service, then try again."
CURE_FAULT = "Try again; `refapp doctor` shows what the keychain says."
