"""What tests of users share: readers with an API key, and ids."""

import uuid
from collections.abc import Iterator

import httpx
import pytest

from dev.application.stack import Stack
from dev.local_aws.transform import API_ID
from tests.integration.conftest import patient


def new_api_key(stack: Stack, name: str, rate: float, burst: int) -> str:
    """Make an API key with a usage plan of its own; `rate` is in requests a second. Returns the key."""
    gateway = stack.client("apigateway")
    key = gateway.create_api_key(name=name, enabled=True)
    limits = {"rateLimit": rate, "burstLimit": burst}
    stages = [{"apiId": API_ID, "stage": stack.stage()}]
    plan = gateway.create_usage_plan(name=name, apiStages=stages, throttle=limits)
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    value: str = key["value"]
    return value


@pytest.fixture(scope="session")
def reader(stack: Stack) -> Iterator[httpx.Client]:
    """An HTTP client with an API key that is never over its rate: the stack's own is, after ten requests."""
    with patient(stack.http()) as client:
        client.headers["X-Api-Key"] = new_api_key(stack, "tests", rate=10_000, burst=10_000)
        yield client


@pytest.fixture
def user_id() -> str:
    """An id that no other test uses."""
    return f"T-{uuid.uuid4()}"
