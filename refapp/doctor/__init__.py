"""``refapp doctor``: what works on this desktop, and what to do about the rest.
``probes`` looks, ``findings`` judges.

With ``--server URL`` it asks that server too, without credentials and without effect, what it has
and lacks (``server_probes``, ``server_findings``).

Exit codes: 0 nothing failed (something may need attention), 1 something failed, 2 wrong arguments.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from typing import TextIO

from refapp.doctor import findings, network_findings, probes, server_findings, server_probes
from refapp.doctor.findings import Finding
from refapp.doctor.server_probes import Question
from refapp.trusted.config import APP_ID, Settings, data_dir
from refapp.trusted.files.disk_limits import limits
from refapp.trusted.network.certificates import named, system_has_any
from refapp.trusted.start.hardening import harden
from refapp.trusted.start.own_bus import is_there
from refapp.trusted.window.confinement import abilities


def run(settings: Settings, out: TextIO) -> int:
    """Look, print the table, return the exit code.
    An empty ``settings.origin``: no server was named.
    """
    found = gather(settings)
    out.write(findings.table(found, shutil.get_terminal_size((100, 24)).columns))
    return findings.exit_code(found)


def gather(settings: Settings) -> list[Finding]:
    """All findings about this machine, in the table's order.
    It also switches this process's own hardening on.
    """
    screen = probes.screen()
    page = settings.sign_in_page if settings.sign_in_page.startswith("/") else ""
    answers = (
        asyncio.run(server_probes.ask(settings.origin, settings.auth_path, page))
        if settings.origin
        else {}
    )
    name, wayland = os.environ.get("DISPLAY", ""), bool(os.environ.get("WAYLAND_DISPLAY"))
    return [
        *findings.versions(sys.version_info[:3], screen),
        findings.display(name, wayland=wayland, screen=screen),
        findings.keychain(
            probes.keychain(settings), bus=is_there(os.environ), lacking=probes.lacking_for_a_bus()
        ),
        *findings.sandbox(abilities()),
        *findings.parent(harden()),
        network_findings.proxy(settings.origin, os.environ),
        *network_findings.certificates(os.environ, named(os.environ), system=system_has_any()),
        findings.server(settings.origin, answers.get(Question.RUNS), demo=probes.has_demo_server()),
        *server_findings.findings_of(answers),
        findings.files(str(settings.data_dir), probes.files(settings.data_dir)),
        *findings.disk(limits(settings.data_dir)),
        *findings.history(probes.history(settings.data_dir)),
    ]


def keychain_answers() -> bool:
    """Whether this desktop has a keychain at all, open or locked;
    asked by `make run` before it installs one.
    """
    state = probes.keychain(Settings(origin="", data_dir=data_dir(None), app_id=APP_ID))
    # A program that answers and offers nothing is a matter of its settings: another one would only
    # come in its way.
    return state.state != "unavailable" or bool(state.keeper)
