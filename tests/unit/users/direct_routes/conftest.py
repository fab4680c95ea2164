"""DynamoDB as the adapter of direct routes sees it."""

import json
from typing import Any

import pytest

from dev.local_aws.apigateway import adapter, dynamodb
from dev.paths import OPENAPI

type Calls = list[tuple[str, Any]]


class Table:
    """DynamoDB as the adapter sees it: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.calls: Calls = []
        self.status = 200
        self.answer: dict[str, Any] = {}

    def call(self, action: str, text: str) -> tuple[int, dict[str, Any]]:
        self.calls.append((action, json.loads(text)))
        return self.status, self.answer


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    table = Table()
    monkeypatch.setattr(dynamodb, "call", table.call)
    monkeypatch.setattr(adapter, "DOCUMENT", OPENAPI)
    return table
