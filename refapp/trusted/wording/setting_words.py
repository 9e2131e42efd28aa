"""What is said of a setting that can't be used:
an address, a path, an option, what a program gives.
"""

from __future__ import annotations

GIVE_ORIGINS = "Give the origins alone, such as https://api.example.com, without a path."


def not_a_string(name: str, value: object) -> str:
    return f"{name}={value!r}: give a string."


def lacks_methods(name: str, what: str, kind: str, methods: str) -> str:
    return (
        f"{name} is {what}: give an object with the methods of {kind} ({methods}), or None for "
        "the desktop's own."
    )


def not_a_path(value: object) -> str:
    return f"data_dir={value!r}: give the path of a folder."


def a_file_not_a_folder(place: object) -> str:
    return f"data_dir: {place} is a file, not a folder."


def address_alone(given: str) -> str:
    return f"{given}: give the address alone, without a user name or query."


def no_such_path(given: str) -> str:
    return f"{given}: no server lives under this path; give one such as /product."


def auth_path_twice(given: str, path: str) -> str:
    return f"{given}: leave out {path}, where its auth endpoints are."


def plain_http_with_tokens(given: str) -> str:
    return (
        f"{given}: plain http is for this machine only; use https, or tokens travel in the clear."
    )


def not_an_auth_path(named: str, path: str, example: str) -> str:
    return f"{named}{path!r}: give a path of the server, such as {example}."


def not_a_sign_in_page(given: str) -> str:
    return f"{given}: give a path of the server, such as /sign-in, or an https address."


def plain_letters(given: str) -> str:
    return f"{given}: give the address without a user name, in plain letters."


def plain_http(given: str) -> str:
    return f"{given}: plain http is for this machine only; use https."


def not_an_address(given: str) -> str:
    return f"{given}: this is not an address."


def no_such_port(given: str) -> str:
    return f"{given}: the port is not a number between 0 and 65535."


def not_http(given: str) -> str:
    return f"{given} is not an http or https address, such as https://auth.example.com."


def no_such_name(given: str) -> str:
    return f"{given}: no server can have this name."


def quotation_without_end(option: str, command: str) -> str:
    return f"{option} {command!r}: a quotation mark has no end."


def no_home(named: str) -> str:
    return (
        f"This user has no home folder. Name a place for the app's files with {named}, or set HOME."
    )


def not_an_app_name(value: str) -> str:
    return f"app={value!r}: give a name of letters, digits, dots and dashes, 30 at the most."


def not_a_version(value: str) -> str:
    return f"version={value!r}: give letters, digits and signs of ASCII, on one line."


def not_a_client_id(value: str) -> str:
    return f"client_id={value!r}: give a name of printable letters."


def not_an_account_name(value: str, most: int) -> str:
    return f"account={value!r}: give a name of {most} printable letters at the most."
