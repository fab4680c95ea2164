"""docs/threat-model.md: the tests that it names exist, and its inventory is complete."""

import re

from dev.local_aws.template import resources
from dev.paths import ROOT
from tests.lint.rules import check, is_test
from tests.template_facts import TABLES, TEMPLATE

DOCUMENT = (ROOT / "docs" / "threat-model.md").read_text()


def test_proving_tests_exist() -> None:
    proofs = re.findall(r"`(tests/[\w/.]+)::(\w+)`", DOCUMENT)

    assert proofs
    check((f"{path}::{name}" for path, name in proofs if not is_test(path, name)), "Name tests that exist")


def test_every_store_is_in_the_inventory() -> None:
    listed = re.findall(r"^\| (\w+) \|", DOCUMENT, re.MULTILINE)
    stores = [*TABLES, *resources(TEMPLATE, "AWS::S3::Bucket"), *resources(TEMPLATE, "AWS::Cognito::UserPool")]

    check((name for name in stores if name not in listed), "List the personal data of these stores")
