"""The step library, as a pytest plugin (``-p steps``): the specification in ``features/`` runs through it.

- ``specification`` reads the feature files; ``collector`` makes them test files; ``strictness``, ``definitions`` and ``enforce``
  stop a run whose specification says less than it seems to; ``report`` names the step that failed.
- ``drivers`` chooses how a scenario is run: in this process, or on a real desktop. Steps know the ``driver`` alone.
- ``kit`` runs them against another app, and knows which scenarios are expected to fail there.
- ``run_record`` writes down what happened, for the specification's site, when a run is given ``--record``.
- ``virtual_time`` is the clock of the in-process driver.

Nothing here imports ``refapp`` before a scenario runs.
"""

from __future__ import annotations

pytest_plugins = [
    "steps.collector",
    "steps.enforce",
    "steps.report",
    "steps.drivers",
    "steps.run_record",
    "steps.kit.expected",
    "steps.person_steps",
    "steps.world_steps",
    "steps.outcome_steps",
    "steps.disk_steps",
    "steps.other_sessions_steps",
    "steps.real_server_steps",
    "steps.elsewhere_steps",
    "steps.inside_steps",
    "steps.whose_steps",
    "steps.copies_steps",
    "steps.window_steps",
    "steps.typing_steps",
    "steps.desktop_steps",
]
