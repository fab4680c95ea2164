"""What template.yaml and api/openapi.yaml say of messages and their consumer."""

from typing import Any

from dev.local_aws.event_sources.filter import verdict
from dev.local_aws.event_sources.mapping import parse_mapping
from tests.template_facts import OPERATIONS, properties


def test_messages_are_listed_either_way() -> None:
    (order,) = (each for each in OPERATIONS["GET", "/message-groups/{id}/messages"]["parameters"] if "name" in each)

    assert (order["name"], order["schema"]) == (
        "order",
        {"type": "string", "enum": ["desc", "asc"], "default": "desc"},
    )


def change_of_messages(event: str, pk: str, sk: str) -> dict[str, Any]:
    return {"eventName": event, "dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}}}


MESSAGE = "2026-03-01T09:00:00.000Z#0123456789abcdef0123456789abcdef"


EXPIRED = {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}}
DELIVERED = {
    "message": change_of_messages("INSERT", "MSG#1", MESSAGE),
    "message of another age": change_of_messages("INSERT", "MSG#1", MESSAGE.replace("2026", "2999")),
}
DROPPED = {
    "its own new row": change_of_messages("INSERT", "GRP#alice-sub", MESSAGE),
    "message group": change_of_messages("INSERT", "MSG#1", "GROUP"),
    "key of a message": change_of_messages("INSERT", "MSG#1", "ONCE#0123"),
    "key of a message group": change_of_messages("INSERT", "GRP#alice-sub", "ONCE#0123"),
    "its own move": change_of_messages("MODIFY", "MSG#1", "GROUP"),
    "key used again": change_of_messages("MODIFY", "MSG#1", "ONCE#0123"),
    "message written over": change_of_messages("MODIFY", "MSG#1", MESSAGE),
    "its own old row": change_of_messages("REMOVE", "GRP#alice-sub", MESSAGE),
    "message deleted": change_of_messages("REMOVE", "MSG#1", MESSAGE),
    "key that expired": change_of_messages("REMOVE", "MSG#1", "ONCE#0123") | EXPIRED,
}


def test_message_consumer_takes_new_messages_only() -> None:
    """All that it writes itself would come back to it otherwise."""
    mapping = parse_mapping("OnMessageMapping", properties("OnMessageMapping"))
    delivered = [name for name, each in (DELIVERED | DROPPED).items() if verdict(mapping.patterns, each).delivered]

    assert delivered == list(DELIVERED)


def test_message_consumer_needs_no_old_image() -> None:
    assert properties("MessagesTable")["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
