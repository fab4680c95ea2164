"""What invokes each function, from template and contract."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dev.errors import DevError
from dev.local_aws.event_sources.filter import Pattern
from dev.local_aws.event_sources.mapping import stream_mappings
from dev.local_aws.template import Function, functions, key_names, operations, referent, resources


@dataclass(frozen=True, slots=True)
class Route:
    """A route of a REST API with a proxy integration. `stage` is the API's."""

    method: str
    resource: str
    stage: str
    operation: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]
    """Parameters of the path and of the operation."""
    has_authorizer: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """The stream of a table (logical id); `keys` contains the key attributes, partition key first."""

    table: str
    keys: tuple[str, ...]
    view: str
    patterns: tuple[Pattern, ...]
    """The mapping's filter. Without patterns, it delivers every record."""

    @property
    def table_name(self) -> str:
        """Name of the table in event files."""
        return self.table.removesuffix("Table").lower()


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification of a bucket (logical id) about objects with a prefix. `event` is such as s3:ObjectCreated:*."""

    bucket: str
    event: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Authorizer:
    """A Lambda authorizer of a route. `kind` is TOKEN or REQUEST."""

    kind: str
    method: str
    resource: str
    stage: str


type Source = Route | Stream | Notification | Authorizer


@dataclass(frozen=True)
class Application:
    """Template and contract."""

    template: Mapping[str, Any]
    contract: Mapping[str, Any]

    @cached_property
    def functions(self) -> dict[str, Function]:
        """Functions by name, such as `products/create`."""
        return {function.name: function for function in functions(self.template).values()}

    @property
    def stores(self) -> set[str]:
        """Logical ids of tables and buckets."""
        return {*resources(self.template, "AWS::DynamoDB::Table"), *resources(self.template, "AWS::S3::Bucket")}

    def sources(self, function: Function) -> list[Source]:
        """Return what invokes a function. Raises DevError for a route or a reference that the contract lacks."""
        return [
            *self._routes(function),
            *self._streams(function),
            *self._notifications(function),
            *self._authorizers(function),
        ]

    def resolve(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a part of the contract, or the component that it refers to. Raises DevError."""
        found = part
        if "$ref" in part:
            found = self.contract
            for name in part["$ref"].removeprefix("#/").split("/"):
                if name not in found:
                    raise DevError(f"{part['$ref']} is not defined in api/openapi.yaml.")
                found = found[name]
        return found

    def _routes(self, function: Function) -> Iterator[Route]:
        declared = operations(self.contract)
        for method, resource in function.routes:
            if (method, resource) not in declared:
                raise DevError(f"{method} {resource} is not in api/openapi.yaml. Declare it there.")
            operation = declared[method, resource]
            guarded = any("x-amazon-apigateway-authorizer" in scheme for scheme in self._schemes(operation))
            given = [*self.contract["paths"][resource].get("parameters", []), *operation.get("parameters", [])]
            yield Route(method, resource, self._stage, operation, tuple(map(self.resolve, given)), guarded)

    def _streams(self, function: Function) -> Iterator[Stream]:
        keys = key_names(self.template)
        for mapping in stream_mappings(self.template).values():
            if mapping.function == function.logical_id:
                table = self.template["Resources"][mapping.table]["Properties"]
                view = table["StreamSpecification"]["StreamViewType"]
                yield Stream(mapping.table, keys[mapping.table], view, mapping.patterns)

    def _notifications(self, function: Function) -> Iterator[Notification]:
        for bucket, body in resources(self.template, "AWS::S3::Bucket").items():
            for each in body["Properties"].get("NotificationConfiguration", {}).get("LambdaConfigurations", []):
                if referent(each["Function"]) == function.logical_id:
                    rules = each.get("Filter", {}).get("S3Key", {}).get("Rules", [])
                    prefixes = [rule["Value"] for rule in rules if rule["Name"].lower() == "prefix"]
                    yield Notification(bucket, each["Event"], next(iter(prefixes), ""))

    def _authorizers(self, function: Function) -> Iterator[Authorizer]:
        for (method, resource), operation in operations(self.contract).items():
            for scheme in self._schemes(operation):
                authorizer = scheme.get("x-amazon-apigateway-authorizer", {})
                if f"${{{function.logical_id}.Arn}}" in str(authorizer.get("authorizerUri", "")):
                    yield Authorizer(authorizer["type"].upper(), method, resource, self._stage)

    def _schemes(self, operation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for requirement in operation.get("security", []):
            for name in requirement:
                yield self.contract["components"]["securitySchemes"][name]

    @property
    def stage_variables(self) -> list[str]:
        """Names of the API's stage variables."""
        return list(self._api.get("Variables", {}))

    @property
    def _stage(self) -> str:
        return str(self._api["StageName"])

    @property
    def _api(self) -> Mapping[str, Any]:
        (api,) = resources(self.template, "AWS::Serverless::Api").values()
        properties: Mapping[str, Any] = api["Properties"]
        return properties
