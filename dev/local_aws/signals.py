"""Signals that stop a command."""

import contextlib
import signal
from collections.abc import Callable, Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def signals_blocked() -> Iterator[None]:
    """Delay Ctrl-C and SIGTERM. A process that starts meanwhile inherits this."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Interrupted(SystemExit):
    """A second signal."""


@contextlib.contextmanager
def interruptible() -> Iterator[Callable[[], int | None]]:
    """Note Ctrl-C and SIGTERM, so that the work in progress can end. A second signal ends it at once.

    Yield a function that returns the exit code after a signal, and None before.
    """
    caught: list[int] = []

    def note(number: int, _frame: object) -> None:
        caught.append(number)
        if len(caught) > 1:
            raise Interrupted(128 + caught[0])

    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield lambda: 128 + caught[0] if caught else None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
