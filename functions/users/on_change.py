"""Stream of the users table: archive each creation and deletion as one object."""

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from shared.observability import MetricUnit, logger, metrics
from shared.stream import stream_handler
from users import model, store


@stream_handler
def handler(record: DynamoDBRecord) -> None:
    """Archive one change; a repeat writes nothing. The mapping filters MODIFY records out; others are ignored."""
    change = model.UserChange.from_record(record.raw_event)
    if change is None:
        logger.info("user change ignored", change=record.raw_event["eventName"])
        return

    is_new = store.archive_change(change)

    logger.info("user change archived", change=change.kind, user_id=change.user_id, key=change.object_key, new=is_new)
    metrics.add_metric(f"User{change.kind.title()}", MetricUnit.Count, int(is_new))
