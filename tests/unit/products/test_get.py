"""GetProductFunction, beyond its event files."""

from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from products import store
from products.get import handler
from tests.unit.http_events import api_event, call


def test_read_is_consistent(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that reads the ETag it has just been given must not meet an older one."""
    requests: list[dict[str, Any]] = []

    def get_item(**request: Any) -> dict[str, Any]:
        requests.append(request)
        return {}

    monkeypatch.setattr(store._dynamodb, "get_item", get_item)

    call(handler, api_event(product_id="SAV-01"))

    assert [request["ConsistentRead"] for request in requests] == [True]
