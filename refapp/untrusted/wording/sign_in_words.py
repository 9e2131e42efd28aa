"""What the window says while somebody signs in:
the form, the browser, the code, the second factor.
"""

from __future__ import annotations

from refapp.snapshot import Way


def no_pasted_code(characters: int) -> str:
    return f"This is not a code: it has {characters:,} characters. Copy the code once more."


PASTE_THE_CODE = "Does the page show a code? Paste it here:"
CAPS_LOCK = "Caps Lock is on."
NO_ACCOUNT = "No account yet?"
FORGOTTEN = "Forgot your password?"
FINISH: dict[Way, str] = {
    Way.BROWSER: "Finish signing in in your browser. This window continues by itself; it is "
    "given neither your password nor the code that comes back.",
    Way.DEVICE: "Open this address on any device that you trust, sign in there and "
    "enter the code. This window continues by itself.",
    Way.PASSWORD: "",
}
_CAME: dict[Way, str] = {
    Way.BROWSER: "signed in in the browser",
    Way.DEVICE: "signed in with the code",
    Way.PASSWORD: "signed in",
}
EMAIL_MISSING = "Enter your e-mail address."


def wrong_email(characters: int) -> str:
    return f"This is not an e-mail address: it has {characters:,} characters. Nothing was sent."


PASSWORD_MISSING = "Enter your password."


def wrong_password(characters: int, most: int) -> str:
    return f"The password has {characters:,} characters; {most:,} is the limit. Nothing was sent."


def or_here(server: str) -> str:
    return f"Or type your password into this window. It goes to {server}:"


def demo_account(email: str, password: str) -> str:
    return f"This is a demo server. Use {email} with the password {password}"


ASKING = "Asking the server…"
SECOND_FACTOR_WANTED = (
    "Your password is right. The server wants a code as well, so that a password "
    "alone lets nobody in."
)
CODE_SENT = "A code is on its way to your e-mail address. Enter it here."
CODE_MISSING = "Enter the code."


def wrong_code(characters: int) -> str:
    return f"This is not a code: it has {characters:,} characters."


def going_on_as(name: str) -> str:
    return f"Going on as {name}…"


def somebody_else(name: str, way: Way, before: str) -> str:
    return (
        f"{name} {_CAME[way]}; before it was {before}. Nothing has been stored or "
        "synced. If you did not do this yourself, cancel."
    )


def go_on_as(name: str) -> str:
    return f"Go on as {name}"


def minutes_left(minutes: int) -> str:
    return f"{minutes} minutes left."


def seconds_left(seconds: int) -> str:
    return "1 second left." if seconds == 1 else f"{seconds} seconds left."
