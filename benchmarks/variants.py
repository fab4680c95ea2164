"""What is measured: each function as built, and handlers to compare with. Each has an event, and a service to call."""

import base64
import compileall
import contextlib
import importlib.metadata
import json
import os
import py_compile
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from benchmarks.stub import stub_aws
from dev.application.in_process import environment, function_environment, physical_name, token_issuer
from dev.application.project import load_template
from dev.local_aws import template as templates
from dev.paths import EVENTS, ROOT
from dev.replay.cases import MARK, Case, load_case, with_mark, with_tokens, with_versions

FOLDER = ROOT / ".aws-sam" / "benchmarks"
PYTHON = Path(sys.base_prefix) / "bin" / "python3.13"
"""Without this project's environment, as in Lambda."""
HANDLERS = Path(__file__).with_name("handlers")
RUNTIME = Path(__file__).with_name("lambda_runtime.py")

_RUNTIME = ("awslambdaric", "simplejson", "snapshot-restore-py")
_SDK = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
_CASES = ("ok", "insert")
"""Names of cases that succeed. `insert` is a stream record."""

BATCH = 100
COMPARED = {"empty": (), "bare": (FOLDER / "sdk",)}
_KEY = {"id": "item-1"}
_ITEM = {name: {"S": f"{name}-1"} for name in ("name", "kind", "created_at", "updated_at")} | {"id": {"S": _KEY["id"]}}
"""What the bare handler reads."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A handler, the folders that it is imported from, and its environment and event."""

    name: str
    handler: str
    folders: tuple[Path, ...]
    variables: Mapping[str, str]
    event: dict[str, Any]
    has_stores: bool = False
    calls: int = 11
    records: int = 1
    """Records in the event. Numbers are those of one."""

    def environment(self, folders: Iterable[Path] = ()) -> dict[str, str]:
        """Return the environment of a new process. Bytecode that the build lacks is never written."""
        return {
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "PYTHONPATH": ":".join(map(str, [*(folders or self.folders), FOLDER / "runtime"])),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LAMBDA_TASK_ROOT": str(self.folders[0]),
            "AWS_LAMBDA_FUNCTION_NAME": "benchmark",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_REGION": "us-east-1",
            **self.variables,
        }

    def event_file(self) -> Path:
        """Write the event to a file."""
        path = FOLDER / "events" / f"{re.sub(r'\W', '.', self.name)}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.event))
        return path


@contextlib.contextmanager
def variants(build: Path) -> Iterator[dict[str, Variant]]:
    """Provide all variants by name, while the services that they call run."""
    _copy_distributions(_RUNTIME, FOLDER / "runtime")
    _copy_distributions(_SDK, FOLDER / "sdk")
    template = load_template()
    functions = templates.functions(template)
    cases = {name: _case(function.name, number) for number, (name, function) in enumerate(functions.items(), 1)}
    before = dict(os.environ)
    with (
        environment(function_environment()),
        token_issuer() as token,
        stub_aws({"Bare": [_ITEM], **_items(cases.values())}, _objects(cases.values())) as endpoint_url,
    ):
        variables = {name: value for name, value in os.environ.items() if before.get(name) != value}
        variables |= {"AWS_ENDPOINT_URL": endpoint_url, "BARE_TABLE": "Bare"}
        found = {
            name: Variant(name, f"{name}.handler", (own_handler(name), *folders), variables, _KEY)
            for name, folders in COMPARED.items()
        }
        for logical_id, function in functions.items():
            stores = {variable: physical_name(store) for variable, store in function.stores.items()}
            event = with_versions(with_tokens(cases[logical_id].event, token), lambda _key: "1")
            folders = _folders(template, build, logical_id)
            found[function.name] = Variant(
                function.name, function.handler, folders, variables | stores, event, has_stores=bool(stores)
            )
            feature, _, verb = function.name.partition("/")
            if _has_bare(feature, verb):
                bare = (own_handler(feature), FOLDER / "sdk")
                name = f"bare {function.name}"
                found[name] = Variant(name, function.handler.removesuffix(".handler"), bare, variables | stores, event)
        consumers = [variant for variant in found.values() if "dynamodb" in variant.event.get("Records", [{}])[0]]
        if consumers:
            folders = (*consumers[0].folders, own_handler("log_line"))
            line = replace(consumers[0], name="log line", handler="log_line.handler", folders=folders)
            found |= {each.name: each for each in map(_batch, [line, *consumers])}
        yield found


def _batch(variant: Variant) -> Variant:
    """Return a variant with a batch of records that differ in their ids."""
    (record,) = variant.event["Records"]
    records = [record | {"eventID": f"{number:032x}"} for number in range(BATCH)]
    name = f"{variant.name} per record"
    return replace(variant, name=name, event={"Records": records}, calls=3, records=BATCH)


def _case(function: str, number: int) -> Case:
    """Return the case of a function that succeeds, with ids of its own."""
    path = next(path for name in _CASES if (path := EVENTS / function / f"{name}.json").exists())
    return with_mark(load_case(path), f"{number:0{len(MARK)}x}")


def _items(cases: Iterable[Case]) -> dict[str, list[dict[str, Any]]]:
    """Return the given items of cases by table, in DynamoDB's format."""
    serialize = TypeSerializer().serialize
    items: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        for place, given in case.expect.get("given", {}).items():
            items.setdefault(place, []).extend(dict(serialize(item)["M"]) for item in given)
    return items


def _objects(cases: Iterable[Case]) -> dict[str, bytes]:
    """Return the given objects of cases by path."""
    return {
        f"/{physical_name(place)}/{item['key']}": base64.b64decode(item["base64"])
        for case in cases
        for place, given in case.expect.get("given", {}).items()
        for item in given
        if "base64" in item
    }


def _folders(template: Mapping[str, Any], build: Path, logical_id: str) -> tuple[Path, ...]:
    """Return where Lambda imports from: the function, and its layers."""
    layers = [layer["Ref"] for layer in template["Resources"][logical_id]["Properties"].get("Layers", [])]
    return build / logical_id, *(build / layer / "python" for layer in ["SharedLayer", *layers])


def _has_bare(feature: str, verb: str) -> bool:
    """Return whether there is a short handler that makes the same call as a function."""
    module = HANDLERS / f"{feature}.py"
    return module.exists() and f"def {verb}(" in module.read_text()


def own_handler(name: str) -> Path:
    """Copy a handler to a folder of its own, with bytecode."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy2(HANDLERS / f"{name}.py", folder)
    compile_folder(folder)
    return folder


def _copy_distributions(names: Iterable[str], folder: Path) -> None:
    """Copy distributions of this environment to a folder of their own, with bytecode, unless they are there."""
    versions = "".join(f"{name}=={importlib.metadata.version(name)}\n" for name in names)
    if (done := folder / "versions").exists() and done.read_text() == versions:
        return
    shutil.rmtree(folder, ignore_errors=True)
    for name in names:
        for file in importlib.metadata.files(name) or []:
            if file.parts[0] != ".." and file.suffix != ".pyc":
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(Path(str(file.locate())), folder / file)
    compile_folder(folder)
    done.write_text(versions)


def compile_folder(folder: Path) -> None:
    """Write bytecode as the layers have it."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, invalidation_mode=mode)
