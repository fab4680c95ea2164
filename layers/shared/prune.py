"""Remove from the layer what no function uses: botocore's models of other operations, documentation, and HTTP/2.

A function that calls a new operation needs its name in KEEP; a test compares it with the code.
"""

import ast
import gzip
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

KEEP = {
    "dynamodb": {
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    },
    "s3": {
        "CreateBucket",  # botocore makes the URL of a presigned POST from it
        "DeleteObject",
        "GetObject",
        "HeadBucket",  # botocore looks up a bucket's region with it
        "HeadObject",
        "ListObjectVersions",
        "PutObject",
    },
}

_DOCSTRINGS = '''"""Emptied by layers/shared/prune.py: clients in Lambda have no documentation."""


class ClientMethodDocstring(str):
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)


class PaginatorDocstring(ClientMethodDocstring):
    pass


class WaiterDocstring(ClientMethodDocstring):
    pass
'''

_HANDLERS = """
# Added by layers/shared/prune.py: without the handlers of documentation and of other services.
BUILTIN_HANDLERS = [
    each
    for each in BUILTIN_HANDLERS
    if each[0].partition(".")[0] != "docs" and each[0].partition(".")[2].partition(".")[0] in {services}
]
"""

_HOOKS = """
# Added by layers/shared/prune.py: inspecting each handler that is registered finds mistakes of its programmer only.
BaseEventHooks._verify_accept_kwargs = lambda _self, _function: None
"""

_LAZY_PATTERN = """
# Changed by layers/shared/prune.py: a pattern that is compiled when it is used.
class _Pattern:
    def match(self, text):
        return re.match("^" + IPV6_ADDRZ_PAT + "$", text)


IPV6_ADDRZ_RE = _Pattern()
"""

_LAZY = '''"""Written by layers/shared/prune.py: a stream consumer would import the events of thirty services."""

import importlib

{eager}
_MODULES = {modules}

__all__ = [*_MODULES]


def __getattr__(name):
    if name in _MODULES:
        return getattr(importlib.import_module(_MODULES[name], __name__), name)
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''


def prune(site: Path) -> None:
    """Prune the packages installed in `site` in place."""
    botocore = site / "botocore"
    data = botocore / "data"
    for service in data.iterdir():
        if service.is_dir() and service.name not in KEEP:
            shutil.rmtree(service)
    for service in data.glob("*/*/service-2.json.gz"):
        _write_gzip(service, _with_operations(_read_gzip(service), KEEP[service.parts[-3]]))
    for model in data.glob("*/*/*.json.gz"):
        _write_gzip(model, _without_documentation(_read_gzip(model)))
    endpoints = data / "endpoints.json"
    endpoints.write_text(json.dumps(_only_kept(json.loads(endpoints.read_text())), separators=(",", ":")))
    _remove_documentation(botocore)
    _append(botocore / "hooks.py", _HOOKS)
    _replace(botocore / "compat.py", 'IPV6_ADDRZ_RE = re.compile("^" + IPV6_ADDRZ_PAT + "$")\n', _LAZY_PATTERN)
    _replace(site / "urllib3" / "util" / "url.py", '_IPV6_RE = re.compile("^" + _IPV6_PAT + "$")\n', "")
    _make_lazy(site / "aws_lambda_powertools" / "utilities" / "data_classes" / "__init__.py")
    (site / "urllib3" / "http2" / "__init__.py").write_text("")  # needs h2, which is not installed


def _with_operations(model: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return a service model with these operations, and the shapes that they use."""
    operations = {name: model["operations"][name] for name in sorted(names)}
    shapes: dict[str, Any] = {}
    missing = set(_references(operations))
    while missing:
        shapes |= {name: model["shapes"][name] for name in missing}
        missing = set(_references(shapes)) - shapes.keys()
    return model | {"operations": operations, "shapes": dict(sorted(shapes.items()))}


def _references(node: Any) -> Iterator[str]:
    """Yield the names of shapes in a part of a service model."""
    if isinstance(node, Mapping):
        if isinstance(name := node.get("shape"), str):
            yield name
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _remove_documentation(botocore: Path) -> None:
    docs = botocore / "docs"
    for path in docs.iterdir():
        if path.name != "utils.py":  # botocore.handlers needs it
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (docs / "__init__.py").write_text("")
    (docs / "docstring.py").write_text(_DOCSTRINGS)
    _append(botocore / "handlers.py", _HANDLERS.format(services=sorted({"", "*", *KEEP})))


def _append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def _replace(path: Path, old: str, new: str) -> None:
    """Replace a text that is there once. Raises ValueError otherwise, as after an update of the package."""
    before, after = path.read_text().split(old)
    path.write_text(before + new + after)


def _make_lazy(package: Path) -> None:
    """Let a package import a module when one of its names is used."""
    imports = [node for node in ast.parse(package.read_text()).body if isinstance(node, ast.ImportFrom)]
    modules = {alias.name: f".{node.module}" for node in imports if node.level for alias in node.names}
    # A name that is a module's too would be the module, once that is imported.
    eager = [f"from {module} import {name}\n" for name, module in modules.items() if module == f".{name}"]
    package.write_text(_LAZY.format(eager="".join(eager), modules=modules))


def _without_documentation(node: Any) -> Any:
    """Empty it: botocore insists on some of it being there."""
    if isinstance(node, dict):
        return {
            key: "" if key == "documentation" and isinstance(value, str) else _without_documentation(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_without_documentation(value) for value in node]
    return node


def _only_kept(endpoints: dict[str, Any]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        partition["services"] = {name: value for name, value in partition["services"].items() if name in KEEP}
    return endpoints


def _read_gzip(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def _write_gzip(path: Path, content: Any) -> None:
    # mtime=0: the same input gives the same bytes, so that an unchanged layer is not published again.
    path.write_bytes(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), mtime=0))


if __name__ == "__main__":
    prune(Path(sys.argv[1]))
