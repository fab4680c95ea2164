"""docs/threat-model.md: the tests that it names exist, and its inventory is complete."""

import re

from dev.application.features import parts
from dev.local_aws.template import resources
from dev.paths import ROOT
from tests.lint.rules import check, is_test
from tests.template_facts import TABLES, TEMPLATE

DOCUMENT = (ROOT / "docs" / "threat-model.md").read_text()
INVENTORY = dict(re.findall(r"^\| (\w+) \| (.+?) \|", DOCUMENT, re.MULTILINE))
"""Fields of each store. They are `none` if it has no personal data."""


def test_proving_tests_exist() -> None:
    proofs = re.findall(r"`(tests/[\w/.]+)::(\w+)`", DOCUMENT)

    assert proofs
    check((f"{path}::{name}" for path, name in proofs if not is_test(path, name)), "Name tests that exist")


def test_every_store_is_in_the_inventory() -> None:
    stores = [*TABLES, *resources(TEMPLATE, "AWS::S3::Bucket"), *resources(TEMPLATE, "AWS::Cognito::UserPool")]

    check(
        (name for name in stores if name not in INVENTORY),
        "List the personal data of these stores in docs/threat-model.md, or none",
    )


def test_personal_data_of_every_table_can_be_forgotten() -> None:
    """In the IdempotencyTable, each feature finds its own records."""
    personal = {name for name in TABLES if INVENTORY.get(name) != "none"} - {"IdempotencyTable"}
    known = {table for feature in parts("personal_data", "OWN") for table in feature.OWN}

    check(sorted(personal - known), "Add dev/application/personal_data/<feature>.py with OWN for these tables")
