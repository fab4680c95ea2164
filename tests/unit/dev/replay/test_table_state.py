"""Tables as a case needs them before, and what changed in them after."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import in_process
from dev.errors import DevError
from dev.local_aws.template import key_names
from dev.replay.cases import Item
from dev.replay.table_state import Items, Tables
from tests.unit.dev import shop
from tests.unit.empty_aws import empty_aws

KEYS = key_names(shop.TEMPLATE)


@pytest.fixture
def tables() -> Iterator[Tables]:
    with empty_aws(shop.TEMPLATE):
        yield tables_of(in_process.client("dynamodb"))


def tables_of(dynamodb: DynamoDBClient) -> Tables:
    return Tables(dynamodb, {table: table for table in KEYS}, KEYS)


def problems(before: Items, after: Items, expect: dict[str, Any]) -> list[str]:
    return list(map(str, tables_of(cast(DynamoDBClient, None)).problems(before, after, expect)))


def order(customer: Any, order: str, **more: Any) -> Item:
    return {"customer_id": customer, "order_id": order, **more}


def contents(orders: list[Item], remembered: list[Item] | None = None) -> Items:
    return {
        "OrdersTable": {(item["customer_id"], item["order_id"]): item for item in orders},
        "RequestsTable": {(item["id"],): item for item in remembered or []},
    }


def fill(tables: Tables, *orders: Item) -> None:
    """Put orders as any client may."""
    tables.put({"given": {"OrdersTable": list(orders)}})


def read(tables: Tables) -> Items:
    """Return what the two tables hold."""
    return {name: items for name, items in tables.read().items() if name in ("OrdersTable", "RequestsTable")}


def changes(key: Item, after: Item | None) -> dict[str, Any]:
    return {"changes": {"OrdersTable": [{"key": key, "after": after}]}}


def test_partition_key_comes_first() -> None:
    schema = [{"AttributeName": "at", "KeyType": "RANGE"}, {"AttributeName": "id", "KeyType": "HASH"}]
    template = {
        "Resources": {
            "Log": {"Type": "AWS::DynamoDB::Table", "Properties": {"KeySchema": schema}},
            "Queue": {"Type": "AWS::SQS::Queue"},
        }
    }

    assert key_names(template) == {"Log": ("id", "at")}


def test_items_are_read_as_plain_data(tables: Tables) -> None:
    item: dict[str, Any] = {
        "customer_id": {"S": "C1"},
        "order_id": {"S": "P1"},
        "balance": {"N": "1.50"},
        "tags": {"L": [{"BOOL": True}, {"NULL": True}]},
    }
    tables.dynamodb.put_item(TableName="OrdersTable", Item=item)

    assert read(tables) == contents([order("C1", "P1", balance=Decimal("1.5"), tags=[True, None])])


def test_every_page_is_read(tables: Tables) -> None:
    fill(tables, *(order("C1", f"P{number}", padding="x" * 300_000) for number in range(5)))

    assert len(read(tables)["OrdersTable"]) == 5


def test_given_items_are_put(tables: Tables) -> None:
    given = tables.put({"given": {"OrdersTable": [order("C1", "P1", balance=Decimal("0.1"))]}})

    assert given == tables.read()
    assert read(tables) == contents([order("C1", "P1", balance=Decimal("0.1"))])


@pytest.mark.parametrize(
    "expect",
    [{"given": {"OrdersTable": [order("C1", "P9")]}}, changes(order("C1", "P9"), None)],
    ids=["given", "changes"],
)
def test_only_named_partitions_are_read_and_removed(tables: Tables, expect: dict[str, Any]) -> None:
    fill(tables, order("C1", "P1"), order("C1", "P2"), order("C2", "P1"))
    parts = tables.parts(expect, "C1")

    found = tables.read(parts)
    tables.remove(parts, found)

    assert list(found["OrdersTable"]) == [("C1", "P1"), ("C1", "P2")]
    assert read(tables) == contents([order("C2", "P1")])


@pytest.mark.parametrize(
    "expect",
    [{"given": {"OrdersTable": [order("C2", "C1")]}}, changes(order("C2", "P1"), None)],
    ids=["given", "changes"],
)
def test_key_of_others_is_rejected(expect: dict[str, Any]) -> None:
    with pytest.raises(DevError, match=r"^Other cases may use the key .* of OrdersTable\. Put c0ffee000000 "):
        tables_of(cast(DynamoDBClient, None)).check(expect, "C1")


def test_partition_key_is_no_matcher() -> None:
    with pytest.raises(DevError, match=r"^The partition key of a table cannot be a matcher, "):
        tables_of(cast(DynamoDBClient, None)).check(changes(order({"IsStr": "C1.*"}, "P1"), None), "C1")


@pytest.mark.parametrize("customer", ["CUST-C1", "ID_OF_ANSWER"])
def test_key_of_the_case_s_own_is_taken(customer: str) -> None:
    tables_of(cast(DynamoDBClient, None)).check(changes(order(customer, "P1"), None), "C1")


def test_item_without_its_key_is_rejected() -> None:
    with pytest.raises(DevError, match="An item of OrdersTable has no order_id: "):
        tables_of(cast(DynamoDBClient, None)).check(changes({"customer_id": "C1"}, None), "C1")


C1P1 = order("C1", "P1")
OTHER = order("C9", "P9")


@pytest.mark.parametrize(
    ("before", "after", "expect"),
    [
        ([OTHER], [OTHER], {}),
        ([], [C1P1 | {"balance": Decimal(1), "write_id": "w"}], changes(C1P1, {"balance": 1})),
        ([C1P1 | {"balance": 1}], [C1P1 | {"balance": 2}], changes(C1P1, {"balance": 2})),
        ([C1P1, OTHER], [OTHER], changes(C1P1, None)),
    ],
    ids=["nothing", "put", "update", "delete"],
)
def test_expected_change_is_no_problem(before: list[Item], after: list[Item], expect: dict[str, Any]) -> None:
    assert problems(contents(before), contents(after), expect) == []


JSON = '{"customer_id": "C1", "order_id": "P1"}'
UNEXPECTED = [
    ([], [C1P1], {}, f"OrdersTable C1 / P1 is {JSON}, not unchanged"),
    ([C1P1], [], {}, "OrdersTable C1 / P1 is deleted, not unchanged"),
    ([C1P1], [C1P1 | {"a": 1}], {}, f'OrdersTable C1 / P1 is {JSON[:-1]}, "a": 1}}, not unchanged'),
    ([], [C1P1, OTHER], changes(C1P1, {}), f"OrdersTable C9 / P9 is {JSON.replace('1', '9')}, not unchanged"),
    ([], [], changes(C1P1, {}), "OrdersTable C1 / P1 is unchanged, not {}"),
    ([C1P1], [C1P1], changes(C1P1, C1P1), f"OrdersTable C1 / P1 is unchanged, not {JSON}"),
    ([C1P1], [C1P1], changes(C1P1, None), "OrdersTable C1 / P1 is unchanged, not deleted"),
    ([], [C1P1 | {"a": 1}], changes(C1P1, {"a": 2}), "OrdersTable C1 / P1.a is 1, not 2"),
    ([], [C1P1], changes(C1P1, {"a": 2}), "OrdersTable C1 / P1.a is missing, not 2"),
    ([C1P1], [], changes(C1P1, {"a": 2}), 'OrdersTable C1 / P1 is deleted, not {"a": 2}'),
    ([], [C1P1], changes(C1P1, None), f"OrdersTable C1 / P1 is {JSON}, not deleted"),
]


def test_unexpected_change_is_reported(subtests: pytest.Subtests) -> None:
    for before, after, expect, problem in UNEXPECTED:
        with subtests.test(before=before, after=after, expect=expect):
            assert problems(contents(before), contents(after), expect) == [problem]


def test_changes_are_attributes_before_and_after() -> None:
    before, after = contents([C1P1 | {"a": 1, "b": 1}, OTHER]), contents([C1P1 | {"a": 2, "b": 1}, order("C2", "P2")])

    assert list(tables_of(cast(DynamoDBClient, None)).changes(before, after)) == [
        ("OrdersTable C1 / P1", {"a": 1}, {"a": 2}),
        ("OrdersTable C2 / P2", "absent", order("C2", "P2")),
        ("OrdersTable C9 / P9", OTHER, "deleted"),
    ]
