"""What the message functions ask of DynamoDB, where the answer in memory would not tell."""

from typing import Any

import pytest

from messages import create, list_groups, store
from messages import list as list_messages
from tests.unit.http_events import call
from tests.unit.messages.calls import GROUP, a_message, begun, message_event


@pytest.fixture(autouse=True)
def _message_group(dynamodb: object) -> None:
    begun(a_message(1))


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Every request from here on, by operation."""
    sent: list[tuple[str, dict[str, Any]]] = []
    make_api_call = store._dynamodb._make_api_call  # type: ignore[attr-defined]

    def remember(operation: str, request: dict[str, Any]) -> Any:
        sent.append((operation, request))
        return make_api_call(operation, request)

    monkeypatch.setattr(store._dynamodb, "_make_api_call", remember)
    return sent


def test_message_group_is_read_as_of_its_last_write(requests: list[tuple[str, dict[str, Any]]]) -> None:
    """Where its rows are, and who has been in it since the answer of the POST that began it."""
    store.move_rows(a_message(2))

    assert requests[0][1]["ConsistentRead"] is True


@pytest.mark.parametrize("limit", [1, 7])
def test_page_of_messages_is_one_query_of_its_size(requests: list[tuple[str, dict[str, Any]]], limit: int) -> None:
    call(list_messages.handler, message_event(group_id=GROUP, query={"limit": str(limit)}))

    assert [(operation, request.get("Limit")) for operation, request in requests] == [
        ("GetItem", None),
        ("Query", limit),
    ]


def test_page_of_message_groups_is_one_query_of_its_size(requests: list[tuple[str, dict[str, Any]]]) -> None:
    call(list_groups.handler, message_event(query={"limit": "7"}))

    assert [(operation, request["Limit"]) for operation, request in requests] == [("Query", 7)]


def test_message_is_one_read_and_one_write(requests: list[tuple[str, dict[str, Any]]]) -> None:
    call(create.handler, message_event({"message": "Hello"}, group_id=GROUP))

    assert [operation for operation, _ in requests] == ["GetItem", "PutItem"]
