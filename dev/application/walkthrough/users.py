"""Users: API Gateway calls DynamoDB directly; a stream consumer archives created and deleted users."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import jwt

from dev.application.auth.tokens import new_key
from dev.application.project import load_template
from dev.application.stack import Stack
from dev.application.walkthrough.steps import Show, Steps, log_lines
from dev.errors import DevError
from dev.local_aws import logs
from dev.local_aws.event_sources.filter import verdict
from dev.local_aws.event_sources.mapping import stream_mappings
from dev.local_aws.transform import API_ID

if TYPE_CHECKING:
    import httpx
    from mypy_boto3_apigateway import APIGatewayClient

ADA = {"name": 'Ada "Countess" Lovelace', "email": "ada@example.com"}
GRACE = {"name": "Grace Hopper", "email": "grace@example.com"}
QUOTA_OF_ONE = "dev demo: one request a day"
"""Name of a key and of its usage plan, which exist during the walk only."""


def walk(stack: Stack, show: Show) -> None:
    show.pattern("Users: direct integrations", "API Gateway calls DynamoDB for carol and dave")
    key = {"X-Api-Key": stack.status().api_key}
    carol, dave = ({"Authorization": f"Bearer {stack.token(name)}"} for name in ("carol", "dave"))
    with stack.http() as http:
        http.delete("users/demo-ada", headers=carol)  # left by a walk that was interrupted
        http.delete("users/demo-grace", headers=dave)
        started = int(time.time() * 1000)
        step = Steps(http, show, _summary)
        step(403, "GET", "users", " without a key")
        step(200, "GET", "users", " with the key", secret=key)
        step(401, "PUT", "users/demo-ada", " without a token", json=ADA)
        step(403, "PUT", "users/demo-ada", " with a forged token", json=ADA, secret=_forged(carol))
        step(200, "PUT", "users/demo-ada", " as carol", json=ADA, secret=carol)
        _require_listed(step(200, "GET", "users", " with the key", secret=key), {"demo-ada"})
        step(200, "PUT", "users/demo-grace", " as dave", json=GRACE, secret=dave)
        _require_listed(step(200, "GET", "users", " with the key", secret=key), {"demo-ada", "demo-grace"})
        step(200, "GET", "users/demo-ada", " with the key", secret=key)
        step(409, "PUT", "users/demo-ada", " as dave", json=GRACE, secret=dave)
        step(200, "PUT", "users/demo-ada", " as carol", json=ADA | {"name": "Ada King"}, secret=carol)
        step(404, "DELETE", "users/demo-ada", " as dave", secret=dave)
        step(204, "DELETE", "users/demo-ada", " as carol", secret=carol)
        step(204, "DELETE", "users/demo-grace", " as dave", secret=dave)
        show.pattern("Users: quota of an API key", "one request a day")
        with _key_with_a_quota_of_one(stack) as limited:
            step(200, "GET", "users", " with a new key", secret=limited)
            step(429, "GET", "users", " with the same key", secret=limited)
    _show_archive(stack, show, started)


@contextmanager
def _key_with_a_quota_of_one(stack: Stack) -> Iterator[dict[str, str]]:
    """Create an API key whose second request is rejected, independent of the speed of this machine.

    The emulator counts exactly. On AWS, rates and quotas are best effort, so a few more requests may pass.
    """
    gateway: APIGatewayClient = stack.client("apigateway")
    _delete_limited_keys(gateway)  # left by a walk that was killed
    try:
        key = gateway.create_api_key(name=QUOTA_OF_ONE, enabled=True)
        plan = gateway.create_usage_plan(
            name=QUOTA_OF_ONE,
            apiStages=[{"apiId": API_ID, "stage": stack.stage()}],
            quota={"limit": 1, "period": "DAY"},
        )
        gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
        yield {"X-Api-Key": key["value"]}
    finally:
        _delete_limited_keys(gateway)


def _delete_limited_keys(gateway: "APIGatewayClient") -> None:
    for plan in gateway.get_usage_plans()["items"]:
        if plan["name"] == QUOTA_OF_ONE:
            gateway.delete_usage_plan(usagePlanId=plan["id"])
    for key in gateway.get_api_keys()["items"]:
        if key["name"] == QUOTA_OF_ONE:
            gateway.delete_api_key(apiKey=key["id"])


def _show_archive(stack: Stack, show: Show, since: int) -> None:
    """Records of one user arrive in order, so after the deletion is archived, the change before it has been dropped."""
    show.pattern("Users: stream consumer", "archives created and deleted users in S3")
    lines = log_lines(stack, "OnUserChangeFunction", since, lambda line: line.get("user_id") == "demo-ada", 2)
    bucket = stack.status().buckets["UserArchiveBucket"]
    for line in lines:
        archived = json.loads(stack.client("s3").get_object(Bucket=bucket, Key=line["key"])["Body"].read())
        show.step(f"{archived['kind']} {archived['user_id']}", archived["item"]["name"]["S"])
    if [line["change"] for line in lines] != ["created", "deleted"]:
        raise DevError(f"The stream consumer archived {lines}")
    if any(entry.fields.get("change") == "MODIFY" for entry in logs.read(stack, ["OnUserChangeFunction"], since)):
        raise DevError("The mapping's filter let a MODIFY through")
    dropped = verdict(stream_mappings(load_template())["OnUserChangeMapping"].patterns, {"eventName": "MODIFY"})
    show.step("the MODIFY between them was not delivered", dropped.reason)


def _forged(headers: dict[str, str]) -> dict[str, str]:
    """Return the same token signed with a key of our own."""
    token = headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(token)["kid"]
    return {"Authorization": f"Bearer {jwt.encode(claims, new_key(), algorithm='RS256', headers={'kid': kid})}"}


def _require_listed(answer: "httpx.Response", expected: set[str]) -> None:
    """Check the first page only if other users exist."""
    page = answer.json()
    if page["next_cursor"] is None and not expected <= {user["user_id"] for user in page["items"]}:
        raise DevError(f"{', '.join(sorted(expected))} should be in the list: {answer.text}")


def _summary(body: dict[str, Any]) -> str:
    """Return the ids of a list, or what else says which user this is."""
    if "items" in body:
        names = sorted(user["user_id"] for user in body["items"])
        return f"{len(names)} user{'' if len(names) == 1 else 's'}: {', '.join(names)}".rstrip(": ")
    return ", ".join(str(value) for name, value in body.items() if name != "created_at")
