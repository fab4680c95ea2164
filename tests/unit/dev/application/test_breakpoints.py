"""A debugger in functions that run in this process."""

import io
import signal
import sys

import pytest

from dev.application.in_process import captured_log


def test_breakpoint_uses_the_terminal_while_the_output_is_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, log, on_ctrl_c = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(sys, "breakpointhook", sys.__breakpointhook__)  # pytest has its own
    monkeypatch.setattr(sys, "__stdin__", io.StringIO("p 6 * 7\ncontinue\n"))
    monkeypatch.setattr(sys, "__stdout__", terminal)

    with captured_log(log):
        breakpoint()  # noqa: T100
        print("logged")

    assert "(Pdb) 42" in terminal.getvalue()
    assert log.getvalue() == "logged\n"
    assert signal.getsignal(signal.SIGINT) == on_ctrl_c
