"""Every sentence of the tour: its steps and what came of each, and why it could not be made."""

from __future__ import annotations


def the_page(address: str) -> str:
    return f"The page: {address}\n"


def keychain_needs(packages: str) -> str:
    return f"A private keychain needs {packages}: sudo apt-get install {packages}"


def at_step(number: int, steps: int, name: str) -> str:
    return f"{number}/{steps} {name} ... "


def no_window(title: str, seconds: float) -> str:
    return f"No window with {title!r} in its title came up within {seconds:.0f} s."


def screen_needs(programs: str, packages: str) -> str:
    return f"A private screen needs {programs}: sudo apt-get install {packages}"


def no_x_server(said: str) -> str:
    return f"The private X server did not start: {said}"


def no_window_manager(said: str) -> str:
    return f"The window manager did not start: {said}"


EVERY_STEP = "Every step did what it should."
NOT_EVERY_STEP = "Not every step did what it should."


def messages_of(step: str) -> str:
    return f"Messages of the step {step}"


PICTURED_NOTE = (
    "Notes on the engine\n\nIt weaves algebraical patterns, just as the loom weaves flowers and "
    "leaves. It has no pretensions whatever to originate anything; it can do whatever we know how "
    "to order it to perform."
)


def window_s_state(state: str) -> str:
    return f"The window's state {state}"


def server_did_not_do(order: str, error: str) -> str:
    return f"The embedded server did not do {order} ({error})."


def no_account(error: str) -> str:
    return f"The embedded server made no account ({error})."


def page_did_not_lead_back(error: str) -> str:
    return f"The sign-in page did not lead back to the app ({error})."


def server_not_started(said: str) -> str:
    return f"The embedded server did not start: {said}"


APP_NOT_STARTED = "The app was not started."


def app_did_not_end(seconds: float) -> str:
    return f"The app did not end within {seconds:.0f} s of its window."


def window_shows(sentence: str, texts: object) -> str:
    return f"{sentence} The window shows {texts}"


def keyboard_in(widget: str) -> str:
    return f"The keyboard in {widget}"


def not_started(what: str, log: str) -> str:
    return f"{what} did not start: {log}"


def did_not_happen(awaited: str, over: str) -> str:
    return f"{awaited} did not happen: {over}"


def did_not_happen_within(awaited: str, seconds: float) -> str:
    return f"{awaited} did not happen within {seconds:.0f} s."


TRACE_HOLDS_IT = "The trace holds the password."
NOT_SAID_WHO = "The account button does not say who is signed in."
TOKENS_LEFT = "The token file is still there."
SESSION_LEFT = "The server still has a session."
DO_SIGN_IN = "Start the app, type e-mail and password, write a note."
CAME_SIGN_IN = (
    "The pair of tokens is on the disk, sealed with a key of the keychain, before the "
    "window says signed in."
)
DO_RESTORE = "Close the window and start the app again."
CAME_RESTORE = (
    "Signed in without a password: the tokens were opened and the server confirmed the session."
)
DO_REFRESH = "The access token runs out on the server; press Sync now."
CAME_REFRESH = (
    "One refresh, the new pair on the disk, and the refused request made once more. The window "
    "shows none of it."
)
DO_OFFLINE = "Close the window, cut the server off, start again."
CAME_OFFLINE = (
    "Still signed in, with a banner that says what happened; the note is there, and no "
    "token was deleted."
)
DO_EXPIRY = "The server is back and has ended the session; press Try again."
CAME_EXPIRY = (
    "The refused tokens are gone, the window says once that the session expired, the note stays."
)
DO_SIGN_OUT = "Sign in again, sign out, press Restart."
CAME_SIGN_OUT = (
    "No token is left on the disk and no session on the server; a fresh window "
    "process shows the form."
)
DO_BROWSER = "Ask for a code and cancel it, then sign in with the browser."
CAME_BROWSER = (
    "The app opened the page and traded what came back over a loopback port; the window saw a "
    "link, and no password."
)


def app_ended_with(code: int | None) -> str:
    return f"The app ended with code {code} when its window was closed."


def lacks(patterns: str, pattern: str) -> str:
    return f"The trace should have, in this order: {patterns}. It lacks {pattern}."


def should_not_be(pattern: str) -> str:
    return f"The trace has {pattern}, which should not have happened."


def out_unusable(out: object, why: str | None) -> str:
    return f"refapp: --out {out}: {why}. Name a folder that can be written to with --out DIR.\n"


IT_SAID_NOTHING = "it said nothing."


def xdotool_not_done(action: str, seconds: float) -> str:
    return f"xdotool {action} was not done within {seconds:.0f} s."
