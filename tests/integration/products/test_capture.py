"""Events captured from the logs of a stack: no one's data, the same ids, and they replay at once."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from dev.application.deployed_stack import local
from dev.application.project import find_function, load_openapi, load_template
from dev.application.stack import Stack
from dev.events import files
from dev.events.capture import Capture, Invocation, invocations, read_log
from dev.events.check import problems
from dev.events.scrub import Scrubber, vocabulary
from dev.events.sources import Application
from dev.paths import FUNCTIONS
from dev.replay.cases import load_case
from tests.waiting import wait_until

FUNCTION_NAMES = ("GetProductFunction", "OnProductChangeFunction")
ACCOUNT, EMAIL, AGENT = "210987654321", "ada@example.org", "AdasBrowser/1.0"


@pytest.fixture
def logged_events(stack: Stack) -> Iterator[None]:
    """Switch event logging on for two functions, as the parameter LogEvents does for all."""
    client, names = stack.client("lambda"), stack.status().functions
    with contextlib.ExitStack() as restored:
        for name in (names[function] for function in FUNCTION_NAMES):
            variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            logging = variables | {"POWERTOOLS_LOGGER_LOG_EVENT": "true"}
            client.update_function_configuration(FunctionName=name, Environment={"Variables": logging})
            restored.callback(
                client.update_function_configuration, FunctionName=name, Environment={"Variables": variables}
            )
        yield


@pytest.mark.usefixtures("logged_events")
def test_captured_events_are_clean_valid_and_replay(
    stack: Stack, alice: httpx.Client, tokens: dict[str, str], product_id: str, tmp_path: Path
) -> None:
    started = datetime.now(UTC)
    product, headers = f"{ACCOUNT}-{product_id}"[:64], {"User-Agent": AGENT, "X-Contact": EMAIL}
    assert alice.get(f"customers/CUST-1001/products/{product}", headers=headers).status_code == 404
    body = {"product_id": product, "product_type": "lovelace"}
    assert alice.post("customers/CUST-1001/products", json=body, headers=headers).status_code == 201

    application = Application(load_template(), load_openapi())
    scrubber = Scrubber(b"key", vocabulary(FUNCTIONS, application.contract))
    paths = []
    for name in FUNCTION_NAMES:
        function = find_function(name)
        found = logged(stack, name, started, product)
        event, expect = Capture(application, function, scrubber).with_ids_of(found).case(found[0])
        paths.append(files.write(tmp_path / function.name, "captured", event, expect)[0])

    written = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    secrets = (ACCOUNT, EMAIL, AGENT, product, tokens["alice"], "alice", "lovelace", "CUST-1001", "127.0.0.1")
    assert [secret for secret in secrets if secret in written] == []
    assert [problem for path in paths for problem in problems(path, application)] == []
    asked, changed = (load_case(path).event for path in paths)
    keys = [record["dynamodb"]["Keys"]["product_id"]["S"] for record in changed["Records"]]
    assert asked["pathParameters"]["product_id"] in keys
    replay = [sys.executable, "-m", "dev.cli", "replay", "--target", "process", *map(str, paths)]
    assert subprocess.run(replay, check=False).returncode == 0


def logged(stack: Stack, function: str, since: datetime, product: str) -> list[Invocation]:
    """Wait for the logged invocations of a function that concern a product."""
    found: list[Invocation] = []

    def is_logged() -> bool:
        log = read_log(local(stack), find_function(function), since)
        found[:] = [each for each in invocations(log) if each.lines and product in json.dumps(each.event)]
        return bool(found)

    wait_until(is_logged)
    return found
