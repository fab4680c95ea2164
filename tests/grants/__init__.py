"""What each function may do. Tests compare template.yaml and the deployed roles with this table.

Each module holds the functions of one feature. GRANTS: by function, then by what a grant is for: a table,
`Table/index/name`, `Table/stream`, a bucket, or the objects of a bucket under a prefix. OPEN_TO_ALL: routes without an
authorizer. EXPENSIVE: other routes with a lower throttle. OUTSIDE_VPC: functions that need the Internet.
"""

import importlib
import pkgutil

_MODULES = [importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
GRANTS: dict[str, dict[str, set[str]]] = {
    name: grants for module in _MODULES for name, grants in getattr(module, "GRANTS", {}).items()
}
OPEN_TO_ALL: set[tuple[str, str]] = {route for module in _MODULES for route in getattr(module, "OPEN_TO_ALL", ())}
EXPENSIVE: set[tuple[str, str]] = {route for module in _MODULES for route in getattr(module, "EXPENSIVE", ())}
OUTSIDE_VPC: set[str] = {name for module in _MODULES for name in getattr(module, "OUTSIDE_VPC", ())}
