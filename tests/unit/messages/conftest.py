"""The world of the message functions: one table, and what gets in the way of their transactions."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_dynamodb import DynamoDBClient

from dev import in_memory
from dev.in_memory import in_memory_aws
from messages import store
from tests.unit.template_facts import TABLES

type Write = Callable[..., Any]
type Interfere = Callable[[Callable[[Write, dict[str, Any]], Any]], None]


ONE_TABLE = {"Resources": {"MessagesTable": TABLES["MessagesTable"]}}
"""The template less what takes time to make."""


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoDBClient]:
    """The empty table, and the environment that names it."""
    with in_memory_aws(ONE_TABLE):
        monkeypatch.setenv("MESSAGES_TABLE", "MessagesTable")
        yield in_memory.client("dynamodb")


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Interfere:
    """Lets the next transaction do something else, given the real call and its request; later ones are as ever."""
    write = store._dynamodb.transact_write_items

    def interfere(act: Callable[[Write, dict[str, Any]], Any]) -> None:
        def once(**request: Any) -> Any:
            monkeypatch.setattr(store._dynamodb, "transact_write_items", write)
            return act(write, request)

        monkeypatch.setattr(store._dynamodb, "transact_write_items", once)

    return interfere


def refusal(code: str, *reasons: str) -> ClientError:
    """Return the error of a transaction that DynamoDB refuses, with the reason of each of its writes."""
    answer: Any = {
        "Error": {"Code": code, "Message": ""},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(answer, "TransactWriteItems")
