"""Policies asked as IAM asks them, by the emulator's own engine."""

from collections.abc import Mapping
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

DEVELOPER = "arn:aws:iam::111122223333:role/Developer"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/products"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def is_allowed(
    limit: Mapping[str, Any],
    action: str,
    principal: str = DEVELOPER,
    region: str = "eu-west-1",
    keys: Mapping[str, Any] | None = None,
    resource: str = TABLE,
) -> bool:
    """Whether somebody who has every right can still use it within a limit, with these condition keys."""
    context = EvalContext(
        principal_arn=principal,
        principal_type="AssumedRole",
        principal_account="111122223333",
        action=action,
        resource_arn=resource,
        region=region,
        service_context={name.lower(): value for name, value in (keys or {}).items()},
    )
    everything = [parse_policy_document(EVERYTHING)]
    decision: str = evaluate(context, everything, [parse_policy_document(dict(limit))]).decision
    return decision == "Allow"
