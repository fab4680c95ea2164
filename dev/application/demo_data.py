"""The demo data of every table. Items that exist are not changed.

Owners of demo media and members of the demo message group cannot sign in, so no user's lists change.
The items are literals, so that `dev` works while a function is broken. A test checks that the functions can read them.
"""

from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from mypy_boto3_dynamodb import DynamoDBClient

type Item = Mapping[str, Any]

ALICE, BOB, CAROL = "demo-alice", "demo-bob", "demo-carol"
READY_MEDIA, PENDING_MEDIA, GROUP = "0" * 31 + "1", "0" * 31 + "2", "0" * 31 + "3"
PENDING_SINCE = "2026-01-02T00:00:00.000Z"
TOKEN = READY_MEDIA + "A" * 43
LINK_ID = "43151502fbd322b3390abbcf079bdb294a8dde5e367eadf0fc8d8b8166c0967a"
_NEW_YEAR, _NEVER, _NEVER_SECONDS = "2026-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z", 32472144000


def _product(customer_id: str, product_id: str, product_type: str, balance: int) -> Item:
    values = {"product_type": product_type, "balance": balance, "version": 1}
    times = {"created_at": _NEW_YEAR, "updated_at": _NEW_YEAR}
    return {"customer_id": customer_id, "product_id": product_id, **values, **times}


def _user(user_id: str, name: str) -> Item:
    email = f"{user_id}@example.com"
    return {"UserId": user_id, "name": name, "email": email, "owner": CAROL, "created_at": "2026-01-01T00:00:00Z"}


def _media(media_id: str, status: str, created_at: str, **more: Any) -> Item:
    times = {"created_at": created_at, "expires_at": _NEVER, "ttl": _NEVER_SECONDS}
    return {"id": media_id, "owner": ALICE, "status": status, **times, **more}


def _in_group(sort_key: str, **more: Any) -> Item:
    return {"pk": f"MSG#{GROUP}", "sk": sort_key, **more}


def _message(number: int, sender: str, text: str, created_at: str) -> Item:
    message_id = f"{number:032x}"
    sent = {"message_uuid": message_id, "user_uuid": sender, "message": text, "created_at": created_at}
    return _in_group(f"{created_at}#{message_id}", **sent)


def _group_row(member: str, other: str, newest: Item) -> Item:
    shown = {"message_group_uuid": GROUP, "user_uuid": other, "message": newest["message"]}
    return {"pk": f"GRP#{member}", "sk": newest["sk"], **shown}


FIRST = _message(4, ALICE, "The old year ends.", "2025-12-31T23:59:59.999Z")
_SECOND = _message(5, BOB, "A new one begins.", _NEW_YEAR)
NEWEST = _message(6, ALICE, "So it does.", "2026-01-01T00:00:00.001Z")

ITEMS: Mapping[str, list[Item]] = {
    "IdempotencyTable": [],  # records of requests
    "ProductsTable": [
        _product("CUST-1001", "SAV-01", "savings", 1500),
        _product("CUST-1002", "SAV-02", "savings", 1300),
        _product("CUST-1003", "SAV-01", "savings", 1500),
        _product("CUST-1004", "SAV-02", "credit_card", 1000),
    ],
    "UsersTable": [_user("demo-edsger", "Edsger Dijkstra"), _user("demo-barbara", "Barbara Liskov")],
    "MediaTable": [
        _media(
            READY_MEDIA,
            "ready",
            _NEW_YEAR,
            name="Notes",
            caption="Facts only: this demo media has no file",
            filename="notes.txt",
            content_type="text/plain",
            size=12,
            object_key=f"media/{READY_MEDIA}",
            version_id="demo",
            downloads=3,
            by_day={"2026-01-01": 2, "2026-01-02": 1},
            links={LINK_ID: {"created_at": _NEW_YEAR, "expires_at": _NEVER, "downloads": 1}},
        ),
        _media(
            PENDING_MEDIA,
            "pending",
            PENDING_SINCE,
            name="Picture",
            caption="",
            filename="picture.png",
            content_type="image/png",
            size=70,
            object_key=f"uploads/{PENDING_MEDIA}",
            downloads=0,
            by_day={},
            links={},
        ),
    ],
    # The message group comes before its messages, because the stream consumer reads it.
    "MessagesTable": [
        _in_group("GROUP", message_group_uuid=GROUP, members={ALICE, BOB}, newest_sk=NEWEST["sk"]),
        _group_row(ALICE, BOB, NEWEST),
        _group_row(BOB, ALICE, NEWEST),
        FIRST,
        _SECOND,
        NEWEST,
    ],
}
"""By logical id of the table; the partition key is each item's first attribute."""

_serialize = TypeSerializer().serialize


def attribute_values(item: Item) -> dict[str, Any]:
    """Return an item as DynamoDB attribute values."""
    return {name: _serialize(value) for name, value in item.items()}


def add_missing(dynamodb: DynamoDBClient, tables: Mapping[str, str]) -> dict[str, int]:
    """Add missing demo items to tables (names by logical id). Return the number of added items by logical id."""
    return {table: sum(_put(dynamodb, name, item) for item in ITEMS[table]) for table, name in tables.items()}


def fill_if_empty(dynamodb: DynamoDBClient, table: str, name: str) -> None:
    """Add the demo items of one table if it is empty."""
    if dynamodb.scan(TableName=name, Limit=1)["Count"] == 0:
        add_missing(dynamodb, {table: name})


def _put(dynamodb: DynamoDBClient, table: str, item: Item) -> bool:
    try:
        dynamodb.put_item(
            TableName=table,
            Item=attribute_values(item),
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": next(iter(item))},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
