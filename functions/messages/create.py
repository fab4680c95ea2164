"""POST /message-groups/{id}/messages: append a message to a message group."""

from dataclasses import asdict

from messages import model, store
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id
from shared.clock import now
from shared.idempotency import IdempotencyRecord
from shared.ids import new_id
from shared.observability import logger

parse_body = json_body(model.NEW_MESSAGE)


@api_handler
def handler(request: Request) -> Response:
    """Return 201 with the message; a repeated Idempotency-Key returns the same one."""
    caller, group_id = caller_id(request.claims), model.check_group_id(request.path_parameters["id"])
    text = model.check_text(parse_body(request)["message"])
    store.require_member(group_id, caller)
    message = model.Message(id=new_id(), group_id=group_id, sender=caller, text=text, created_at=now())
    record = IdempotencyRecord.of(
        request,
        scope=["CreateMessage", caller, group_id],
        values=asdict(message),
        generated=["id", "created_at"],
        now=message.created_at,
    )

    created = store.create_message(message, record)

    logger.info("message created", group_id=group_id, message_id=created.id)
    return Response(201, created.to_json())
