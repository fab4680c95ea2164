"""Dashboard and alarms show metrics that exist, and alarms lead to the runbook."""

import json
import re
from collections.abc import Iterator
from typing import Any

from dev.local_aws.template import resources
from dev.paths import FUNCTIONS, ROOT
from tests.lint.rules import check
from tests.template_facts import MAPPINGS, TABLES, TEMPLATE, properties

ALARMS = resources(TEMPLATE, "AWS::CloudWatch::Alarm")
CONSUMERS = [
    properties(name)["FunctionName"]["Ref"]
    for name in (*MAPPINGS, *resources(TEMPLATE, "AWS::Lambda::EventInvokeConfig"))
]
STACK = "AWS::StackName"
SERVICE, COLD_START = ("service",), ("function_name", "service")
BY_AWS: dict[str, dict[tuple[str, ...], set[str]]] = {
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
    "AWS/ApiGateway": {
        ("ApiName", "Stage"): {"4XXError", "5XXError", "Count", "Latency", "IntegrationLatency"},
        ("ApiName", "Method", "Resource", "Stage"): {"5XXError", "Count", "Latency"},
    },
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    "AWS/Lambda": {
        (): {"Throttles", "ConcurrentExecutions"},
        ("FunctionName",): {"Errors", "Duration", "IteratorAge", "AsyncEventsDropped", "DestinationDeliveryFailures"},
        ("EventSourceMappingUUID",): {"OnFailureDestinationDeliveredEventCount"},
    },
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
    "AWS/DynamoDB": {
        ("TableName",): {
            *("ReadThrottleEvents", "WriteThrottleEvents"),
            *("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"),
        },
        ("GlobalSecondaryIndexName", "TableName"): {"ReadThrottleEvents", "WriteThrottleEvents"},
    },
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
    "AWS/S3": {("BucketName", "StorageType"): {"BucketSizeBytes", "NumberOfObjects"}},
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
    "AWS/Logs": {("LogGroupName",): {"IncomingBytes"}},
}

type Metric = tuple[str, tuple[str, ...], str]
"""Namespace, names of the dimensions, and name."""


def test_metrics_exist() -> None:
    offenders = [
        f"{place}: {name} of {namespace} by {dimensions}"
        for place, (namespace, dimensions, name) in (*metrics_of_alarms(), *metrics_of_dashboard())
        if not is_emitted(namespace, dimensions, name)
    ]

    check(offenders, "Name metrics and dimensions that AWS or the functions emit")


def is_emitted(namespace: str, dimensions: tuple[str, ...], name: str) -> bool:
    if namespace != STACK:
        return name in BY_AWS.get(namespace, {}).get(dimensions, ())
    if name == "ColdStart":  # by log_metrics(capture_cold_start_metric=True)
        return dimensions == COLD_START
    return dimensions == SERVICE and any(re.fullmatch(pattern, name) for pattern in metrics_of_code())


def metrics_of_code() -> Iterator[str]:
    """Yield a pattern for each metric that functions count. What they insert into names matches any word."""
    for path in FUNCTIONS.rglob("*.py"):
        for name in re.findall(r'add_metric\(f?"([^"]+)"', path.read_text()):
            yield re.sub(r"\{.*?\}", r"\\w+", name)


def metrics_of_alarms() -> Iterator[tuple[str, Metric]]:
    for logical_id, body in ALARMS.items():
        queries = body["Properties"].get("Metrics", [])
        metrics = [query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query]
        for each in metrics or [body["Properties"]]:
            dimensions = sorted(dimension["Name"] for dimension in each.get("Dimensions", []))
            namespace = each["Namespace"]
            yield (
                logical_id,
                (STACK if namespace == {"Ref": STACK} else namespace, tuple(dimensions), each["MetricName"]),
            )


def metrics_of_dashboard() -> Iterator[tuple[str, Metric]]:
    for widget in widgets():
        title = widget["properties"].get("title", "")
        for namespace, *rest in widget["properties"].get("metrics", []):
            if isinstance(namespace, dict):
                yield title, searched(namespace["expression"])
            else:
                name, *dimensions = [each for each in rest if isinstance(each, str)]
                yield title, (namespace, tuple(sorted(dimensions[::2])), name)


def searched(expression: str) -> Metric:
    found = re.match(r"SEARCH\('\{\"?([\w/:]+)\"?,([\w,]+)\} .*MetricName=\"(\w+)\"', '\w+'\)$", expression)
    assert found, expression
    return found[1], tuple(sorted(found[2].split(","))), found[3]


def widgets() -> list[dict[str, Any]]:
    """Return the widgets, in which each reference is the name of what it refers to."""
    body = json.loads(text_of(TEMPLATE["Resources"]["Dashboard"]["Properties"]["DashboardBody"]))
    found: list[dict[str, Any]] = body["widgets"]
    return found


def text_of(node: Any) -> str:
    match node:
        case {"Fn::Sub": [str(text), dict(values)]}:
            return re.sub(r"\$\{(\w+)\}", lambda name: text_of(values[name[1]]), text)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w:.]+)\}", r"\1", text)
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(map(text_of, parts))
    return str(node)


def test_dashboard_shows_every_alarm() -> None:
    (shown,) = [widget["properties"]["alarms"] for widget in widgets() if widget["type"] == "alarm"]

    check(
        sorted(set(shown) ^ {f"{name}.Arn" for name in ALARMS}),
        "Add to or remove from the alarm widget of observability.yaml",
    )


def test_dashboard_shows_every_table_and_consumer() -> None:
    shown = str(widgets())

    check((name for name in [*TABLES, *CONSUMERS] if f"'{name}'" not in shown), "Add to widgets of observability.yaml")


def test_every_table_and_consumer_has_an_alarm() -> None:
    watched = {name: str(alarm) for name, alarm in ALARMS.items()}
    alarms = {table: f"{table}ThrottleAlarm" for table in TABLES} | dict.fromkeys(CONSUMERS, "ConsumerErrorAlarm")

    check(
        (f"{name} to {alarm}" for name, alarm in alarms.items() if f"'{name}'" not in watched.get(alarm, "")),
        "Add to alarms of observability.yaml",
    )


def test_alarms_and_sections_of_the_runbook_name_each_other() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    sections = {heading.lower().replace(" ", "-") for heading in re.findall(r"(?m)^## (.+)$", runbook)}
    links = {
        name: re.findall(r" RunbookUrl#([\w-]+)$", text_of(body["Properties"].get("AlarmDescription")))
        for name, body in ALARMS.items()
    }

    linked = {section for found in links.values() for section in found}
    check((name for name, found in links.items() if len(found) != 1), "End the AlarmDescription with a link")
    unreported = {"deleted-items"}  # users report them
    check(sorted(linked ^ (sections - unreported)), "Add this section to docs/runbook.md, or an alarm that links to it")
