"""What is said of what is stored:
a session on file or in memory, and what a window may not ask of the storage.
"""

from __future__ import annotations


def clear_failed(why: str) -> str:
    return f"Clear failed: {why}"


def no_such_name(failure: str) -> str:
    return f"{failure}: The name is not one that a secret can have."


DAMAGED = "The file of your stored session is damaged."
TOO_NEW = "Your stored session was written by a newer version of this app."
OTHER_SERVER = "The file of your stored session belongs to another server."
IN_MEMORY = (
    "There is no keychain, so your session is kept in memory alone: nothing of it is written, and "
    "you are signed out when the app is closed."
)
THERE_IS_A_KEYCHAIN = "There is a keychain. Sign in as usual, or unlock it first."
CURE_SIGN_IN_AGAIN = "Sign in again; the old file is then kept under another name."
CURE_TOO_NEW = "Start the newer version of the app, or move the file away and sign in again."


def key_replaced_unconfirmed(sentence: str) -> str:
    return (
        f"{sentence} What is stored is sealed under a new key now; the old one is kept, for after "
        "a power cut the old file may be back. Check the disk.\n"
    )


def key_not_replaced(sentence: str, cure: str) -> str:
    return f"{sentence} The session is kept as it was. {cure}\n"


def no_key_to_replace(server: str) -> str:
    return f"Nothing is stored for {server}, so there is no key to replace.\n"


def key_replaced(done: str) -> str:
    return f"{done}; the old key is deleted.\n"


def old_key_stays(done: str, item: str, app: str) -> str:
    return (
        f"{done}, but the keychain did not delete the old one, which opens earlier copies of the "
        f'file. Delete the item "{item}" of "{app}" in the keychain.\n'
    )


def sealed_anew(server: str) -> str:
    return f"What is stored for {server} is sealed under a new key now"
