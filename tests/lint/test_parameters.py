"""Combinations of parameters: what CloudFormation creates, after SAM and with the conditions decided."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cfnlint.api import lint  # type: ignore[import-untyped]

from dev.local_aws.template import attribute_of
from dev.paths import FUNCTIONS
from tests.lint.rules import check
from tests.lint.transformed import transformed
from tests.template_facts import TEMPLATE, as_list

TOGETHER = (
    {
        "JwtIssuer": "https://login.example.com",
        "JwtAudience": "api",
        "JwtJwksUrl": "https://login.example.com/keys",
    },
    {
        "UseVpc": "true",
        "VpcId": "vpc-0123456789abcdef0",
        "SubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
        "RouteTableIds": "rtb-0123456789abcdef0",
    },
)
"""Parameters that the template's rules require together."""
EXAMPLES = {
    "EndpointUrl": "http://127.0.0.1:4566",
    "KmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "OpenTelemetryLayerArn": "arn:aws:lambda:eu-west-1:111122223333:layer:opentelemetry:1",
    "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/boundary",
    "AlarmTopicArn": "arn:aws:sns:eu-west-1:111122223333:alarms",
    "RunbookUrl": "https://example.com/runbook",
    "JwtGroupsClaim": "groups",
    "PrefixListIds": "pl-01234567,pl-89abcdef",
}
NO_VALUE = {"Ref": "AWS::NoValue"}

type Values = dict[str, str]


def choices() -> list[list[Values]]:
    """Return the values to try, by parameter or by group of parameters."""
    parameters = TEMPLATE["Parameters"]
    groups = [group for group in TOGETHER if group.keys() <= parameters.keys()]
    alone = parameters.keys() - {name for group in groups for name in group}
    return [
        *([{name: parameters[name]["Default"] for name in group}, group] for group in groups),
        *([{name: value} for value in values_of(name)] for name in sorted(alone)),
    ]


def values_of(name: str) -> list[str]:
    """Return a few values of a parameter, its default among them."""
    parameter = TEMPLATE["Parameters"][name]
    allowed = [str(value) for value in parameter.get("AllowedValues", [])]
    others = [*allowed[:1], *allowed[-1:], EXAMPLES.get(name, ""), str(parameter.get("MinValue", ""))]
    return list(dict.fromkeys([str(parameter["Default"]), *filter(None, others)]))


def pairwise(factors: list[list[Values]]) -> Iterator[Values]:
    """Yield combinations that contain every pair of values of different parameters."""
    places = [(factor, index) for factor, values in enumerate(factors) for index in range(len(values))]
    missing = {frozenset(pair) for pair in itertools.combinations(places, 2) if pair[0][0] != pair[1][0]}
    while missing:
        row = dict(min(missing, key=sorted))
        for factor in range(len(factors)):
            if factor not in row:
                gain = [
                    sum(frozenset({(factor, index), place}) in missing for place in row.items())
                    for index in range(len(factors[factor]))
                ]
                row[factor] = gain.index(max(gain))
        missing -= {frozenset(pair) for pair in itertools.combinations(row.items(), 2)}
        yield {name: value for factor, index in row.items() for name, value in factors[factor][index].items()}


def created(parameters: Values) -> dict[str, Any]:
    """Return the template as CloudFormation creates it: after SAM, with conditions decided and parameters filled in."""
    template = transformed()
    conditions = {name: holds(condition, parameters) for name, condition in template["Conditions"].items()}
    exist = {
        name: {key: value for key, value in body.items() if key != "Condition"}
        for name, body in template["Resources"].items()
        if "Condition" not in body or conditions[body["Condition"]]
    }
    found: dict[str, Any] = resolved({"Resources": exist, "Outputs": template["Outputs"]}, parameters, conditions)
    return found


def holds(condition: Mapping[str, Any], parameters: Values) -> bool:
    ((function, operands),) = condition.items()
    match function:
        case "Fn::Equals":
            return bool(operands[1] == resolved(operands[0], parameters, {}))
        case "Fn::Not":
            return not holds(operands[0], parameters)
        case "Fn::And":
            return all(holds(operand, parameters) for operand in operands)
    raise NotImplementedError(f"Say here when {function} holds")


def resolved(node: Any, parameters: Values, conditions: Mapping[str, bool]) -> Any:
    match node:
        case {"Ref": str(name)} if name in parameters:
            return parameters[name]
        case {"Fn::If": [str(name), yes, no]}:
            return resolved(yes if conditions[name] else no, parameters, conditions)
        case {"Fn::Sub": str(text)}:
            return {"Fn::Sub": re.sub(r"\$\{(\w+)\}", lambda name: parameters.get(name[1], name[0]), text)}
        case dict():
            entries = {key: resolved(each, parameters, conditions) for key, each in node.items()}
            return {key: value for key, value in entries.items() if value != NO_VALUE}
        case list():
            values = [resolved(each, parameters, conditions) for each in node]
            return [value for value in values if value != NO_VALUE]
    return node


def references(node: Any) -> Iterator[str]:
    """Yield the logical ids that a part of a template refers to."""
    match node:
        case {"Ref": str(name)} if "::" not in name:
            yield name
        case {"Fn::GetAtt": _}:
            yield attribute_of(node).partition(".")[0]
        case {"Fn::Sub": str(text)}:
            yield from re.findall(r"\$\{(\w+)[.}]", text)
        case dict():
            yield from as_list(node.get("DependsOn", []))
            for each in node.values():
                yield from references(each)
        case list():
            for each in node:
                yield from references(each)


def test_every_parameter_has_two_values_to_try() -> None:
    check((name for values in choices() if len(values) < 2 for name in values[0]), "Add a value to EXAMPLES")


def test_no_combination_refers_to_what_it_does_not_create() -> None:
    templates = [created(parameters) for parameters in pairwise(choices())]

    missing = {
        f"{name} refers to {other}"
        for template in templates
        for name, body in [*template["Resources"].items(), *template["Outputs"].items()]
        for other in references(body)
        if other not in template["Resources"]
    }
    check(sorted(missing), "Make these references conditional. DependsOn cannot be")


def test_events_are_logged_only_on_demand_and_never_in_production() -> None:
    switched_on = str({"POWERTOOLS_LOGGER_LOG_EVENT": "true"}).strip("{}")
    defaults = {name: str(parameter["Default"]) for name, parameter in TEMPLATE["Parameters"].items()}
    stages = TEMPLATE["Parameters"]["Stage"]["AllowedValues"]

    logging = {
        (stage, value)
        for stage in stages
        for value in ("true", "false")
        if switched_on in str(created(defaults | {"Stage": stage, "LogEvents": value}))
    }

    assert defaults["LogEvents"] == "false"
    assert logging == {("dev", "true"), ("staging", "true")}
    offenders = [path for path in FUNCTIONS.rglob("*.py") if "log_event" in path.read_text()]
    check(offenders, "Leave it to the parameter LogEvents whether events are logged")


def test_production_rejects_logged_events_and_emulators() -> None:
    rule = TEMPLATE["Rules"]["ProductionForbidsLogEventsAndEndpointUrl"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    assert [assertion["Assert"] for assertion in rule["Assertions"]] == [
        {"Fn::Equals": [{"Ref": "LogEvents"}, "false"]},
        {"Fn::Equals": [{"Ref": "EndpointUrl"}, ""]},
    ]


DATED = {"E2531", "E2533"}
"""Runtimes that are deprecated by now. `make check` runs cfn-lint with these rules."""


def test_template_with_every_option_is_valid() -> None:
    """cfn-lint of the template itself takes names that begin like SAM's for granted. Here no resource is SAM's."""
    parameters = {name: value for values in choices() for name, value in values[-1].items()}

    found = lint(json.dumps(created(parameters)))
    errors = [match for match in found if match.rule.id.startswith("E") and match.rule.id not in DATED]
    check((f"{error.rule.id} {error.message} at {error.path}" for error in errors), "Correct the template")
