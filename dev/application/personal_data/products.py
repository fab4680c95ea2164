"""Products of a customer, and the records of the Idempotency-Keys that created them."""

from collections.abc import Iterator

from dev.application.personal_data.person import Person
from dev.application.personal_data.stores import Finding, Item, Stores


def _is_own(product: Item, person: Person) -> bool:
    return bool(product["customer_id"]["S"] == person.customer_id)


OWN = {"ProductsTable": _is_own}


def find(stores: Stores, person: Person) -> Iterator[Finding]:
    """Find idempotency records by the time of a product: they contain hashes, and times to the millisecond."""
    created = {item["created_at"]["S"] for item in stores.items("ProductsTable") if _is_own(item, person)}
    yield from stores.idempotency_records("updated_at", created)
