"""Stream of the messages table, new messages only: move each member's group row to the newest message."""

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from messages import model, store
from shared.observability import logger
from shared.stream import stream_handler


@stream_handler
def handler(record: DynamoDBRecord) -> None:
    """Handle one record. Rows only move forward in time, so repeats and records out of order end in the same state."""
    message = model.Message.from_item(record.raw_event["dynamodb"]["NewImage"])

    moved = store.move_rows(message)

    logger.info("message handled", group_id=message.group_id, message_id=message.id, moved=moved)
