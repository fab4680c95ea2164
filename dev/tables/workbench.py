"""The model for NoSQL Workbench, in the form that it exports and imports.

Tables and indexes come from the template. Each access pattern that reads is a facet; its rows are the items that the
pattern finds in the demo data, on tables in memory.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from dev.application import demo_data, in_process
from dev.application.deployed_stack import DeployedStack
from dev.application.project import load_template
from dev.local_aws.template import resources
from dev.paths import ROOT
from dev.tables import patterns
from dev.tables.recorder import READS

FILE = ROOT / "docs" / "workbench.json"

_DATA_ACCESS: dict[str, Any] = {"MySql": {}}


def model() -> dict[str, Any]:
    """Return the model of template.yaml."""
    template = load_template()
    tables = resources(template, "AWS::DynamoDB::Table")
    rows = _rows(template)
    return {
        "ModelName": "dynamodb-sam-reference",
        "ModelMetadata": {
            "Author": "dev tables model",
            "DateCreated": "Jan 01, 2026, 12:00 AM",
            "DateLastModified": "Jan 01, 2026, 12:00 AM",
            "Description": template["Description"],
            "AWSService": "Amazon DynamoDB",
            "Version": "3.0",
        },
        "DataModel": [_table(name, body["Properties"], rows.get(name, {})) for name, body in tables.items()],
    }


def to_text(document: Mapping[str, Any]) -> str:
    """Return a model as the text of docs/workbench.json."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def _rows(template: Mapping[str, Any]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the items that each reading pattern finds, by table and pattern."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    with in_process.in_memory_aws(template):
        names = {table: in_process.physical_name(table) for table in resources(template, "AWS::DynamoDB::Table")}
        demo_data.add_missing(in_process.client("dynamodb"), names)
        physical = {"AWS::DynamoDB::Table": names}
        deployed = DeployedStack("in memory", is_local=True, resources=physical, client=in_process.client)
        for outcome in patterns.run(deployed):
            facets = found.setdefault(outcome.table, {})
            if {call.operation for call in outcome.calls} <= READS:
                facets[outcome.pattern.name] = [item for call in outcome.calls for item in call.items]
    return found


def _table(name: str, properties: Mapping[str, Any], facets: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    types = {each["AttributeName"]: each["AttributeType"] for each in properties["AttributeDefinitions"]}
    keys = _key_attributes(properties["KeySchema"], types)
    key_names = [each["AttributeName"] for each in keys.values()]
    data = [demo_data.attribute_values(item) for item in demo_data.ITEMS.get(name, [])]
    return {
        "TableName": name,
        "KeyAttributes": keys,
        "NonKeyAttributes": _non_key_attributes(data, key_names),
        "TableFacets": [_facet(facet, keys, rows, key_names) for facet, rows in facets.items()],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index["IndexName"],
                "KeyAttributes": _key_attributes(index["KeySchema"], types),
                "Projection": index["Projection"],
            }
            for index in properties.get("GlobalSecondaryIndexes", [])
        ],
        "TableData": [_sorted_sets(item) for item in data],
        "DataAccess": _DATA_ACCESS,
        "BillingMode": properties["BillingMode"],
    }


def _facet(
    name: str, keys: Mapping[str, Mapping[str, str]], rows: list[dict[str, Any]], key_names: Iterable[str]
) -> dict[str, Any]:
    return {
        "FacetName": name,
        "KeyAttributeAlias": {f"{part}Alias": key["AttributeName"] for part, key in keys.items()},
        "TableData": [_sorted_sets(row) for row in rows],
        "NonKeyAttributes": [each["AttributeName"] for each in _non_key_attributes(rows, key_names)],
        "DataAccess": _DATA_ACCESS,
    }


def _key_attributes(schema: Iterable[Mapping[str, str]], types: Mapping[str, str]) -> dict[str, dict[str, str]]:
    parts = {"HASH": "PartitionKey", "RANGE": "SortKey"}
    return {
        parts[key["KeyType"]]: {"AttributeName": key["AttributeName"], "AttributeType": types[key["AttributeName"]]}
        for key in schema
    }


def _non_key_attributes(items: Iterable[Mapping[str, Any]], key_names: Iterable[str]) -> list[dict[str, str]]:
    """Return the attributes of items without keys, in order of appearance."""
    types = {name: next(iter(value)) for item in items for name, value in item.items() if name not in key_names}
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def _sorted_sets(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item with sorted sets of text, because sets are unordered."""
    return {name: {"SS": sorted(value["SS"])} if "SS" in value else value for name, value in item.items()}
