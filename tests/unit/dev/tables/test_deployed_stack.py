"""Which stack is looked into."""

from typing import Any

import pytest

from dev.application.deployed_stack import DeployedStack, open_deployed
from dev.errors import DevError


class CloudFormation:
    """A stack with some tables."""

    def __init__(self, tables: list[str], stage: str = "dev") -> None:
        self._tables = tables
        self._stage = stage

    def get_paginator(self, _operation: str) -> "CloudFormation":
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        kind = {"ResourceType": "AWS::DynamoDB::Table"}
        ids = [{"LogicalResourceId": name, "PhysicalResourceId": f"physical-{name}"} for name in self._tables]
        return [{"StackResourceSummaries": [kind | each for each in ids]}]

    def describe_stacks(self, **_: Any) -> dict[str, Any]:
        return {"Stacks": [{"Parameters": [{"ParameterKey": "Stage", "ParameterValue": self._stage}]}]}


class Session:
    """What boto3 makes of a profile and a region."""

    def __init__(self, cloudformation: CloudFormation) -> None:
        self.cloudformation = cloudformation
        self.made_with: dict[str, Any] = {}

    def __call__(self, **made_with: Any) -> "Session":
        self.made_with = made_with
        return self

    def client(self, _service: str) -> CloudFormation:
        return self.cloudformation


ALL = ["PeopleTable", "OrdersTable", "FilesTable", "RequestsTable", "SomeOtherTable"]


def test_another_stack_is_reached_with_profile_and_region(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(CloudFormation(ALL))
    monkeypatch.setattr("boto3.Session", session)

    found = open_deployed("staging", "admin", "eu-west-1")

    assert session.made_with == {"profile_name": "admin", "region_name": "eu-west-1"}
    assert (found.name, found.is_local) == ("staging", False)
    assert found.tables["PeopleTable"] == "physical-PeopleTable"


def test_tables_are_the_template_s_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boto3.Session", Session(CloudFormation(ALL)))

    assert list(open_deployed("staging", None, None).tables) == [
        "OrdersTable",
        "PeopleTable",
        "RequestsTable",
        "FilesTable",
    ]


def test_stack_of_another_template_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boto3.Session", Session(CloudFormation(["PeopleTable", "OrdersTable"])))

    with pytest.raises(DevError, match="The stack staging has no RequestsTable, FilesTable"):
        open_deployed("staging", None, None).find("people")


@pytest.mark.parametrize(("profile", "region"), [("admin", None), (None, "eu-west-1")])
def test_profile_and_region_are_for_another_stack(profile: str | None, region: str | None) -> None:
    with pytest.raises(DevError, match="need --stack"):
        open_deployed(None, profile, region)


@pytest.mark.parametrize(("stage", "is_production"), [("prod", True), ("staging", False), ("dev", False)])
def test_stage_parameter_marks_production(stage: str, is_production: bool) -> None:
    found = DeployedStack("s", is_local=False, resources={}, client=lambda _: CloudFormation([], stage))

    assert found.is_production() is is_production
