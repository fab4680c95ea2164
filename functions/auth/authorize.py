"""Lambda authorizer (TOKEN) of PUT /users/{user_id}: allows callers with a valid token in the group of writers.

API Gateway caches policies and answers 403 for a Deny. It answers 401 for the error "Unauthorized" and does not cache
it. It answers 500 for any other error.
"""

import functools
import os
from typing import TYPE_CHECKING, Any

from auth import model
from auth.store import KeyStore
from shared.observability import MetricUnit, logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class UnauthorizedError(Exception):
    """API Gateway recognizes this error by its message and answers 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], _context: "LambdaContext") -> dict[str, Any]:
    """Allow writers their routes, deny all others. Raises UnauthorizedError if the token may become valid later."""
    stage = model.stage_of(event["methodArn"])
    try:
        caller = model.writer(event["authorizationToken"], _issuer(), _keys().find)
    except model.RejectedError as rejection:
        logger.info("rejected", reason=str(rejection))
        metrics.add_metric("TokenRejected", MetricUnit.Count, 1)
        if isinstance(rejection, model.RejectedForNowError):
            raise UnauthorizedError from None
        return model.policy("unknown", "Deny", [f"{stage}/*"], {})
    logger.info("authorized", sub=caller)
    metrics.add_metric("TokenAuthorized", MetricUnit.Count, 1)
    return model.policy(caller, "Allow", [f"{stage}/{route}" for route in model.WRITERS_ROUTES], {"sub": caller})


@functools.cache
def _issuer() -> model.Issuer:
    return model.Issuer(os.environ["JWT_ISSUER"], os.environ["JWT_AUDIENCE"], os.environ["JWT_GROUPS_CLAIM"])


@functools.cache
def _keys() -> KeyStore:
    return KeyStore(os.environ["JWT_JWKS_URL"])
