"""docs/access-patterns.md agrees with the code, and the patterns keep what it promises."""

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from dev.application import in_process
from dev.application.access_patterns.document import Row, rows
from dev.application.access_patterns.pattern import catalogue
from dev.application.deployed_stack import DeployedStack
from dev.application.features import parts
from dev.local_aws.template import key_names
from dev.paths import FUNCTIONS
from dev.tables import patterns
from dev.tables.patterns import PatternRun
from dev.tables.recorder import Call
from tests.lint.rules import check, differing
from tests.template_facts import TABLES, TEMPLATE, properties
from tests.unit.conftest import NAMES, with_demo_data
from tests.unit.empty_aws import empty_aws, replace_tables

ROWS = rows()


@pytest.fixture(scope="module")
def outcomes() -> dict[str, PatternRun]:
    """What each pattern sends, in memory."""
    with empty_aws():
        replace_tables(with_demo_data())
        deployed = DeployedStack(
            "in-memory", is_local=True, resources={"AWS::DynamoDB::Table": NAMES}, client=in_process.client
        )
        return {each.pattern.name: each for each in patterns.run(deployed)}


def test_every_pattern_is_in_the_document_and_the_other_way_round() -> None:
    names = {table: [pattern.name for pattern in each] for table, each in catalogue().items()}

    check(
        sorted({row.name for row in ROWS} ^ {name for each in names.values() for name in each}),
        "Add to or remove from docs/access-patterns.md",
    )
    assert {table: [row.name for row in ROWS if row.table == table] for table in names} == names
    assert list(names) == list(TABLES)


def test_every_function_that_asks_dynamodb_is_a_pattern() -> None:
    blocks = declared("BUILDING_BLOCKS")
    modules = [path for path in FUNCTIONS.glob("*/*.py") if path != FUNCTIONS / "shared" / "aws.py"]
    functions = {
        f"{path.parent.name}.{path.stem}.{name}"
        for path in modules
        for name in functions_that_ask(path, {block.rpartition(".")[2] for block in blocks})
        if name != "handler"
    }
    sources = {pattern.source for each in catalogue().values() for pattern in each}

    check(
        sorted((functions - blocks) ^ {source for source in sources if " " not in source}),
        "Add to or remove from dev/application/access_patterns",
    )


def declared(attribute: str) -> set[str]:
    """Return what the modules of the catalogue declare in sets beside their patterns."""
    catalogue()
    return {name for module in parts("access_patterns", "PATTERNS") for name in getattr(module, attribute, ())}


def functions_that_ask(path: Path, blocks: set[str]) -> set[str]:
    """Return the public functions of a module that come to a request to DynamoDB, by themselves or by others."""
    tree = ast.parse(path.read_text())
    used = {
        node.name: {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    asking = {"_dynamodb", "transact_write", "write_once", *blocks}
    while more := {name for name, names in used.items() if names & asking} - asking:
        asking |= more
    return {name for name in asking & used.keys() if not name.startswith("_")}


def test_a_function_that_asks_by_another_is_found(tmp_path: Path) -> None:
    source = tmp_path / "store.py"
    source.write_text("def a(): b()\ndef b(): _c()\ndef _c(): _dynamodb.get_item()\ndef d(): pass\n")

    assert functions_that_ask(source, set()) == {"a", "b"}


def test_rows_link_to_the_function_that_runs() -> None:
    sources = {pattern.name: pattern.source for each in catalogue().values() for pattern in each}

    check(differing({row.name: linked(row) for row in ROWS}, sources, "link"), "Link the row to the function that runs")


def linked(row: Row) -> str:
    """Return the source that a row links to, as a pattern names it."""
    name, path = row.function
    module = path.removeprefix("functions/").removesuffix(".py").replace("/", ".")
    return name if path == "api/openapi.yaml" else f"{module}.{name}"


def test_rows_say_what_is_sent(outcomes: dict[str, PatternRun]) -> None:
    offenders = [
        line
        for row in ROWS
        if row.name in outcomes
        for line in differing(
            sent(row.table, outcomes[row.name].calls),
            {"operation": row.operation, "key": row.key, "index": row.index, "order": row.order},
            row.name,
        )
    ]

    check(offenders, "Write into docs/access-patterns.md what is sent")


def sent(table: str, calls: Sequence[Call]) -> dict[str, str]:
    """Return what a row says of the requests of its pattern."""
    return {
        "operation": ", ".join(call.operation for call in calls),
        "key": "; ".join(key(table, call) for call in calls),
        "index": ", ".join({call.request.get("IndexName", "–") for call in calls}),
        "order": ", ".join({order(table, call) for call in calls}),
    }


def key(table: str, call: Call) -> str:
    """Return how a request finds its items."""
    match call.operation:
        case "Scan":
            return "none"
        case "Query":
            names = call.request.get("ExpressionAttributeNames", {})
            return re.sub(r"#\w+", lambda match: str(names[match[0]]), call.request["KeyConditionExpression"])
        case "TransactWriteItems":
            count = len(call.request["TransactItems"])
            return f"{count} item{'s' if count > 1 else ''}"
    return ", ".join(key_names(TEMPLATE)[table])


def order(table: str, call: Call) -> str:
    """Return the order in which a request reads."""
    if call.operation == "Scan":
        return "none"
    if call.operation != "Query":
        return "–"
    indexes = {each["IndexName"]: each for each in properties(table).get("GlobalSecondaryIndexes", [])}
    schema = indexes.get(call.request.get("IndexName"), properties(table))["KeySchema"]
    (sort_key,) = (each["AttributeName"] for each in schema if each["KeyType"] == "RANGE")
    return f"{sort_key} {'ascending' if call.request.get('ScanIndexForward', True) else 'descending'}"


def test_nothing_scans_but_what_says_so(outcomes: dict[str, PatternRun]) -> None:
    scanning = {name for name, each in outcomes.items() if any(call.operation == "Scan" for call in each.calls)}

    assert scanning == declared("SCANS")


def test_nothing_reads_more_than_its_page(outcomes: dict[str, PatternRun]) -> None:
    reading = [
        (name, call) for name, each in outcomes.items() for call in each.calls if call.operation in {"Query", "Scan"}
    ]

    assert reading
    check(
        (
            f"{name}: {call.operation}"
            for name, call in reading
            if not len(call.items) <= call.request.get("Limit", 0) <= 100
        ),
        "Give these requests a Limit of at most 100",
    )


def test_a_page_is_one_request(outcomes: dict[str, PatternRun]) -> None:
    lists = [each for name, each in outcomes.items() if name.startswith("list-")]

    assert {len(each.calls) for each in lists} == {1}
