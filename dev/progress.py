"""Progress of a long command, on stderr."""

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn


@contextlib.contextmanager
def reporting(console: Console | None = None) -> Iterator[Callable[[str], None]]:
    """Yield a function that prints a message with the elapsed seconds.

    On a terminal, a message that ends with … has a spinner and its own seconds until the next message.
    """
    console = console or Console(stderr=True, highlight=False, soft_wrap=True)
    has_spinner = console.is_terminal and not console.is_dumb_terminal
    started = time.monotonic()
    columns = SpinnerColumn(), TextColumn("{task.description} {task.elapsed:.0f} s", markup=False)
    with Progress(*columns, console=console, transient=True, disable=not has_spinner) as spinner:
        task = spinner.add_task("starting …")
        begun: list[str] = []

        def report(message: str) -> None:
            line = f"{time.monotonic() - started:5.1f} s  {message}"
            finish()
            is_step = message.endswith("…")
            spinner.reset(task, description=message, visible=is_step)
            if is_step and has_spinner:
                begun.append(line)
            else:
                console.print(line, markup=False)

        def finish() -> None:
            while begun:
                console.print(begun.pop(), markup=False)

        try:
            yield report
        finally:
            finish()
