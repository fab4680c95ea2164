"""Stream records and mappings for the tests of dev.local_aws.event_sources."""

from typing import Any

from dev.local_aws.event_sources.mapping import StreamMapping, parse_mapping

STREAM_ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-11-21T08:00:00.000"
ARRIVED = 1795248000
"""2026-11-21T08:00:00Z"""


def record(number: int, key: str = "A", **changes: Any) -> dict[str, Any]:
    """Return the insert of an item whose key is `key`; `changes` replaces fields of the record."""
    return {
        "eventID": f"event-{number}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": ARRIVED,
            "Keys": {"id": {"S": key}},
            "NewImage": {"id": {"S": key}, "total": {"N": "5"}, "paid": {"BOOL": True}},
            "SequenceNumber": str(number),
            "SizeBytes": 10,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": STREAM_ARN,
    } | changes


def mapping(**properties: Any) -> StreamMapping:
    """Return a mapping of OrdersTable to OnOrderChangeFunction with AWS's defaults and the given properties."""
    return parse_mapping(
        "OnOrderChangeMapping",
        {
            "EventSourceArn": {"Fn::GetAtt": ["OrdersTable", "StreamArn"]},
            "FunctionName": {"Ref": "OnOrderChangeFunction"},
            "StartingPosition": "TRIM_HORIZON",
            "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": "FailureBucket.Arn"}}},
        }
        | properties,
    )
