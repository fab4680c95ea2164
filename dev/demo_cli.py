"""`dev demo`: the walk-through, one tick per step, and what to do next."""

import json
import textwrap
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dev.errors import DevError
from dev.options import Json

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80
NEXT = """\
source .venv/bin/activate
dev token alice     print a token for the Authorization header
dev logs --follow   show what the functions log
dev up --watch      deploy each change when it is saved
dev --help          list all commands
make down           stop everything and delete the data"""


def demo(as_json: Json = False) -> None:
    """Send a request to every part of the API. Exit 1 if an answer is not the expected one.

    JSON: [{pattern, step, result, ok}]; the last one is not ok if the command failed
    """
    from rich.console import Console

    from dev.application import walkthrough
    from dev.application.stack import Stack

    stack = Stack()
    status = stack.status()
    if stack.poller.is_missing():
        raise DevError("The stream poller is not running. Start it again with: dev up")
    if as_json:
        collector = Collector()
        try:
            walkthrough.run(stack, collector)
        finally:
            print(json.dumps([asdict(step) for step in collector.steps], indent=2, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    walkthrough.run(stack, Printer(console))
    show_next(console, status.lines())


@dataclass(frozen=True)
class Step:
    """A step of a pattern, and its result."""

    pattern: str
    step: str
    result: str
    ok: bool


class Collector:
    """Collects the steps."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._pattern = ""

    def pattern(self, name: str, about: str) -> None:  # noqa: ARG002
        self._pattern = name

    def step(self, what: str, result: str = "", *, ok: bool = True) -> None:
        self.steps.append(Step(self._pattern, what, result, ok))


class Printer:
    """Prints the steps in 80 columns."""

    def __init__(self, console: "Console") -> None:
        self._console = console

    def pattern(self, name: str, about: str) -> None:
        """Print a title."""
        self._console.print(f"\n[bold]{name}[/bold]  [dim]{about}[/dim]")

    def step(self, what: str, result: str = "", *, ok: bool = True) -> None:
        """Print a tick and a step, and its result beside or below it."""
        from rich.text import Text

        line = Text("  ✓ " if ok else "  ✗ ", style="green" if ok else "red").append(what, style="default")
        if len(line) + 2 + len(result) <= WIDTH:
            line.append(f"  {result}" if result else "", style="dim default")
        else:
            indent = " " * 15
            below = textwrap.fill(result, WIDTH, initial_indent=indent, subsequent_indent=indent)
            line.append(f"\n{below}", style="dim default")
        self._console.print(line)


def show_next(console: "Console", status: list[str]) -> None:
    """Print a box with addresses, users and commands."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.rule import Rule
    from rich.text import Text

    body = Group(Text("\n".join(status)), Rule(style="green"), Text(NEXT))
    console.print()
    console.print(Panel(body, title="Everything worked", title_align="left", border_style="green"), width=WIDTH)
