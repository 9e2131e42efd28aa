"""The step library, as a pytest plugin (``-p steps``):
the specification in ``features/`` runs through it.

- ``specification`` reads the feature files; ``collector`` makes them test files; ``strictness``,
  ``definitions`` and ``enforce`` stop a run whose specification says less than it seems to;
  ``lookup`` finds the definition of a step; ``report`` names the one that failed.
- ``drivers`` chooses how a scenario is run: in this process, or on a real desktop.
  Steps know the ``driver`` alone.
- ``kit`` runs them against another app, and knows which scenarios are expected to fail there.
- ``run_record`` writes down what happened,
  for the specification's site, when a run is given ``--record``.
- ``virtual_time`` is the clock of the in-process driver; ``own_folder`` has the temporary files;
  ``garbage`` says when it is looked for; ``kept_port`` is a port that stays a test's own.

Nothing here imports ``refapp`` before a scenario runs.
"""

from __future__ import annotations

pytest_plugins = [
    "steps.garbage",
    "steps.own_folder",
    "steps.gherkin.collector",
    "steps.gherkin.enforce",
    "steps.gherkin.lookup",
    "steps.gherkin.report",
    "steps.drivers",
    "steps.site.run_record",
    "steps.kit.expected",
    "steps.kit.under_test",
    "steps.phrases.person_steps",
    "steps.phrases.second_factor_steps",
    "steps.phrases.world_steps",
    "steps.phrases.outcome_steps",
    "steps.phrases.disk_steps",
    "steps.phrases.other_sessions_steps",
    "steps.phrases.elsewhere_steps",
    "steps.phrases.inside_steps",
    "steps.phrases.notes_steps",
    "steps.phrases.whose_steps",
    "steps.phrases.copies_steps",
    "steps.phrases.around.network_steps",
    "steps.phrases.around.program_steps",
    "steps.phrases.window_steps",
    "steps.phrases.typing_steps",
    "steps.phrases.display_steps",
    "steps.phrases.around.starting_steps",
    "steps.phrases.around.window_process_steps",
    "steps.phrases.desktop_steps",
]
