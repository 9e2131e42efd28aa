"""What lies on the disk and in the keychain, and what is the matter with that one."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

from pytest_bdd import given, parsers, then, when

from steps.phrases.world_steps import NESTED
from steps.scenario.driver import Driver, KeychainProgram, KeychainTrouble
from steps.scenario.ledger import Ledger
from steps.scenario.people import PEOPLE


def _changed_by_a_bit(text: str) -> str:
    def change(file: dict[str, Any]) -> None:
        sealed = file["sealed"]["accessToken"]
        sealed["ct"] = ("B" if sealed["ct"][0] == "A" else "A") + sealed["ct"][1:]

    return _edited(text, change)


def _swapped(text: str) -> str:
    def change(file: dict[str, Any]) -> None:
        one, other = file["sealed"]["accessToken"], file["sealed"]["refreshToken"]
        file["sealed"] |= {"accessToken": other, "refreshToken": one}

    return _edited(text, change)


def _with(**values: object) -> Callable[[str], str]:
    return lambda text: _edited(text, lambda file: file.update(values))


def _without_end(text: str) -> str:
    return re.sub(r'("(?:at|done_at)": ?)[0-9.]+', r"\g<1>1e300", text)


def _of_two_servers(text: str) -> str:
    return text.replace('"origin":', '"origin": "https://auth.example.com", "origin":')


def _edited(text: str, change: Callable[[dict[str, Any]], None]) -> str:
    file = json.loads(text)
    change(file)
    return json.dumps(file)


SPOILED: Mapping[str, Callable[[str], str]] = {
    "was damaged": lambda text: text[: len(text) // 2],
    "is brackets without end": lambda text: text.replace("{", NESTED, 1),
    "has half a letter in it": lambda text: text.replace('"Ada', '"Ad\udcff'),
    "has a foreign letter in it": lambda text: text.replace('":"', '":"ä', 1),
    "was changed by a bit": _changed_by_a_bit,
    "has its two values swapped": _swapped,
    "was written by a newer version": _with(v=2),
    "names the version 0": _with(v=0),
    "names another key": _with(kid="0" * 16),
    "names another keychain": _with(backend="Another Keychain"),
    "names another write": _with(write="0" * 16),
    "names another server": _with(origin="https://auth.example.com"),
    "names another program": _with(app="another"),
    "names its server twice": _of_two_servers,
    "names a moment that no calendar has": _without_end,
    "is another person's": _with(id="bobs", name="Bob", email="bob@example.com"),
}
FILES = {
    "cached profile": "profile-*.json",
    "journal": "refresh-*.json",
    "history": "history-*.json",
    "sync state": "sync-*.json",
}
UNREAD = ("is gone", *SPOILED, "has grown too much")


KEYCHAIN: Mapping[str, KeychainTrouble | None] = {
    "is not there": "missing",
    "does not encrypt": "insecure",
    "is locked": "locked",
    "does not answer": "silent",
    "fails": "failing",
    "has lost the app's key": "forgetful",
    "asks before it gives a key": "asking",
    "has nothing in the place of the app's key": "empty",
    "has no text in the place of the app's key": "no text",
    "is what her file names, which does not encrypt": "named in a file",
    "has the app's key as a newer version keeps it": "newer",
    "forgets everything at the log-out": "in memory",
    "has another keyring by default since": "another default",
    "is on a bus that no variable names": "unnamed",
    "is on another bus than the variable names": "beside the named",
    "deletes nothing": "keeping",
    "has an empty item of that name before the key": "doubled",
    "is gone before it has answered": "dying",
    "leaves the bus before it has answered": "leaving",
    "can't be started by the bus": "unstartable",
    "has another keyring by default since, and a locked one": "another locked",
    "gives two keys of other programs before the app's": "doubly garbling",
    "may not be spoken to from the app's sandbox": "sandboxed",
    "runs, and does not offer its keys": "unserved",
    "has no keyring yet": "without a keyring",
    "has a keyring without a password": "blank",
    "loses what was agreed with the app": "losing",
    "ends while it asks": "ending",
    "hands the key over in no session": "unwilling",
    "writes its first key under no password": "turning blank",
    "has settings that somebody has changed": "set up anew",
    "keeps another text than it is given": "garbling",
    "is set up to be asked past the Secret Service, and keeps nothing": "keeping nothing",
    "is set up to be asked past the Secret Service": "direct",
    "calls itself locked, and the log-in has opened it": "opened",
    "calls itself ksecretd, and locked, and the log-in has opened it": "opened ksecretd",
    "locks itself before it has given the key": "relocking",
    "writes its file a moment after it has answered": "late",
    "works again": None,
}

LET_IN = {"a group may look into": 0o750, "anybody may put files into": 0o703}


@given(
    parsers.re(rf"(?P<who>\w+)'s keychain is (?P<program>{'|'.join(get_args(KeychainProgram))})$")
)
def _(driver: Driver, who: str, program: KeychainProgram) -> None:
    assert who in PEOPLE
    driver.choose_keychain(program)


@given(parsers.re(rf"the keychain (?P<state>{'|'.join(KEYCHAIN)})"))
def _(driver: Driver, state: str) -> None:
    if KEYCHAIN[state] in ("empty", "newer"):
        driver.need("refapp's files")
    driver.trouble_keychain(KEYCHAIN[state])


@when(parsers.re(r"(?P<who>\w+) answers the keychain with (?P<answer>yes|no)"))
def _(driver: Driver, who: str, answer: str) -> None:
    assert who in PEOPLE
    driver.answer_keychain(yes=answer == "yes")


@given(parsers.parse("{who} has given up what the keychain asked {times:d} times"))
def _(driver: Driver, who: str, times: int) -> None:
    assert who in PEOPLE
    for turn in range(times):
        if turn:
            driver.press("unlock")
        driver.press("cancel the keychain's question")


@given(parsers.re(rf"the token file (?P<how>{'|'.join(SPOILED)}|is a folder)"))
def _(driver: Driver, how: str) -> None:
    if how != "was damaged":
        driver.need("refapp's files")
    driver.need("token file")
    path = driver.token_file()
    if how == "is a folder":
        path.unlink()
        path.mkdir(mode=0o700)
    else:
        path.write_text(SPOILED[how](path.read_text()), errors="surrogateescape")


@given(parsers.parse('the mark of the run that was killed says "{what}"'))
def _(driver: Driver, what: str) -> None:
    driver.need("refapp's files")
    [mark] = driver.folder.glob("run-*.lock")
    mark.write_text(what)


@given("the note of stray keys has the key of the token file")
def _(driver: Driver) -> None:
    """As a kill leaves it, between the note and what it is written ahead of."""
    driver.need("refapp's files")
    tokens = driver.token_file()
    note = tokens.with_name(tokens.name.replace("tokens-", "keys-"))
    note.write_text(json.dumps([json.loads(tokens.read_text())["kid"]]))


@given(parsers.re(rf"(?P<who>{'|'.join(LET_IN)}) the app's folder"))
def _(driver: Driver, who: str) -> None:
    driver.need("refapp's files")
    driver.folder.mkdir(parents=True, exist_ok=True)
    driver.folder.chmod(LET_IN[who])


@then("nobody else may look into the app's folder")
def _(driver: Driver) -> None:
    driver.need("refapp's files")
    assert stat.S_IMODE(driver.folder.stat().st_mode) == stat.S_IRWXU
    others = stat.S_IRWXG | stat.S_IRWXO
    assert [path for path in driver.folder.rglob("*") if path.stat().st_mode & others] == []


@given(parsers.re(r'the cached name is "(?P<name>[^"]*)"'))
def _(driver: Driver, name: str) -> None:
    driver.need("refapp's files")
    [path] = _settings(driver)
    path.write_text(_edited(path.read_text(), lambda file: file.update(name=name)))


@given(parsers.re(rf"the (?P<file>{'|'.join(FILES)}) (?P<how>{'|'.join(UNREAD)})"))
def _(driver: Driver, file: str, how: str) -> None:
    driver.need("refapp's files")
    [path] = driver.folder.glob(FILES[file])
    if how == "is gone":
        path.unlink()
    elif how in SPOILED:
        path.write_text(SPOILED[how](path.read_text()), errors="surrogateescape")
    else:
        path.write_text(path.read_text() + " " * 2**20)


@then(parsers.parse('the settings hold "{text}" and no token'))
def _(driver: Driver, text: str) -> None:
    driver.need("refapp's files")
    [path] = _settings(driver)
    found = path.read_text()
    pair = driver.tokens()
    assert pair is not None
    assert text in found
    assert pair.access not in found
    assert pair.refresh not in found


@then("no settings are left")
def _(driver: Driver) -> None:
    driver.need("refapp's files")
    assert not _settings(driver)


@then(parsers.parse('the token file holds no "{text}"'))
def _(driver: Driver, text: str) -> None:
    driver.need("token file")
    assert text.lower() not in driver.token_file().read_text().lower()


@then("the token file is JSON that names its server, its cipher and its key, and seals the rest")
def _(driver: Driver) -> None:
    driver.need("refapp's files")
    file = json.loads(driver.token_file().read_text())
    assert file["origin"].startswith("http://127.0.0.1")
    assert file["alg"] == "A256GCM"
    assert [file["kid"]] == driver.keys()
    assert file["sealed"].keys() == {"accessToken", "refreshToken", "session"}
    assert all(value.keys() == {"n", "ct"} for value in file["sealed"].values())
    assert len({value["n"] for value in file["sealed"].values()}) == len(file["sealed"])


@then(parsers.re(r"(?P<which>the|each) damaged file is still there under another name"))
def _(driver: Driver, ledger: Ledger, which: str) -> None:
    driver.need("refapp's files")
    aside = [path for path in driver.folder.glob("tokens-*.json") if path.name.count(".") > 1]
    found = [path.read_bytes() for path in aside]
    assert ledger.stored_before in found
    assert len(set(found)) == len(found) == {"the": 1, "each": 2}[which]


@then(parsers.parse('the note "{text}" is still on the disk'))
def _(driver: Driver, text: str) -> None:
    driver.need("refapp's files")
    assert any(text in path.read_text() for path in (driver.folder / "notes").rglob("*.json"))


@then(parsers.parse('the reason that is kept says "{text}"'))
def _(driver: Driver, text: str) -> None:
    driver.need("refapp's files")
    [path] = driver.folder.glob("history-*.json")
    assert text in json.loads(path.read_text())[-1]["sentence"]


@then(parsers.parse("the keychain holds {number} of the app"))
def _(driver: Driver, number: str) -> None:
    driver.need("keys")
    assert len(driver.keys()) == {"no key": 0, "1 key": 1, "2 keys": 2}[number]


@then("it is another key than before")
def _(driver: Driver, ledger: Ledger) -> None:
    driver.need("keys")
    assert not set(driver.keys()) & set(ledger.keys_before)


@then("no secret is where it must not be")
def _(driver: Driver) -> None:
    assert driver.tokens() is not None or driver.stored() is not None, (
        "there is no secret to look for"
    )
    assert driver.leaks() == []


def _settings(driver: Driver) -> list[Path]:
    """The plain settings: one file for each server. One set aside has a longer name."""
    return [path for path in driver.folder.glob("profile-*.json") if path.name.count(".") == 1]
