"""The model for NoSQL Workbench: what is committed is current, and in the form that Workbench takes."""

import json

import pytest

from dev.application.access_patterns.pattern import catalogue
from dev.tables import patterns, workbench
from tests.template_facts import TABLES, TEMPLATE

COMMITTED = json.loads(workbench.FILE.read_text())
TABLE_FIELDS = {
    *("TableName", "KeyAttributes", "NonKeyAttributes", "TableFacets", "GlobalSecondaryIndexes"),
    *("TableData", "DataAccess", "BillingMode"),
}
FACET_FIELDS = {"FacetName", "KeyAttributeAlias", "TableData", "NonKeyAttributes", "DataAccess"}


def test_committed_model_is_current() -> None:
    assert workbench.FILE.read_text() == workbench.to_text(workbench.model()) + "\n", (
        "dev tables model > docs/workbench.json"
    )


def test_every_table_of_the_template_is_in_it() -> None:
    assert [table["TableName"] for table in COMMITTED["DataModel"]] == list(TABLES)


def test_table_without_access_patterns_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    resources = TEMPLATE["Resources"] | {"NewTable": next(iter(TABLES.values()))}
    monkeypatch.setattr(workbench, "load_template", lambda: TEMPLATE | {"Resources": resources})
    monkeypatch.setattr(patterns, "run", lambda _: [])

    assert [table["TableName"] for table in workbench.model()["DataModel"]] == [*TABLES, "NewTable"]


def test_fields_are_those_of_workbench() -> None:
    assert set(COMMITTED) == {"ModelName", "ModelMetadata", "DataModel"}
    assert all(set(table) == TABLE_FIELDS for table in COMMITTED["DataModel"])
    assert all(set(facet) == FACET_FIELDS for table in COMMITTED["DataModel"] for facet in table["TableFacets"])


def test_indexes_are_the_template_s() -> None:
    indexes = {
        table["TableName"]: [each["IndexName"] for each in table["GlobalSecondaryIndexes"]]
        for table in COMMITTED["DataModel"]
    }

    assert indexes == {
        name: [each["IndexName"] for each in body["Properties"].get("GlobalSecondaryIndexes", [])]
        for name, body in TABLES.items()
    }


def test_facets_are_patterns_that_read() -> None:
    facets = {facet["FacetName"] for table in COMMITTED["DataModel"] for facet in table["TableFacets"]}

    assert facets
    assert facets <= {pattern.name for each in catalogue().values() for pattern in each}
    assert not [name for name in facets if name.startswith(("create-", "put-", "update-", "delete-", "move-"))]


def test_items_have_their_keys_and_no_attribute_that_is_not_declared() -> None:
    for table in COMMITTED["DataModel"]:
        keys = {part["AttributeName"] for part in table["KeyAttributes"].values()}
        declared = keys | {attribute["AttributeName"] for attribute in table["NonKeyAttributes"]}
        for item in [*table["TableData"], *(row for facet in table["TableFacets"] for row in facet["TableData"])]:
            assert keys <= item.keys() <= declared
