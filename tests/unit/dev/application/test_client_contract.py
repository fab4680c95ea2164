"""The contract for clients."""

import json

from dev.application.client_contract import client_contract
from tests.template_facts import CONTRACT

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_each_error_has_the_body_of_a_problem() -> None:
    contract = client_contract(CONTRACT)
    operations = [each for path in contract["paths"].values() for name, each in path.items() if name != "parameters"]

    errors = [
        found for each in operations for status, found in each["responses"].items() if not status.startswith(("2", "3"))
    ]

    assert len(errors) > len(operations) > 0
    assert all(error["content"] == PROBLEM for error in errors)


def test_object_of_any_properties_has_texts() -> None:
    schemas = {"Form": {"type": "object"}, "User": {"type": "object", "properties": {}}}

    contract = client_contract({"paths": {}, "components": {"schemas": schemas}})

    form = {"type": "object", "additionalProperties": {"type": "string"}}
    assert contract["components"]["schemas"] == schemas | {"Form": form}


def test_nothing_of_api_gateway_is_left() -> None:
    assert [word for word in ("x-amazon", "Fn::", "${") if word in json.dumps(client_contract(CONTRACT))] == []
