"""Remove from the layer what no function uses: botocore models of other services, and documentation.

A function that calls a new AWS service needs its name in KEEP; a test creates a client of each.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

KEEP = {"dynamodb", "s3"}


def prune(site: Path) -> None:
    """Prune the packages installed in `site` in place."""
    data = site / "botocore" / "data"
    for service in data.iterdir():
        if service.is_dir() and service.name not in KEEP:
            shutil.rmtree(service)
    for model in data.glob("*/*/*.json.gz"):
        _write_gzip(model, _without_documentation(json.loads(gzip.decompress(model.read_bytes()))))
    endpoints = data / "endpoints.json"
    endpoints.write_text(json.dumps(_only_kept(json.loads(endpoints.read_text())), separators=(",", ":")))


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


def _write_gzip(path: Path, content: Any) -> None:
    # mtime=0: the same input gives the same bytes, so that an unchanged layer is not published again.
    path.write_bytes(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), mtime=0))


if __name__ == "__main__":
    prune(Path(sys.argv[1]))
