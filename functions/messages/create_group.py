"""POST /message-groups: begin a conversation with somebody, by its first message."""

import uuid

from messages import model, store
from messages.once import Once
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id
from shared.clock import now
from shared.errors import InvalidBodyError
from shared.idempotency_key import idempotency_key
from shared.observe import logger

parse_body = json_body(model.NEW_GROUP)


@api_handler
def handler(request: Request) -> Response:
    """Answer 201 with the conversation as the caller sees it; a repeated Idempotency-Key gives the same one."""
    caller, body = caller_id(request.claims), parse_body(request)
    model.check_text(body["message"])
    if body["to"] == caller:
        raise InvalidBodyError("to must be somebody else")
    first = model.Message(uuid.uuid4().hex, uuid.uuid4().hex, caller, body["message"], now())
    conversation = model.Conversation(first.group_id, tuple(sorted((caller, body["to"]))), first.sort_key)

    written = store.create_group(conversation, first, _once(request, caller, body, first))

    logger.info("conversation begun", group_id=written.group_id, message_id=written.id)
    group = {"id": written.group_id, "with": body["to"], "message": written.text, "last_message_at": written.created_at}
    return Response(201, group, {"Location": f"{request.url_path.rstrip('/')}/{written.group_id}/messages"})


def _once(request: Request, caller: str, body: dict[str, str], first: model.Message) -> Once | None:
    key = idempotency_key(request)
    if key is None:
        return None
    return Once(f"GRP#{caller}", key, f"{body['to']}\n{body['message']}", first.created_at)
