"""Errors that end a command with a message instead of a trace."""


class DevError(Exception):
    """What went wrong and what to do next."""
