"""A handler that writes a log line for each stream record, and does nothing else."""

from typing import Any

from shared.observability import logger


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    logger.set_correlation_id("00000000000000000000000000000000")
    for record in event["Records"]:
        logger.info("changed", change=record["eventName"], part_of_key="a", rest_of_key="b", changed_attributes=["c"])
    return {"batchItemFailures": []}
