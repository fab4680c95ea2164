"""Stream of the products table: log each change, with the names of the attributes that changed."""

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from shared.observability import logger
from shared.stream import stream_handler

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOOKKEEPING = {"write_id"}


@stream_handler
def handler(record: DynamoDBRecord) -> None:
    """Log one line for one change. Raises KeyError for a record without key or images."""
    change: Mapping[str, Any] = record.raw_event["dynamodb"]
    logger.info(
        "product changed",
        change=record.raw_event["eventName"],
        customer_id=change["Keys"]["customer_id"]["S"],
        product_id=change["Keys"]["product_id"]["S"],
        changed_attributes=_changed_attributes(change.get("OldImage", {}), change.get("NewImage", {})),
    )


def _changed_attributes(old: "Mapping[str, Any]", new: "Mapping[str, Any]") -> list[str]:
    """Return the sorted names whose value was added, removed or changed. Values are never logged."""
    names = (old.keys() | new.keys()) - _BOOKKEEPING
    return sorted(name for name in names if old.get(name) != new.get(name))
