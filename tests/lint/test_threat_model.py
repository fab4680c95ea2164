"""docs/threat-model.md: the tests that it names exist, and its inventory is complete."""

import ast
import re

from dev.local_aws.template import resources
from dev.paths import ROOT
from tests.lint.rules import check
from tests.template_facts import TABLES, TEMPLATE

DOCUMENT = (ROOT / "docs" / "threat-model.md").read_text()


def test_proving_tests_exist() -> None:
    proofs = re.findall(r"`(tests/[\w/.]+)::(\w+)`", DOCUMENT)

    missing = [
        f"{path}::{name}" for path, name in proofs if not (ROOT / path).exists() or name not in functions_in(path)
    ]
    assert proofs
    check(missing, "Name tests that exist")


def functions_in(path: str) -> set[str]:
    code = (ROOT / path).read_text() if (ROOT / path).exists() else ""
    return {node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}


def test_every_store_is_in_the_inventory() -> None:
    listed = re.findall(r"^\| (\w+) \|", DOCUMENT, re.MULTILINE)
    stores = [*TABLES, *resources(TEMPLATE, "AWS::S3::Bucket"), *resources(TEMPLATE, "AWS::Cognito::UserPool")]

    check((name for name in stores if name not in listed), "List the personal data of these stores")
