"""What is said of the keychain: that it is not there, locked, silent, or does not keep;
what it asks, and what to do.
"""

from __future__ import annotations

CURE_UNAVAILABLE = (
    "Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC), then try again."
)
CURE_INSECURE = "Remove that keyring setting, or give the keyring a password, then try again."
CURE_LOCKED = "Unlock your keychain, then try again."
CURE_TIMEOUT = (
    "Look for a keychain window that waits for you, or restart the keychain "
    "service, then try again."
)
CURE_FAULT = "Try again; `refapp doctor` shows what the keychain says."

USABLE_NOT_SAID = "The keychain did not say whether it can be used."
NOT_A_KEY = "The keychain answered with something that is not a key."
NOT_IN_TIME = "The keychain did not answer in time."


def may_ask(program: str) -> str:
    return f"{program} may ask you whether the app may use its key. Answer there, or cancel."


KEY_TOO_NEW = "The key in the keychain has a form that this version does not know."
CURE_MAC = (
    'Unlock the "login" keychain in Keychain Access, choose "Always Allow" when it '
    "asks, then try again."
)
CURE_WINDOWS = "Look into Credential Manager, or sign in to Windows again, then try again."
CURE_KWALLET = "Open the wallet in KDE's wallet manager and allow the app, then try again."
NONE_ANSWERS = "No keychain service answers on this desktop."
NOT_KEPT = "The keychain did not keep what it was given."


def settings_changed(name: str) -> str:
    return f"The settings of the keychain {name} were changed for this run."


def not_encrypting(kind: str) -> str:
    return f"The keyring {kind} is not known to encrypt what it keeps."


LOCKED_OR_REFUSED = "Your keychain is locked, or did not let the app in."
SET_UP_UNUSABLE = "The keychain that is set up for this user can't be used."


def failed(error: str) -> str:
    return f"The keychain failed ({error})."


KEY_GONE = "The keychain no longer has the key of your stored session."
ASKED_TOO_OFTEN = "Your keychain has asked you several times just now."
CURE_ASKED_TOO_OFTEN = "Wait a minute, then try again."
GIVEN_UP = "You cancelled the keychain's question."
CURE_GIVEN_UP = "Its window may still be there: close it, then try again when you like."
ANSWERED_NO = "The keychain's question was not answered with yes."
CURE_ANSWERED_NO = "Try again, and allow it in the keychain's window."
LOCKED = "Your keychain is locked."
CURE_KWALLET_SERVES = (
    "In KDE's System Settings, under KDE Wallet, let it serve the Secret Service "
    "interface, then try again."
)
CURE_KEEPASSXC_SERVES = (
    "In KeePassXC, enable Tools > Settings > Secret Service Integration, then try again."
)
CURE_SANDBOX = (
    "Let its sandbox (Flatpak, Snap) use org.freedesktop.secrets on the session "
    "bus, then try again."
)


WHETHER_TO_USE = "whether the app may use its key"
WHETHER_TO_ADD = "whether the app may add a key"
WHETHER_TO_DELETE = "whether the app may delete its key"
TO_MAKE_A_KEYRING = "to make a keyring"
FOR_THE_PASSWORD = "for your keyring's password"


def asks(program: str, what: str) -> str:
    return f"{program} asks you {what}. Answer there, or cancel."


def offers_no_keys(program: str) -> str:
    return f"{program} runs, but does not offer its keys to other programs."


ENDED = "The keychain service ended while it was asked."
CURE_ENDED = "Start it again, then try again."
MAY_NOT_SPEAK = "This program may not speak to the keychain."
CURE_KEEPASSXC_GROUP = (
    "In KeePassXC, choose a group under Database > Database Settings > Secret Service "
    "Integration, then unlock. If you unlock without one, KeePassXC makes a new database."
)
KEEPASSXC_SHOWS_NO_GROUP = "KeePassXC runs, but shows no group of a database to other programs."
NO_KEYRING_YET = "Your keychain has no keyring yet; unlocking it makes one."
KEYRING_IN_MEMORY = (
    "The desktop's default keyring lives in memory and forgets everything when you log out."
)
KEYRING_BLANK = (
    "Your keyring has a blank password, so the desktop keeps it unencrypted on the disk."
)

IS_WRITING = "is writing the key to the disk."
