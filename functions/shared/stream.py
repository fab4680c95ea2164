"""The border of a function behind a DynamoDB stream: records in, the failed ones reported back.

DynamoDB resumes from the first failed record and delivers all that follow it again, so a record's handler
has to take repeats.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools import Tracer
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from shared import init
from shared.observe import MetricUnit, logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Patching imports all of botocore, which a consumer that calls no AWS service does not need: half a cold start.
tracer = Tracer(auto_patch=False)

type RecordHandler = Callable[[DynamoDBRecord], None]
type LambdaHandler = Callable[[dict[str, Any], "LambdaContext"], dict[str, Any]]


def stream_handler(handle: RecordHandler) -> LambdaHandler:
    """Make a Lambda handler of `handle`, which takes one record and raises if it must be delivered again.

    What it logs for a record has the record's event id as its correlation id.
    """
    processor = BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)

    def handle_logged(record: DynamoDBRecord) -> None:
        logger.set_correlation_id(record.event_id)
        try:
            handle(record)
        except Exception:
            logger.exception("record failed")
            raise

    @tracer.capture_lambda_handler(capture_response=False)
    @logger.inject_lambda_context(clear_state=True)
    @metrics.log_metrics(capture_cold_start_metric=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        answer = process_partial_response(event, handle_logged, processor, context)
        metrics.add_metric("RecordsFailed", MetricUnit.Count, len(answer["batchItemFailures"]))
        return dict(answer)

    init.complete()
    return cast("LambdaHandler", handler)
