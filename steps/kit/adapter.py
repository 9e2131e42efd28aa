"""The adapter's process: one command in, one answer out.
One process serves all scenarios; one that died is started again.
"""

from __future__ import annotations

import contextlib
import json
import select
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from typing import Any

import pytest

ANSWER_LIMIT_S = 30.0
END_LIMIT_S = 20.0
SAID_LIMIT = 2000


class Adapter:
    """``command`` is a shell-like line. It is started when it is first asked something.

    Raises:
        ValueError: it is none.
    """

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)
        if not self._command:
            raise ValueError("it is empty")
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the run

    def ask(self, do: str, **more: Any) -> dict[str, Any]:
        """Give one command; the answer.

        Raises:
            AssertionError: the adapter says that it failed, ends, is silent, or answers something
            that is no JSON object.
        """
        answer = self._exchange(json.dumps({"do": do, **more}).encode() + b"\n", do)
        if "not offered" in answer:
            pytest.skip(f"not offered by the app under test: {answer['not offered']}")
        assert "failed" not in answer, f"{do}: {answer['failed']}"
        return answer

    def greet(self, protocol: int) -> dict[str, Any]:
        """Its first answer, whatever that is. Raises AssertionError as ``ask`` does."""
        return self._exchange(
            json.dumps({"do": "hello", "protocol": protocol}).encode() + b"\n", "hello"
        )

    def _exchange(self, line: bytes, do: str) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            # It may have said something all the same, before it was asked, and ended.
            process.stdin.write(line)
            process.stdin.flush()
        if not select.select([process.stdout], [], [], ANSWER_LIMIT_S)[0]:
            self._lost(f"no answer to {do} within {ANSWER_LIMIT_S:.0f} s")
        read = process.stdout.readline()
        try:
            answer = json.loads(read)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            ended = f"the adapter ended before it answered {do}"
            said = read[:200].decode(errors="replace").rstrip()
            no_answer = (
                f"{said!r} is no answer to {do}: that is one JSON object on a line of its own"
            )
            self._lost(no_answer if read else ended)
        return dict(answer)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said
                )
            except OSError as error:
                raise AssertionError(
                    f"the adapter can't be started: {error.filename}: {error.strerror}"
                ) from None
        return self._process

    def _lost(self, why: str) -> None:
        self._end()
        self._said.seek(0)
        said = self._said.read()[-SAID_LIMIT:].decode(errors="replace")
        raise AssertionError(f"{why}\n{said}")

    def close(self) -> None:
        """End it, and what it has said is forgotten."""
        self._end()
        self._said.close()

    def _end(self) -> None:
        """Its standard input ends, and so should it."""
        if self._process is None:
            return
        process, self._process = self._process, None
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def line_of(method: str, params: Mapping[str, object]) -> bytes:
    """What a window says to its app in the features' own channel."""
    return json.dumps({"jsonrpc": "2.0", "method": method, "id": 1001, "params": params}).encode()
