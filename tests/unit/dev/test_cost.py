"""`dev cost` against arithmetic by hand, on an application of the tests' own, and on this one."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dev.application.access_patterns.document import Row, rows
from dev.cli import app
from dev.cost.estimate import Estimator, by_resource, load_settings, only_load, provisioned_from, total
from dev.cost.plot import draw
from dev.errors import DevError
from dev.paths import ROOT
from tests.lint.rules import check
from tests.template_facts import CONTRACT, FUNCTION_IDS, OPERATIONS, TABLES, TEMPLATE


def _function(name: str, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::Serverless::Function", "Properties": {"Handler": f"notes.{name}.handler"} | more}


NOTES: dict[str, Any] = {
    "Parameters": {"Architecture": {"Default": "x86_64"}},
    "Globals": {"Function": {"Architectures": [{"Ref": "Architecture"}], "MemorySize": 512, "Tracing": "Active"}},
    "Resources": {
        "Api": {"Type": "AWS::Serverless::Api"},
        "NotesTable": {"Type": "AWS::DynamoDB::Table"},
        "NotesBucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Alarm": {"Type": "AWS::CloudWatch::Alarm"},
        "AlarmOnTwoMetrics": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {"Metrics": [{"Expression": "a+b"}, {"MetricStat": {}}, {"MetricStat": {}}]},
        },
        "GetNoteFunction": _function(
            "get", Events={"Api": {"Type": "Api", "Properties": {"Method": "GET", "Path": "/notes/{id}"}}}
        ),
        "AuthorizeFunction": _function("authorize", Tracing="PassThrough"),
        "OnNoteFunction": _function(
            "on_note", MemorySize=1024, Environment={"Variables": {"BUCKET": {"Ref": "NotesBucket"}}}
        ),
        "OnNoteMapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": "NotesTable.StreamArn"},
                "FunctionName": {"Ref": "OnNoteFunction"},
            },
        },
    },
}
NOTES_CONTRACT = {
    "paths": {"/notes/{id}": {"get": {"security": []}, "put": {"security": [{"Jwt": []}]}}},
    "components": {
        "securitySchemes": {
            "Jwt": {"x-amazon-apigateway-authorizer": {"authorizerUri": {"Fn::Sub": "${AuthorizeFunction.Arn}"}}}
        }
    },
}
SETTINGS = {
    "assumptions": {
        "warm_ms": 20,
        "cold_ms": 300,
        "cold_share": 0.01,  # so 23 ms on average
        "log_bytes": 1000,
        "access_log_bytes": 500,
        "authorizer_share": 0.1,
    },
    "functions": {"OnNoteFunction": {"warm_ms": 47, "s3_puts": 1}},  # so 50 ms
    "units": {},
}


def _row(name: str, source: str, path: str, caller: str, operation: str, example: str) -> Row:
    return Row("NotesTable", name, (source, path), caller, operation, "id", "–", "–", "", example, ("", ""))


PATTERNS = [
    _row("get-note", "get_note", "functions/notes/store.py", "GetNoteFunction", "GetItem", "1"),
    _row("put-note", "PUT /notes/{id}", "api/openapi.yaml", "API Gateway", "PutItem", "1"),
]


def estimator(patterns: list[Row] = PATTERNS, **settings: Any) -> Estimator:
    return Estimator(NOTES, NOTES_CONTRACT, patterns, SETTINGS | settings)


def cost(load: Mapping[str, float], estimator: Estimator) -> float:
    return total([line for route in estimator.routes(load) for line in route.lines]) + total(estimator.fixed(load))


READ = 3.50 + 500 * 0.50 / 1000 + 0.125  # a million of requests, access log and read units
FUNCTION = 0.20 + 23_000 * 0.5 * 0.0000166667 + 1.0 * 0.50  # a million invocations of 23 ms and 512 MB, and their log
WRITE = 3.50 + 500 * 0.50 / 1000 + 0.625
CONSUMER = 0.20 + 50_000 * 1.0 * 0.0000166667 + 1.0 * 0.50 + 1000 * 0.005  # 50 ms and 1 GB, one PutObject
FIXED = 3 * 0.30 + 3 * 0.10  # a metric for each function, alarms on one metric and on two


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        # Less than one request per second: every invocation is traced.
        ({"reads": 1_000_000}, READ + FUNCTION + 1.0 * 5.00 + FIXED),
        # A direct route with an authorizer that is asked for every tenth request, and a consumer.
        ({"writes": 2_000_000}, 2 * WRITE + 0.2 * FUNCTION + 2 * CONSUMER + 2.0 * 5.00 + FIXED),
        # More requests than a month has seconds (2,628,000): these and 5 percent of the others are traced.
        (
            {"reads": 10_000_000, "PUT /notes/{id}": 1_000_000, "table_gb": 20, "bucket_gb": 100},
            10 * (READ + FUNCTION)
            + (2.628 + 0.05 * 7.372) * 5.00
            + WRITE
            + 0.1 * FUNCTION
            + CONSUMER
            + 1.0 * 5.00
            + 20 * (0.25 + 0.20)
            + 100 * 0.023
            + FIXED,
        ),
    ],
    ids=["reads", "writes", "many requests and stored data"],
)
def test_cost_is_that_of_arithmetic_by_hand(load: dict[str, float], expected: float) -> None:
    assert cost(load, estimator()) == pytest.approx(expected)


def test_route_is_compared_with_its_alternative() -> None:
    read, write = estimator().routes({"reads": 1_000_000, "writes": 1_000_000})

    assert (read.direct_cost, read.function_cost) == pytest.approx((READ, READ + FUNCTION + 5.00))
    assert (read.function, write.function) == ("GetNoteFunction", "")
    assert write.function_cost - write.direct_cost == pytest.approx(FUNCTION + 5.00)


def test_arm_costs_less() -> None:
    arm = Estimator(NOTES, NOTES_CONTRACT, PATTERNS, SETTINGS, "arm64")
    load = {"reads": 1_000_000}

    assert cost(load, estimator()) - cost(load, arm) == pytest.approx(23_000 * 0.5 * (0.0000166667 - 0.0000133334))


def test_most_expensive_variant_of_a_pattern_counts_once() -> None:
    patterns = [
        *PATTERNS,
        _row("get-note-again", "get_note", "functions/notes/store.py", "GetNoteFunction", "GetItem, PutItem", "2, 3"),
        _row("write-once", "write_once", "functions/shared/a.py", "GetNoteFunction", "TransactWriteItems", "2"),
        _row("list-tags", "list_tags", "functions/notes/store.py", "GetNoteFunction", "BatchGetItem", "not reported"),
    ]

    (read, _) = estimator(patterns, units={"list-tags": [12.5]}).routes({"reads": 1_000_000})

    assert by_resource(read.lines)["NotesTable"] == pytest.approx(2 * 0.125 + 3 * 0.625 + 12.5 * 0.125)
    with pytest.raises(DevError, match=r"The cost of the pattern list-tags is unknown. Add it to \[units\]"):
        estimator(patterns).routes({"reads": 1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[loads.mine]\n'GET /nowhere' = 1", "Unknown in the load: GET /nowhere. There are: reads, writes"),
        ("[loads.mine]\n[functions]\nNoFunction = {}", "Unknown in functions: NoFunction. There are: "),
        ("[assumptions]\nwarm = 1", "Unknown in assumptions: warm. There are: warm_ms"),
        ("[loads", "is not TOML"),
        ("[loads.mine]\nreads = '1'", "mine.toml: loads.mine.reads is not a number of at least 0"),
        ("[loads.mine]\nreads = -5", "mine.toml: loads.mine.reads is not a number of at least 0"),
        ("[loads.mine]\nreads = nan", "mine.toml: loads.mine.reads is not a number of at least 0"),
        ("[loads.mine]\nreads = true", "mine.toml: loads.mine.reads is not a number of at least 0"),
        ("[loads.mine]\nreads = [1]", "mine.toml: loads.mine.reads is not a number of at least 0"),
        ("[loads.mine]\nreads.a = 1", "mine.toml: loads.mine.reads is not a number of at least 0"),
        ("[units]\nlist-downloads = ['1']", "mine.toml: units.list-downloads[0] is not a number of at least 0"),
        ("[units]\nlist-downloads = 3", "mine.toml: units.list-downloads is not a list of numbers"),
        ("[functions.OnNoteFunction]\nafter = 'POST /notes'", "functions.OnNoteFunction.after is not a list of routes"),
        ("[functions.OnNoteFunction]\nafter = 5", "functions.OnNoteFunction.after is not a list of routes"),
        ("loads = [1]", "mine.toml: loads is not a table"),
        ("[loads]\nmine = 1", "mine.toml: loads.mine is not a table"),
    ],
)
def test_mistakes_in_a_file_are_reported(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)

    done = CliRunner().invoke(app, ["cost", "mine", "--file", str(file)])

    assert isinstance(done.exception, DevError), done.output
    assert message in str(done.exception)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"units": {"get-note": [1.0, 2.0]}}, "units.get-note needs one number for each of: GetItem"),
        (
            {"functions": {"GetNoteFunction": {"s3_puts": 1}}},
            "Delete functions.GetNoteFunction.s3_puts: the function has no bucket in its environment",
        ),
        (
            {"functions": {"OnNoteFunction": {"after": ["POST /nowhere"]}}},
            "Unknown in functions.OnNoteFunction.after: POST /nowhere. There are: GET /notes/{id}, PUT /notes/{id}",
        ),
    ],
)
def test_settings_that_do_not_fit_the_application_are_reported(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(DevError, match=f"^{re.escape(message)}"):
        estimator(**settings).routes({"reads": 1})


def test_only_load_of_a_file_needs_no_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[loads.small]\nreads = 1\n")

    assert CliRunner().invoke(app, ["cost", "--file", str(file)]).stdout.startswith("Load small:")


def test_one_of_several_loads_has_to_be_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[loads.small]\n[loads.mine]\n")

    with pytest.raises(DevError, match=r"has several loads: small, mine\. Name one\."):
        only_load(file)


def test_provisioned_capacity_costs_less_from_29_percent() -> None:
    assert provisioned_from() == pytest.approx(
        {"read_unit": 0.00013 * 730 / (2.628 * 0.125), "write_unit": 0.00065 * 730 / (2.628 * 0.625)}
    )
    assert provisioned_from()["read_unit"] == pytest.approx(0.289, abs=0.001)


def test_this_application_has_a_cost_for_everything() -> None:
    ours = Estimator(TEMPLATE, CONTRACT, rows(), load_settings(None))

    routes = ours.routes({"reads": 1000, "writes": 1000})

    assert [route.name for route in routes] == [" ".join(route) for route in OPERATIONS]
    used = by_resource([line for route in routes for line in route.lines])
    assert used.keys() & TABLES.keys()
    assert "Api" in used
    check(
        (name for name in FUNCTION_IDS if name not in used),
        "Add an access pattern that writes the table which each of these functions consumes",
    )


def test_report_fits_80_columns() -> None:
    done = CliRunner().invoke(app, ["cost", "large"])

    assert done.exit_code == 0, done.output
    assert "all routes" in done.stdout
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []


def test_plot_and_table_of_the_document_are_up_to_date() -> None:
    """Run: dev cost --plot docs/cost.svg"""
    ours = Estimator(TEMPLATE, CONTRACT, rows(), load_settings(None))
    loads = (100_000, 1_000_000, 10_000_000, 100_000_000)
    table = ["| {:,} | {:.2f} | {:.2f} |".format(load, *ours.read_of_one_item(load)) for load in loads]

    assert (ROOT / "docs" / "cost.svg").read_text() == draw(ours)
    assert "\n".join(table) in (ROOT / "docs" / "cost.md").read_text()
