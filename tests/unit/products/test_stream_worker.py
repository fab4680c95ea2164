"""The poller with the function called in this process, on AWS in memory, by the template's own mapping."""

from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import in_process
from dev.application.project import find_function, load_template
from dev.local_aws.event_sources.checkpoints import Checkpoints
from dev.local_aws.event_sources.deployed_mappings import DeployedMapping
from dev.local_aws.event_sources.mapping import TYPE
from dev.local_aws.event_sources.shards import Stream
from dev.local_aws.event_sources.worker import StopSignal, Worker
from dev.local_aws.template import resources


@pytest.fixture
def worker(dynamodb: DynamoDBClient, tmp_path: Path) -> Worker:
    arn = dynamodb.describe_table(TableName="ProductsTable")["Table"]["LatestStreamArn"]
    properties: dict[str, Any] = resources(load_template(), TYPE)["OnProductChangeMapping"]["Properties"]
    return Worker(
        DeployedMapping("OnProductChangeMapping", "uuid", properties, arn, "arn:function", "bucket"),
        Stream(boto3.client("dynamodbstreams"), arn),
        partial(in_process.invoke, find_function("OnProductChangeFunction")),
        store_failure=lambda record: pytest.fail(str(record)),
        checkpoints=Checkpoints(tmp_path / "checkpoints.json"),
        stop_signal=StopSignal(),
    )


def test_change_of_a_table_reaches_the_function(worker: Worker, dynamodb: DynamoDBClient) -> None:
    outcomes = []
    invoke = worker.invoke
    worker.invoke = lambda event: outcomes.append(invoke(event)) or outcomes[-1]  # type: ignore[func-returns-value]
    dynamodb.put_item(TableName="ProductsTable", Item={"customer_id": {"S": "CUST-1"}, "product_id": {"S": "P1"}})

    worker.poll()

    assert [outcome.result for outcome in outcomes] == [{"batchItemFailures": []}]
    assert '"change":"INSERT","customer_id":"CUST-1","product_id":"P1"' in outcomes[0].log
