"""One stack from which a person is removed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dev.application.deployed_stack import DeployedStack, key_attributes
from dev.application.personal_data.person import Person
from dev.application.personal_data.stores import Finding, Stores
from dev.errors import DevError
from dev.forget.search import search
from dev.forget.sign_in import UserPool


@dataclass(frozen=True)
class ForgettingStack:
    """Tables, buckets, user pool and log groups of a stack."""

    stores: Stores
    pool: UserPool
    logs: Any
    log_groups: Mapping[str, str]

    def remove(self, person: Person) -> Iterator[Finding]:
        """Remove everything of the person, and yield it. Their user is last, because it leads to the rest."""
        self.pool.lock(person)
        for finding in search(self.stores, person):
            finding.apply()
            yield finding
        for finding in self.pool.find(person):
            finding.apply()
            yield finding

    def left(self, person: Person) -> Iterator[Finding]:
        """Find everything of the person, and change nothing."""
        yield from search(self.stores, person)
        yield from self.pool.find(person)
        yield from self._logged(person)

    def _logged(self, person: Person) -> Iterator[Finding]:
        """Find log streams with the e-mail address. Ids may be in logs until the events expire."""
        if not person.email:
            return
        pages = self.logs.get_paginator("filter_log_events")
        for logical_id, group in self.log_groups.items():
            events = (
                event
                for page in pages.paginate(logGroupName=group, filterPattern=f'"{person.email}"')
                for event in page["events"]
            )
            for stream in sorted({event["logStreamName"] for event in events}):
                yield Finding(logical_id, stream, "expire", lambda: None)


def open_stack(deployed: DeployedStack) -> ForgettingStack:
    """Read the names of a stack's resources. Raises DevError."""
    physical = deployed.resources
    if "UserPool" not in physical.get("AWS::Cognito::UserPool", {}):
        raise DevError(f"The stack {deployed.name} has no UserPool: deploy the current template.yaml.")
    return ForgettingStack(
        Stores(
            deployed.tables,
            physical.get("AWS::S3::Bucket", {}),
            key_attributes(),
            deployed.client("dynamodb"),
            deployed.client("s3"),
        ),
        UserPool(deployed.client("cognito-idp"), physical["AWS::Cognito::UserPool"]["UserPool"]),
        deployed.client("logs"),
        physical.get("AWS::Logs::LogGroup", {}),
    )
