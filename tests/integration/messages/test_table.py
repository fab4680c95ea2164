"""`dev tables describe` on a deployed stack."""

from dev.application.stack import Stack
from dev.tables import describe
from dev.tables.place import local


def test_tables_are_described(stack: Stack) -> None:
    place = local(stack)

    described = describe.describe(place.client("dynamodb"), "MessagesTable", place.tables["MessagesTable"])

    assert described["keys"] == [
        {"name": "pk", "type": "S", "key": "HASH"},
        {"name": "sk", "type": "S", "key": "RANGE"},
    ]
    assert (described["stream"], described["billing"]) == ("NEW_IMAGE", "PAY_PER_REQUEST")
