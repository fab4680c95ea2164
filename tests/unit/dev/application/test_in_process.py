"""AWS in memory: what functions called in this process find there."""

import pytest

from dev.application import in_process
from dev.local_aws.template import functions, resources
from tests.template_facts import TEMPLATE

FUNCTIONS = functions(TEMPLATE)


def test_every_variable_of_the_template_has_a_value(subtests: pytest.Subtests) -> None:
    for logical_id, function in FUNCTIONS.items():
        with subtests.test(logical_id=logical_id):
            properties = resources(TEMPLATE, "AWS::Serverless::Function")[logical_id]["Properties"]
            variables = properties.get("Environment", {}).get("Variables", {})

            assert variables.keys() <= in_process.function_environment().keys() | function.stores
