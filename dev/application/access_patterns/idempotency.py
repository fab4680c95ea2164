"""Access patterns of the idempotency table: the part of a transaction that stores an Idempotency-Key."""

from dev.application.access_patterns.pattern import Pattern, source
from shared.idempotency import IdempotencyRecord, write_once

RECORD = IdempotencyRecord("0" * 64, "1" * 64, {"id": "0" * 32}, "2026-01-01T00:00:00.000Z")


def _write_once() -> object:
    return write_once([], RECORD)


TABLE = "IdempotencyTable"
PATTERNS = (
    Pattern("write-once", source(write_once), _write_once),
    Pattern("write-once-again", source(write_once), _write_once, first=_write_once),
)
