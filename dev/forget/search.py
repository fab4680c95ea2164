"""Everything in the tables and buckets of a stack that holds data of a person."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from dev.application.features import parts
from dev.application.personal_data.person import Person
from dev.application.personal_data.stores import Finding, Stores
from dev.forget import failed_events


def search(stores: Stores, person: Person) -> Iterator[Finding]:
    """Find what the features know of, then all other items that name the person, then failed events.

    Apply each finding before the next one, or none: changes can cause more findings.
    """
    features = parts("personal_data", "OWN")
    own = {table: is_own for feature in features for table, is_own in feature.OWN.items()}

    def is_own(table: str, item: Mapping[str, Any]) -> bool:
        return table in own and bool(own[table](item, person))

    known = set()
    for finding in itertools.chain.from_iterable(feature.find(stores, person) for feature in features):
        known.add((finding.store, finding.name))
        yield finding
    for table in stores.tables:
        for item in stores.items(table):
            if (table, stores.name(table, item)) in known:
                continue
            if is_own(table, item) or person.is_in(stores.key(table, item)):  # a key cannot be replaced
                yield stores.delete(table, item)
            elif changes := {name: person.replaced_in(each) for name, each in item.items() if person.is_in(each)}:
                yield stores.replace(table, item, changes)
    yield from failed_events.find(stores, person, is_own)
