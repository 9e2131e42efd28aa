"""The processes that auth servers run in: one of their own, or one that many share or come from.

To start Node with BetterAuth, or Python with the embedded server, costs twenty times what a server
costs once that is there. So BetterAuth's servers share one process of each release, and the
embedded ones, each a process, are forked from one that has imported everything. A server can't tell
where it runs; what shares a process shares nothing else.

May import: nothing of ``steps``. Offers: ``running``, ``own_process``, ``betterauth`` and
``forked``; ``forking`` is a program.
"""

__all__ = ["betterauth", "forked", "own_process", "running"]
