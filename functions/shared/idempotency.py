"""Idempotency-Key: every repeat of a key gives the first one's result, and has no further effect.

Powertools keeps the record (an hour, then TTL removes it). Added here: repeats that arrive while the first
is still running wait for its result instead of failing.
"""

import functools
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from shared.aws import dynamodb_client
from shared.errors import ConflictError, RetryLaterError
from shared.idempotency_key import IdempotencyKeyReusedError

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

EXPIRES_AFTER_SECONDS = 3600
_WAIT_SECONDS = 0.2
_WAITS = 15

_dynamodb = dynamodb_client()


class RequestInProgressError(ConflictError, RetryLaterError):
    code = "RequestInProgress"


class _Deadline:
    """What Powertools reads of a Lambda context: how long an interrupted request blocks its key, at most."""

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


def once[Result: dict[str, Any]](
    operation: Callable[[], Result], *, scope: list[str], key: str, payload: list[str]
) -> Result:
    """Run `operation` unless `key` already ran in `scope`; return its JSON-serialisable result either way.

    `payload` is what makes two requests the same. An operation that raises is forgotten, so that it can be
    tried again. Raises IdempotencyKeyReusedError when the key came with another payload, and
    RequestInProgressError when the first one takes longer than a caller should wait.
    """

    def run(*, attempt: dict[str, Any]) -> Result:  # noqa: ARG001 - Powertools finds the key in it
        return operation()

    config = IdempotencyConfig(
        event_key_jmespath="[scope, key]",
        payload_validation_jmespath="payload",
        expires_after_seconds=EXPIRES_AFTER_SECONDS,
        lambda_context=cast("LambdaContext", _Deadline()),
    )
    run_once = idempotent_function(
        run, data_keyword_argument="attempt", persistence_store=_persistence(), config=config, key_prefix="once"
    )
    attempt = {"scope": scope, "key": key, "payload": payload}
    for _ in range(_WAITS):
        try:
            return cast("Result", run_once(attempt=attempt))
        except IdempotencyValidationError as error:
            raise IdempotencyKeyReusedError("The Idempotency-Key was used with another request.") from error
        except IdempotencyPersistenceLayerError as error:
            raise error.__cause__ or error  # noqa: B904 - as if there were no Powertools between
        except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError):
            time.sleep(_WAIT_SECONDS)
    raise RequestInProgressError("A request with this Idempotency-Key is still running. Try again.")


@functools.cache
def _persistence() -> DynamoDBPersistenceLayer:
    return DynamoDBPersistenceLayer(table_name=os.environ["IDEMPOTENCY_TABLE"], boto3_client=_dynamodb)
