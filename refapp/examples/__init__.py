"""Whole programs that stand on refapp, to be read, run and taken over. They import what they show, and nothing imports them."""

__all__ = ["terminal", "terminal_window"]
