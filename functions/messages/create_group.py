"""POST /message-groups: create a message group with its first message."""

from dataclasses import asdict

from messages import model, store
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id
from shared.clock import now
from shared.errors import InvalidBodyError
from shared.idempotency import IdempotencyRecord
from shared.ids import new_id
from shared.observability import logger

parse_body = json_body(model.NEW_GROUP)


@api_handler
def handler(request: Request) -> Response:
    """Return 201 with the message group as the caller sees it; a repeated Idempotency-Key returns the same one."""
    caller, body = caller_id(request.claims), parse_body(request)
    text, other = model.check_text(body["message"]), body["to"]
    if other == caller:
        raise InvalidBodyError("to must be another user.")
    first = model.Message(id=new_id(), group_id=new_id(), sender=caller, text=text, created_at=now())
    record = IdempotencyRecord.of(
        request,
        scope=["CreateMessageGroup", caller],
        values=asdict(first) | {"to": other},
        generated=["id", "group_id", "created_at"],
        now=first.created_at,
    )

    created = store.create_group(first, other, record)

    logger.info("message group created", group_id=created.group_id, message_id=created.id)
    group = {"id": created.group_id, "with": other, "message": text, "last_message_at": created.created_at}
    return Response(201, group, {"Location": f"{request.path.rstrip('/')}/{created.group_id}/messages"})
