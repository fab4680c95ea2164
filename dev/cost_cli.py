"""`dev cost`: estimate what the application costs a month."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from dev.errors import DevError
from dev.options import Json

_SMALLEST = 0.005  # dollars that are shown
_LONGEST = 42  # characters of a route on one line


def cost(
    load: Annotated[
        str | None,
        typer.Argument(help="small, medium, large, or a load of FILE. Default: that of FILE, or medium."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Loads and assumptions in addition to dev/cost/loads.toml."),
    ] = None,
    architecture: Annotated[
        Literal["x86_64", "arm64"] | None, typer.Option(help="Processor of the functions. Default: the template's.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Also draw cost against load into this SVG file.")] = None,
    as_json: Json = False,
) -> None:
    """Estimate the cost of a month in us-east-1, by route and by resource.

    Needs neither a stack nor an account. Shows each route as a direct one and with a function. Prices and their sources
    are in dev/cost/prices.toml.

    JSON: {load, total, routes: [{name, requests, function, direct_cost, function_cost, lines}], fixed: lines,
    resources: {name: cost}, provisioned_from: {unit: share}}, with lines: [{route, resource, price, units, cost}]
    """
    from dataclasses import asdict

    from dev.application.access_patterns.document import rows
    from dev.application.project import load_openapi, load_template
    from dev.cost.estimate import Estimator, by_resource, load_settings, only_load, provisioned_from, total

    if plot and not plot.parent.is_dir():
        raise DevError(f"There is no folder {plot.parent} for the plot.")
    settings = load_settings(file)
    load = load or (only_load(file) if file else "medium")
    if load not in settings["loads"]:
        raise DevError(f"No load {load}. There are: {', '.join(settings['loads'])}. Pass your own with --file.")
    estimator = Estimator(load_template(), load_openapi(), rows(), settings, architecture)
    routes, fixed = estimator.routes(settings["loads"][load]), estimator.fixed(settings["loads"][load])
    if plot is not None:
        from dev.cost.plot import draw

        plot.write_text(draw(estimator))
    lines = [*(line for route in routes for line in route.lines), *fixed]
    answer = {
        "load": load,
        "total": total(lines),
        "routes": [asdict(route) for route in routes],
        "fixed": [asdict(line) for line in fixed],
        "resources": by_resource(lines),
        "provisioned_from": provisioned_from(),
    }
    if as_json:
        print(json.dumps(answer, indent=2))
    else:
        _print(answer)


def _print(answer: Mapping[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 80)
    console.print(f"Load {answer['load']}: USD per month. * marks how the route is built.")
    grid = Table("route", box=box.SIMPLE_HEAD)
    for name in ("requests", "direct", "function"):
        grid.add_column(name, justify="right", no_wrap=True)
    for route in answer["routes"]:
        head, _, tail = route["name"].rpartition("/")
        direct, function = ("", "*") if route["function"] else ("*", "")
        grid.add_row(
            route["name"] if len(route["name"]) <= _LONGEST else f"{head}/\n  {tail}",
            f"{route['requests']:,}",
            f"{route['direct_cost']:,.2f}{direct:1}",
            f"{route['function_cost']:,.2f}{function:1}",
        )
    sums = (sum(route[f"{way}_cost"] for route in answer["routes"]) for way in ("direct", "function"))
    grid.add_section()
    grid.add_row("all routes", "", *(f"{each:,.2f} " for each in sums))
    console.print(grid)
    grid = Table("resource", box=box.SIMPLE_HEAD)
    grid.add_column("cost", justify="right")
    for name, cost_of_it in answer["resources"].items():
        if cost_of_it >= _SMALLEST:
            grid.add_row(name, f"{cost_of_it:,.2f}")
    grid.add_section()
    grid.add_row("total", f"{answer['total']:,.2f}")
    console.print(grid)
    reads, writes = answer["provisioned_from"].values()
    console.print(f"Provisioned capacity costs less from {reads:.0%} average use of reads, {writes:.0%} of writes.")
