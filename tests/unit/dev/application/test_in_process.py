"""AWS in memory: what functions called in this process find there."""

import logging
import os
import re
import signal
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from aws_lambda_powertools import Logger

from dev.application import in_process
from dev.application.demo_data import attribute_values
from dev.errors import DevError
from dev.local_aws.signals import interruptible
from dev.local_aws.template import Function
from tests.template_facts import FUNCTIONS_BY_ID, properties


def test_every_variable_of_the_template_has_a_value(subtests: pytest.Subtests) -> None:
    for logical_id, function in FUNCTIONS_BY_ID.items():
        with subtests.test(logical_id=logical_id):
            variables = properties(logical_id).get("Environment", {}).get("Variables", {})

            assert variables.keys() <= in_process.function_environment().keys() | function.stores


def test_functions_have_no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\nendpoint_url = https://example.com\n")
    for name, value in {"HOME": str(tmp_path), "LOG_LEVEL": "WARNING", "POWERTOOLS_METRICS_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)

    with in_process.environment(in_process.function_environment()):
        endpoint_url = botocore.session.get_session().create_client("dynamodb").meta.endpoint_url
        level = Logger("settings").log_level
        disabled = "POWERTOOLS_METRICS_DISABLED" in os.environ

    assert (endpoint_url, level, disabled) == ("https://dynamodb.us-east-1.amazonaws.com", logging.INFO, False)


def not_json(_event: object, _context: object) -> Any:
    return {1}


def exits(_event: object, _context: object) -> None:
    sys.exit(0)


@pytest.mark.parametrize(
    ("handler", "error"), [("not_json", "Object of type set is not JSON serializable"), ("exits", "0")]
)
def test_result_that_lambda_rejects_is_an_error(dynamodb: object, handler: str, error: str) -> None:
    outcome = in_process.invoke(Function("OrderFunction", f"{__name__}.{handler}", (), {}), {})

    assert (outcome.result, outcome.error) == (None, error)


def is_interrupted(_event: object, _context: object) -> None:
    signal.raise_signal(signal.SIGINT)


def test_second_signal_ends_a_handler(dynamodb: object) -> None:
    function = Function("OrderFunction", f"{__name__}.is_interrupted", (), {})
    with interruptible():
        in_process.invoke(function, {})
        with pytest.raises(SystemExit):
            in_process.invoke(function, {})


@pytest.mark.parametrize("value", [Decimal("1e200"), Decimal(10**40 + 1), 0.5])
def test_value_that_dynamodb_cannot_store_is_named(value: object) -> None:
    with pytest.raises(DevError, match=f"DynamoDB cannot store balance: {re.escape(str(value))}"):
        attribute_values({"id": "1", "balance": value})
