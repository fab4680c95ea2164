"""The rows of docs/access-patterns.md lead to tests and to functions; tests/unit/test_access_patterns.py runs them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dev.application.access_patterns.document import Row, rows
from dev.paths import FUNCTIONS, ROOT
from tests.lint.rules import check
from tests.template_facts import FUNCTION_IDS, function, properties


def test_rows_link_to_tests_that_exist() -> None:
    offenders = [f"{row.name}: {' in '.join(row.test)}" for row in rows() if not is_test(*row.test)]

    check(offenders, "Link the row to a test")


def is_test(name: str, path: str) -> bool:
    file = ROOT / path
    return (
        path.startswith("tests/")
        and file.is_file()
        and re.search(rf"^def {name}\(", file.read_text(), re.MULTILINE) is not None
    )


def test_rows_name_their_callers() -> None:
    """The function knows the table's name. Its code, or a module that it imports, calls the pattern."""
    offenders = [
        f"{row.name}: {asker}" for row in rows() for asker in row.asked_by.split(", ") if not is_asked_by(row, asker)
    ]

    check(offenders, "Name the functions that ask, or API Gateway")


def is_asked_by(row: Row, asker: str) -> bool:
    name, path = row.function
    if asker == "API Gateway":
        return path == "api/openapi.yaml"
    if asker not in FUNCTION_IDS or {"Ref": row.table} not in properties(asker)["Environment"]["Variables"].values():
        return False
    called = re.compile(rf"(?<!def )\b{name}\(")
    handler = FUNCTIONS / f"{function(asker).name}.py"
    return any(called.search(module.read_text()) for module in with_own_imports(handler))


def with_own_imports(path: Path) -> Iterator[Path]:
    """Yield a module and those that it imports of its own feature."""
    yield path
    feature = path.parent
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == feature.name:
            for name in {alias.name for alias in node.names}:
                yield from with_own_imports(feature / f"{name}.py")
