"""The walk-through: how a step that fails ends it."""

import io

import httpx
import pytest
from rich.console import Console

from dev.application.walkthrough.steps import Steps
from dev.demo_cli import Printer
from dev.errors import DevError


def test_unexpected_answer_is_not_summarized() -> None:
    answer = httpx.MockTransport(lambda _: httpx.Response(502, json={"message": "Internal server error"}))
    http = httpx.Client(transport=answer, base_url="http://api")
    step = Steps(http, Printer(Console(file=io.StringIO())), lambda body: str(body["order"]))

    with pytest.raises(DevError, match=r"^GET /orders/1 answered 502, not 200: .*Internal server error"):
        step(200, "GET", "orders/1")
