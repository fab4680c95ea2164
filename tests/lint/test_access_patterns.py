"""The rows of docs/access-patterns.md lead to tests and to functions; tests/unit/test_access_patterns.py runs them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dev.application.access_patterns.document import Row, rows
from dev.paths import FUNCTIONS
from tests.lint.rules import check, is_test
from tests.template_facts import FUNCTION_IDS, FUNCTIONS_BY_ID, properties


def test_rows_link_to_tests_that_exist() -> None:
    linked = {row.name: row.test for row in rows()}

    check(
        (f"{row}: {name} in {path}" for row, (name, path) in linked.items() if not is_test(path, name)),
        "Link the row to a test, or delete the row",
    )


def test_rows_name_their_callers() -> None:
    """The function knows the table's name. Its code, or a module that it imports, calls the pattern."""
    offenders = [
        f"{row.name}: {asker}" for row in rows() for asker in row.asked_by.split(", ") if not is_asked_by(row, asker)
    ]

    check(offenders, "Name the functions that ask, or API Gateway. If none asks, delete the row")


def is_asked_by(row: Row, asker: str) -> bool:
    name, path = row.function
    if asker == "API Gateway":
        return path == "api/openapi.yaml"
    if asker not in FUNCTION_IDS or {"Ref": row.table} not in properties(asker)["Environment"]["Variables"].values():
        return False
    called = re.compile(rf"(?<!def )\b{name}\(")
    handler = FUNCTIONS / f"{FUNCTIONS_BY_ID[asker].name}.py"
    return any(called.search(module.read_text()) for module in with_own_imports(handler))


def with_own_imports(path: Path) -> Iterator[Path]:
    """Yield a module and those that it imports of its own feature."""
    yield path
    feature = path.parent
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == feature.name:
            for name in {alias.name for alias in node.names}:
                yield from with_own_imports(feature / f"{name}.py")
