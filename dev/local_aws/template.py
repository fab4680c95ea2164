"""SAM templates and OpenAPI documents, read as data."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from samtranslator.yaml_helper import intrinsics_multi_constructor

from dev.errors import DevError

METHODS = ("get", "put", "post", "patch", "delete")


class _Loader(yaml.CSafeLoader):
    """Reads short intrinsics as SAM's own loader does, and ten times faster, in C."""


_Loader.add_multi_constructor("!", intrinsics_multi_constructor)


def load_yaml(path: Path) -> dict[str, Any]:
    """Return a template, with its short intrinsics (`!Ref`) in their long form, or an OpenAPI document.

    Resources that the template includes are among its resources. Raises DevError.
    """
    try:
        document: dict[str, Any] = yaml.load(path.read_text(), _Loader)  # noqa: S506 # nosec B506 - a safe loader
    except yaml.YAMLError as error:
        raise DevError(f"{path} is not YAML: {error}") from error
    if include := document.get("Resources", {}).pop("Fn::Transform", None):
        document["Resources"] |= load_yaml(path.parent / include["Parameters"]["Location"])
    return document


def resources(template: Mapping[str, Any], type_name: str) -> dict[str, dict[str, Any]]:
    """Return the resources of one type, by logical id. Each has Properties, which a template may leave out."""
    return {
        name: {"Properties": {}} | body for name, body in template["Resources"].items() if body["Type"] == type_name
    }


def referent(value: Any) -> str:
    """Return the logical id that a Ref or Fn::GetAtt names. SAM writes a function's alias as `Function.Alias`."""
    name = value["Ref"] if isinstance(value, dict) and "Ref" in value else attribute_of(value)
    if not name:
        raise DevError(f"A resource is named with !Ref or !GetAtt here, not {value}")
    return str(name).partition(".")[0]


def attribute_of(value: Any) -> str:
    """Return the target of a Fn::GetAtt such as `Table.StreamArn`, empty for anything else."""
    attribute = value.get("Fn::GetAtt", "") if isinstance(value, dict) else ""
    return attribute if isinstance(attribute, str) else ".".join(attribute)


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function of the template. `name` is `products/create` for the handler `products.create.handler`."""

    logical_id: str
    handler: str
    routes: tuple[tuple[str, str], ...]
    stores: Mapping[str, str]
    """Environment variable to logical id of the table or bucket it names."""

    @property
    def name(self) -> str:
        return self.handler.removesuffix(".handler").replace(".", "/")


def functions(template: Mapping[str, Any]) -> dict[str, Function]:
    """Return every function, by logical id."""
    return {
        logical_id: Function(logical_id, body["Properties"]["Handler"], _routes(body), _stores(template, body))
        for logical_id, body in resources(template, "AWS::Serverless::Function").items()
    }


def functions_from(path: Path, folder: Path) -> list[str]:
    """Return the functions of the template at `path` whose code is `folder`."""
    template = load_yaml(path)
    default = template.get("Globals", {}).get("Function", {}).get("CodeUri")
    return [
        logical_id
        for logical_id, body in resources(template, "AWS::Serverless::Function").items()
        if (path.parent / body["Properties"].get("CodeUri", default)).resolve() == folder.resolve()
    ]


def find_function(template: Mapping[str, Any], name: str) -> Function:
    """Return GetNoteFunction for itself, GetNote or notes/get. Raises DevError with the nearest or all functions."""
    known = functions(template)
    for function in known.values():
        if name in (function.logical_id, function.logical_id.removesuffix("Function"), function.name):
            return function
    names = [function.name if "/" in name else function.logical_id for function in known.values()]
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
    hint = f"The nearest is {nearest[0]}" if nearest else f"There are: {', '.join(names)}"
    raise DevError(f"No function {name}. {hint}")


def operations(document: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the operations of a document by (METHOD, path)."""
    return {
        (method.upper(), path): item[method]
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def _routes(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    events = body["Properties"].get("Events", {}).values()
    return tuple(
        (event["Properties"]["Method"].upper(), event["Properties"]["Path"])
        for event in events
        if event["Type"] == "Api"
    )


def _stores(template: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, str]:
    variables = body["Properties"].get("Environment", {}).get("Variables", {})
    stores = [(variable, _store(template, value)) for variable, value in variables.items()]
    return {variable: store for variable, store in stores if store is not None}


def _store(template: Mapping[str, Any], value: Any) -> str | None:
    """Return the table or bucket that a value refers to, directly or by the parameter with its name."""
    buckets = resources(template, "AWS::S3::Bucket")
    for logical_id in [*resources(template, "AWS::DynamoDB::Table"), *buckets]:
        if value == {"Ref": logical_id}:
            return logical_id
    if not isinstance(value, dict):
        return None
    return next((name for name, body in buckets.items() if body["Properties"].get("BucketName") == value), None)


def key_names(template: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the key attributes of every table of a template."""
    return {
        name: tuple(
            key["AttributeName"] for key in sorted(body["Properties"]["KeySchema"], key=lambda key: key["KeyType"])
        )
        for name, body in resources(template, "AWS::DynamoDB::Table").items()
    }
