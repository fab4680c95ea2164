"""Access patterns of users, run on the demo data."""

from dev.application.deployed_stack import DeployedStack
from tests.unit.pattern_runs import outcomes
from tests.unit.shell import Shell


def test_direct_route_is_what_its_template_makes(seeded: DeployedStack) -> None:
    found = outcomes(seeded, "UsersTable")["delete-user"].to_json()

    assert (found["source"], found["requests"][0]["request"]) == (
        "DELETE /users/{user_id}",
        {
            "TableName": "UsersTable",
            "Key": {"UserId": {"S": "demo-edsger"}},
            "ConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "owner"},
            "ExpressionAttributeValues": {":owner": {"S": "demo-carol"}},
        },
    )


def test_patterns_are_printed_with_request_cost_and_items(shell: Shell) -> None:
    shown = shell("tables patterns users").stdout

    assert "get-user  (GET /users/{user_id})\n" in shown
    assert '  GetItem\n    Key: {"UserId": "demo-edsger"}\n    ProjectionExpression: UserId, #name, created' in shown
    assert "  1 request unit, 2 items\n" in shown
    assert "Edsger Dijkstra" in shown
