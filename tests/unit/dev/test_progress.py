"""What `dev up` prints while it works."""

import io
import re

import pytest
from rich.console import Console

from dev.progress import reporting


@pytest.mark.parametrize(("is_terminal", "kind"), [(False, "xterm"), (True, "dumb")])
def test_message_is_a_line_at_once_without_a_spinner(is_terminal: bool, kind: str) -> None:
    output = io.StringIO()

    with reporting(Console(file=output, force_terminal=is_terminal, _environ={"TERM": kind})) as report:
        report("sam build …")
        assert re.fullmatch(r" +\d+\.\d s  sam build …\n", output.getvalue())


def test_step_on_a_terminal_has_a_spinner_until_the_next_one() -> None:
    output = io.StringIO()

    with reporting(Console(file=output, force_terminal=True, color_system=None, _environ={"TERM": "xterm"})) as report:
        report("sam build …")
        assert re.search(r"\S sam build … \d+ s$", output.getvalue())
        report("sam deploy …")
        assert re.search(r"\d\.\d s  sam build …\n", output.getvalue())
        assert not re.search(r"\d\.\d s  sam deploy …\n", output.getvalue())

    assert re.search(r"\d\.\d s  sam deploy …\n", output.getvalue())
