"""Stream of the messages table, new messages only: move each member's group row to the newest message."""

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from messages import model, store
from shared.observe import logger
from shared.stream import stream_handler


@stream_handler
def handler(record: DynamoDBRecord) -> None:
    """Move the rows forward in time, never back: repeats and records out of order leave the same state."""
    message = model.Message.from_item(record.raw_event["dynamodb"]["NewImage"])

    moved = store.move_groups(message)

    logger.info("message seen", group_id=message.group_id, message_id=message.id, moved=moved)
