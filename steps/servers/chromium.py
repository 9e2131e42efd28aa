"""A real Chromium without a screen, with an authenticator for passkeys in it: driven over its
debugging pipe (CDP), no port.

Owns one process, its profile folder and one tab. Waits for what the page shows, never for a time.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from typing import Any, Self

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WITHIN_S = 30.0
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--remote-debugging-pipe",
)


def program() -> str | None:
    """Chromium's, None if there is none on the PATH."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Left(Exception):
    """The page was left while it was asked."""


class Chromium:
    """A context manager.
    Raises AssertionError if the browser answers with an error, or a page does not come.
    """

    def __init__(self) -> None:
        found = program()
        assert found is not None, "no Chromium on the PATH"
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        reads, self._to = os.pipe()
        self._from, writes = os.pipe()
        # The pipe has fixed numbers: it reads from 3 and writes to 4.
        script = f'exec "$0" "$@" 3<&{reads} 4>&{writes}'
        command = [
            "/bin/bash",
            "-c",
            script,
            found,
            *OPTIONS,
            f"--user-data-dir={self._profile.name}",
            "about:blank",
        ]
        self._process = subprocess.Popen(
            command, pass_fds=(reads, writes), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(reads)
        os.close(writes)
        self._numbers = itertools.count(1)
        self._rest = b""
        [page] = [
            one for one in self._ask("Target.getTargets")["targetInfos"] if one["type"] == "page"
        ]
        attached = self._ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session: str | None = attached["sessionId"]
        self._ask("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        self._ask("WebAuthn.addVirtualAuthenticator", options=options)

    def open(self, url: str, until: str) -> None:
        """Go there, and wait for the script expression ``until``."""
        self._ask("Page.navigate", url=url)
        self.wait(until)

    def run(self, script: str) -> Any:
        """The value of a script expression in the page, as JSON has it; None if it fails, or the
        page is left meanwhile.
        """
        try:
            answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True)
        except Left:
            return None
        return answer["result"].get("value")

    def wait(self, until: str) -> None:
        """Wait for the page, loaded with its scripts,
        to make the script expression ``until`` true.
        """
        end = time.monotonic() + WITHIN_S
        while self.run(f"document.readyState === 'complete' && ({until})") is not True:
            assert time.monotonic() < end, (
                f"{until} did not come: {self.run('document.body.innerText')}"
            )
            time.sleep(0.05)

    def fill(self, **fields: str) -> None:
        """Write into the page's fields, by their names."""
        for name, text in fields.items():
            self.run(f"document.querySelector('[name={name}]').value = {json.dumps(text)}")

    def press(self, button: str) -> None:
        """Press the button with this text."""
        found = (
            "[...document.querySelectorAll('button')].find((one) => one.textContent === "
            f"{json.dumps(button)})"
        )
        self.run(f"{found}.click()")

    def _ask(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        order: dict[str, object] = {"id": number, "method": method, "params": params}
        session = getattr(self, "_session", None)
        if session is not None:
            order["sessionId"] = session
        os.write(self._to, json.dumps(order).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                if "navigated" in answer.get("error", {}).get("message", ""):
                    raise Left
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            came = os.read(self._from, 1 << 16)
            assert came, "Chromium has ended"
            self._rest += came
        message, _, self._rest = self._rest.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        return decoded

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._to)  # it ends with its pipe
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)
        self._profile.cleanup()
