"""What is around the app and its window: the command line, the network, and other programs that use
its session. Phrases of the in-process driver alone.

May import: ``phrases``, ``scenario``.
"""
