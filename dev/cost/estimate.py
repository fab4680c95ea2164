"""Estimates the cost of a month from template, contract and access patterns, a load, and prices."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastjsonschema

from dev.application.access_patterns.document import Row
from dev.errors import DevError
from dev.local_aws.template import functions, operations, referent, resources

HOURS = 730
SECONDS = HOURS * 3600

_LOADS = Path(__file__).with_name("loads.toml")
_PRICES = Path(__file__).with_name("prices.toml")
_READS = ("Get", "BatchGet", "Query", "Scan", "TransactGet")
_STORED = ("table_gb", "bucket_gb")
_AMOUNT = {
    "description": "a number of at least 0",
    "type": "number",
    "not": {"exclusiveMaximum": 0},  # also rejects NaN, which `minimum` does not
    "maximum": 1e18,
}


def _table_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": "a table", "type": "object", "additionalProperties": values}


_ROUTES = {"description": "a list of routes", "type": "array", "items": {"description": "a route", "type": "string"}}
_SCHEMA = {
    "properties": {
        "loads": _table_of(_table_of(_AMOUNT)),
        "assumptions": _table_of(_AMOUNT),
        "functions": _table_of(_table_of(_AMOUNT) | {"properties": {"after": _ROUTES}}),
        "units": _table_of({"description": "a list of numbers", "type": "array", "items": _AMOUNT}),
    }
}
"""The form of loads.toml. Messages contain the descriptions."""


@dataclass(frozen=True)
class Line:
    """A charge: units of a price, for a resource. `route` is empty if no request causes it."""

    route: str
    resource: str
    price: str
    units: float
    cost: float


@dataclass(frozen=True)
class Route:
    """A route as it is built, and what it would cost in both ways. `function` is empty if it is direct."""

    name: str
    requests: float
    function: str
    lines: list[Line]
    direct_cost: float
    function_cost: float


def load_prices() -> dict[str, float]:
    """Return the price of one unit, by name."""
    prices = tomllib.loads(_PRICES.read_text())
    return {name: price["usd"] / price["per"] for name, price in prices.items() if isinstance(price, dict)}


def load_settings(path: Path | None) -> dict[str, Any]:
    """Return the settings of loads.toml, with those of another file in addition. Raises DevError."""
    settings = tomllib.loads(_LOADS.read_text())
    try:
        more = {} if path is None else tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DevError(f"{path} is not TOML: {error}") from None
    _check(str(path), more, settings)
    try:
        fastjsonschema.validate(_SCHEMA, more)
    except fastjsonschema.JsonSchemaValueException as error:
        key = str(error.name).removeprefix("data.")
        raise DevError(f"{path}: {key} is not {error.definition['description']}") from None
    _check("assumptions", more.get("assumptions", {}), settings["assumptions"])
    return {section: settings[section] | more.get(section, {}) for section in settings}


def only_load(path: Path) -> str:
    """Return the name of the only load of a file, or medium if it has none. Raises DevError if it has several."""
    names = list(tomllib.loads(path.read_text()).get("loads", {}))
    if len(names) > 1:
        raise DevError(f"{path} has several loads: {', '.join(names)}. Name one.")
    return names[0] if names else "medium"


def total(lines: Sequence[Line]) -> float:
    """Return the cost of some lines."""
    return sum(line.cost for line in lines)


def by_resource(lines: Sequence[Line]) -> dict[str, float]:
    """Return the cost of each resource, the highest first."""
    costs = {
        name: total([line for line in lines if line.resource == name]) for name in {line.resource for line in lines}
    }
    return dict(sorted(costs.items(), key=lambda each: (-each[1], each[0])))


def provisioned_from() -> dict[str, float]:
    """Return the average use from which provisioned capacity costs less than on demand, for reads and writes."""
    prices = load_prices()
    units = ("read_unit", "write_unit")
    return {unit: prices[f"provisioned_{unit}"] * HOURS / (prices[unit] * SECONDS) for unit in units}


class Estimator:
    """`settings` are those of loads.toml. Raises DevError if they name what does not exist."""

    def __init__(
        self,
        template: Mapping[str, Any],
        contract: Mapping[str, Any],
        patterns: Sequence[Row],
        settings: Mapping[str, Any],
        architecture: str | None = None,
    ) -> None:
        self._template = template
        self._patterns = patterns
        self._settings = settings
        self._architecture = architecture
        self._prices = load_prices()
        self._functions = functions(template)
        self._operations = operations(contract)
        self._route_names = [" ".join(route) for route in self._operations]
        self._schemes = contract.get("components", {}).get("securitySchemes", {})
        self._function_of = {route: name for name, each in self._functions.items() for route in each.routes}
        _check("functions", settings["functions"], self._functions)
        for name, own in settings["functions"].items():
            _check(name, own, [*settings["assumptions"], "s3_puts", "s3_gets", "after"])
            _check(f"functions.{name}.after", own.get("after", []), self._route_names)
        _check("units", settings["units"], [row.name for row in patterns])

    def routes(self, load: Mapping[str, float]) -> list[Route]:
        """Return every route of the contract."""
        _check("the load", load, ["reads", "writes", *_STORED, *self._route_names])
        return [self._route(*route, load) for route in self._operations]

    def fixed(self, load: Mapping[str, float]) -> list[Line]:
        """Return what does not depend on requests."""
        alarms = resources(self._template, "AWS::CloudWatch::Alarm").values()
        return [
            self._line("", "storage of tables", "table_gb", load.get("table_gb", 0)),
            self._line("", "recovery of tables", "recovery_gb", load.get("table_gb", 0)),
            self._line("", "storage of buckets", "bucket_gb", load.get("bucket_gb", 0)),
            self._line("", "alarms", "alarm", sum(map(_metrics_of, alarms))),
            self._line("", "metrics of cold starts", "metric", len(self._functions)),
        ]

    def read_of_one_item(self, requests: float) -> tuple[float, float]:
        """Return the cost of a route that reads an item, direct and through a function with the default settings."""
        direct = [*self._api("", requests), self._line("", "", "read_unit", requests)]
        return total(direct), total(direct) + total([*self._invocations("", "", requests)])

    def _route(self, method: str, path: str, load: Mapping[str, float]) -> Route:
        name, function = f"{method} {path}", self._function_of.get((method, path), "")
        requests = load.get(name, load.get("reads" if method == "GET" else "writes", 0))
        own = [*self._invocations(name, function, requests)]
        other = [*self._api(name, requests), *self._stores(name, function or name, requests)]
        for authorizer in self._authorizers(method, path):
            share = self._settings["assumptions"]["authorizer_share"]
            other += self._invocations(name, authorizer, requests * share)
        for consumer in self._consumers(name, [line for line in other if line.price == "write_unit"]):
            other += [*self._invocations(name, consumer, requests), *self._stores(name, consumer, requests)]
        lines = [*own, *other] if function else other
        return Route(name, requests, function, lines, total(other), total(own) + total(other))

    def _api(self, route: str, requests: float) -> Iterator[Line]:
        (api,) = resources(self._template, "AWS::Serverless::Api")
        yield self._line(route, api, "api_request", requests)
        yield self._line(route, api, "log_gb", requests * self._settings["assumptions"]["access_log_bytes"] / 1e9)

    def _invocations(self, route: str, function: str, count: float) -> Iterator[Line]:
        """Yield the charges of a function, or of one with the default settings."""
        assumed = self._settings["assumptions"] | self._settings["functions"].get(function, {})
        properties = self._template["Globals"]["Function"]
        if function:
            properties = properties | self._template["Resources"][function]["Properties"]
        seconds = (assumed["warm_ms"] + assumed["cold_share"] * assumed["cold_ms"]) / 1000
        yield self._line(route, function, "lambda_request", count)
        yield self._line(
            route,
            function,
            f"lambda_gb_second_{self._architecture_of(properties)}",
            count * seconds * properties["MemorySize"] / 1024,
        )
        yield self._line(route, function, "log_gb", count * assumed["log_bytes"] / 1e9)
        if properties.get("Tracing") == "Active":  # at most one per second, and 5 percent of the others
            traces = min(count, SECONDS) + 0.05 * max(count - SECONDS, 0)
            yield self._line(route, function, "trace", traces)

    def _stores(self, route: str, asker: str, count: float) -> Iterator[Line]:
        """Yield the charges for requests of a function, or of a direct route, to tables and buckets."""
        most: dict[tuple[str, str], list[tuple[str, float]]] = {}
        for row in self._patterns:
            # Requests of shared code are part of the transactions of its callers.
            if asker in (row.function[0], *row.asked_by.split(", ")) and "/shared/" not in row.function[1]:
                units = self._units(row)
                key = (row.table, row.function[0])
                most[key] = max(most.get(key, units), units, key=lambda each: sum(number for _, number in each))
        for (table, _), units in most.items():
            for price, number in units:
                yield self._line(route, table, price, count * number)
        for kind in ("s3_put", "s3_get"):
            if number := self._settings["functions"].get(asker, {}).get(f"{kind}s"):
                buckets = set(self._functions[asker].stores.values()) & {*resources(self._template, "AWS::S3::Bucket")}
                if not buckets:
                    raise DevError(f"Delete functions.{asker}.{kind}s: the function has no bucket in its environment")
                yield self._line(route, min(buckets), kind, count * number)

    def _units(self, row: Row) -> list[tuple[str, float]]:
        names = row.operation.split(", ")
        try:
            numbers = self._settings["units"].get(row.name) or [float(text) for text in row.example.split(", ")]
        except ValueError:
            raise DevError(f"The cost of the pattern {row.name} is unknown. Add it to [units] of the file.") from None
        if len(numbers) != len(names):
            raise DevError(f"units.{row.name} needs one number for each of: {row.operation}")
        kinds = ["read_unit" if name.startswith(_READS) else "write_unit" for name in names]
        return list(zip(kinds, numbers, strict=True))

    def _authorizers(self, method: str, path: str) -> Iterator[str]:
        for scheme in (name for each in self._operations[method, path].get("security", []) for name in each):
            text = str(self._schemes[scheme].get("x-amazon-apigateway-authorizer", {}).get("authorizerUri", ""))
            yield from (name for name in self._functions if f"${{{name}.Arn}}" in text)

    def _consumers(self, route: str, writes: Sequence[Line]) -> Iterator[str]:
        """Yield the functions that a request invokes later: of the streams of its tables, and after uploads."""
        tables = {line.resource for line in writes}
        for mapping in resources(self._template, "AWS::Lambda::EventSourceMapping").values():
            if referent(mapping["Properties"]["EventSourceArn"]) in tables:
                yield referent(mapping["Properties"]["FunctionName"])
        yield from (name for name, each in self._settings["functions"].items() if route in each.get("after", []))

    def _architecture_of(self, properties: Mapping[str, Any]) -> str:
        (architecture,) = properties.get("Architectures", ["x86_64"])
        if isinstance(architecture, dict):
            return self._architecture or str(self._template["Parameters"][architecture["Ref"]]["Default"])
        return str(architecture)

    def _line(self, route: str, resource: str, price: str, units: float) -> Line:
        return Line(route, resource, price, units, units * self._prices[price])


def _metrics_of(alarm: Mapping[str, Any]) -> int:
    """Return how many metrics an alarm reads. Each costs as much as an alarm on one metric."""
    queries = alarm["Properties"].get("Metrics", [])
    return sum("MetricStat" in query for query in queries) or 1


def _check(where: str, names: Iterable[str], known: Any) -> None:
    if unknown := [name for name in names if name not in known]:
        raise DevError(f"Unknown in {where}: {', '.join(unknown)}. There are: {', '.join(known)}")
