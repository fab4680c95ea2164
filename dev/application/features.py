"""The parts of this application that belong to one feature. They are discovered, so that no other module names them."""

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType

from dev.application.project import load_template
from dev.local_aws.template import functions


def parts(package: str, attribute: str) -> list[ModuleType]:
    """Import the modules of a package of `dev.application`. Return those that define an attribute, sorted by name."""
    path = importlib.import_module(f"dev.application.{package}").__path__
    modules = [importlib.import_module(f"dev.application.{package}.{each.name}") for each in pkgutil.iter_modules(path)]
    return [module for module in modules if hasattr(module, attribute)]


def in_order_of_the_template(modules: Iterable[ModuleType]) -> list[ModuleType]:
    """Return modules that are named for features in the order in which the template has the features' functions."""
    names = [function.name.partition("/")[0] for function in functions(load_template()).values()]
    return sorted(modules, key=lambda module: names.index(module.__name__.rpartition(".")[2]))
