"""What the functions of messages may do, see tests/grants/__init__.py."""

from tests.grants.consumer import consumes

GRANTS: dict[str, dict[str, set[str]]] = {
    "CreateMessageGroupFunction": {"MessagesTable": {"PutItem"}, "IdempotencyTable": {"PutItem"}},
    "ListMessageGroupsFunction": {"MessagesTable": {"Query"}},
    "ListMessagesFunction": {"MessagesTable": {"GetItem", "Query"}},
    "CreateMessageFunction": {"MessagesTable": {"GetItem", "PutItem"}, "IdempotencyTable": {"PutItem"}},
    "OnMessageFunction": {
        "MessagesTable": {"GetItem", "PutItem", "UpdateItem", "DeleteItem"},
        **consumes("MessagesTable"),
    },
}
