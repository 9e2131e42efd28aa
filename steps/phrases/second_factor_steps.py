"""The second factor: an account that has one, and the codes that a person enters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import Inside
from steps.scenario.authenticator import Authenticator, switched_on
from steps.scenario.driver import Driver, FactorName
from steps.scenario.people import PEOPLE

Codes = Mapping[str, tuple[FactorName, Callable[[Driver, Authenticator, str], str]]]
FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
CODES: Codes = {
    "the code of the authenticator": ("authenticator", lambda _driver, app, _: app.code()),
    "that code with blanks, as it was pasted": (
        "authenticator",
        lambda _driver, app, _: f" {app.code()[:3]} {app.code()[3:]}\t",
    ),
    "that code with a dash, as it was pasted": (
        "authenticator",
        lambda _driver, app, _: f"{app.code()[:3]}-{app.code()[3:]}",
    ),
    "that code in the digits of a Japanese keyboard": (
        "authenticator",
        lambda _driver, app, _: app.code().translate(FULL_WIDTH),
    ),
    "that code with a letter in it": (
        "authenticator",
        lambda _driver, app, _: f"{app.code()[:3]}o{app.code()[3:]}",
    ),
    "a wrong code": ("authenticator", lambda _driver, app, _: app.wrong_code()),
    "a wrong backup code": ("backup", lambda _driver, _app, _: "AAAAA-BBBBB"),
    "a backup code": ("backup", lambda _driver, app, _: app.backup_code()),
    "a backup code as a text program has made it, with a dash and blanks of its own": (
        "backup",
        lambda _driver, app, _: (
            f"{app.backup_code().replace('-', f' {chr(0x2013)} ')}{chr(0x200B)}"
        ),
    ),
    "the same backup code": ("backup", lambda _driver, app, _: app.last_backup),
    "the code that was sent": (
        "mail",
        lambda driver, _, email: f"{driver.server.do('last_mail', email=email):06}",
    ),
    "the code that was sent, with a dash, as it was pasted": (
        "mail",
        lambda driver, _, email: "{:03}-{:03}".format(
            *divmod(driver.server.do("last_mail", email=email), 1000)
        ),
    ),
    "no code": ("authenticator", lambda _driver, _app, _: ""),
    "a code of 129 characters": ("authenticator", lambda _driver, _app, _: "0" * 129),
    "a wrong code in place of the one that was sent": (
        "mail",
        lambda _driver, app, _: app.wrong_code(),
    ),
}
"""What the features call a code -> where it comes from, and how a person has it."""
ENTERS = (
    rf"(?P<who>\w+) (has entered|enters) (?P<what>{'|'.join(CODES)})(?P<trust>, and "
    r"trusts this computer)?"
)


@given(parsers.re(r"(?P<who>\w+)'s account has a second factor"), target_fixture="authenticator")
def _(driver: Driver, who: str) -> Authenticator:
    driver.need("second factor")
    person = PEOPLE[who]
    driver.add_account(person)
    made = switched_on(driver.send, person)
    driver.server.do("revoke_all", email=person.email)
    return made


@given(parsers.re(rf"{ENTERS}$"))
@when(parsers.re(rf"{ENTERS}$"))
def _(driver: Driver, authenticator: Authenticator, who: str, what: str, trust: str | None) -> None:
    factor, code = CODES[what]
    driver.enter_code(
        factor, code(driver, authenticator, PEOPLE[who].email), trust=trust is not None
    )


@given(parsers.parse("{who}'s sign-in has failed"))
def _(driver: Driver, who: str) -> None:
    driver.type_credentials(PEOPLE[who].email, "a guess")


@given(
    parsers.re(
        r"(?P<who>\w+) has entered (?P<times>\d+) wrong codes(?P<mail> in place of the one "
        r"that was sent)?$"
    )
)
def _(driver: Driver, authenticator: Authenticator, who: str, times: str, mail: str | None) -> None:
    assert who in PEOPLE
    for _ in range(int(times)):
        driver.enter_code(
            "mail" if mail else "authenticator", authenticator.wrong_code(), trust=False
        )


@then("no cookie went with that")
def _(inside: Inside) -> None:
    assert "cookie" not in inside.driver.requests()[-1].headers


@then(parsers.parse("{who} is asked for a code"))
def _(driver: Driver, who: str) -> None:
    assert who in PEOPLE
    assert driver.says("The server wants a code as well") or driver.says("A code is on its way"), (
        driver.situation()
    )
