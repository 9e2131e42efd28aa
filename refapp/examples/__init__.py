"""Whole programs that stand on refapp, to be read, run and taken over.
They import what they show, and nothing imports them.
"""

__all__ = ["command_line", "terminal", "terminal_talk", "terminal_window", "tk_program"]
