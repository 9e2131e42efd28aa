"""The reasons of earlier ends are shown under the end that they explain,
and at no other time (EX-2).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from steps.in_process.inproc import InProcess
from steps.scenario.people import PEOPLE

ADA = PEOPLE["Ada"]


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[InProcess]:
    computer = InProcess(tmp_path)
    computer.add_account(ADA)
    computer.open()
    computer.type_credentials(ADA.email, ADA.password)
    computer.server.do("revoke_all", email=ADA.email)
    computer.press("sync")
    yield computer
    computer.finish()


def shown(computer: InProcess) -> list[str]:
    return [reason.sentence for reason in computer.window.snapshots[-1].history]


def test_under_the_end_of_the_session_and_at_the_start_after_it(computer: InProcess) -> None:
    assert len(shown(computer)) == 1
    computer.close()
    computer.open()
    assert len(shown(computer)) == 1


def test_not_once_one_is_signed_in_again_nor_after_a_sign_out(computer: InProcess) -> None:
    computer.type_credentials(ADA.email, ADA.password)
    assert shown(computer) == []
    computer.press("sign out")
    assert shown(computer) == []
    computer.press("restart")
    assert shown(computer) == []
    computer.close()
    computer.open()
    assert shown(computer) == []
