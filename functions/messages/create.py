"""POST /message-groups/{id}/messages: say something in a conversation."""

import uuid

from messages import model, store
from messages.once import Once
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id
from shared.clock import now
from shared.idempotency_key import idempotency_key
from shared.observe import logger

parse_body = json_body(model.NEW_MESSAGE)


@api_handler
def handler(request: Request) -> Response:
    """Answer 201 with the message; a repeated Idempotency-Key gives the same one."""
    caller, group_id = caller_id(request.claims), model.check_group_id(request.path["id"])
    text = parse_body(request)["message"]
    model.check_text(text)
    store.get_conversation(group_id, caller)
    message = model.Message(uuid.uuid4().hex, group_id, caller, text, now())
    key = idempotency_key(request)
    once = None if key is None else Once(f"MSG#{group_id}", f"{caller}\n{key}", text, message.created_at)

    written = store.create_message(message, once)

    logger.info("message sent", group_id=group_id, message_id=written.id)
    return Response(201, written.to_json())
