"""docs/access-patterns.md agrees with the code, and the patterns keep what it promises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.paths import FUNCTIONS, ROOT
from dev.stored import key_names
from dev.tables import demo, patterns
from dev.tables.patterns import Outcome
from dev.tables.place import Place
from dev.tables.recorder import Call
from tests.unit.access_patterns import Row, rows
from tests.unit.template_facts import FUNCTION_IDS, TABLES, TEMPLATE, function, properties

ROWS = rows()
STORES = [*sorted(FUNCTIONS.glob("*/store.py")), FUNCTIONS / "media" / "links.py", FUNCTIONS / "shared/idempotency.py"]
BUILDING_BLOCKS = {"media.store.update_media"}
"""Public for `media.links`: the request of the patterns there, and no pattern by itself."""
SCANS = {"list-users", "list-users-next-page"}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """What each pattern sends, in memory."""
    from dev import in_memory

    with in_memory.in_memory_aws(TEMPLATE):
        names = {table: in_memory.physical_name(table) for table in TABLES}
        demo.add_missing(in_memory.client("dynamodb"), names)
        place = Place("in-memory", is_local=True, tables=names, client=in_memory.new_client)
        return {each.pattern.name: each for each in patterns.run(place)}


def test_every_pattern_is_in_the_document_and_the_other_way_round() -> None:
    catalogue = {table: [pattern.name for pattern in each] for table, each in patterns.catalogue().items()}

    assert {table: [row.name for row in ROWS if row.table == table] for table in catalogue} == catalogue
    assert list(catalogue) == list(TABLES)


def test_every_function_that_asks_dynamodb_is_a_pattern() -> None:
    functions = {f"{path.parent.name}.{path.stem}.{name}" for path in STORES for name in functions_that_ask(path)}
    sources = {pattern.source for each in patterns.catalogue().values() for pattern in each}

    assert functions - BUILDING_BLOCKS == {source for source in sources if " " not in source}


def functions_that_ask(path: Path) -> set[str]:
    """Return the public functions of a module that come to a request to DynamoDB, by themselves or by others."""
    tree = ast.parse(path.read_text())
    used = {
        node.name: {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    asking = {"_dynamodb", "transact_write", "write_once", *(name.rpartition(".")[2] for name in BUILDING_BLOCKS)}
    while more := {name for name, names in used.items() if names & asking} - asking:
        asking |= more
    return {name for name in asking & used.keys() if not name.startswith("_")}


def test_a_function_that_asks_by_another_is_found() -> None:
    assert "move_rows" in functions_that_ask(FUNCTIONS / "messages" / "store.py")
    assert "count_link_download" in functions_that_ask(FUNCTIONS / "media" / "links.py")
    assert functions_that_ask(FUNCTIONS / "users" / "store.py") == set()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row_links_to_the_function_that_runs(row: Row) -> None:
    pattern = next(each for each in patterns.catalogue()[row.table] if each.name == row.name)
    name, path = row.function

    module = path.removeprefix("functions/").removesuffix(".py").replace("/", ".")
    assert pattern.source == (name if path == "api/openapi.yaml" else f"{module}.{name}")


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row_links_to_a_test_that_exists(row: Row) -> None:
    name, path = row.test

    assert path.startswith("tests/")
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row_names_who_asks(row: Row) -> None:
    """The function is told the table's name, and its code, or what it imports of its feature, calls the pattern's."""
    if row.asked_by == "API Gateway":
        assert row.function[1] == "api/openapi.yaml"
        return
    for asker in row.asked_by.split(", "):
        assert asker in FUNCTION_IDS
        assert {"Ref": row.table} in properties(asker)["Environment"]["Variables"].values()
        handler = FUNCTIONS / f"{function(asker).name}.py"
        called = re.compile(rf"(?<!def )\b{row.function[0]}\(")
        assert any(called.search(path.read_text()) for path in with_own_imports(handler))


def with_own_imports(path: Path) -> Iterator[Path]:
    """Yield a module and those that it imports of its own feature."""
    yield path
    feature = path.parent
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == feature.name:
            for name in {alias.name for alias in node.names}:
                yield from with_own_imports(feature / f"{name}.py")


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row_says_what_is_sent(row: Row, outcomes: dict[str, Outcome]) -> None:
    calls = outcomes[row.name].calls

    assert row.operation == ", ".join(call.operation for call in calls)
    assert row.key == "; ".join(key(row.table, call) for call in calls)
    assert {row.index} == {call.request.get("IndexName", "–") for call in calls}
    assert {row.order} == {order(row.table, call) for call in calls}


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


def test_nothing_scans_but_the_list_of_users(outcomes: dict[str, Outcome]) -> None:
    scanning = {name for name, each in outcomes.items() if any(call.operation == "Scan" for call in each.calls)}

    assert scanning == SCANS


def test_nothing_reads_more_than_its_page(outcomes: dict[str, Outcome]) -> None:
    reading = [call for each in outcomes.values() for call in each.calls if call.operation in {"Query", "Scan"}]

    assert reading
    assert all(len(call.items) <= call.request["Limit"] <= 100 for call in reading)


def test_a_page_is_one_request(outcomes: dict[str, Outcome]) -> None:
    lists = [each for name, each in outcomes.items() if name.startswith("list-")]

    assert {len(each.calls) for each in lists} == {1}
