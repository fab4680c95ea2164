"""Functions behind a DynamoDB stream: they receive records and report those that failed.

Lambda delivers the first failed record and all later ones again, so record handlers must be idempotent.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from shared.observability import MetricUnit, logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

type RecordHandler = Callable[[DynamoDBRecord], None]
type LambdaHandler = Callable[[dict[str, Any], "LambdaContext"], dict[str, Any]]


def stream_handler(handle: RecordHandler) -> LambdaHandler:
    """Make a Lambda handler of `handle`, which handles one record and raises if it must be delivered again."""
    return batch_handler(lambda _records: handle)


def batch_handler(prepare: Callable[[list[dict[str, Any]]], RecordHandler]) -> LambdaHandler:
    """Make a Lambda handler of `prepare`, which gets all records of a batch and returns what handles each of them.

    Log lines of a record have its event id as correlation id. Metrics are counted once for each batch, because counting
    takes a third of the time of a log line.
    """
    processor = BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)

    @logger.inject_lambda_context(clear_state=True)
    @metrics.log_metrics(capture_cold_start_metric=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        handle = prepare(event["Records"])

        def handle_logged(record: DynamoDBRecord) -> None:
            logger.set_correlation_id(record.event_id)
            try:
                handle(record)
            except Exception:
                logger.exception("record failed")
                raise

        answer = process_partial_response(event, handle_logged, processor, context)
        failed = len(answer["batchItemFailures"])
        metrics.add_metric("RecordsHandled", MetricUnit.Count, len(event["Records"]) - failed)
        metrics.add_metric("RecordsFailed", MetricUnit.Count, failed)
        return dict(answer)

    return cast("LambdaHandler", handler)
