"""Explains which records of an event file the mappings' filters deliver or drop."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dev.errors import DevError
from dev.local_aws.event_sources.failure import Record
from dev.local_aws.event_sources.filter import verdict
from dev.local_aws.event_sources.mapping import StreamMapping, stream_mappings
from dev.local_aws.template import functions
from dev.paths import EVENTS


def verdicts(template: Mapping[str, Any], event: Mapping[str, Any], path: Path) -> list[dict[str, Any]]:
    """Return what `dev filter --json` prints. Raises DevError for an event of another kind."""
    records = _stream_records(event, path)
    return [
        {
            "mapping": mapping.logical_id,
            "table": mapping.table,
            "function": mapping.function,
            "records": [asdict(verdict(mapping.patterns, record)) for record in records],
        }
        for mapping in _concerned(template, records, path)
    ]


def explain(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each mapping, and one for each record."""
    for mapping in found:
        yield f"{mapping['mapping']}: {mapping['table']} to {mapping['function']}"
        for number, record in enumerate(mapping["records"], 1):
            yield f"  record {number} {'delivered' if record['delivered'] else 'dropped'}: {record['reason']}"


def _stream_records(event: Mapping[str, Any], path: Path) -> list[Record]:
    records = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(records, list) or not records:
        raise DevError(f"{path} is not a stream event, because it has no Records")
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping) or not isinstance(record.get("dynamodb"), Mapping):
            raise DevError(f"{path} is not an event of a DynamoDB stream, because record {number} has no dynamodb")
    return records


def _concerned(template: Mapping[str, Any], records: list[Record], path: Path) -> list[StreamMapping]:
    """Return the mappings of the function whose event it is, else those of its table, else all."""
    mappings = list(stream_mappings(template).values())
    names = {function.logical_id: function.name for function in functions(template).values()}
    folder = path.resolve().parent
    of_function = [mapping for mapping in mappings if folder == EVENTS / names[mapping.function]]
    sources = {str(record.get("eventSourceARN", "")) for record in records}
    of_table = [mapping for mapping in mappings if any(_is_stream_of(mapping.table, source) for source in sources)]
    return of_function or of_table or mappings


def _is_stream_of(table: str, source: str) -> bool:
    """Return whether an ARN names a table: by its logical id, by `products` for ProductsTable, or as deployed."""
    name = source.partition(":table/")[2].partition("/")[0]
    return name.lower() in {table.lower(), table.removesuffix("Table").lower()} or table in name.split("-")
