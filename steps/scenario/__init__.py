"""What a scenario is told in, whatever it runs on: its people, what a step may do and ask, and the
ledger of what happened (decision 13).

May import: nothing else of ``steps``.
Offers: ``driver``, ``inside_driver`` and ``around_it`` (the interface that drivers have),
``effects`` (what an app does to the world), ``people``, ``ledger``, ``sight``, ``window_texts`` and
``whole_page`` (what the window shows, in a person's words), ``browser_page``, ``token_vault``,
``watch`` and ``disk_words`` (what becomes of files), ``own_record``, ``authenticator`` (the codes
of a second factor).
"""

__all__ = [
    "around_it",
    "authenticator",
    "browser_page",
    "disk_words",
    "driver",
    "effects",
    "inside_driver",
    "ledger",
    "own_record",
    "people",
    "sight",
    "token_vault",
    "watch",
    "whole_page",
    "window_texts",
    "writing",
]
