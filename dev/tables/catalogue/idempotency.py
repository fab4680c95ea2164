"""Access patterns of the idempotency table: Powertools' own requests."""

from dev.tables.patterns import Pattern, source
from shared.idempotency import once


def _once() -> dict[str, str]:
    return once(
        lambda: {"product_id": "SAV-09"},
        scope=["demo-alice", "CUST-1001"],
        key="dev-tables",
        payload=["SAV-09"],
    )


PATTERNS = (
    Pattern("once", source(once), _once),
    Pattern("once-again", source(once), _once, first=_once),
)
