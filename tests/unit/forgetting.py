"""A person removed from tables and buckets in memory."""

import json
from collections.abc import Callable
from typing import Any

from dev.application import in_process
from dev.application.demo_data import attribute_values
from dev.application.personal_data.person import Person
from dev.application.personal_data.stores import Stores
from dev.forget.search import search
from dev.local_aws.template import key_names, resources
from dev.tables.items import plain
from tests.template_facts import TEMPLATE
from tests.unit.conftest import NAMES

CANARY = Person(customer_id="CUST-CANARY", email="canary@example.com", sub="sub-canary")
BUCKETS = {name: in_process.physical_name(name) for name in resources(TEMPLATE, "AWS::S3::Bucket")}


def stores(pause: Callable[[float], object] = lambda _: None) -> Stores:
    client = in_process.client
    return Stores(NAMES, BUCKETS, key_names(TEMPLATE), client("dynamodb"), client("s3"), pause)


def plant(table: str, *items: dict[str, Any]) -> None:
    for item in items:
        in_process.client("dynamodb").put_item(TableName=NAMES[table], Item=attribute_values(item))


def forget(person: Person, found: Stores) -> None:
    """Remove a person in runs that are interrupted after each finding."""
    while finding := next(search(found, person), None):
        finding.apply()


def items(table: str) -> list[dict[str, Any]]:
    """Return the items of a table, in the order of their keys."""
    return [plain(item) for item in sorted(stores().items(table), key=lambda item: stores().name(table, item))]


def objects(bucket: str) -> dict[str, list[str]]:
    """Return the contents of all versions by key."""
    found: dict[str, list[str]] = {}
    for version in stores().versions(bucket):
        found.setdefault(version.key, []).append(stores().content(bucket, version).decode())
    return found


def put(bucket: str, key: str, content: object) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    in_process.client("s3").put_object(Bucket=BUCKETS[bucket], Key=key, Body=body)
