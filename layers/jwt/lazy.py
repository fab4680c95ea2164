"""In place of the `__init__` of a package, which is imported as `_eager` when one of its names is used."""

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    return getattr(importlib.import_module("._eager", __name__), name)
