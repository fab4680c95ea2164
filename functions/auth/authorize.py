"""Lambda authorizer (TOKEN) of PUT /users/{user_id}: lets in who has a good token and belongs to the writers.

API Gateway remembers a policy, and answers 403 for a Deny; the error "Unauthorized" it answers with 401 and
forgets; any other error is our failure, and a 500.
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
    """What API Gateway answers with 401: it knows it by its message."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], _context: "LambdaContext") -> dict[str, Any]:
    """Allow a writer the writers' routes, deny everybody else. Raises UnauthorizedError for now."""
    stage = model.stage_of(event["methodArn"])
    try:
        caller = model.writer(event["authorizationToken"], _issuer(), _keys().find)
    except model.RefusedError as refusal:
        logger.info("refused", reason=refusal.reason)
        metrics.add_metric("TokenRefused", MetricUnit.Count, 1)
        if isinstance(refusal, model.RefusedForNowError):
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
