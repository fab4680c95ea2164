"""Errors that end a command with a message instead of a traceback."""


class DevError(Exception):
    """The message says what is wrong and what to do."""
