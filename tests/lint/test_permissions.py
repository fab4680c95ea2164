"""What template.yaml lets each function do. tests/replay/test_process.py compares it with the calls of the code."""

import re
from typing import Any

from dev.local_aws.template import resources
from dev.paths import ROOT
from tests.grants import GRANTS, target
from tests.lint.rules import check
from tests.template_facts import FUNCTION_IDS, FUNCTIONS_BY_ID, TEMPLATE, as_list, properties, statements

NARROW = r"\w+Table/stream/\*|\w+Bucket/(\w+/)?\*"
"""A table's streams, a bucket's objects, those under one prefix."""


def test_functions_have_roles_of_their_own() -> None:
    """SAM makes one for each function that names none; a managed policy would widen it."""
    offenders = [f"{name}: Role" for name in FUNCTION_IDS if "Role" in properties(name)] + [
        f"{name}: {policy}"
        for name in FUNCTION_IDS
        for policy in as_list(properties(name).get("Policies", []))
        if not isinstance(policy, dict) or set(policy) != {"Statement"}
    ]

    check(offenders, "Give the function inline policies (- Statement: ...) instead of these")


def test_grants_name_actions_and_resources() -> None:
    offenders = [
        f"{name}: {', '.join(as_list(statement['Action']))} on {statement['Resource']}"
        for name in FUNCTION_IDS
        for statement in statements(name)
        if statement.get("Effect") != "Allow" or not is_narrow(statement)
    ]

    check(offenders, "Allow single actions on resources of this template, without wildcards")


def is_narrow(statement: dict[str, Any]) -> bool:
    resources = as_list(statement["Resource"])
    return not any("*" in action for action in as_list(statement["Action"])) and all(
        isinstance(resource, dict) and ("*" not in target(resource) or re.fullmatch(NARROW, target(resource)))
        for resource in resources
    )


def test_only_services_invoke_functions() -> None:
    """checkov reports a service without SourceArn or SourceAccount, and function URLs that anyone can call."""
    offenders = [
        f"{name}: {properties(name).get('Principal')}"
        for name in resources(TEMPLATE, "AWS::Lambda::Permission")
        if not str(properties(name).get("Principal")).endswith(".amazonaws.com")
    ]

    check(offenders, "Let only services invoke functions, such as apigateway.amazonaws.com")


def test_every_statement_says_why() -> None:
    """Trust policies explain themselves."""
    lines = (ROOT / "template.yaml").read_text().splitlines()

    statements = [number for number, line in enumerate(lines) if re.search(r"- (\{ )?Effect:", line)]
    assert statements
    bare = [
        f"template.yaml, line {number + 1}"
        for number in statements
        if not lines[number - 1].lstrip().startswith("# ") and "Action: sts:AssumeRole" not in lines[number]
    ]
    check(bare, "Add the reason as a comment on the line before the statement")


def test_functions_name_no_store_that_they_may_not_touch() -> None:
    offenders = [
        f"{name}: {store}"
        for name in FUNCTION_IDS
        for store in sorted(
            {*FUNCTIONS_BY_ID[name].stores.values()} - {place.partition("/")[0] for place in GRANTS[name]}
        )
    ]
    check(offenders, "Grant the function something on the store, or remove the variable")
