"""The contract for clients."""

import json

from dev.application.client_contract import client_contract
from dev.local_aws.template import operations
from tests.template_facts import CONTRACT

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_each_error_has_the_body_of_a_problem() -> None:
    found = [operation["responses"] for operation in operations(client_contract(CONTRACT)).values()]

    errors = [each for responses in found for status, each in responses.items() if not status.startswith(("2", "3"))]

    assert len(errors) > len(found) > 0
    assert all(error["content"] == PROBLEM for error in errors)


def test_object_of_any_properties_has_texts() -> None:
    schemas = {"Form": {"type": "object"}, "User": {"type": "object", "properties": {}}}

    contract = client_contract({"paths": {}, "components": {"schemas": schemas}})

    form = {"type": "object", "additionalProperties": {"type": "string"}}
    assert contract["components"]["schemas"] == schemas | {"Form": form}


def test_nothing_of_api_gateway_is_left() -> None:
    assert [word for word in ("x-amazon", "Fn::", "${") if word in json.dumps(client_contract(CONTRACT))] == []
